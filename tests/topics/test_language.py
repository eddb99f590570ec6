"""Telling English from Spanish by common words and accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor of the town was shot after the debate", "en"),
        ("Asesinan al alcalde de la ciudad tras el debate", "es"),
        ("Detienen a líder del CJNG", "es"),
        ("Border Patrol agents arrest two at checkpoint", "en"),
        ("¿Quién manda en Culiacán?", "es"),
        ("Sheinbaum and Trump spoke by phone", "en"),
    ],
)
def test_detects(text: str, language: str) -> None:
    assert detect(text) == language


def test_says_the_default_when_nothing_speaks() -> None:
    assert detect("CJNG", default="es") == "es"
    assert detect("", default="en") == "en"


@given(st.text())
def test_always_answers_one_of_two(text: str) -> None:
    assert detect(text) in ("en", "es")

"""Key facts of a headline in the other language: acts, topic, places, figures, and nothing by guess."""

from __future__ import annotations

import pytest

from bot.locale import translator
from bot.pages.key_facts import key_facts
from tests.pages.making import article


@pytest.mark.parametrize(
    ("reader", "language", "title", "line"),
    [
        (
            "en",
            "es",
            "Decomisan 42 mil pastillas en la garita de San Ysidro",
            "Key facts: seizure · organized crime · San Ysidro · 42,000",
        ),
        (
            "es",
            "en",
            "Former police chief sentenced to 20 years in Tijuana",
            "Datos clave: sentencia · delincuencia organizada · Tijuana",
        ),
        ("en", "es", "Mueren 12 migrantes en Laredo", "Key facts: organized crime · Laredo · 12 dead"),
        ("en", "es", "Nadie sabe nada", "Key facts: organized crime"),
    ],
)
def test_key_facts(reader: str, language: str, title: str, line: str) -> None:
    told = article(1, "organized_crime", title=title, language=language)
    assert key_facts(translator(reader), told) == line

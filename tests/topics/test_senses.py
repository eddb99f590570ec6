"""Words that newspapers use in other senses or in passing, and signs that make a report ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.match import Match
from bot.evidence import EvidenceJudge
from bot.topics.matcher import Matcher


def texts(name: str) -> list[list[str]]:
    """Sign, language, title and summary of each text of a file."""
    lines = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines if not line.startswith("#")]


SENSES, PASSING, LATER = texts("senses"), texts("passing"), texts("later_years")
#: Of the headlines of later years, written and labelled before they were judged, one in ten may be wrong.
ENOUGH = 0.9


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.load()


@pytest.mark.parametrize(("sign", "language", "title", "summary"), SENSES, ids=[text[2] for text in SENSES])
def test_only_the_sense_that_is_meant_counts(
    matcher: Matcher, sign: str, language: str, title: str, summary: str
) -> None:
    match = matcher.judge(title, summary, language)
    assert match.relevant == (sign == "+"), (match.reason, [topic.rule for topic in match.topics])


@pytest.mark.parametrize(("sign", "language", "title", "summary"), PASSING, ids=[text[2] for text in PASSING])
def test_what_is_named_in_passing_does_not_count(
    matcher: Matcher, sign: str, language: str, title: str, summary: str
) -> None:
    match = as_at_a_poll(matcher, language, title, summary)
    assert match.relevant == (sign == "+"), (match.reason, [topic.rule for topic in match.topics])


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sign", ["+", "-"])
def test_headlines_of_later_years_are_judged_like_those_of_2023(
    matcher: Matcher, language: str, sign: str
) -> None:
    asked = [(title, summary) for s, spoken, title, summary in LATER if (s, spoken) == (sign, language)]
    wrong = [
        title
        for title, summary in asked
        if as_at_a_poll(matcher, language, title, summary).relevant != (sign == "+")
    ]
    assert len(asked) > 25
    assert len(wrong) <= (1 - ENOUGH) * len(asked), wrong


def as_at_a_poll(matcher: Matcher, language: str, title: str, summary: str) -> Match:
    """The matcher's verdict, corrected by what the report is evidence of."""
    match = matcher.judge(title, summary, language)
    return EvidenceJudge.shipped().weigh(title, summary, language, match)[0]


@pytest.mark.parametrize(
    ("summary", "relevant"),
    [
        ("{} Recordó a los migrantes de Coahuila.", False),
        ("Recordó a los migrantes de Coahuila. {}", True),
        ("{} Detuvieron a migrantes secuestrados por un cártel en Coahuila.", True),
    ],
)
def test_a_single_sign_late_in_the_summary_is_named_in_passing(
    matcher: Matcher, summary: str, relevant: bool
) -> None:
    speech = "El rector habló de aulas, laboratorios, deportes y libros. " * 4
    match = matcher.judge("Rector rinde su informe", summary.format(speech), "es")
    assert match.relevant == relevant

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from benchmarks.timeline import alignment_rouge, date_f1, figures
from bot.summaries.dates import named_days, relative_days
from bot.summaries.extract import Source
from bot.summaries.timeline import timeline

WEDNESDAY = date(2031, 3, 5)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("El 25 de enero hubo protestas", [date(2031, 1, 25)]),
        ("el 25 de enero de 2029 y el 3 de marzo", [date(2029, 1, 25), date(2031, 3, 3)]),
        ("On December 7, troops left", [date(2030, 12, 7)]),
        ("on the 7th of February 2030", [date(2030, 2, 7)]),
        ("el 31 de febrero", []),
        ("2031-02-28", [date(2031, 2, 28)]),
        ("May 300 people come", []),
    ],
)
def test_days_named_by_date(text: str, days: list[date]) -> None:
    assert list(named_days(text, WEDNESDAY)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("El lunes llegó", [date(2031, 3, 3)]),
        ("on Wednesday", [WEDNESDAY]),
        ("ayer", [date(2031, 3, 4)]),
        ("hoy y anteayer", [WEDNESDAY, date(2031, 3, 3)]),
        ("nada", []),
    ],
)
def test_days_told_from_the_papers_own(text: str, days: list[date]) -> None:
    assert list(relative_days(text, WEDNESDAY)) == days


def source(id: int, day: int, text: str, language: str = "en") -> Source:
    return Source(id, language, f"Report {id}", text, datetime(2031, 3, day, 15, tzinfo=UTC))


SOURCES = [
    source(1, 3, "The dam at Pardo burst at dawn and flooded three villages."),
    source(2, 3, "Villagers fled as the Pardo dam burst near the coast."),
    source(3, 9, "The governor resigned over the dam that burst on March 3. He left the palace by night."),
    source(4, 20, "A fair opened its doors in the quiet town of Tecate."),
    source(5, 9, "El gobernador renunció el domingo por la presa.", "es"),
]


def test_the_days_most_spoken_of_in_order() -> None:
    found = timeline(SOURCES, 2, 1, "en")
    assert [one.day for one in found] == [date(2031, 3, 3), date(2031, 3, 9)]
    assert all(len(one.lines) == 1 for one in found)
    assert found[0].lines[0].article_id in (1, 2, 3)


def test_a_language_without_sources_takes_the_other() -> None:
    assert {one.lines[0].language for one in timeline(SOURCES[:4], 3, 1, "es")} == {"en"}
    assert timeline([], 3) == ()


def test_alignment_rouge_by_hand() -> None:
    reference = {date(2031, 3, 3): ["the dam burst"]}
    assert figures(reference, reference) == {"date_f1": 1.0, "ar1_f": 1.0, "ar2_f": 1.0}
    late = {date(2031, 3, 4): ["the dam burst"]}
    # One day off: every match counts half, both ways.
    assert alignment_rouge(late, reference, 1) == pytest.approx(0.5)
    assert date_f1(late, reference) == 0
    assert alignment_rouge({}, reference, 1) == 0

"""Documents and headlines in our own words: which belong together, and which only look alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.match_codec import concepts_of, pack_match
from bot.stories.document import Document
from bot.stories.pairing import paired
from tests.support.context import MATCHER

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.80


def _document(id: int, language: str, title: str, summary: str, at: datetime, *, primary: bool) -> Document:
    concepts = concepts_of(pack_match(MATCHER.judge(title, summary, language)))
    return Document(id, language, title, summary, at, "", concepts, official=primary, primary=primary)


def _pairs(name: str) -> list[tuple[Document, Document]]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines):
        _, language, title, summary, spoken, headline = line.split("\t")
        official = _document(2 * number, language, title, summary, AT, primary=True)
        report = _document(2 * number + 1, spoken, headline, "", AT + timedelta(hours=6), primary=False)
        found.append((official, report))
    return found


def test_precision_before_recall() -> None:
    together, apart = _pairs("pairs.tsv"), _pairs("apart.tsv")
    right = sum(paired(*one).score > 0 for one in together)
    wrong = sum(paired(*one).score > 0 for one in apart)
    assert right / (right + wrong) >= LEAST_PRECISION, [one[0].title for one in apart if paired(*one).score]
    assert right / len(together) >= LEAST_RECALL, [one[1].title for one in together if not paired(*one).score]


def test_every_document_finds_its_own_headline_among_all() -> None:
    together = _pairs("pairs.tsv")
    for official, report in together:
        if paired(official, report).score:
            best = max((paired(official, other).score, other.id) for _, other in together)
            assert best[1] == report.id, official.title


@pytest.mark.parametrize("days", [-40, 40])
def test_a_number_holds_for_weeks_and_not_for_ever(days: int) -> None:
    order = _document(1, "en", "Adjusting Entry", "Executive Order 14461", AT, primary=True)
    news = _document(2, "en", "Order 14461 is here: EO 14461", "", AT + timedelta(days=days), primary=False)
    assert paired(order, news).score == 0
    near = _document(
        3, "en", "Order 14461 is here: EO 14461", "", AT + timedelta(days=days / 2), primary=False
    )
    assert paired(order, near).reason == "number"

"""Headlines of our own that say obliquely what bears on a question: how many are understood."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.article import load_brief
from bot.evidence import EvidenceJudge
from bot.topics.taxonomy import load_taxonomy

HEADLINES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "oblique.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def judge() -> EvidenceJudge:
    return EvidenceJudge.load(load_taxonomy())


@pytest.mark.parametrize("question", HEADLINES)
def test_most_oblique_headlines_bear_on_their_question_and_point_the_right_way(
    judge: EvidenceJudge, question: str
) -> None:
    ways = {way: titles for way, titles in HEADLINES[question].items() if way != "near_misses"}
    cases = [(way, title) for way, titles in ways.items() for title in titles]
    found = [
        (way, title, {bearing.question: bearing.direction for bearing in judge.read(title, "").bearings})
        for way, title in cases
    ]
    missed = [title for _, title, directions in found if question not in directions]
    turned = [
        title
        for way, title, directions in found
        if question in directions and way not in ("any", directions[question])
    ]
    assert len(missed) <= len(cases) / 5, missed
    assert len(turned) <= len(cases) / 4, turned


@pytest.mark.parametrize("question", HEADLINES)
def test_no_near_miss_bears_on_the_question(judge: EvidenceJudge, question: str) -> None:
    wrong = [
        title
        for title in HEADLINES[question]["near_misses"]
        if question in {bearing.question for bearing in judge.read(title, "").bearings}
    ]
    assert not wrong


def test_every_question_has_at_least_twelve_oblique_headlines() -> None:
    assert list(HEADLINES) == [q.id for concern in load_brief().concerns for q in concern.questions]
    assert all(sum(map(len, ways.values())) >= 12 for ways in HEADLINES.values())

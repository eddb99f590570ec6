"""What bears on each of the article's questions, and what does not, in headlines of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.article import load_brief
from bot.evidence import EvidenceJudge
from bot.topics.taxonomy import load_taxonomy

HEADLINES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "headlines.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def judge() -> EvidenceJudge:
    return EvidenceJudge.load(load_taxonomy())


def _cases(near_miss: bool) -> list[Any]:
    return list(_all_cases(near_miss))


def _all_cases(near_miss: bool) -> Iterator[Any]:
    for question, ways in HEADLINES.items():
        for way, titles in ways.items():
            if (way == "near_misses") == near_miss:
                yield from (pytest.param(question, way, title, id=title[:60]) for title in titles)


@pytest.mark.parametrize(("question", "way", "title"), _cases(near_miss=False))
def test_a_headline_bears_on_its_question(judge: EvidenceJudge, question: str, way: str, title: str) -> None:
    found = {bearing.question: bearing for bearing in judge.read(title, "").bearings}
    assert question in found
    assert way in ("any", found[question].direction), found[question]


@pytest.mark.parametrize(("question", "way", "title"), _cases(near_miss=True))
def test_a_near_miss_does_not(judge: EvidenceJudge, question: str, way: str, title: str) -> None:
    assert question not in {bearing.question for bearing in judge.read(title, "").bearings}


def test_every_question_has_its_headlines_in_both_languages() -> None:
    questions = [question.id for concern in load_brief().concerns for question in concern.questions]
    assert list(HEADLINES) == questions
    for question, ways in HEADLINES.items():
        assert sum(len(titles) for titles in ways.values()) >= 12, question
        assert len(ways["near_misses"]) >= 4, question

"""Invented items that a reader labelled: the judgement must not fall below what it once reached.

``blind.jsonl`` was written to be hard and was never used whole to write rules; ``plain.jsonl`` is what a
newspaper would print, written before the rules of the same day. The floors lie a little under the figures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.match import TOPICS
from bot.topics.matcher import Matcher

HERE = Path(__file__).parent


def items(name: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [item for item in map(json.loads, lines) if item["certainty"] == "sure"]


def f1(pairs: list[tuple[bool, bool]]) -> float:
    """Twice the hits over the sum of what was said and what is true."""
    hits = sum(said and true for said, true in pairs)
    return 2 * hits / max(1, sum(said + true for said, true in pairs))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.load()


@pytest.mark.parametrize(
    ("name", "relevance", "macro"),
    [("blind", {"en": 0.95, "es": 0.94}, 0.80), ("plain", {"en": 0.97, "es": 0.97}, 0.92)],
)
def test_the_judgement_keeps_what_it_reached(
    matcher: Matcher, name: str, relevance: dict[str, float], macro: float
) -> None:
    judged = [(item, matcher.judge(item["title"], item["summary"], item["lang"])) for item in items(name)]
    for language, floor in relevance.items():
        pairs = [(match.relevant, item["relevant"]) for item, match in judged if item["lang"] == language]
        assert f1(pairs) >= floor, language
    topics = {
        topic: f1([(topic in match.topic_ids, topic in item["concerns"]) for item, match in judged])
        for topic in TOPICS
    }
    assert sum(topics.values()) / len(topics) >= macro, topics

"""Reports of our own, both languages: how many are understood, which way they point, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.evidence import EvidenceJudge

REPORTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "reports.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def read() -> list[tuple[dict[str, Any], dict[str, str]]]:
    judge = EvidenceJudge.shipped()
    return [
        (one, {b.question: b.direction for b in judge.read(one["title"], one.get("summary", "")).bearings})
        for one in REPORTS
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_most_reports_bear_on_their_questions_and_point_the_right_way(
    read: list[tuple[dict[str, Any], dict[str, str]]], language: str
) -> None:
    pairs = [
        (one["title"], question, way, found.get(question))
        for one, found in read
        if one["lang"] == language
        for question, way in one["bears"].items()
    ]
    missed = [pair for pair in pairs if pair[3] is None]
    turned = [pair for pair in pairs if pair[3] not in (None, pair[2])]
    assert len(missed) <= len(pairs) / 5, missed
    assert len(turned) <= len(pairs) / 5, turned


def test_near_misses_bear_on_nothing(read: list[tuple[dict[str, Any], dict[str, str]]]) -> None:
    wrong = [one["title"] for one, found in read if not one["bears"] and found]
    assert len(wrong) <= 1, wrong

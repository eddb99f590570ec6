"""Reports of our own, worded as the wires do, through matcher and rules: figures that must not fall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.evidence import measure, verdict
from bot.evidence import EvidenceJudge
from bot.topics.matcher import Matcher
from bot.topics.taxonomy import load_taxonomy

REPORTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "newswire.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_most_reports_of_the_wires_are_told_with_their_direction(language: str) -> None:
    items = [_labelled(one) for one in REPORTS if one["lang"] == language]
    matcher, judge = Matcher(load_taxonomy()), EvidenceJudge.shipped()
    figures = measure(items, [verdict(matcher, judge, item) for item in items])
    assert figures["micro"]["f1"] >= 0.85, figures["questions"]
    assert figures["direction"] >= 0.75, figures["direction"]


def _labelled(report: dict[str, Any]) -> dict[str, Any]:
    bears = [
        {"question": question, "direction": direction, "weight": 2}
        for question, direction in report["bears"].items()
    ]
    bears += [{"question": name, "direction": "unclear", "weight": 1} for name in report.get("may_bear", ())]
    return {**report, "bears": bears}

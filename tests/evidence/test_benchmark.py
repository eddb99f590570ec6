"""``benchmarks.evidence`` keeps its form: a table for people, and one JSON object as the last line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import evidence

REPORTS = [
    {
        "id": "one",
        "lang": "en",
        "title": "Congress cuts security aid to Mexico for police and border wall",
        "summary": "",
        "bears": [{"question": "aid_moved", "direction": "worse", "weight": 3}],
        "certainty": "sure",
    },
    {
        "id": "two",
        "lang": "en",
        "title": "A quiet day in the harbor",
        "summary": "",
        "bears": [],
        "certainty": "sure",
        "near_miss": "same_topic_only",
    },
    {"id": "three", "lang": "en", "title": "Unsure", "summary": "", "bears": [], "certainty": "unsure"},
]


def test_evidence_ends_in_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(report) for report in REPORTS), encoding="utf-8")
    assert evidence.main([str(path), "--errors"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == {"questions", "macro_f1", "micro", "direction", "taken_up"}
    assert figures["micro"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 1}
    assert figures["direction"] == 1.0
    assert figures["taken_up"] == {"bear": 1.0, "near_miss": 0.0}


def test_the_reports_of_one_group_share_the_weight_of_one() -> None:
    items = [dict(REPORTS[0], id=name, dup_group="g") for name in ("a", "b")]
    verdicts = [evidence.Evidence((), "no_rule")] * 2
    assert evidence.measure(items, verdicts)["micro"]["n"] == 1

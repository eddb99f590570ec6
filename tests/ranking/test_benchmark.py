"""``benchmarks.ranking`` keeps its form: a table for people, and one JSON object as the last line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import ranking

ITEMS = [
    ("House panel moves police aid for Mexico to the border wall", "aid", 3),
    ("Opinion: The border wall is a mistake", "opinion", 1),
    ("Border Patrol agents rescue a dog near Nogales", "dog", 1),
    ("A recipe for soup", "soup", 0),
]


def test_the_figures_of_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "days.jsonl"
    lines = [
        {
            "day": "2026-03-01",
            "id": str(number),
            "lang": "en",
            "title": title,
            "summary": "",
            "source": f"Paper {number}",
            "date": f"2026-03-01T0{number}:00",
            "event": event,
            "grade": grade,
        }
        for number, (title, event, grade) in enumerate(ITEMS)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert ranking.main([str(path)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == {"ndcg10", "lead_hit", "precision10", "missed_grade3", "newest", "most_outlets"}
    assert figures["lead_hit"] == 1.0
    assert figures["missed_grade3"] == 0.0
    assert figures["newest"]["lead_hit"] == 0.0


def test_gain_is_discounted_by_place() -> None:
    assert ranking.ndcg([3, 2], [3, 2]) == 1.0
    assert ranking.ndcg([2, 3], [3, 2]) < 1.0
    assert ranking.ndcg([], []) == 1.0

"""The evaluation commands keep their form: a table for people, and one JSON object as the last line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import match as match_benchmark
from benchmarks import relevance
from bot.domain.match import TOPICS

ITEMS = [
    {
        "lang": "en",
        "title": "Sinaloa cartel leader arrested",
        "summary": "He was caught in Culiacan.",
        "relevant": True,
        "concerns": ["organized_crime"],
        "certainty": "sure",
    },
    {
        "lang": "es",
        "title": "Lluvias en Puebla",
        "summary": "",
        "relevant": False,
        "concerns": [],
        "certainty": "sure",
    },
    {
        "lang": "es",
        "title": "Caravana migrante en Chiapas",
        "summary": "",
        "relevant": True,
        "concerns": ["migration"],
        "certainty": "unsure",
    },
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(item) for item in ITEMS) + "\n", encoding="utf-8")
    return path


def test_relevance_ends_in_one_json_object(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert relevance.main([str(labelled)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == {
        "all",
        "en",
        "es",
        "weighted",
        "topics",
        "topics_macro_f1",
        "entries_per_cpu_second",
    }
    assert set(figures["topics"]) == set(TOPICS)
    assert figures["all"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 1}
    assert figures["es"]["n"] == 0


def test_a_natural_mix_counts_each_entry_by_its_weight_up_to_ten() -> None:
    def entry(relevant: bool, weight: float, stratum: str = "natural:match") -> dict[str, object]:
        return {"relevant": relevant, "weight": weight, "stratum": stratum}

    verdicts = [
        (entry(True, 6), True),
        (entry(True, 3), False),
        (entry(False, 2), True),
        (entry(False, 500), True),
        (entry(False, 5), False),
        (entry(True, 400, "border_listing"), False),
    ]
    figures = relevance.weighted_scores(verdicts)
    assert figures["precision"] == round(6 / 18, 4)
    assert figures["recall"] == round(6 / 9, 4)
    assert 0 <= figures["precision_low"] < figures["precision"] < figures["precision_high"] <= 1
    assert figures == relevance.weighted_scores(verdicts)


def test_without_a_natural_mix_the_weighted_figures_are_nothing() -> None:
    assert set(relevance.weighted_scores([({"relevant": True}, True)]).values()) == {0.0}


def test_unsure_items_count_only_when_asked(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relevance.main([str(labelled), "--with-unsure", "--errors"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["es"]["n"] == 1


def test_scores_of_nothing_are_zero() -> None:
    assert relevance.scores([]) == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "n": 0}
    pairs = [(True, True), (True, False), (False, True), (False, False)]
    assert relevance.scores(pairs) == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2}


def test_topics_with_few_cases_are_left_out_of_the_average(labelled: Path) -> None:
    items = relevance.read_items(labelled)
    matcher = relevance.Matcher.load()
    evidence = relevance.EvidenceJudge.load(matcher.taxonomy)
    figures = relevance.measure(items, [relevance.judge(matcher, evidence, item) for item in items])
    assert figures["topics_macro_f1"] == 0.0
    many = items * relevance.ENOUGH_CASES
    figures = relevance.measure(many, [relevance.judge(matcher, evidence, item) for item in many])
    assert figures["topics_macro_f1"] == 1.0


def test_match_compares_ways_on_plain_and_gzipped_files(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "labelled.jsonl.gz"
    packed.write_bytes(gzip.compress(labelled.read_bytes()))
    for path in (labelled, packed):
        assert match_benchmark.main([str(path), "--limit", "2"]) == 0
        figures = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert figures["entries"] == 2
        assert {"ours", "folding_alone", "flat_regular_expression", "naive_loop"} <= set(figures)


def test_match_says_so_when_there_is_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert match_benchmark.main([str(empty)]) == 1

"""Corrections as evaluation data: the benchmark reads what is exported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.relevance import judge, measure, read_items
from bot.evidence import EvidenceJudge
from bot.operating.cases import case_lines, export_cases
from bot.settings import Settings
from bot.store import cases as store_cases
from bot.store.cases import Case
from bot.store.database import Database
from bot.topics.matcher import Matcher

CASE = Case(
    article_id=1,
    language="es",
    publisher="Alfa",
    url="https://alfa.example/1",
    title="Cosecha de chile en la frontera",
    summary="Una nota ligera.",
    given=("border_security",),
    wanted=(),
    published_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
)


def test_a_line_has_the_form_of_the_evaluation_data() -> None:
    (line,) = case_lines([CASE])
    assert line == {
        "id": line["id"],
        "lang": "es",
        "title": "Cosecha de chile en la frontera",
        "summary": "Una nota ligera.",
        "source": "Alfa",
        "date": "2026-03-01",
        "relevant": False,
        "concerns": [],
        "hard_negative_kind": None,
        "certainty": "sure",
        "given": ["border_security"],
    }
    assert len(line["id"]) == 12


def test_servers_that_disagree_make_an_unsure_case() -> None:
    other = replace(CASE, wanted=("migration",))
    lines = list(case_lines([CASE, other, replace(CASE, article_id=2)]))
    assert [(line["certainty"], line["relevant"]) for line in lines] == [("unsure", True), ("sure", False)]


def test_the_order_of_topics_is_no_disagreement() -> None:
    first, second = replace(CASE, wanted=("a", "b")), replace(CASE, wanted=("b", "a"))
    assert [line["certainty"] for line in case_lines([first, second])] == ["sure"]


async def test_what_is_exported_can_be_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    database = Database.open(url)
    try:
        from tests.store.test_cases import say, stored

        say(database, stored(database, "border_security"), "migration")
        assert len(database.read_sync(store_cases.cases)) == 1
    finally:
        database.close()
    assert await export_cases(Settings(_env_file=None, database_url=url)) == 0  # type: ignore[call-arg]
    out = capsys.readouterr().out
    assert json.loads(out)["concerns"] == ["migration"]
    file = tmp_path / "cases.jsonl"
    file.write_text(out, encoding="utf-8")
    items = read_items(file)
    matcher = Matcher.load()
    evidence = EvidenceJudge.load(matcher.taxonomy)
    assert measure(items, [judge(matcher, evidence, item) for item in items])["all"]["n"] == 1

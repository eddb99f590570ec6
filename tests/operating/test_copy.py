"""A store that is moved from SQLite to PostgreSQL answers as before; ``benchmarks.copy`` asks a large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.answers import fill
from benchmarks.copy import compare
from tests.support.databases import Postgres


def test_a_store_that_was_moved_answers_the_same(
    tmp_path: Path, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    store, url = tmp_path / "vigia.db", postgres.empty()
    fill(store, 300)
    try:
        asked, differing = compare(store, url)
        assert asked >= 100 and differing == 0, capsys.readouterr().out
    finally:
        postgres.drop(url)

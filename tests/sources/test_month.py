"""A week of all official sources over loopback beside ordinary feeds (benchmarks/official_month.py)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from benchmarks.official_month import month


async def test_no_document_is_missed_or_stored_twice_and_each_fault_is_told_once(tmp_path: Path) -> None:
    outcome = await month(tmp_path, days=9, feeds=2, tick=timedelta(hours=12))
    assert outcome.published == 10 * 7
    assert (outcome.twice, outcome.missed) == (0, 0)
    assert len(outcome.faults_told) == outcome.faults
    assert set(outcome.faults_told.values()) == {1}

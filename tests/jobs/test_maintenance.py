"""Housekeeping forgets what is past its time, and optimizes once a week."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.maintenance import OPTIMIZED, run_maintenance
from bot.store import facts
from tests.support.context import room


async def test_optimizes_once_a_week(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, "Border Patrol agents find tunnel under the border wall near Nogales")
        made.group()
        seen = []
        for _ in range(3):
            await run_maintenance(made.context)
            seen.append(made.database.read_sync(facts.recall, OPTIMIZED))
            made.clock.advance(days=4)
        assert seen[0] == seen[1] != seen[2]
        assert (made.database.address.path or Path()).with_name("vigia.db-wal").stat().st_size == 0

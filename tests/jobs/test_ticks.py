"""A tick that fails is told once, and with a trace only where that helps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.jobs.ticks import Tick, start_ticks
from bot.store.errors import Locked


@pytest.mark.parametrize(
    ("fault", "told", "traced"),
    [(ValueError("ours"), 1, True), (Locked("vigia.db"), 1, False), (asyncio.CancelledError(), 0, False)],
    ids=lambda value: type(value).__name__,
)
async def test_a_tick_that_fails(fault: BaseException, told: int, traced: bool) -> None:
    ran = asyncio.Event()

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.05, ran.set)
        raise fault

    with capture_logs() as lines:
        scheduler = start_ticks((Tick("wrong", 60, work),), datetime.now(UTC))
        async with asyncio.timeout(10):
            await ran.wait()
        scheduler.shutdown(wait=False)
    failures = [line for line in lines if line["event"] == "tick_failed"]
    assert len(failures) == told
    for line in failures:
        assert line["tick"] == "wrong" and bool(line.get("exc_info")) is traced

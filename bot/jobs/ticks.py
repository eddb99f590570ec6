"""The ticks: a few periodic jobs that ask the database what is due. They hold no state of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.store.errors import StoreError

log = structlog.get_logger()

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Tick:
    """A job that runs every ``seconds`` seconds."""

    name: str
    seconds: int
    work: Work


def start_ticks(ticks: tuple[Tick, ...], now: datetime) -> AsyncIOScheduler:
    """A running scheduler; ``shutdown()`` ends it. Needs a running event loop.

    Each tick comes at once, at ``now``, and then in its time. One that is late runs once and not once for
    each time it missed (``coalesce``), never beside itself (``max_instances``), and however late it is
    (``misfire_grace_time=None``): what is due is in the database.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for tick in ticks:
        scheduler.add_job(
            _done, "interval", [tick], seconds=tick.seconds, id=tick.name, name=tick.name, next_run_time=now
        )
    scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)
    scheduler.start()
    return scheduler


async def _done(tick: Tick) -> None:
    """Run a tick. A store that cannot be reached is logged in one line, not with a traceback every second."""
    try:
        await tick.work()
    except StoreError as fault:
        log.warning("tick_failed", tick=tick.name, problem=str(fault))


def _log_failure(event: JobExecutionEvent) -> None:
    """Log a tick that failed; it runs again in its time, and does not stop the others."""
    fault = event.exception
    if isinstance(fault, asyncio.CancelledError):
        return  # told to stop
    log.error("tick_failed", tick=event.job_id, problem=repr(fault), exc_info=fault)

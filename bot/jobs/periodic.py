"""The periodic jobs with their intervals: the same functions in one process and from a queue."""

from __future__ import annotations

from bot.context import AppContext
from bot.domain.schedule import ALERT_INTERVAL
from bot.jobs.maintenance import run_maintenance
from bot.jobs.ticks import Tick
from bot.publishing.alerts import AlertPlanner
from bot.publishing.digests import DigestPlanner
from bot.publishing.notices import NoticePlanner

#: A minute is the finest step in which a feed or a digest is due.
MINUTE = 60
#: Trouble is told to a server's admins within minutes of being sure.
NOTICES = 5 * MINUTE
HOUR = 60 * MINUTE


def periodic_jobs(context: AppContext) -> tuple[Tick, ...]:
    """Each may be repeated or stopped at any point, and run in two processes at once."""

    async def maintenance() -> None:
        await run_maintenance(context)

    return (
        Tick("digests", MINUTE, DigestPlanner(context).plan_due),
        Tick("notices", NOTICES, NoticePlanner(context).plan),
        Tick("alerts", int(ALERT_INTERVAL.total_seconds()), AlertPlanner(context).plan),
        Tick("maintenance", HOUR, maintenance),
    )

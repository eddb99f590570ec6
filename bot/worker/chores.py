"""What is done in its time beside the news: the same functions in one process and from a queue."""

from __future__ import annotations

from bot.context import AppContext
from bot.worker.alerts import Alerts
from bot.worker.digest import Digests
from bot.worker.housekeeping import keep_house
from bot.worker.notices import Notices
from bot.worker.schedule import Tick

#: A minute is the finest step in which a feed or a digest is due.
MINUTE = 60
#: Trouble is told to a server's admins within minutes of being sure.
NOTICES = 5 * MINUTE
#: Alerts are batched, so that a busy hour is four messages and not forty.
QUARTER = 15 * MINUTE
HOUR = 60 * MINUTE


def chores(context: AppContext) -> tuple[Tick, ...]:
    """Each may be repeated or stopped at any point, and run in two processes at once."""

    async def house() -> None:
        await keep_house(context)

    return (
        Tick("digests", MINUTE, Digests(context).plan_due),
        Tick("notices", NOTICES, Notices(context).plan),
        Tick("alerts", QUARTER, Alerts(context).plan),
        Tick("house", HOUR, house),
    )

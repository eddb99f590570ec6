"""Watching: servers' own phrases are looked for among the entries that have just come.

A stage of its own after storing, as grouping is: it may be repeated or stopped at any point, and a watch that
breaks or takes long holds up no poll. What it finds is shown to the server that watches, and to no other.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.context import AppContext
from bot.store import watching

log = structlog.get_logger()

#: How far back a look goes after a long stop: what did not match is kept for 30 days.
MOST_BEHIND = timedelta(days=30)


async def look_for_phrases(context: AppContext) -> int:
    """Search the entries that came since the last run. Returns how many were found."""
    looked = await context.database.read(watching.scan, context.clock.now(), most_behind=MOST_BEHIND)
    if not looked.hits and not looked.moved:
        return 0
    found = await context.database.write(watching.keep, looked)
    if found:
        log.debug("watches_found", entries=found)
    return found

"""Once an hour: what may be forgotten is forgotten, and the database is kept in shape."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.commands.desk import Desk
from bot.store import guilds, housekeeping

log = structlog.get_logger()

#: Fingerprints serve /whynot and dry runs over the last 30 days.
FINGERPRINTS = timedelta(days=30)
#: One row a poll, kept for looking back a week.
POLLS = timedelta(days=7)
#: A server that removed the bot finds its settings for so long; then everything of it goes.
GRACE = timedelta(days=30)


async def keep_house(desk: Desk) -> None:
    """Forget what is past its time."""
    gone = await desk.database.write(
        housekeeping.prune,
        desk.clock.now(),
        fingerprints=FINGERPRINTS,
        polls=POLLS,
        articles=timedelta(days=desk.settings.retention_days),
    )
    log.debug("house_kept", forgotten=gone)
    for guild_id in await desk.database.read(guilds.gone_since, desk.clock.now() - GRACE):
        await desk.database.write(guilds.forget, guild_id)
        log.info("server_forgotten", guild=guild_id)

"""The terminal's own digests: what waits in the outbox for server 0 is printed, once."""

from __future__ import annotations

from datetime import timedelta

from rich.console import Console

from bot.commands.desk import Desk
from bot.console.answers import TERMINAL_GUILD, show
from bot.pages.codec import UnreadablePage, load_page
from bot.store import outbox

_LEASE = timedelta(seconds=60)


async def print_due(desk: Desk, console: Console, owner: str) -> int:
    """Print what is due for the terminal. Returns how many messages were printed."""
    now = desk.clock.now()
    waiting = await desk.database.write(
        outbox.claim, now=now, owner=owner, lease=_LEASE, limit=10, guild_id=TERMINAL_GUILD
    )
    for message in waiting:
        try:
            await show(desk, console, load_page(message.body))
        except UnreadablePage as problem:
            await desk.database.write(
                outbox.mark_failed, message.id, owner=owner, now=desk.clock.now(), error=str(problem)
            )
            continue
        await desk.database.write(
            outbox.mark_sent, message.id, owner=owner, now=desk.clock.now(), message_id=None
        )
    return len(waiting)

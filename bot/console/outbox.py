"""The terminal's own digests: what waits for it in the outbox is printed, once."""

from __future__ import annotations

from datetime import timedelta

from rich.console import Console

from bot.console.answers import show
from bot.console.draw import follow_ups
from bot.context import AppContext
from bot.pages.codec import UnreadablePage, load_page
from bot.store import outbox

_LEASE = timedelta(seconds=60)


async def print_due(context: AppContext, console: Console, owner: str, steps: list[str]) -> int:
    """Print what is due for the terminal, and keep in ``steps`` what the numbers under it stand for.

    Returns how many messages were due.
    """
    now = context.clock.now()
    waiting = await context.database.write(
        outbox.claim, now=now, owner=owner, lease=_LEASE, limit=10, terminal=True
    )
    for message in waiting:
        try:
            page = load_page(message.body)
        except UnreadablePage as problem:
            await context.database.write(
                outbox.mark_failed, message.id, owner=owner, now=context.clock.now(), error=str(problem)
            )
            continue
        steps[:] = follow_ups(page)
        await show(context, console, page)
        await context.database.write(
            outbox.mark_sent, message.id, owner=owner, now=context.clock.now(), message_id=None
        )
    return len(waiting)

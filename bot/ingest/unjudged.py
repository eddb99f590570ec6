"""Judges articles that were stored before the rules of evidence existed, newest first.

A stage of its own, in small batches: it may be stopped at any point, and polls go on meanwhile.
"""

from __future__ import annotations

import asyncio

from bot.context import AppContext
from bot.domain.feeds import DOCUMENT
from bot.store import unjudged

#: Articles judged in one round, some 30 ms of work; a round comes every minute.
BATCH = 200


async def judge_stored(context: AppContext) -> int:
    """Judge the next batch of stored articles. Returns how many were judged."""
    waiting = await context.database.read(unjudged.waiting, BATCH)
    if not waiting:
        return 0
    await asyncio.to_thread(context.load_judges)
    read = context.evidence.read
    judged = await asyncio.to_thread(
        lambda: {
            one.id: read(one.title, one.summary, one.language, document=one.kind == DOCUMENT)
            for one in waiting
        }
    )
    return await context.database.write(unjudged.keep, judged)

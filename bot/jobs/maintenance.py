"""Hourly maintenance: delete what has expired, and optimize the database."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.context import AppContext
from bot.store import facts, guilds, housekeeping
from bot.store.feeds import polling

log = structlog.get_logger()

#: Fingerprints serve /whynot and dry runs over the last 30 days.
FINGERPRINTS = timedelta(days=30)
#: One row a poll, kept for looking back a week.
POLLS = timedelta(days=7)
#: A server that removed the bot finds its settings for so long; then everything of it goes.
GRACE = timedelta(days=30)
#: The search index is merged and the planner's figures are taken anew. Seconds at a million articles.
OPTIMIZE = timedelta(days=7)
OPTIMIZED = "optimized_at"
#: How long the log's folding into the file waits for readers to pause; the next hour tries again.
FOLD_MS = 100


async def run_maintenance(context: AppContext) -> None:
    """Delete what has expired."""
    gone = await context.database.write(
        housekeeping.prune,
        context.clock.now(),
        fingerprints=FINGERPRINTS,
        polls=POLLS,
        articles=timedelta(days=context.settings.retention_days),
    )
    log.debug("maintenance_done", forgotten=gone)
    for owner in await context.database.read(guilds.gone_since, context.clock.now() - GRACE):
        await context.database.write(guilds.forget, owner)
        log.info("server_forgotten", owner=str(owner))
    if early := await context.database.write(polling.reschedule_too_far, context.clock.now()):
        log.warning("feeds_rescheduled", feeds=early)
    await _optimize(context)
    if not await asyncio.to_thread(context.database.checkpoint, FOLD_MS):
        log.debug("log_compaction_failed")


async def _optimize(context: AppContext) -> None:
    """Optimize the store, once a week."""
    last, now = await context.database.read(facts.recall, OPTIMIZED), context.clock.now()
    if last is not None and now - datetime.fromisoformat(last) < OPTIMIZE:
        return
    await context.database.write(housekeeping.optimize)
    await context.database.write(facts.remember, OPTIMIZED, now.isoformat())
    log.info("store_optimized")

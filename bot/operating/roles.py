"""The bot in parts, for more than one machine: gateways answer, workers read and plan, senders post.

They share a PostgreSQL and nothing else. Each part may run many times, be killed, and be started again.
"""

from __future__ import annotations

import asyncio
from functools import partial
from random import Random

from bot.chat.client import READY_SECONDS
from bot.chat.deliver import Delivery
from bot.chat.login import WrongToken
from bot.chat.rest_sender import RestGuildInfo, SharedPace, create_rest_sender
from bot.chat.shards import Shards
from bot.clock import Clock, SystemClock
from bot.ingest.pipeline import IngestPipeline
from bot.jobs.ticks import Tick, start_ticks
from bot.operating.running import leave, running
from bot.operating.serve import NO_TOKEN, WRONG_TOKEN, send_when_ready, serve
from bot.scale.heartbeat import Heartbeat
from bot.settings import Settings

ROLES = ("all", "gateway", "worker", "sender")

#: What is in the outbox leaves within seconds.
SEND_SECONDS = 2
#: Articles are grouped within seconds of their storing.
SETTLE_SECONDS = 5

NEEDS_POSTGRESQL = """\
The roles gateway, worker and sender share a PostgreSQL; VIGIA_DATABASE_URL names a SQLite file.
One process does everything on a file: `python bot.py run`. To move, see docs/scaling.md."""

NEEDS_QUEUE = "A worker needs the queue, in the bot's folder: .venv/bin/pip install -e '.[scale]'"

HALF_SHARDED = """\
VIGIA_SHARD_IDS and VIGIA_SHARD_COUNT go together, and every id is below the count.
All gateways must be told the same count."""


async def run(
    settings: Settings,
    role: str,
    *,
    clock: Clock | None = None,
    ready_seconds: float = READY_SECONDS,
    heartbeat: Heartbeat | None = None,
) -> int:
    """Run a role until SIGINT or SIGTERM; 1 if it cannot run as it is set. Raises StoreError."""
    if role == "all":
        return await serve(settings, clock=clock, ready_seconds=ready_seconds)
    if not settings.database_url.startswith(("postgres://", "postgresql")):
        print(NEEDS_POSTGRESQL)
        return 1
    if role == "worker":
        return await _work(settings, clock, heartbeat or Heartbeat())
    if settings.discord_token is None:
        print(NO_TOKEN)
        return 1
    token = settings.discord_token.get_secret_value()
    try:
        if role == "gateway":
            return await _answer(settings, token, clock, ready_seconds)
        return await _send(settings, token, clock)
    except WrongToken:
        print(WRONG_TOKEN)
        return 1


async def _answer(settings: Settings, token: str, clock: Clock | None, ready_seconds: float) -> int:
    """The gateway: it answers, and notes joined and left servers. It plans, polls and posts nothing."""
    ids, count = settings.shards, settings.shard_count
    if bool(ids) != (count is not None) or (count is not None and ids and ids[-1] >= count):
        print(HALF_SHARDED)
        return 1
    async with running(settings, "gateway", clock) as here:
        context = here.context
        shards = Shards(ids, count, context.database, context.clock) if count is not None else None
        client = here.bot(ready_seconds, shards)
        connected = asyncio.create_task(client.start(token))
        try:
            async with here.health(client.is_ready):
                await here.until_stopped(connected)
        finally:
            await leave(client, connected)
    return 0


async def _work(settings: Settings, clock: Clock | None, heartbeat: Heartbeat) -> int:
    """A worker: it polls what the queue gives it, and one of all workers groups what came."""
    try:
        from bot.scale.queue import Queue
    except ImportError:
        print(NEEDS_QUEUE)
        return 1
    async with running(settings, "worker", clock) as here:
        queue = Queue(here.context, here.owner, heartbeat)
        working = asyncio.create_task(queue.run())
        settle = partial(IngestPipeline(here.context, here.owner, Random()).settle, shared=True)
        scheduler = start_ticks((Tick("settle", SETTLE_SECONDS, settle),), SystemClock().now())
        try:
            async with here.health(queue.is_connected, "queue"):
                await here.until_stopped(working)
        finally:
            scheduler.shutdown(wait=False)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return 0


async def _send(settings: Settings, token: str, clock: Clock | None) -> int:
    """A sender: it posts what is in the outbox, over REST, within the budget that all senders share."""
    async with running(settings, "sender", clock) as here:
        sender = create_rest_sender(settings)
        delivery = Delivery(
            here.context,
            sender,
            here.owner,
            known=RestGuildInfo(here.context, sender),
            pace=SharedPace(here.context),
        )
        logged_in = asyncio.create_task(sender.start(token))
        outbox = Tick("outbox", SEND_SECONDS, delivery.send_due)
        scheduler = start_ticks((outbox,), SystemClock().now())
        at_once = asyncio.create_task(send_when_ready(sender, delivery))
        try:
            async with here.health(sender.is_ready):
                await here.until_stopped(logged_in)
        finally:
            at_once.cancel()
            scheduler.shutdown(wait=False)
            await leave(sender, logged_in, at_once)
    return 0

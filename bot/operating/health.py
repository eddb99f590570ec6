"""``/healthz``, ``/readyz`` and ``/metrics`` on a port of their own, for monitoring."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.context import AppContext
from bot.store import outbox
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.feeds import overview

log = structlog.get_logger()

#: The loop's lag is taken twice a second: often enough to see a stall of 50 ms on a busy day.
LAG_SECONDS = 0.5
#: Polling is behind when something has been due for this long: ten ticks.
BEHIND_SECONDS = 600
#: Bytes below which the store's disk counts as full: SQLite's log takes some 100 kB for the write of a poll.
LEAST_FREE = 1_048_576


@asynccontextmanager
async def health_endpoint(
    context: AppContext, host: str, port: int | None, connected: Callable[[], bool], to: str = "discord"
) -> AsyncIterator[int | None]:
    """Serve while the block runs; gives the port. Nothing is served, and None given, without a port.

    ``connected`` is whether the process has what it works for, which ``to`` names: ``discord`` or ``queue``.
    Raises OSError if the port is taken.
    """
    if port is None:
        yield None
        return
    app = web.Application()
    pages = _Pages(context, connected, to)
    app.add_routes(
        [
            web.get("/healthz", pages.alive),
            web.get("/readyz", pages.ready),
            web.get("/metrics", pages.metrics),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    watching = asyncio.create_task(_watch_the_loop())
    try:
        await web.TCPSite(runner, host, port).start()
        bound = int(runner.addresses[0][1])
        log.info("health_endpoint", host=host, port=bound)
        yield bound
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await runner.cleanup()


class _Pages:
    def __init__(self, context: AppContext, connected: Callable[[], bool], to: str) -> None:
        self._context = context
        self._connected = connected
        self._to = to

    async def alive(self, request: web.Request) -> web.Response:
        """200 as long as the event loop runs."""
        return web.json_response({"status": "alive"})

    async def ready(self, request: web.Request) -> web.Response:
        """200 when the store answers and has room, Discord or the queue answers, and polling keeps up.

        Else 503, and why.
        """
        amiss = []
        try:
            lag = await self._lag()
            if lag > BEHIND_SECONDS:
                amiss.append("polling_behind")
        except StoreError as fault:
            amiss.append(f"store_{fault.code}")
        if await asyncio.to_thread(_disk_full, self._context.database):
            amiss.append("disk_full")
        if not self._connected():
            amiss.append(f"{self._to}_not_connected")
        return web.json_response(
            {"status": "ready" if not amiss else "not_ready", "amiss": amiss}, status=503 if amiss else 200
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """All figures, those of the store taken now; without them while it does not answer."""
        metrics.FEEDS.clear()
        metrics.OUTBOX.clear()
        try:
            await self._ask_the_store()
            metrics.STORE.set(1)
        except StoreError:
            metrics.STORE.set(0)
        return web.Response(
            body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def _ask_the_store(self) -> None:
        metrics.POLL_LAG.set(await self._lag())
        for word, count in (await self._context.database.read(overview.health_of_all)).items():
            metrics.FEEDS.labels(health=word).set(count)
        for state, count in (await self._context.database.read(outbox.counts)).items():
            metrics.OUTBOX.labels(state=state).set(count)

    async def _lag(self) -> float:
        oldest: datetime | None = await self._context.database.read(
            overview.longest_due, self._context.clock.now()
        )
        if oldest is None:
            return 0.0
        return max(0.0, (self._context.clock.now() - oldest).total_seconds())


def _disk_full(database: Database) -> bool:
    """Whether the last write found no room, or the store's disk has too little for the next one.

    Reads still answer then, so the store alone does not tell. A server's disk is known by its writes.
    """
    path = database.address.path
    try:
        return database.full or (path is not None and shutil.disk_usage(path.parent).free < LEAST_FREE)
    except OSError:  # the folder is gone: what the store answers says that
        return database.full


async def _watch_the_loop() -> None:
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(LAG_SECONDS)
        metrics.LOOP_LAG.set(max(0.0, loop.time() - before - LAG_SECONDS))

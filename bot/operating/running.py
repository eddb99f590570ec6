"""What every long-running command opens: the application context, signals that stop it, and the log."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.app import open_context, process_name
from bot.chat.client import Vigia, create_bot
from bot.chat.render import pieces
from bot.chat.rest_sender import RestSender
from bot.chat.shards import Shards
from bot.clock import Clock
from bot.context import AppContext
from bot.operating.malloc_tuning import share_one_arena
from bot.operating.preload import preload_judges, preload_tables
from bot.settings import Settings
from bot.store import facts, leases
from bot.store.errors import StoreError

log = structlog.get_logger()

#: The rows by which `doctor` knows who works on this store; two renewals may be missed.
HERE_SECONDS = 60
#: For the answers that are under way and the gateway's farewell, and then for tasks to notice that they are
#: cancelled: below the three seconds in which a stop is promised, far below the units' TimeoutStopSec.
CLOSING_SECONDS = 2.0
ENDING_SECONDS = 0.5
HERE_TTL = timedelta(seconds=3 * HERE_SECONDS)


@dataclass(frozen=True, slots=True)
class Running:
    """A process at work. ``owner`` names it in leases; ``stop`` is set when it should end."""

    context: AppContext
    owner: str
    stop: asyncio.Event

    def bot(self, ready_seconds: float, shards: Shards | None = None) -> Vigia:
        """The bot, not connected yet. The store keeps which commands Discord was sent last."""
        read, write = self.context.database.read, self.context.database.write

        async def recall() -> str | None:
            return await read(facts.recall, facts.COMMANDS_SENT)

        async def remember(payload: str) -> None:
            await write(facts.remember, facts.COMMANDS_SENT, payload)

        return create_bot(
            self.context,
            self.context.settings,
            recall=recall,
            remember=remember,
            ready_seconds=ready_seconds,
            shards=shards,
        )

    @asynccontextmanager
    async def health(self, connected: Callable[[], bool], to: str = "discord") -> AsyncIterator[None]:
        """The health port, open for the block if the settings name one. Raises OSError if it is taken.

        ``connected``: whether what ``to`` names answers.
        """
        if self.context.settings.health_port is None:
            yield
            return
        from bot.operating.health import health_endpoint  # late: a web server is 2 MB

        settings = self.context.settings
        async with health_endpoint(self.context, settings.health_host, settings.health_port, connected, to):
            yield

    async def until_stopped(self, *tasks: asyncio.Task[None]) -> None:
        """Return when told to stop, or as soon as one of ``tasks`` ends; raises what it raised."""
        waiting = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        for task in tasks:
            if task.done():
                task.result()


async def leave(client: Vigia | RestSender, *tasks: asyncio.Task[None]) -> None:
    """Close the connection to Discord and end ``tasks``, within three seconds whatever Discord does.

    During an outage the library waits long: for a login that is tried again, for a gateway's last word. A
    message that is given up on its way is in the outbox and is tried again at the next start.
    """
    closing = asyncio.create_task(client.close())
    await asyncio.wait({closing}, timeout=CLOSING_SECONDS)
    for task in (closing, *tasks):
        task.cancel()
    ended, _ = await asyncio.wait({closing, *tasks}, timeout=ENDING_SECONDS)
    for task in ended:
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.info("fault_while_stopping", problem=repr(fault))


@asynccontextmanager
async def running(settings: Settings, role: str, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The open application context of a role; signals set ``stop``. Raises StoreError, CatalogError."""
    share_one_arena()
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with open_context(settings, clock=clock, pieces=pieces) as context:
        owner = process_name()
        presence = asyncio.create_task(_stay(context, f"process:{role}:{owner}", owner))
        preload_judges(context)  # before anyone asks, so that no interaction waits for them
        warming = asyncio.create_task(asyncio.to_thread(preload_tables))
        try:
            yield Running(context, owner, stop)
        finally:
            log.info("stopping", role=role)
            presence.cancel()
            await asyncio.gather(presence, warming, return_exceptions=True)
            with contextlib.suppress(StoreError):
                await context.database.write(leases.remove, f"process:{role}:{owner}", owner)


async def _stay(context: AppContext, name: str, owner: str) -> None:
    """Renew this process's row, again and again."""
    while True:
        try:
            await context.database.write(leases.take, name, owner, now=context.clock.now(), ttl=HERE_TTL)
        except StoreError as fault:
            log.warning("presence_not_stored", problem=str(fault))
        await asyncio.sleep(HERE_SECONDS)

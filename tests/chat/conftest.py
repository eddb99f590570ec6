"""The bot on a loopback Discord, with a store in a file and a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import open_context
from bot.chat.client import Vigia, create_bot
from bot.chat.deliver import Delivery
from bot.chat.render import pieces
from bot.context import AppContext
from bot.settings import Settings
from tests.chat.stories import NOW, fill, sources
from tests.support.clock import FrozenClock
from tests.support.discord import Channel, Guild, LoopbackDiscord, Person


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
async def discord(clock: FrozenClock) -> AsyncIterator[LoopbackDiscord]:
    """A Discord with nobody in it. What was sent and answered is judged when the test ends."""
    api, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with LoopbackDiscord(now=lambda: clock.now().timestamp()) as server:
        yield server
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, gateway
    server.faultless()


@pytest.fixture
async def context(discord: LoopbackDiscord, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[AppContext]:
    """The commands' context on a fresh store with a few stories in both languages."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'vigia.db'}",
        discord_api_base=discord.api,
        discord_gateway_url=discord.gateway_url,
        timezone="America/Tijuana",
    )
    async with open_context(settings, clock=clock, sources=sources(), pieces=pieces) as opened:
        await fill(opened)
        yield opened


@dataclass
class Stage:
    """A server, its people, and the bot in it."""

    discord: LoopbackDiscord
    context: AppContext
    clock: FrozenClock
    guild: Guild
    ana: Person
    eva: Person  # manages the server, and reads Spanish
    client: Vigia | None = None
    remembered: list[str] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None

    @property
    def channel(self) -> Channel:
        return self.guild.channel

    @property
    def delivery(self) -> Delivery:
        assert self.client is not None
        return Delivery(self.context, self.client, "tester")

    async def start(self) -> None:
        """Start the bot, or start it again."""

        async def recall() -> str | None:
            return self.remembered[-1] if self.remembered else None

        async def remember(value: str) -> None:
            self.remembered.append(value)

        self.client = create_bot(
            self.context, self.context.settings, recall=recall, remember=remember, ready_seconds=0.02
        )
        self._running = asyncio.create_task(self.client.start(self.discord.token))
        while not self.client.is_ready():
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        if self.client is not None and self._running is not None:
            await self.client.close()
            await asyncio.gather(self._running, return_exceptions=True)
            self.client = None


@pytest.fixture
async def stage(discord: LoopbackDiscord, context: AppContext, clock: FrozenClock) -> AsyncIterator[Stage]:
    """The bot, connected and ready, in one server."""
    guild = discord.world.add_guild("Frontera")
    ana = discord.world.add_person("ana")
    eva = discord.world.add_person("eva", admin=True, locale="es-ES")
    made = Stage(discord, context, clock, guild, ana, eva)
    await made.start()
    yield made
    await made.stop()

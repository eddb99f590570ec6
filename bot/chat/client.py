"""The Discord client: which parts there are, and what is done when it starts, joins, leaves and ends.

Importing this opens nothing, and neither does ``create_bot``; the first contact is ``start``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.chat.commands import SpanishNames, build_tree, payload_hash
from bot.chat.front import Front
from bot.chat.login import log_in, until_reached
from bot.chat.modals import written
from bot.chat.naming import ids_of
from bot.chat.outcome import ASK_ERRORS
from bot.chat.presses import Press
from bot.chat.request_trace import trace_config
from bot.chat.shards import Shards
from bot.commands.registry import COMMANDS
from bot.commands.spec import Command
from bot.context import AppContext
from bot.domain.audience import Server
from bot.settings import Settings
from bot.store import guilds

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = structlog.get_logger()

API_BASE = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg/"
#: Answers that are under way when we are told to stop get this long.
CLOSING_SECONDS = 1.5
#: Servers noted in one transaction, so that other writers get their turn.
JOINED_BATCH = 200
#: discord.py waits this long for one more server before it says that all are there.
READY_SECONDS = 2.0
#: A longer wait that Discord asks for is given back as an error, so that a sender can put the message aside.
#: discord.py takes no less than 30.
LONGEST_RATE_LIMIT = 60.0

Recall = Callable[[], Awaitable[str | None]]
Remember = Callable[[str], Awaitable[None]]
Finish = Callable[[float], Awaitable[None]]


class Vigia(discord.AutoShardedClient):
    """The bot. ``front`` answers; ``tree`` holds the commands."""

    def __init__(
        self,
        context: AppContext,
        commands: Sequence[Command] = COMMANDS,
        *,
        recall: Recall | None = None,
        remember: Remember | None = None,
        ready_seconds: float = READY_SECONDS,
        shards: Shards | None = None,
    ) -> None:
        mine: dict[str, Any] = {"shard_ids": list(shards.ids), "shard_count": shards.count} if shards else {}
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT,
            http_trace=trace_config(),
            guild_ready_timeout=ready_seconds,
            **mine,
        )
        self._context = context
        self._recall = recall
        self._remember = remember
        self._shards = shards
        #: By name; known from the login on.
        self.command_ids: Mapping[str, int] = {}
        self.front = Front(context, commands=commands)
        self._finishing: list[Finish] = [self.front.finish]
        #: Joins and removals are written in the order of their events; PostgreSQL has several writers.
        self._membership = asyncio.Lock()
        self.tree = build_tree(self, self.front, commands)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log in and stay connected until closed, however long Discord is away. Raises WrongToken."""
        await log_in(self, token)
        await until_reached(lambda: self.connect(reconnect=reconnect), self)

    async def close(self) -> None:
        """Finish what is under way, then leave."""
        await asyncio.gather(*(finish(CLOSING_SECONDS) for finish in self._finishing))
        await super().close()

    def before_close(self, finish: Finish) -> None:
        """Have ``finish(seconds)`` awaited before the connection is closed."""
        self._finishing.append(finish)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify, beside the shards of other processes."""
        if self._shards is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._shards.wait(self.http, shard_id or 0)

    async def setup_hook(self) -> None:
        """Before the gateway: presses are understood, and Discord knows the commands."""
        self.add_dynamic_items(Press)
        await self.tree.set_translator(SpanishNames())
        self.command_ids = self.front.command_ids = ids_of(await self._known_commands())

    async def on_ready(self) -> None:
        """Note the servers that we are in: some may have added or removed us while we were away.

        Discord lists them all when a session begins, those that are not available too. A process that has
        some of the shards only sees some of them, and can tell of none that it left.

        Servers join and leave while this is written down. Each is asked for right before its write, so that
        what their own events note comes after it.
        """
        listed = [guild.id for guild in self.guilds]
        for start in range(0, len(listed), JOINED_BATCH):
            async with self._membership:
                some = [
                    one for one in listed[start : start + JOINED_BATCH] if self.get_guild(one) is not None
                ]
                await self._context.database.write(_all_joined, some, self._context.clock.now())
        if self.shard_ids is None:
            async with self._membership:
                here = [Server(guild.id) for guild in self.guilds]
                gone = await self._context.database.write(
                    guilds.left_all_but, here, self._context.clock.now()
                )
            if gone:
                log.info("servers_left_offline", servers=len(gone))
        log.info("ready", servers=len(listed), shards=self.shard_count)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server added us, or came back: what it chose before holds again."""
        async with self._membership:
            fresh = await self._context.database.write(
                guilds.joined, Server(guild.id), self._context.clock.now()
            )
        log.info("server_joined", guild=guild.id, fresh=fresh)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server removed us. discord.py does not call this for an outage, so nothing is lost by one."""
        async with self._membership:
            await self._context.database.write(guilds.left, Server(guild.id), self._context.clock.now())
        log.info("server_left", guild=guild.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A form that was sent. Commands and presses reach the front by ways of their own."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Mapping[str, Any] = interaction.data or {}
            await self.front.submit(interaction, str(data.get("custom_id", "")), written(data))

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """An error in one of the handlers above; discord.py calls this while it is being handled."""
        log.exception("event_failed", handler=event_method)

    async def _known_commands(self) -> list[app_commands.AppCommand]:
        """The commands as Discord has them. Shard 0 sends them first, if it was sent others last."""
        if self._shards is not None and 0 not in self._shards.ids:
            return await commands_of(self.tree)
        current = await payload_hash(self.tree, self.application_id)
        known = await self._recall() if self._recall is not None else None
        if known == current:
            return await commands_of(self.tree)
        sent = await self.tree.sync()
        log.info("commands_registered", commands=len(sent))
        if self._remember is not None:
            await self._remember(current)
        return sent


async def commands_of(tree: app_commands.CommandTree[Any]) -> list[app_commands.AppCommand]:
    """The commands as Discord has them; none when it does not say, as they are asked for their ids alone."""
    try:
        return await tree.fetch_commands()
    except ASK_ERRORS as problem:
        log.warning("commands_not_registered", problem=repr(problem))
        return []


def create_bot(
    context: AppContext,
    settings: Settings,
    *,
    recall: Recall | None = None,
    remember: Remember | None = None,
    ready_seconds: float = READY_SECONDS,
    shards: Shards | None = None,
) -> Vigia:
    """A bot that is not connected yet.

    ``recall`` and ``remember`` keep the hash of the commands that Discord was sent last; without them the
    commands are sent at each start. Where Discord is comes from the settings and holds for the whole process,
    as discord.py keeps it in its classes.
    """
    Route.BASE = (settings.discord_api_base or API_BASE).rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url or GATEWAY)
    return Vigia(context, recall=recall, remember=remember, ready_seconds=ready_seconds, shards=shards)


def _all_joined(session: Session, guild_ids: Sequence[int], now: datetime) -> None:
    for guild_id in guild_ids:
        guilds.joined(session, Server(guild_id), now)

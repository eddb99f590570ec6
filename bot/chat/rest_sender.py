"""Senders without a gateway connection: logged in over REST, so that any number of them can run.

What a connected bot has in its cache, a sender requests when it matters, which is after a refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import discord
from discord import app_commands
from discord.http import Route

from bot.chat.client import (
    API_BASE,
    CLOSING_SECONDS,
    LONGEST_RATE_LIMIT,
    Finish,
    commands_of,
)
from bot.chat.guild_info import AskedChannels
from bot.chat.login import log_in
from bot.chat.naming import ids_of
from bot.chat.outcome import ASK_ERRORS, Membership
from bot.chat.request_trace import trace_config
from bot.context import AppContext
from bot.domain.audience import Server
from bot.settings import Settings
from bot.store import leases

#: Messages that all senders together start in a second. Discord allows 50 requests; a look into a channel and
#: an opened direct message count too.
PER_SECOND = 40
_BUDGET = "send-budget"
#: Each sender takes one turn at a time; so many senders nobody runs.
_MOST_SENDERS = 60


class RestSender(discord.Client):
    """A client that posts and never connects to the gateway."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT,
            http_trace=trace_config(),
        )
        #: By name; known from the login on.
        self.command_ids: Mapping[str, int] = {}
        self._finishing: list[Finish] = []
        self._logged_in = False
        self._left = asyncio.Event()

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log in over REST, however long Discord is away, and stay until closed. Raises WrongToken."""
        await log_in(self, token)
        self.command_ids = ids_of(await commands_of(app_commands.CommandTree(self)))
        self._logged_in = True
        await self._left.wait()

    def is_ready(self) -> bool:
        """Whether messages can be sent."""
        return self._logged_in and not self.is_closed()

    def before_close(self, finish: Finish) -> None:
        """Have ``finish(seconds)`` awaited before the session is closed."""
        self._finishing.append(finish)

    async def close(self) -> None:
        """Finish what is on its way, then leave."""
        await asyncio.gather(*(finish(CLOSING_SECONDS) for finish in self._finishing))
        self._left.set()
        await super().close()


class RestGuildInfo:
    """Facts about servers and channels, requested from Discord."""

    def __init__(self, context: AppContext, sender: RestSender) -> None:
        self._context = context
        self._sender = sender
        self._asked = AskedChannels(sender)

    async def membership(self, guild_id: int) -> Membership:
        """As the gateway process stored it, if the bot was removed; else as Discord answers now.

        A server that Discord does not give may have trouble: that is no reason to give up a channel in it.
        """
        if (await self._context.guild_settings(Server(guild_id))).left_at is not None:
            return Membership.LEFT
        try:
            await self._sender.fetch_guild(guild_id, with_counts=False)
        except ASK_ERRORS:
            return Membership.UNAVAILABLE
        return Membership.PRESENT

    async def rights(self, guild_id: int, channel_id: int) -> discord.Permissions | None:
        """Computed from the roles; None for a thread, and where Discord refuses."""
        if self._sender.user is None:
            return None
        try:
            guild = await self._sender.fetch_guild(guild_id, with_counts=False)
            me = await guild.fetch_member(self._sender.user.id)
            channels = await guild.fetch_channels()
        except ASK_ERRORS:
            return None
        channel = next((one for one in channels if one.id == channel_id), None)
        return channel.permissions_for(me) if channel is not None else None

    async def is_news(self, guild_id: int, channel_id: int) -> bool:
        """Whether it is an announcement channel."""
        try:
            channel = await self._sender.fetch_channel(channel_id)
        except ASK_ERRORS:
            return False
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def has_channel(self, guild_id: int, channel_id: int) -> bool:
        """As Discord answers, once for each channel."""
        return await self._asked.guild_of(channel_id) == guild_id

    async def name(self, guild_id: int) -> str:
        """As Discord answers now."""
        try:
            return (await self._sender.fetch_guild(guild_id, with_counts=False)).name
        except ASK_ERRORS:
            return ""


class SharedPace:
    """Turns to send, from one budget that all senders share: a second at a time, whoever asks first."""

    def __init__(self, context: AppContext, per_second: int = PER_SECOND) -> None:
        self._context = context
        self._per_second = per_second
        self._lock = asyncio.Lock()
        self._turns: list[float] = []

    async def __call__(self) -> None:
        """Return when it is this message's turn."""
        clock = self._context.clock
        async with self._lock:
            now = clock.now()
            # What was not used within its second is gone: the others may be sending now.
            self._turns = [turn for turn in self._turns if turn >= now.timestamp() - 0.1]
            if not self._turns:
                start = await self._context.database.write(
                    leases.reserve, _BUDGET, now=now, seconds=1, most=_MOST_SENDERS
                )
                step = timedelta(seconds=1) / self._per_second
                self._turns = [(start + n * step).timestamp() for n in range(self._per_second)]
            turn = self._turns.pop(0)
        wait = turn - clock.now().timestamp()
        if wait > 0:
            await clock.sleep(wait)


def create_rest_sender(settings: Settings) -> RestSender:
    """A sender that is not logged in yet. Discord's address is set for the whole process."""
    Route.BASE = (settings.discord_api_base or API_BASE).rstrip("/")
    return RestSender()

"""What the sender needs to know about a server and its channels, read from the gateway's cache."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.chat.outcome import Membership
from bot.chat.rights import permissions_in

#: Channels whose server is cached: far more than one process posts in on a day.
MOST_KNOWN = 50_000


class GuildInfo(Protocol):
    """Facts about servers and their channels."""

    async def membership(self, guild_id: int) -> Membership:
        """Whether the bot is in a server."""
        ...

    async def rights(self, guild_id: int, channel_id: int) -> discord.Permissions | None:
        """The bot's permissions in a channel; None where they are not known."""
        ...

    async def is_news(self, guild_id: int, channel_id: int) -> bool:
        """Whether it is an announcement channel."""
        ...

    async def has_channel(self, guild_id: int, channel_id: int) -> bool:
        """Whether the channel, or thread, is that server's. Raises discord.HTTPException."""
        ...

    async def name(self, guild_id: int) -> str:
        """The server's name; empty where it is not known."""
        ...


class AskedChannels:
    """The server of each channel, requested once: a channel never moves to another server."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._known: dict[int, int] = {}

    async def guild_of(self, channel_id: int) -> int | None:
        """The id of its server; None for a direct channel. Raises discord.HTTPException."""
        if channel_id not in self._known:
            channel = await self._client.fetch_channel(channel_id)
            guild = getattr(channel, "guild", None)
            if guild is None:
                return None
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[channel_id] = guild.id
        return self._known[channel_id]


class GatewayGuildInfo:
    """Facts from the cache of a client that is connected to the gateway."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._asked = AskedChannels(client)

    async def membership(self, guild_id: int) -> Membership:
        """From the gateway's cache."""
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return Membership.LEFT
        return Membership.UNAVAILABLE if guild.unavailable else Membership.PRESENT

    async def rights(self, guild_id: int, channel_id: int) -> discord.Permissions | None:
        """Computed from the roles in the cache."""
        return permissions_in(self._client.get_guild(guild_id), channel_id)

    async def is_news(self, guild_id: int, channel_id: int) -> bool:
        """Whether it is an announcement channel."""
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel(channel_id) if guild is not None else None
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def has_channel(self, guild_id: int, channel_id: int) -> bool:
        """From the cache; a thread that is not in it is asked for."""
        guild = self._client.get_guild(guild_id)
        if guild is not None and guild.get_channel_or_thread(channel_id) is not None:
            return True
        return await self._asked.guild_of(channel_id) == guild_id

    async def name(self, guild_id: int) -> str:
        """From the cache."""
        guild = self._client.get_guild(guild_id)
        return guild.name if guild is not None else ""

"""What a sender has to know of a server and its channels, and where a connected bot knows it from."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.chat.outcome import Standing
from bot.chat.rights import rights_in


class GuildInfo(Protocol):
    """What is known of servers and channels."""

    async def standing(self, guild_id: int) -> Standing:
        """How the bot stands to a server."""
        ...

    async def rights(self, guild_id: int, channel_id: int) -> discord.Permissions | None:
        """The bot's permissions in a channel; None where they are not known."""
        ...

    async def is_news(self, guild_id: int, channel_id: int) -> bool:
        """Whether it is an announcement channel."""
        ...


class GatewayGuildInfo:
    """What the gateway has told a connected bot."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def standing(self, guild_id: int) -> Standing:
        """As the gateway says it now."""
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return Standing.AWAY
        return Standing.OUT if guild.unavailable else Standing.HERE

    async def rights(self, guild_id: int, channel_id: int) -> discord.Permissions | None:
        """As worked out from the roles."""
        return rights_in(self._client.get_guild(guild_id), channel_id)

    async def is_news(self, guild_id: int, channel_id: int) -> bool:
        """Whether it is an announcement channel."""
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel(channel_id) if guild is not None else None
        return isinstance(channel, discord.TextChannel) and channel.is_news()

"""What a command has at hand: the open database, the article, the judge, and a way to the network."""

from __future__ import annotations

from dataclasses import dataclass

from bot.article import Brief
from bot.clock import Clock
from bot.feeds.fetch import Fetcher
from bot.feeds.pool import ParserPool
from bot.settings import Settings
from bot.store import guilds
from bot.store.database import Database
from bot.store.views import GuildSettings
from bot.topics.matcher import Matcher


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that is opened once and shared by all answers."""

    settings: Settings
    clock: Clock
    database: Database
    brief: Brief
    matcher: Matcher
    fetcher: Fetcher
    parsers: ParserPool

    async def guild_settings(self, guild_id: int) -> GuildSettings:
        """A server's language and zone, as set or as the operator's defaults have it."""
        stored = await self.database.read(guilds.settings_of, guild_id)
        return stored or GuildSettings(
            guild_id=guild_id, language=self.settings.language, timezone=self.settings.timezone
        )

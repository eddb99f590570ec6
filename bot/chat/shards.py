"""Some of the shards in this process, the others elsewhere: turns to identify are taken in the database.

Discord lets one shard of each bucket (``shard_id % max_concurrency``) identify in five seconds. discord.py
knows of the shards of its own process only, and lets each process's first one go at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discord.http import Route

from bot.clock import Clock
from bot.store import leases
from bot.store.database import Database

if TYPE_CHECKING:
    from discord.http import HTTPClient

#: Discord's five seconds, and one for clocks that differ: the store counts whole seconds.
IDENTIFY_SECONDS = 6


@dataclass(slots=True)
class Shards:
    """The shards ``ids`` of ``count`` in all. Every process must be told the same ``count``."""

    ids: tuple[int, ...]
    count: int
    database: Database
    clock: Clock
    _buckets: int = field(default=0, init=False)

    async def wait(self, http: HTTPClient, shard_id: int) -> None:
        """Return when this shard may identify."""
        if not self._buckets:
            told = await http.request(Route("GET", "/gateway/bot"))
            self._buckets = int(told["session_start_limit"]["max_concurrency"])
        turn = await self.database.write(
            leases.reserve,
            f"identify:{shard_id % self._buckets}",
            now=self.clock.now(),
            seconds=IDENTIFY_SECONDS,
            most=self.count,
        )
        wait = (turn - self.clock.now()).total_seconds()
        if wait > 0:
            await self.clock.sleep(wait)

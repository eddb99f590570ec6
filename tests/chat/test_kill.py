"""kill -9 at any moment of posting: every digest is there, once."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.digests import OutboxDraft
from bot.pages.codec import dump_page
from bot.store import outbox
from bot.store.database import Database
from tests.chat.pages import digest
from tests.support.audience import spot
from tests.support.discord import POST_MESSAGE, Fault, LoopbackDiscord

ROOT = Path(__file__).resolve().parent.parent.parent
DIGESTS = 80
KILLS = 2


class Ahead:
    """The time of the loopback Discord and of the sender, moved past a lease at each restart."""

    seconds = 0.0

    def now(self) -> float:
        return time.time() + self.seconds


@asynccontextmanager
async def sender(
    url: str, discord: LoopbackDiscord, ahead: Ahead
) -> AsyncIterator[asyncio.subprocess.Process]:
    given = url, discord.api, discord.gateway_url, discord.token, str(ahead.seconds)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chat.sender", *given, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def plan(database: Database, discord: LoopbackDiscord, count: int) -> None:
    guild = discord.world.add_guild()
    now = datetime.now(UTC) - timedelta(seconds=5)
    body = dump_page(digest(1))
    for number in range(count):
        channel = discord.world.add_channel(guild, f"c{number}")
        draft = OutboxDraft(spot(guild.id, channel.id), "daily", date(2026, 3, 2), 0, body, now)
        database.write_sync(outbox.enqueue, [draft], now=now)


async def test_killed_between_post_and_acknowledgement(tmp_path: Path) -> None:
    url, ahead = f"sqlite:///{tmp_path / 'vigia.db'}", Ahead()
    database = Database.open(url)
    async with LoopbackDiscord(now=ahead.now) as discord:
        plan(database, discord, 1)
        discord.faults.add(Fault("hold"), POST_MESSAGE)
        async with sender(url, discord, ahead):
            await until(lambda: list(discord.world.messages()))
        assert database.read_sync(outbox.counts) == {"pending": 1}
        ahead.seconds += 61
        async with sender(url, discord, ahead):
            await until(lambda: database.read_sync(outbox.counts) == {"sent": 1})
        assert len(list(discord.world.messages())) == 1
        assert len(discord.posts()) == 2
        discord.faultless()
    database.close()


async def test_killed_again_and_again_while_posting(tmp_path: Path) -> None:
    url, ahead, dice = f"sqlite:///{tmp_path / 'vigia.db'}", Ahead(), Random(11)
    database = Database.open(url)
    async with LoopbackDiscord(now=ahead.now) as discord:
        plan(database, discord, DIGESTS)

        def settled() -> bool:
            return database.read_sync(outbox.counts) == {"sent": DIGESTS}

        for _ in range(KILLS):
            before = len(discord.posts())
            after = dice.randrange(1, 15)
            async with sender(url, discord, ahead):
                await until(lambda: len(discord.posts()) >= before + after or settled())  # noqa: B023
                await asyncio.sleep(dice.random() / 50)
            ahead.seconds += 61
        async with sender(url, discord, ahead):
            await until(settled)
        channels = [channel for channel in discord.world.channels.values() if channel.name.startswith("c")]
        assert [len(channel.messages) for channel in channels] == [1] * DIGESTS
        discord.faultless()
    database.close()

"""The whole bot as a process, against a Discord on loopback: answers, digests, and kill -9."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from bot.store import digests
from bot.store import tables as t
from bot.store.database import Database
from tests.operating.test_bad_input import HEADLINES, rss
from tests.support import feed_server as serve
from tests.support.audience import spot
from tests.support.discord.faults import POST_MESSAGE, Fault
from tests.support.discord.server import LoopbackDiscord
from tests.support.feed_server import FeedServer
from tests.support.process import Vigia


@asynccontextmanager
async def running(vigia: Vigia, discord: LoopbackDiscord) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, logged in and ready; ended at the end whatever happens."""
    vigia.settings.update(
        VIGIA_DISCORD_TOKEN=discord.token,
        VIGIA_DISCORD_API_BASE=discord.api,
        VIGIA_DISCORD_GATEWAY_URL=discord.gateway_url,
    )
    log = (vigia.folder / "log").open("ab")
    process = await asyncio.create_subprocess_exec(
        *vigia.command("run"), cwd=vigia.folder, env=vigia.environment(), stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        log.close()


async def eventually(condition, seconds: float = 90.0) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.1)


def subscribe(vigia: Vigia, guild_id: int, channel_id: int) -> None:
    """A digest that has just become due, as if its hour had struck."""
    now = datetime.now(UTC)
    database = Database.open(
        vigia.settings.get("VIGIA_DATABASE_URL", f"sqlite:///{vigia.folder / 'vigia.db'}")
    )
    try:
        database.write_sync(
            digests.set_subscription,
            spot(guild_id, channel_id),
            minute_of_day=now.hour * 60 + now.minute,
            zone="UTC",
            language="es",
            now=now,
        )
        database.write_sync(_strike, now)
    finally:
        database.close()


async def test_every_reading_command_is_answered_and_a_digest_is_posted(vigia: Vigia) -> None:
    async with FeedServer() as feeds, LoopbackDiscord() as discord:
        feeds.pages["/feed"] = serve.feed(rss(*HEADLINES))
        vigia.follow(feeds.url("/feed"))
        guild = discord.world.add_guild("Frontera")
        reader, admin = discord.world.add_person("lectora"), discord.world.add_person("jefe", admin=True)
        await vigia.read_feeds()
        subscribe(vigia, guild.id, guild.channel.id)
        async with running(vigia, discord):
            await eventually(lambda: discord.gateway.sessions)
            for command, arguments, words in (
                ("concerns", {}, "Border security"),
                ("concern", {"name": "border_security"}, "tunnel"),
                ("article", {}, "2017"),
                ("latest", {}, "tunnel"),
                ("search", {"words": "tunnel nogales"}, "Nogales"),
                ("why", {}, "Border Patrol"),
                ("sources", {}, "1 feed"),
                ("help", {}, "/latest"),
            ):
                answer = await discord.slash(guild, reader, command, arguments)
                assert words in answer.text, f"/{command}: {answer.text}"
                assert answer.ephemeral
            refused = await discord.slash(guild, reader, "settings timezone", {"zone": "UTC"})
            assert "Manage Server" in refused.text
            moved = await discord.slash(guild, admin, "settings timezone", {"zone": "tijuana"})
            assert "America/Tijuana" in moved.text
            listed = await discord.slash(guild, admin, "feeds list")
            assert "Publisher 1" in listed.text
            preview = await discord.slash(guild, admin, "feeds preview", {"address": feeds.url("/feed")})
            assert "2 of 2" in preview.text
            choices = await discord.autocomplete(guild, reader, "latest", "concern", "seg")
            assert choices == [] or all(len(choice["name"]) <= 100 for choice in choices)
            await eventually(lambda: len(list(discord.world.messages())) and guild.channel.messages)
            digest = guild.channel.messages[0]
            assert "Vigía ·" in digest.text and "tunnel" in digest.text
            assert digest.pings == ()
        discord.faultless()


async def test_kill_9_between_post_and_acknowledgement_posts_once(vigia: Vigia) -> None:
    async with FeedServer() as feeds, LoopbackDiscord() as discord:
        feeds.pages["/feed"] = serve.feed(rss(*HEADLINES))
        vigia.follow(feeds.url("/feed"))
        guild = discord.world.add_guild("Frontera")
        await vigia.read_feeds()
        subscribe(vigia, guild.id, guild.channel.id)
        discord.faults.add(Fault("hold"), POST_MESSAGE)
        async with running(vigia, discord) as process:
            await eventually(lambda: guild.channel.messages)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        discord.faults.clear()
        # The claim of the killed process runs out first; its lease is in the database.
        database = Database.open(f"sqlite:///{vigia.folder / 'vigia.db'}")
        database.write_sync(_expire_leases)
        database.close()
        posts_before = len(discord.posts())
        async with running(vigia, discord):
            await eventually(lambda: len(discord.posts()) > posts_before)
            await asyncio.sleep(1)
        assert len(guild.channel.messages) == 1, "the same nonce gave the first message back"


def _strike(session: Session, now: datetime) -> None:
    session.execute(update(t.digest).values(next_due_at=now))


def _expire_leases(session: Session) -> None:
    session.execute(text("UPDATE outbox SET lease_until = lease_until - 3600"))


async def test_a_wrong_token_is_said_and_ends_the_process(vigia: Vigia) -> None:
    async with LoopbackDiscord() as discord:
        vigia.follow("http://127.0.0.1:9/feed")
        vigia.settings.update(
            VIGIA_DISCORD_TOKEN="not-the-token",
            VIGIA_DISCORD_API_BASE=discord.api,
            VIGIA_DISCORD_GATEWAY_URL=discord.gateway_url,
        )
        told = await vigia.run("run")
        assert told.status == 1
        assert "Discord refuses this token" in told.out
        assert "not-the-token" not in told.out + told.err


async def test_sigterm_ends_it_within_seconds(vigia: Vigia) -> None:
    async with LoopbackDiscord() as discord:
        discord.world.add_guild("Frontera")
        vigia.follow("http://127.0.0.1:9/feed")
        async with running(vigia, discord) as process:
            await eventually(lambda: discord.gateway.sessions)
            process.terminate()
            async with asyncio.timeout(20):
                assert await process.wait() == 0


async def test_sigterm_ends_it_at_once_while_discord_is_away(vigia: Vigia) -> None:
    """It takes under a second; left to itself, the library would go on trying for twenty more."""
    async with LoopbackDiscord() as discord:
        vigia.follow("http://127.0.0.1:9/feed")
        discord.faults.add(Fault("status", status=502), times=1_000)
        async with running(vigia, discord) as process:
            # The library is waiting to log in once more: 1, 3, 5 … seconds.
            await eventually(lambda: discord.faults.rules[0].hits >= 3)
            process.terminate()
            async with asyncio.timeout(10):  # on a machine under load
                assert await process.wait() == 0

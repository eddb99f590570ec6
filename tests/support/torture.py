"""A bot that is killed again and again, and what must be true of its store and of Discord after each time.

The bot is the real one, on a real store, with feeds and a Discord on loopback. Between two kills time goes on
by minutes or hours, new entries are published and digests fall due. Nothing is repaired by hand in between.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.store import condition, digests, feeds
from bot.store.database import Database
from bot.store.due import next_due
from tests.support.discord import LoopbackDiscord

ROOT = Path(__file__).resolve().parent.parent.parent
HEADLINES = (
    "Border Patrol agents find tunnel {n} under the border wall near Nogales",
    "Agentes de la Patrulla Fronteriza hallan el túnel {n} bajo el muro fronterizo en Nogales",
    "New Mexico chile harvest {n} begins with a festival in Hatch",
)
CHANNELS = 48
#: Seconds that go by between two kills: within a nonce's memory, past it, past a poll's interval.
STEPS = (65, 100, 1_800, 3_600)


class Torture:
    """Use as ``async with Torture(folder, url, seed)``. Each paper has a loopback host of its own."""

    def __init__(self, folder: Path, url: str, seed: int, papers: int = 6) -> None:
        self.url = url
        self.dice = Random(seed)
        self.ahead = 0.0
        self.discord = LoopbackDiscord(now=lambda: time.time() + self.ahead)
        self.published: dict[int, list[tuple[datetime, str]]] = {number: [] for number in range(papers)}
        self.asked = 0
        self.kills = 0
        self.log = folder / "log"
        self._folder = folder
        self._started = self.now()
        self._runner: web.AppRunner | None = None
        self._zygote: asyncio.subprocess.Process | None = None
        self._alive: set[int] = set()

    def now(self) -> datetime:
        """The time as the bots have it."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{number}", self._feed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        port = 0
        for number in self.published:
            site = web.TCPSite(self._runner, f"127.0.0.{number + 1}", port)
            await site.start()
            port = int(self._runner.addresses[-1][1])
        await self.discord.start()
        self._write_catalogue(port)
        Database.open(self.url).close()
        self._subscribe()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ},
            "HOME": str(self._folder),
            "VIGIA_DATABASE_URL": self.url,
            "VIGIA_FEEDS_FILE": str(self._folder / "feeds.yaml"),
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "true",
            "VIGIA_DISCORD_TOKEN": self.discord.token,
            "VIGIA_DISCORD_API_BASE": self.discord.api,
            "VIGIA_DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }
        self._zygote = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.zygote", str(self.log)),
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in list(self._alive):
            await self.kill(pid)
        if self._zygote is not None:
            self._zygote.kill()
            await self._zygote.wait()
        await self.discord.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    # What happens in the world

    def publish(self) -> None:
        """One new entry in each feed."""
        for number, entries in self.published.items():
            title = HEADLINES[(number + len(entries)) % len(HEADLINES)].format(n=f"{number}-{len(entries)}")
            entries.append((self.now() - timedelta(seconds=5), title))

    def go_on(self, seconds: float) -> None:
        """Let so much time pass."""
        self.ahead += seconds

    async def start(self, role: str = "all") -> int:
        """A bot, started; its process id."""
        assert self._zygote is not None and self._zygote.stdin is not None and self._zygote.stdout is not None
        self._zygote.stdin.write(f"{role} {self.ahead}\n".encode())
        await self._zygote.stdin.drain()
        pid = int(await self._zygote.stdout.readline())
        self._alive.add(pid)
        return pid

    async def kill(self, pid: int) -> None:
        """kill -9, and wait until the process is gone."""
        self._alive.discard(pid)
        self.kills += 1
        try:
            os.kill(pid, signal.SIGKILL)
            while True:
                os.kill(pid, 0)
                await asyncio.sleep(0.002)
        except ProcessLookupError:
            return

    async def kill_a_parser(self, pid: int) -> bool:
        """kill -9 of one of the bot's own children, if it has any."""
        children = Path(f"/proc/{pid}/task/{pid}/children")
        found = children.read_text().split() if children.exists() else []
        if not found:
            return False
        try:
            os.kill(int(self.dice.choice(found)), signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.kills += 1
        return True

    async def round(self, role: str = "all") -> None:
        """Publish, start, kill at a random point, look at what is there, and let time pass."""
        self.publish()
        self._make_due()
        asked = self.asked
        pid = await self.start(role)
        if self.dice.random() < 0.3:
            await asyncio.sleep(self.dice.random() * 0.6)  # while it starts
        else:
            await until(lambda: self.asked > asked or not alive(pid), 1.5)
            await asyncio.sleep(self.dice.random() * 0.8)
            if self.dice.random() < 0.3 and await self.kill_a_parser(pid):
                await asyncio.sleep(self.dice.random() * 0.3)
        await self.kill(pid)
        self.check()
        self.go_on(self.dice.choice(STEPS))

    async def round_of_roles(self, roles: tuple[str, ...] = ("gateway", "worker", "sender")) -> None:
        """As ``round``, with the bot in parts: one is killed while the others go on, then all are."""
        self.publish()
        self._make_due()
        pids = {role: await self.start(role) for role in roles}
        await asyncio.sleep(0.3 + self.dice.random() * 1.2)
        victim = self.dice.choice(roles)
        await self.kill(pids[victim])
        self.check()
        pids[victim] = await self.start(victim)
        await asyncio.sleep(self.dice.random() * 1.5)
        for pid in pids.values():
            await self.kill(pid)
        self.check()
        self.go_on(self.dice.choice(STEPS))

    async def come_to_rest(self, *roles: str) -> None:
        """Let the bots run undisturbed until nothing is left to do."""
        self.publish()
        self.go_on(3_600)
        for attempt in range(4):
            self.go_on(STEPS[-1] if attempt else 0)
            self._make_due()
            pids = [await self.start(role) for role in roles or ("all",)]
            await until(self._at_rest, 25)
            for pid in pids:
                await self.kill(pid)
            if self._complete():
                return

    # What must be true

    def check(self) -> None:
        """Raise AssertionError if the store or Discord holds what they should not."""
        database = condition.look(self.url)
        try:
            faults = database.read_sync(store_faults)
        finally:
            database.close()
        faults += self._discord_faults()
        assert not faults, faults

    def check_complete(self) -> None:
        """As ``check``, and: everything that was published is stored, grouped; every digest is posted."""
        self.check()
        database = condition.look(self.url)
        try:
            stored = database.read_sync(stored_addresses)
            ungrouped = database.read_sync(condition.condition).ungrouped
            messages = database.read_sync(outbox_states)
            overdue = database.read_sync(digests.due, self.now())
            days = database.read_sync(planned_days)
        finally:
            database.close()
        published = [
            self._address(feed, at) for feed, some in self.published.items() for at in range(len(some))
        ]
        assert sorted(stored) == sorted(published), "what was published is stored, once each"
        assert ungrouped == 0 and not overdue
        assert set(messages) <= {"sent"}, messages
        assert messages.get("sent", 0) == len(list(self.discord.world.messages()))
        if "digest_skipped" not in self.log.read_text():
            assert days == self._days_due(), "every channel had its digest of every day"

    def _complete(self) -> bool:
        try:
            self.check_complete()
        except AssertionError:
            return False
        return True

    def _at_rest(self) -> bool:
        database = condition.look(self.url)
        try:
            known = len(database.read_sync(stored_addresses))
            pending = database.read_sync(outbox_states).get("pending", 0)
            waits = database.read_sync(condition.condition).ungrouped
            overdue = database.read_sync(digests.due, self.now())
        finally:
            database.close()
        return known == sum(map(len, self.published.values())) and not (pending or waits or overdue)

    def _discord_faults(self) -> list[str]:
        nonces = Counter(message.nonce for message in self.discord.world.messages())
        twice = [f"posted {count} times: {nonce}" for nonce, count in nonces.items() if count > 1]
        return twice + self.discord.refused + self.discord.own_faults + self.discord.unserved

    # The stage

    def _make_due(self) -> None:
        """Let feeds be read now, as `poll --all` does: the policy would leave them alone for a day."""
        database = Database.open(self.url)
        database.write_sync(feeds.make_all_due, self.now())
        database.close()

    def _address(self, feed: int, entry: int) -> str:
        return f"https://paper{feed}.example/{entry}"

    async def _feed(self, request: web.Request) -> web.Response:
        self.asked += 1
        feed = int(request.match_info["number"])
        items = "".join(
            f"<item><title>{title}</title><link>{self._address(feed, entry)}</link>"
            f"<guid>{self._address(feed, entry)}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
            for entry, (at, title) in enumerate(self.published[feed])
        )
        body = f'<rss version="2.0"><channel><title>Paper {feed}</title>{items}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml")

    def _write_catalogue(self, port: int) -> None:
        lines = ["feeds:"]
        for feed in self.published:
            lines += [
                f"  - url: http://127.0.0.{feed + 1}:{port}/{feed}",
                f"    title: Paper {feed}",
                f"    publisher: Paper {feed}",
                "    language: en",
                "    kind: news",
                "    region: border",
            ]
        (self._folder / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _subscribe(self) -> None:
        """Digests in several channels, spread over the day."""
        guild = self.discord.world.add_guild("Frontera")
        database = Database.open(self.url)
        now = self.now()
        self._minutes: dict[int, int] = {}
        for number in range(CHANNELS):
            channel = self.discord.world.add_channel(guild, f"c{number}")
            start = now + timedelta(minutes=5 + number * 24 * 60 // CHANNELS)
            minute = start.hour * 60 + start.minute
            self._minutes[channel.id] = minute
            database.write_sync(
                digests.set_subscription,
                guild.id,
                channel.id,
                minute_of_day=minute,
                zone="UTC",
                language="en",
                now=now,
            )
        database.close()

    def _days_due(self) -> set[tuple[int, str]]:
        due = set()
        for channel, minute in self._minutes.items():
            moment = next_due(self._started, minute, "UTC")
            while moment <= self.now():
                due.add((channel, moment.date().isoformat()))
                moment = next_due(moment, minute, "UTC")
        return due


def store_faults(session: Session) -> list[str]:
    """What contradicts itself in a store."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    faults = []
    if sqlite:
        faults += [str(row) for row in session.execute(text("PRAGMA quick_check")) if row[0] != "ok"]
        faults += [str(row) for row in session.execute(text("PRAGMA foreign_key_check"))]
    for what, query in (
        ("an article is there twice", "SELECT url FROM article GROUP BY url HAVING COUNT(*) > 1"),
        (
            "an entry is both article and fingerprint",
            "SELECT a.url FROM article a JOIN fingerprint f ON f.guid_key = a.guid_key",
        ),
        (
            "an article was seen nowhere",
            "SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM sighting)",
        ),
        (
            "a story's count is wrong",
            "SELECT s.id, s.articles, COUNT(a.id) FROM story s LEFT JOIN article a ON a.story_id = s.id"
            " WHERE s.merged_into IS NULL GROUP BY s.id, s.articles HAVING s.articles <> COUNT(a.id)",
        ),
        (
            "an article is grouped and under no concern",
            "SELECT id FROM article WHERE story_id IS NOT NULL"
            " AND id NOT IN (SELECT article_id FROM article_concern)",
        ),
        (
            "a day's count is wrong",
            "SELECT concern_id, SUM(articles) FROM concern_span WHERE span = 1 GROUP BY concern_id"
            " HAVING SUM(articles) <> (SELECT COUNT(*) FROM article_concern c"
            " WHERE c.concern_id = concern_span.concern_id)",
        ),
        (
            "a message was sent and has no number",
            "SELECT id FROM outbox WHERE state = 'sent' AND message_id IS NULL",
        ),
    ):
        faults += [f"{what}: {tuple(row)}" for row in session.execute(text(query))]
    return faults


def stored_addresses(session: Session) -> list[str]:
    """The address of every entry that is known, as article or fingerprint."""
    query = "SELECT url FROM article UNION ALL SELECT url FROM fingerprint"
    return list(session.scalars(text(query)))


def outbox_states(session: Session) -> dict[str, int]:
    query = "SELECT state, COUNT(*) FROM outbox GROUP BY state"
    return {row[0]: row[1] for row in session.execute(text(query))}


def planned_days(session: Session) -> set[tuple[int, str]]:
    query = "SELECT DISTINCT channel_id, local_date FROM outbox WHERE kind = 'daily'"
    return {(row[0], row[1]) for row in session.execute(text(query))}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Wait for it; False if it did not come true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False

"""A bot that is killed again and again, and what must be true of its store and of Discord after each time.

The bot is the real one, on a real store, with feeds and a Discord on loopback. Between two kills time goes on
by minutes or hours, new entries are published, digests fall due and a member changes a setting. Nothing is
repaired by hand in between.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self
from zoneinfo import available_timezones

from aiohttp import web

from bot.domain.schedule import next_due
from bot.store import condition, digests, feeds, leases
from bot.store.database import Database
from tests.support import other_feedparser
from tests.support.audience import spot
from tests.support.discord import POST_MESSAGE, Exchange, Fault, LoopbackDiscord
from tests.support.invariants import Seen, faults_of, left_undone, look_at
from tests.support.killing import alive, children, strike, until

ROOT = Path(__file__).resolve().parent.parent.parent
HEADLINES = (
    "Border Patrol agents find tunnel {n} under the border wall near Nogales",
    "Agentes de la Patrulla Fronteriza hallan el túnel {n} bajo el muro fronterizo en Nogales",
    "New Mexico chile harvest {n} begins with a festival in Hatch",
)
CHANNELS = 288
#: Seconds that go by between two kills: within a nonce's memory, past it, past a poll's interval.
STEPS = (65, 100, 1_800, 3_600)
#: A member chooses one after the other: each choice is told from every other.
ZONES = tuple(sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Europe/"))))
#: A parser whose bot was killed ends when it looks at its pipe, at the latest when its alarm goes off.
ORPHAN_SECONDS = 20.0
#: Seconds in which a bot begins its work on a machine that is busy; on others it is a fraction of one.
SLOW = 5.0
#: One of each, and two of what is meant to run many times.
FLEET = ("gateway", "worker", "worker", "sender", "sender")


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, after how many seconds of life, and whether one of its parsers was before it."""

    role: str
    seconds: float
    parser: bool = False


class Torture:
    """Use as ``async with Torture(folder, url, seed)``. Each paper has a loopback host of its own.

    ``kills`` counts all, ``victims`` those that were chosen at a random point of their life.
    """

    def __init__(self, folder: Path, url: str, seed: int, papers: int = 6) -> None:
        self.url = url
        self.dice = Random(seed)
        self.ahead = 0.0
        self.discord = LoopbackDiscord(now=lambda: time.time() + self.ahead)
        self.published: dict[int, list[tuple[datetime, str]]] = {number: [] for number in range(papers)}
        self.asked = 0
        self.kills: Counter[str] = Counter()
        self.victims: Counter[str] = Counter()
        self.orders: list[tuple[str, Exchange]] = []
        self.log = folder / "log"
        self.folder = folder
        self._started = self.now()
        self._runner: web.AppRunner | None = None
        self._zygote: asyncio.subprocess.Process | None = None
        self._alive: dict[int, tuple[str, float]] = {}
        self._orphans: dict[int, float] = {}
        self._held = Fault("hold")
        #: Seconds that a bot of a role took to begin its work, the last time.
        self._pace: dict[str, float] = {}
        self._minutes: dict[int, int] = {}

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
        self._town = self.discord.world.add_guild("Nogales")
        self._mayor = self.discord.world.add_person("jefa", admin=True)
        (self.folder / "tmp").mkdir()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ},
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(other_feedparser.search_path()),
            "TMPDIR": str(self.folder / "tmp"),
            "VIGIA_DATABASE_URL": self.url,
            "VIGIA_FEEDS_FILE": str(self.folder / "feeds.yaml"),
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
        """One new entry in each feed, which is due to be read."""
        for number, entries in self.published.items():
            title = HEADLINES[(number + len(entries)) % len(HEADLINES)].format(n=f"{number}-{len(entries)}")
            entries.append((self.now() - timedelta(seconds=5), title))
        # As `poll --all` does: the policy would leave them alone for a day.
        database = Database.open(self.url)
        database.write_sync(feeds.make_all_due, self.now())
        database.close()

    def go_on(self, seconds: float) -> None:
        """Let so much time pass."""
        self.ahead += seconds

    async def order(self, pid: int) -> None:
        """Have a member change a setting, once the bot ``pid`` is connected. It may be killed meanwhile."""
        while alive(pid):
            gateway = self.discord.gateway
            connected = any(session.socket is not None for session in gateway.sessions.values())
            if connected and self.discord.world.commands:
                zone = ZONES[len(self.orders) % len(ZONES)]
                given = {"zone": zone}
                told = await self.discord.slash(
                    self._town, self._mayor, "settings timezone", given, wait=False
                )
                self.orders.append((zone, told))
                return
            await asyncio.sleep(0.02)

    async def start(self, role: str = "all") -> int:
        """A bot, started; its process id."""
        assert self._zygote is not None and self._zygote.stdin is not None and self._zygote.stdout is not None
        self._zygote.stdin.write(f"{role} {self.ahead}\n".encode())
        await self._zygote.stdin.drain()
        pid = int(await self._zygote.stdout.readline())
        self._alive[pid] = (role, time.monotonic())
        return pid

    async def kill(self, pid: int) -> Kill:
        """kill -9, and wait until the process is gone."""
        role, since = self._alive.pop(pid)
        self.kills[role] += 1
        now = time.monotonic()
        self._orphans |= dict.fromkeys(children(pid), now)
        strike(pid)
        while alive(pid):
            await asyncio.sleep(0.002)
        return Kill(role, now - since)

    async def round(self, role: str = "all") -> Kill:
        """Publish, start, kill at a random point, look at what is there, and let time pass."""
        self.publish()
        self._hold_posts()
        pid = await self.start(role)
        member = asyncio.create_task(self.order(pid))
        await self._moment(pid)
        parser = False
        if self.dice.random() < 0.3 and (found := children(pid)):
            strike(self.dice.choice(found))
            self.kills["parser"] += 1
            parser = True
            await asyncio.sleep(self.dice.random() * self._pace.get(role, SLOW))
        killed = await self.kill(pid)
        self.victims[role] += 1
        await member
        self.check()
        self.go_on(self.dice.choice(STEPS))
        return Kill(role, killed.seconds, parser)

    async def round_of_roles(self, victim: str | None = None, fleet: tuple[str, ...] = FLEET) -> Kill:
        """As ``round``, with the bot in parts: one is killed while the others go on, then all are."""
        self.publish()
        self._hold_posts()
        pids = [await self.start(role) for role in fleet]
        members = [asyncio.create_task(self.order(pids[fleet.index("gateway")]))]
        victim = victim or self.dice.choice(fleet)
        chosen = self.dice.choice([place for place, role in enumerate(fleet) if role == victim])
        await self._moment(pids[chosen])
        killed = await self.kill(pids[chosen])
        self.victims[victim] += 1
        self.check()
        pids[chosen] = await self.start(victim)
        await self._moment(pids[chosen])
        for pid in self.dice.sample(pids, len(pids)):
            await self.kill(pid)
        await asyncio.gather(*members)
        self.check()
        self.go_on(self.dice.choice(STEPS))
        return killed

    def _hold_posts(self) -> None:
        """Let Discord take a few posts in half of the rounds and not answer: the bot is killed in doubt."""
        self._held.released.set()
        self.discord.faults.clear()
        self._held = self.discord.faults.add(
            Fault("hold"), POST_MESSAGE, times=self.dice.choice((0, 0, 1, 4))
        )

    async def _moment(self, pid: int) -> None:
        """Wait for a random moment of a bot's life: while it starts, while it works, or while it posts.

        The machine may be slow, and what takes long there is as likely to be hit as elsewhere: waits are
        measured in the time that such a bot took to begin.
        """
        role, since = self._alive[pid]
        pace, chosen = self._pace.get(role, SLOW), self.dice.random()
        if chosen < 0.3:
            await asyncio.sleep(self.dice.random() * pace)
            return
        posts = role in ("all", "sender") and chosen > 0.6
        done = self._signs(role, posts)
        seen = await until(lambda: self._signs(role, posts) > done or not alive(pid), 3 * SLOW)
        if seen and not posts:
            self._pace[role] = pace = time.monotonic() - since
        # Once it has begun, posting takes less time than anything else.
        await asyncio.sleep(self.dice.random() * pace / (20 if posts else 1))

    def _signs(self, role: str, posts: bool) -> int:
        """How often bots of that role were seen at work, or posting."""
        if posts:
            return len(self.discord.posts())
        if role == "gateway":
            return len(self.discord.gateway.identifies)
        return len(self.discord.calls) if role == "sender" else self.asked

    async def come_to_rest(self, *roles: str) -> None:
        """Let the bots run undisturbed until nothing is left to do."""
        self.discord.faults.clear()
        self.go_on(3_600)
        for attempt in range(4):
            self.go_on(STEPS[-1] if attempt else 0)
            self.publish()
            pids = [await self.start(role) for role in roles or ("all",)]
            await until(lambda: not self.undone(), 60)
            for pid in pids:
                await self.kill(pid)
            if not self.undone():
                return

    # What must be true

    def look(self) -> Seen:
        """What is in the store now."""
        return look_at(self.url, self.now())

    def undone(self) -> dict[str, int]:
        """What is still to do, or was lost."""
        return left_undone(self.look(), self.expected())

    def present(self) -> int:
        """How many bots have begun, as they note it in the store."""
        database = condition.open_as_is(self.url)
        try:
            return len(database.read_sync(leases.active, "process:", self.now()))
        finally:
            database.close()

    def check(self) -> None:
        """Raise AssertionError if the store, Discord or the machine holds what it should not."""
        faults = faults_of(self.url) + self._discord_faults() + self._order_faults() + self._orphan_faults()
        assert not faults, faults

    async def check_complete(self) -> None:
        """As ``check``, and: all that was published is stored and grouped, every digest is posted, and
        nothing is left behind.
        """
        self.check()
        seen, undone = self.look(), self.undone()
        assert not undone, undone
        # Killed for six hours on end, a bot skips what is old by then; it must not have been posted either.
        assert set(seen.messages) <= {"sent", "skipped"}, seen.messages
        assert seen.messages.get("sent", 0) == len(list(self.discord.world.messages()))
        assert len(self.days_due() - seen.days) == self.skipped, "every channel had its digest of every day"
        assert await until(lambda: not any(map(alive, self._orphans)), ORPHAN_SECONDS), "orphaned parsers"
        assert not list((self.folder / "tmp").iterdir()), "temporary files"

    @property
    def skipped(self) -> int:
        """Digests that were not even planned, because no bot lived within six hours of their time."""
        return self.log.read_text().count("digest_skipped")

    def expected(self) -> list[str]:
        """The address of every entry that was published."""
        return [self._address(feed, at) for feed, some in self.published.items() for at in range(len(some))]

    def _discord_faults(self) -> list[str]:
        nonces = Counter(message.nonce for message in self.discord.world.messages())
        twice = [f"posted {count} times: {nonce}" for nonce, count in nonces.items() if count > 1]
        return twice + self.discord.refused + self.discord.own_faults + self.discord.unserved

    def _order_faults(self) -> list[str]:
        """What a member was told is done must be done, and once."""
        done = Counter(self.look().zones)
        lost = [(zone, told.text) for zone, told in self.orders if told.done.is_set() and not done[zone]]
        return [f"answered and not done: {zone}, {words}" for zone, words in lost] + [
            f"done {count} times: {zone}" for zone, count in done.items() if count > 1
        ]

    def _orphan_faults(self) -> list[str]:
        self._orphans = {pid: since for pid, since in self._orphans.items() if alive(pid)}
        old = time.monotonic() - ORPHAN_SECONDS
        return [f"parser {pid} outlives its bot" for pid, since in self._orphans.items() if since < old]

    # The stage

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
        (self.folder / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _subscribe(self) -> None:
        """Digests in several channels, spread over the day."""
        guild = self.discord.world.add_guild("Frontera")
        database = Database.open(self.url)
        now = self.now()
        for number in range(CHANNELS):
            channel = self.discord.world.add_channel(guild, f"c{number}")
            start = now + timedelta(minutes=5 + number * 24 * 60 // CHANNELS)
            minute = start.hour * 60 + start.minute
            self._minutes[channel.id] = minute
            database.write_sync(
                digests.set_subscription,
                spot(guild.id, channel.id),
                minute_of_day=minute,
                zone="UTC",
                language="en",
                now=now,
            )
        database.close()

    def days_due(self) -> set[tuple[int, str]]:
        """The channel and day of every digest that has been due."""
        due = set()
        for channel, minute in self._minutes.items():
            moment = next_due(self._started, minute, "UTC")
            while moment <= self.now():
                due.add((channel, moment.date().isoformat()))
                moment = next_due(moment, minute, "UTC")
        return due

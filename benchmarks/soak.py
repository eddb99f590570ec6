"""Weeks of polling in minutes: does anything grow, drift or get lost?

    python -m benchmarks.soak [--days 30] [--feeds 300]

Feeds on loopback addresses, each with a newspaper's habits; a third of them fail, each in one of the ways
that feeds fail, for days or for ever. The clock is moved by hand from one due time to the next, so that what
is real is every request, every parse and every decision. At the end it says what was published and never
seen (by feeds that were up), how much later than planned feeds were polled, and how memory, open files and
processes went. Linux only, for the loopback addresses and /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from aiohttp import web

from bot.domain.feed_state import NEVER, FeedState
from bot.feeds.fetch import Fetcher, Limits
from bot.feeds.hosts import HostGate, host_of, in_turn
from bot.feeds.poll import poll_feed
from bot.feeds.pool import ParserPool
from bot.feeds.schedule import DEFAULT_INTERVAL
from tests.support import feed_server as serve
from tests.support.clock import START, FrozenClock

TICK = timedelta(minutes=1)
_IN_FEED = 12  # entries that a feed shows
_FAULTS = (
    *("404", "403", "410", "429", "429 bare", "500", "503", "reset", "hang", "drip", "html", "empty", "bomb"),
    *("truncated", "loop", "entries", "attributes", "noise", "liar", "no validators", "broken xml", "moved"),
)
_RECOVERS = frozenset(("404", "429", "429 bare", "500", "503", "reset", "html", "empty", "truncated"))
_STILL_READ = frozenset(("liar", "no validators", "broken xml", "moved"))


@dataclass(slots=True)
class Site:
    """One feed: what it publishes as time goes, and how it fails."""

    number: int
    every: timedelta
    fault: str = ""
    down: tuple[timedelta, timedelta] = (timedelta(), timedelta())
    published: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    published_before: int = 0
    missed: int = 0

    def up(self, now: datetime) -> bool:
        return not self.fault or not self.down[0] <= now - START < self.down[1]

    def settle(self, now: datetime) -> None:
        """Count what has long left the feed and forget it, so that this program does not grow itself."""
        oldest = int((now - START) / self.every) - 4 * _IN_FEED
        past = {item for item in self.published if item < oldest}
        self.published_before += len(past)
        self.missed += len(past - self.seen)
        self.published -= past
        self.seen = {item for item in self.seen if item >= oldest}

    def body(self, now: datetime) -> bytes:
        """The feed as it stands; its newest entry appeared at a multiple of ``every``."""
        newest = int((now - START) / self.every)
        items = []
        for item in range(newest, max(-1, newest - _IN_FEED), -1):
            link = f"https://site{self.number}.example/{item}"
            at = (START + item * self.every).strftime("%a, %d %b %Y %H:%M:%S GMT")
            names = f"<title>News {item}</title><link>{link}</link><guid>{link}</guid>"
            items.append(f"<item>{names}<pubDate>{at}</pubDate></item>")
            if self.up(now) or self.fault in _STILL_READ:
                self.published.add(item)
        end = "<broken>" if self.fault == "broken xml" else ""
        return f"<rss version='2.0'><channel><title>S</title>{''.join(items)}{end}</channel></rss>".encode()

    async def answer(self, request: web.Request, now: datetime) -> web.StreamResponse:
        body = self.body(now)
        etag = f'"{int((now - START) / self.every)}"'
        healthy = serve.feed(body, etag=etag)
        if self.up(now):
            return await healthy(request)
        pages: dict[str, serve.Page] = {
            "429": serve.status(429, {"Retry-After": "3600"}),
            "429 bare": serve.status(429),
            "503": serve.status(503, {"Retry-After": "1800"}),
            "reset": serve.reset(),
            "hang": serve.hang(),
            "drip": serve.drip(body, 0.05),
            "html": serve.html(),
            "empty": serve.feed(b""),
            "bomb": serve.streamed(lambda: [_BOMB], {"Content-Encoding": "gzip"}),
            "truncated": serve.truncated(body),
            "loop": serve.redirect(request.path, 302),
            "entries": serve.feed(b"<rss><channel>" + b"<item/>" * 5_001 + b"</channel></rss>"),
            "attributes": serve.feed(b"<rss " + b" ".join(b"a%d=''" % n for n in range(999)) + b"></rss>"),
            "noise": serve.feed(bytes(range(256)) * 400),
            "liar": serve.feed(body, etag='"always"', always_304=True),
            "no validators": serve.feed(body),
            "broken xml": healthy,
            "moved": healthy if request.path.endswith("/new") else serve.redirect(request.path + "/new", 301),
        }
        return await pages.get(self.fault, serve.status(int(self.fault) if self.fault.isdecimal() else 500))(
            request
        )


_BOMB = serve.gzip_bomb(20 * 2**20)


def sites(count: int, days: int, random: Random) -> list[Site]:
    made = []
    for number in range(count):
        site = Site(number, timedelta(minutes=random.choice((40, 90, 300, 700))))
        if number % 3 == 0:
            site.fault = _FAULTS[number // 3 % len(_FAULTS)]
            start = timedelta(days=random.uniform(0, days / 3))
            lasts = (
                timedelta(days=random.uniform(1, days / 3))
                if site.fault in _RECOVERS
                else timedelta(days=9_999)
            )
            site.down = (start, start + lasts)
        if site.fault in ("no validators", "liar"):
            site.every = timedelta(hours=5)  # polled daily, or once in six hours: a busy feed would run away
            site.down = (timedelta(), timedelta(days=9_999))
        made.append(site)
    return made


@asynccontextmanager
async def serving(made: list[Site], clock: FrozenClock) -> AsyncIterator[int]:
    async def handle(request: web.Request) -> web.StreamResponse:
        site = made[int(request.path.split("/")[1])]
        return await site.answer(request, clock.now())

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def soak(days: int, count: int) -> None:
    clock, random = FrozenClock(), Random(7)
    made = sites(count, days, random)
    states = {site.number: FeedState() for site in made}
    reasons: Counter[str] = Counter()
    late = timedelta()
    polls = 0
    limits = Limits(deadline=0.25)
    async with (
        serving(made, clock) as port,
        Fetcher("Vigia/soak", limits=limits, allow_private=True, clock=clock) as fetcher,
        ParserPool(time_limit=3) as pool,
    ):
        urls = {
            s.number: f"http://127.30.{s.number // 250}.{s.number % 250 + 1}:{port}/{s.number}" for s in made
        }
        gate = HostGate(clock)

        async def work(number: int) -> datetime | None:
            nonlocal polls, late
            polled = await poll_feed(urls[number], states[number], fetcher, pool, clock, random)
            polls += 1
            if due := states[number].next_due_at:
                late = max(late, clock.now() - due)
            made[number].seen.update(int(entry.url.rpartition("/")[2]) for entry in polled.entries)
            states[number] = FeedState.load(polled.plan.state.dump())
            urls[number] = polled.plan.new_url or urls[number]
            reasons[polled.plan.reason] += 1
            return polled.plan.hold_host_until

        began, next_report = time.monotonic(), START
        while clock.now() - START < timedelta(days=days):
            if clock.now() >= next_report:
                print(f"day {(clock.now() - START).days:>3}  {_resources()}  polls {polls}", flush=True)
                for site in made:
                    site.settle(clock.now())
                next_report += timedelta(days=max(days / 10, 1))
            due = [
                n for n, state in states.items() if not state.next_due_at or state.next_due_at <= clock.now()
            ]
            await in_turn(due, lambda number: host_of(urls[number]), work, gate)
            ahead = min(state.next_due_at or NEVER for state in states.values())
            clock.move_to(max(ahead, clock.now() + TICK))
        print(f"day {days:>3}  {_resources()}  polls {polls}")
        for site in made:
            site.settle(clock.now())  # what is still in the feed is not missed: the next poll finds it
        print(f"{polls} polls in {time.monotonic() - began:.0f} s; latest poll {late} after its due time")
        print(f"published {sum(s.published_before for s in made)}, missed {sum(s.missed for s in made)}")
        for site in filter(lambda site: site.missed, made):
            health = states[site.number].health
            print(
                f"  site {site.number} ({site.fault or 'sound'}, every {site.every}): {site.missed}, {health}"
            )
        print("reasons", dict(reasons.most_common()))
        print("health", dict(Counter(state.health for state in states.values()).most_common()))
        dead = [n for n, s in states.items() if s.next_due_at == NEVER and made[n].fault != "410"]
        print(f"dropped for good but for 410: {dead}; normal interval {DEFAULT_INTERVAL}")


def _resources() -> str:
    status = Path("/proc/self/status").read_text()
    resident = next(int(line.split()[1]) // 1_024 for line in status.splitlines() if line.startswith("VmRSS"))
    files = len(list(Path("/proc/self/fd").iterdir()))
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    tasks = len(asyncio.all_tasks())
    return f"memory {resident:>4} MB  files {files:>3}  processes {len(children)}  tasks {tasks:>3}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--feeds", type=int, default=300)
    options = parser.parse_args()
    asyncio.run(soak(options.days, options.feeds))


if __name__ == "__main__":
    main()

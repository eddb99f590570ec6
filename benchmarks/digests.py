"""How servers that are due in the same minute are planned: ``python -m benchmarks.digests``.

Prints a table and, as its last line, one JSON object. The store is a SQLite file in a temporary folder with a
day's stories in it; every server has a digest that is due at the same moment, with one of a few orders, and
some of them read feeds of their own. Measured is ``DigestPlanner.plan_due``: CPU of the process, wall time,
and how long the event loop was kept from a task that wants to run each millisecond.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.app import open_context
from bot.chat.render import pieces
from bot.context import AppContext
from bot.domain.articles import Judged
from bot.domain.audience import DEFAULTS, Server
from bot.domain.digests import DeliveryState
from bot.domain.entry import Entry
from bot.domain.match import Match, TopicScore
from bot.feeds.catalog import FeedSource
from bot.feeds.identity import entry_keys
from bot.locale import translator
from bot.publishing import composer
from bot.publishing.digests import DigestPlanner
from bot.settings import Settings
from bot.store import articles, feeds, outbox
from bot.store import tables as t
from bot.store.entries import save_entries
from bot.store.feeds.changing import REMOVE, change_feeds
from bot.stories.document import Placement

DUE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 08:00 in Mexico City
ZONES = ("America/Mexico_City", "America/Monterrey", "America/Chihuahua", "America/Costa_Rica")
CONCERNS = ((), ("border_security",), ("organized_crime", "defense_policy"), ("trade_leverage",))
TOPICS = ("border_security", "migration", "organized_crime", "defense_policy", "trade_leverage")
PAPERS = 10


class At:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took. Seconds, but for ``stall_ms``."""

    servers: int
    messages: int
    composed: int
    cpu: float
    wall: float
    stall_ms: float


def sources() -> tuple[FeedSource, ...]:
    return tuple(
        FeedSource(
            url=f"https://paper{n}.example.org/feed",
            publisher=f"Paper {n}",
            title=f"Paper {n}",
            language="es" if n % 2 else "en",
            kind="news",
            region="border",
        )
        for n in range(PAPERS)
    )


def fill(session: Session, stories: int, now: datetime) -> None:
    """A day's stories, each with two articles."""
    known = feeds.feeds_of(session, DEFAULTS)
    for number in range(stories):
        for copy in range(2):
            feed = known[(number + copy) % len(known)]
            at = now - timedelta(minutes=9 * number + copy)
            address = f"https://{feed.host}/{number}-{copy}"
            title = f"A headline of usual length on event {number} at the border, as paper {copy} has it"
            entry = Entry(guid=address, url=address, title=title, summary="", published=at)
            topic = TOPICS[number % len(TOPICS)]
            match = Match((TopicScore(topic, 1.0, "phrase", ()),), "matched", 1.0)
            judged = Judged(entry, entry_keys(entry, feed.publisher), feed.language, match, form="news")
            save_entries(session, feed, [judged], now)
    waiting = articles.ungrouped(session, 10_000)
    placements = [
        (one.id, Placement(None if at % 2 == 0 else waiting[at - 1].id, "new"))
        for at, one in enumerate(waiting)
    ]
    articles.place(session, placements, now=now)


def subscribe(session: Session, servers: int, own_feeds: int) -> None:
    """A digest for each server, due at the same moment; the first ``own_feeds`` servers removed a feed."""
    rows: list[dict[str, Any]] = [
        {
            "guild_id": Server(1000 + n),
            "channel_id": 10**18 + n,
            "kind": "daily",
            "minute_of_day": 480,
            "days": 127,
            "zone": ZONES[n % len(ZONES)],
            "language": "es" if n % 3 == 0 else "en",
            "concerns": json.dumps(list(CONCERNS[n % 7 % len(CONCERNS)])),
            "empty_day": "line",
            "options": json.dumps({"role": str(10**18 + n), "silent": True}) if n % 10 == 0 else "{}",
            "next_due_at": DUE,
            "covered_until": DUE - timedelta(days=1),
        }
        for n in range(servers)
    ]
    for start in range(0, servers, 1000):
        session.execute(insert(t.digest), rows[start : start + 1000])
    known = feeds.feeds_of(session, DEFAULTS)
    for n in range(own_feeds):
        change_feeds(session, Server(1000 + n), [known[n % 3].id], REMOVE, now=DUE)


async def watch_loop(stalls: list[float]) -> None:
    """How much later than a millisecond this task runs, again and again."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(time.perf_counter() - before - 0.001)


async def measure(context: AppContext) -> Figures:
    """Plan all that is due."""
    counted = 0
    compose = composer.digest_page

    def counting(*given: Any, **named: Any) -> Any:
        nonlocal counted
        counted += 1
        return compose(*given, **named)

    composer.digest_page = counting
    for language in ("en", "es"):  # catalogues are read once in the life of a process
        translator(language).day(DUE.date())
    gc.collect()
    stalls: list[float] = []
    watching = asyncio.create_task(watch_loop(stalls))
    await asyncio.sleep(0.05)
    stalls.clear()
    cpu, wall = time.process_time(), time.perf_counter()
    messages = await DigestPlanner(context).plan_due()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    watching.cancel()
    composer.digest_page = compose
    servers = await context.database.read(
        lambda session: session.scalar(select(func.count()).select_from(t.digest)) or 0
    )
    waiting = (await context.database.read(outbox.counts)).get(DeliveryState.PENDING, 0)
    assert waiting == messages, f"{messages} planned, {waiting} in the outbox"
    return Figures(servers, messages, counted, cpu, wall, 1000 * max(stalls, default=0.0))


async def run(servers: int, stories: int, own_feeds: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, database_url=f"sqlite:///{Path(folder) / 'vigia.db'}")
        clock = At(DUE - timedelta(hours=1))
        async with open_context(settings, clock=clock, sources=sources(), pieces=pieces) as context:
            await context.database.write(fill, stories, clock.now())
            await context.database.write(subscribe, servers, own_feeds)
            clock.moment = DUE + timedelta(seconds=20)
            return await measure(context)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--servers", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=60, help="stories of the day")
    parser.add_argument("--own-feeds", type=int, default=200, help="servers that changed their feeds")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is told")
    given = parser.parse_args()
    found = [asyncio.run(run(given.servers, given.stories, given.own_feeds)) for _ in range(given.runs)]
    best = min(found, key=lambda one: one.cpu)
    print(f"servers due at once      {best.servers:>10,}")
    print(f"messages planned         {best.messages:>10,}")
    print(f"digests composed         {best.composed:>10,}")
    print(f"CPU                      {best.cpu:>10.3f} s")
    print(f"wall time                {best.wall:>10.3f} s")
    stalls = sorted(one.stall_ms for one in found)
    print(f"longest stall of the loop{stalls[0]:>10.1f} ms (worst of {given.runs} runs: {stalls[-1]:.1f} ms)")
    print(
        json.dumps(
            {
                "servers": best.servers,
                "messages": best.messages,
                "composed": best.composed,
                "cpu_s": round(best.cpu, 3),
                "wall_s": round(best.wall, 3),
                "stall_ms": round(stalls[0], 1),
                "worst_stall_ms": round(stalls[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main()

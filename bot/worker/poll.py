"""Polling: what is due is claimed, fetched, read, judged and stored. This pipeline decides nothing.

::

    claim ──> fetch ──> read ──> keys known? ──> judge ──> store, with the feed's new state
    (store)   (feeds)   (feeds)  (store)         (topics)  (store, one transaction)

A feed's state is saved in the transaction that stores its entries: a crash before it fetches again, and the
keys make the second time harmless.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import structlog

from bot.commands.desk import Desk
from bot.feeds.entry import Entry
from bot.feeds.hosts import HostGate
from bot.feeds.identity import keys_of
from bot.feeds.poll import Polled, poll_feed
from bot.store import articles, feeds
from bot.store.views import Feed, Judged
from bot.topics.language import detect
from bot.topics.matcher import Matcher

log = structlog.get_logger()

#: A claim outlives the longest poll (a fetch's total deadline and a parse's), so that no other worker takes
#: the feed meanwhile; a crashed worker's feeds come free after it.
LEASE = timedelta(minutes=3)
#: Feeds claimed at a time: a worker that dies gives up no more than these.
BATCH = 100


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll of one feed came to. ``failure`` is a code, empty when the feed was read."""

    feed: Feed
    reason: str
    entries: int = 0
    fresh: int = 0
    matched: int = 0
    failure: str = ""
    status: int | None = None


Progress = Callable[[int, int, PollReport], None]


class Poller:
    """Polls what is due, many hosts at once and one feed of a host at a time."""

    def __init__(self, desk: Desk, owner: str, random: Random) -> None:
        self._desk = desk
        self._owner = owner
        self._random = random
        self._gate = HostGate(desk.clock, concurrency=desk.settings.poll_concurrency)

    async def poll_due(self, progress: Progress | None = None) -> list[PollReport]:
        """Poll every feed that is due, and say what came of each."""
        reports: list[PollReport] = []
        total = await self._desk.database.read(feeds.count_due, self._desk.clock.now())
        while claimed := await self._claim():
            total = max(total, len(reports) + len(claimed))
            for next_report in asyncio.as_completed([self._poll(feed) for feed in claimed]):
                reports.append(await next_report)
                if progress:
                    progress(len(reports), total, reports[-1])
        return reports

    async def _claim(self) -> Sequence[Feed]:
        now = self._desk.clock.now()
        return await self._desk.database.write(
            feeds.claim_due, now=now, owner=self._owner, lease=LEASE, limit=BATCH
        )

    async def _poll(self, feed: Feed) -> PollReport:
        desk = self._desk
        async with self._gate.turn(feed.host) as turn:
            polled = await poll_feed(
                feed.url, feed.state, desk.fetcher, desk.parsers, desk.clock, self._random,
                browser_like=feed.browser_like,
            )
            turn.hold(polled.plan.hold_host_until)
        judged = await asyncio.to_thread(
            judge_entries, desk.matcher, polled.entries, feed.publisher, feed.language
        )
        saved = await desk.database.write(
            articles.store_poll, feed, polled.plan, judged, now=desk.clock.now(), owner=self._owner
        )
        report = PollReport(
            feed=feed,
            reason=polled.plan.reason,
            entries=len(polled.entries),
            fresh=saved.fresh,
            matched=saved.matched,
            failure="" if polled.facts.succeeded else polled.plan.reason,
            status=polled.facts.status,
        )
        _tell(report, polled)
        return report


def judge_entries(
    matcher: Matcher, entries: Sequence[Entry], publisher: str, language: str
) -> list[Judged]:
    """Every entry with its keys and its verdict, in the entry's own language where it is plain."""
    judged = []
    for entry, keys in zip(entries, keys_of(entries, publisher), strict=True):
        spoken = detect(entry.text()) or language
        match = matcher.judge(entry.title, entry.summary, spoken, entry.categories)
        judged.append(Judged(entry, keys, spoken, match))
    return judged


def _tell(report: PollReport, polled: Polled) -> None:
    say = log.warning if polled.plan.worth_telling else log.debug
    say(
        "feed_polled",
        feed=report.feed.id,
        publisher=report.feed.publisher,
        reason=report.reason,
        status=report.status,
        entries=report.entries,
        fresh=report.fresh,
        matched=report.matched,
        failure=report.failure or None,
    )


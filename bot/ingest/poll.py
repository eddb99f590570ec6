"""Polling: due feeds are claimed, fetched, parsed, and their entries judged and stored. Decides nothing.

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
from datetime import datetime, timedelta
from random import Random

import structlog

from bot import metrics
from bot.context import AppContext
from bot.domain.articles import Judged, Saved
from bot.domain.entry import Entry
from bot.domain.feeds import Feed
from bot.feeds.budget import BodyShare
from bot.feeds.hosts import HostGate, in_turn
from bot.feeds.identity import EntryKeys, keys_of
from bot.feeds.policy import PollPlan
from bot.feeds.poll import Polled, poll_feed
from bot.ingest.judge import judge_keyed
from bot.ingest.poll_states import PollStateBatcher
from bot.sources.registry import form_of
from bot.store import entries, feeds
from bot.store.errors import StoreError
from bot.store.known_entries import Status, unseen

log = structlog.get_logger()

#: A claim outlives the turn of the last feed of a busy host (a dozen feeds, each with its deadline and a
#: pause), so that no other worker takes it meanwhile; a crashed worker's feeds come free after it.
LEASE = timedelta(minutes=10)
#: Feeds claimed at a time: a worker that dies gives up these, and what is left of earlier batches.
BATCH = 100


@dataclass(frozen=True, slots=True)
class PollReport:
    """The result of one poll of one feed. ``failure`` is a code, empty when the feed was read."""

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

    def __init__(self, context: AppContext, owner: str, random: Random, gate: HostGate | None = None) -> None:
        self._context = context
        self._owner = owner
        self._random = random
        self._gate = gate or HostGate(context.clock, pause_for_loopback=False)
        self._quiet = PollStateBatcher(context.database, context.clock, owner)
        #: Requests in flight, over all batches.
        self._slots = asyncio.Semaphore(context.settings.poll_concurrency)

    async def poll_due(self, progress: Progress | None = None) -> list[PollReport]:
        """Poll every feed that is due. Returns a report of each."""
        reports: list[PollReport] = []
        total = await self._context.database.read(feeds.count_due, self._context.clock.now())

        def told(report: PollReport) -> None:
            reports.append(report)
            if progress:
                progress(len(reports), max(total, len(reports)), report)

        before = -1
        while len(reports) > before:  # hosts that had a feed under way were passed over
            before = len(reports)
            await self._poll_batches(told)
        return reports

    async def _poll_batches(self, told: Callable[[PollReport], None]) -> None:
        """Poll until nothing can be claimed. A feed that is slow to answer holds up no other.

        The next batch begins when half of one is done: a feed that hangs has a deadline of half a minute, and
        a hundred others answer in half a second.
        """
        try:
            async with asyncio.TaskGroup() as batches:
                while claimed := await self._claim():
                    batch = _Batch(len(claimed), told)
                    polling = batches.create_task(self.poll_claimed(claimed, batch.told))
                    polling.add_done_callback(batch.ended)
                    await batch.half_done.wait()
                    if not batch.reports:
                        break  # all hosts want quiet, and would be claimed again
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors

    async def poll_claimed(
        self, claimed: Sequence[Feed], told: Callable[[PollReport], None] | None = None
    ) -> list[PollReport]:
        """Poll feeds that this owner has claimed. What could not be polled is given back."""
        reports: list[PollReport] = []

        async def work(feed: Feed) -> datetime | None:
            report, hold_until = await self._poll_guarded(feed)
            reports.append(report)
            if told:
                told(report)
            return hold_until

        try:
            await in_turn(claimed, lambda feed: feed.host, work, self._gate, concurrency=len(claimed))
        finally:
            # Hosts that want quiet, and whatever an interruption left undone, are free at once.
            polled = {report.feed.id for report in reports}
            left = [feed.id for feed in claimed if feed.id not in polled]
            if left:
                await self._quiet.settled()
                await self._context.database.write(feeds.release, left, self._owner)
        return reports

    async def _claim(self) -> Sequence[Feed]:
        now = self._context.clock.now()
        return await self._context.database.write(
            feeds.claim_due, now=now, owner=self._owner, lease=LEASE, limit=BATCH
        )

    async def _poll_guarded(self, feed: Feed) -> tuple[PollReport, datetime | None]:
        """As ``_poll``, but an unexpected exception of one feed does not end the others' polls.

        It is logged, and the feed's claim is left to expire; its host is not requested meanwhile. Raises
        StoreError.
        """
        try:
            return await self._poll(feed)
        except StoreError:
            raise
        except Exception:
            log.exception("feed_poll_failed", feed=feed.id, publisher=feed.publisher)
            return PollReport(feed=feed, reason="fault", failure="fault"), None

    async def _poll(self, feed: Feed) -> tuple[PollReport, datetime | None]:
        """One feed, from the request to the store; and until when its host wants to be left alone."""
        async with self._context.bodies_held.share() as share:
            return await self._poll_within(feed, share)

    async def _poll_within(self, feed: Feed, share: BodyShare) -> tuple[PollReport, datetime | None]:
        context = self._context
        async with share.slot(self._slots):
            polled = await poll_feed(
                feed.url,
                feed.state,
                context.fetcher,
                context.parsers,
                context.clock,
                self._random,
                browser_like=feed.browser_like,
                form=form_of(feed.kind),
                share=share,
            )
        judged = await self._judge_unknown(feed, polled.entries)
        saved = await self._store(feed, polled.plan, judged)
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
        metrics.record_poll(failure=report.failure, fresh=report.fresh, matched=report.matched)
        return report, polled.plan.hold_host_until

    async def _judge_unknown(self, feed: Feed, found: Sequence[Entry]) -> list[Judged]:
        """The entries that are new or were changed, judged: mostly one in thirty.

        The store checks again when it saves them; what another poll has saved in between is saved once.
        """
        if not found:
            return []
        keys = await asyncio.to_thread(keys_of, found, feed.publisher)
        known = await self._context.database.read(unseen, feed.id, keys)
        new = [
            (entry, key)
            for entry, key, past in zip(found, keys, known, strict=True)
            if past.status is not Status.SEEN
        ]
        return await asyncio.to_thread(self._judged, new, feed)

    def _judged(self, new: Sequence[tuple[Entry, EntryKeys]], feed: Feed) -> list[Judged]:
        context = self._context
        context.load_judges()
        return judge_keyed(context.matcher, context.policy_names, context.evidence, new, feed)

    async def _store(self, feed: Feed, plan: PollPlan, judged: Sequence[Judged]) -> Saved:
        if not judged:
            await self._quiet.store(feed, plan)
            return Saved()
        return await self._context.database.write(
            entries.store_poll, feed, plan, judged, now=self._context.clock.now(), owner=self._owner
        )


class _Batch:
    """How far a batch of claimed feeds has come."""

    def __init__(self, size: int, told: Callable[[PollReport], None]) -> None:
        self._size = size
        self._told = told
        self.reports = 0
        self.half_done = asyncio.Event()

    def told(self, report: PollReport) -> None:
        self.reports += 1
        self._told(report)
        if self.reports * 2 >= self._size:
            self.half_done.set()

    def ended(self, _: asyncio.Task[list[PollReport]]) -> None:
        self.half_done.set()


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

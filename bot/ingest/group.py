"""Grouping: articles that have no story yet are placed, in the order in which they arrived.

A stage of its own, after storing: it may be repeated or stopped at any point. Only one process does it at a
time, whichever holds the lease; an article is shown to readers once it has been placed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.context import AppContext
from bot.ingest.follow_up import LOOK_BACK, take_up_follow_ups
from bot.store import articles, follow_ups, leases, story_overrides
from bot.store.leases import Taken
from bot.stories.document import Document, Placement
from bot.stories.events import EventGrouper
from bot.stories.story_overrides import MergeConstraint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = structlog.get_logger()

#: How long a story can be joined: the events of this subject are reported for days, seldom for weeks.
WINDOW = timedelta(days=10)
#: Articles placed in one transaction, so that readers and other writers get their turn.
BATCH = 50
#: The lease is renewed with each batch. Whoever is killed holds the others up for no longer than this.
LEASE = "grouping"
TTL = timedelta(seconds=30)


class LeaseLost(Exception):
    """Another process has taken over meanwhile; this one's batch was not stored."""

    code = "lease_lost"


class Decided(Exception):
    """An operator has split or merged stories meanwhile; the window in memory is outdated."""

    code = "decided"


@dataclass(frozen=True, slots=True)
class _Known:
    """The window as stored: its articles with their stories, and the operators' decisions."""

    articles: Sequence[tuple[Document, int]]
    constraints: tuple[MergeConstraint, ...]
    apart: tuple[tuple[int, int], ...]
    decisions: int


class Grouping:
    """Places articles into stories. Holds the window of recent articles in memory."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._grouper: EventGrouper | None = None
        #: The decisions of operators that the window knows of.
        self._decisions = 0
        #: The lease belongs to this window and not to the process: if another has had it, the window is old.
        self._name = secrets.token_hex(8)
        self._kept = False

    async def keep(self) -> bool:
        """Take the lease and keep it between runs. False while another has it.

        So that of several workers one groups, with the window in its memory. If it dies, another begins once
        the lease has run out, and reads the window from the store.
        """
        now = self._context.clock.now()
        taken = await self._context.database.write(leases.take, LEASE, self._name, now=now, ttl=TTL)
        if taken is Taken.NEW:
            self._grouper = None
        self._kept = taken is not Taken.NO
        return self._kept

    async def run(self) -> int:
        """Place every waiting article, and take up follow-ups of stories.

        Returns how many were placed; 0 while another process holds the lease.
        """
        database, clock = self._context.database, self._context.clock
        if not await self._waits():
            return 0
        taken = await self._take()
        if taken is Taken.NO:
            return 0
        if taken is Taken.NEW:
            self._grouper = None
        try:
            placed = await self._place_all()
            if self._grouper is not None and await take_up_follow_ups(self._context, self._grouper):
                placed += await self._place_all()
            return placed
        except LeaseLost:
            log.warning("grouping_taken_over")
            return 0
        finally:
            if not self._kept:
                await database.write(leases.release, LEASE, self._name, now=clock.now())

    async def _waits(self) -> bool:
        """Whether there is an article to be placed, or an entry to be compared with the stories."""
        read, since = self._context.database.read, self._context.clock.now() - LOOK_BACK
        return bool(await read(articles.ungrouped, limit=1) or await read(follow_ups.left_out, since, 1))

    async def _take(self) -> Taken:
        """Take the lease, and wait for it as long as a process that was killed may still have it."""
        taken = Taken.NO
        for _ in range(int(TTL.total_seconds()) + 1):
            now = self._context.clock.now()
            taken = await self._context.database.write(leases.take, LEASE, self._name, now=now, ttl=TTL)
            if taken is not Taken.NO:
                break
            await self._context.clock.sleep(1)
            if not await self._waits():
                break  # who has it has done all that there was
        return taken

    async def _place_all(self) -> int:
        database, clock = self._context.database, self._context.clock
        placed = 0
        grouper = self._grouper or await self._load()
        grouper.forget_before(clock.now() - WINDOW)
        while waiting := await database.read(articles.ungrouped, limit=BATCH):
            # Until the batch is committed, memory is ahead of the store: drop it if anything goes wrong.
            self._grouper = None
            # In a thread: fifty articles take a quarter of a second, and members wait for answers.
            batch = await asyncio.to_thread(_placements, grouper, waiting)
            try:
                await database.write(_place_held, batch, self._name, self._decisions, now=clock.now())
            except Decided:
                grouper = await self._load()
                continue
            self._grouper = grouper
            placed += len(batch)
        self._grouper = grouper
        return placed

    async def _load(self) -> EventGrouper:
        since = self._context.clock.now() - WINDOW
        known = await self._context.database.read(_known, since)
        grouper = await asyncio.to_thread(_filled, known)
        self._decisions = known.decisions
        log.debug("window_loaded", articles=len(grouper))
        return grouper


def _known(session: Session, since: datetime) -> _Known:
    # First how many decisions: one that is made after it is noticed when the first batch is stored.
    decisions = story_overrides.decisions(session)
    return _Known(
        articles.window(session, since),
        story_overrides.constraints(session),
        story_overrides.apart(session),
        decisions,
    )


def _filled(known: _Known) -> EventGrouper:
    grouper = EventGrouper(known.constraints, known.apart)
    for document, story in known.articles:
        grouper.add(document, story)
    return grouper


def _placements(grouper: EventGrouper, waiting: Sequence[Document]) -> list[tuple[int, Placement]]:
    batch = []
    for document in waiting:
        placement = grouper.place(document)
        story = placement.story if placement.story is not None else document.id
        grouper.add(document, story)
        for gone in placement.merges:
            grouper.merge(story, gone)
        batch.append((document.id, placement))
    return batch


def _place_held(
    session: Session, batch: Sequence[tuple[int, Placement]], name: str, decisions: int, *, now: datetime
) -> None:
    """Store a batch if the lease is still ours and no operator has decided anything since it was made.

    All in one transaction. Raises LeaseLost or Decided.
    """
    if leases.take(session, LEASE, name, now=now, ttl=TTL) is not Taken.KEPT:
        raise LeaseLost
    if story_overrides.decisions(session, hold=True) != decisions:
        raise Decided
    articles.place(session, batch, now=now)

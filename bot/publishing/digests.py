"""Digests: who is due gets a page in the outbox, once. This pipeline decides nothing.

::

    due? ──> order ──> compose, once per distinct order ──> outbox rows + the next due time
    (store)  (due.py)  (commands)                           (store, one transaction)
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.context import AppContext
from bot.domain.audience import DEFAULTS, View
from bot.domain.digests import DigestSubscription, OutboxDraft
from bot.domain.schedule import is_late, local_day, next_due, span_of, too_late
from bot.publishing.composer import DigestOrder, Material, compose, gather
from bot.store import digest_plans, digests, watermark
from bot.store.digest_plans import DigestPlanned
from bot.store.errors import StoreError
from bot.store.visibility import distinct_views

log = structlog.get_logger()

#: Subscriptions planned in one transaction of some 10 ms; readers and the poller get their turn in between.
BATCH = 1000
#: A digest that failed through a fault of ours is tried again after this.
RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A composed digest as it waits in the outbox, kept for all that have the same order."""

    bodies: tuple[str, ...]
    empty: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a due digest comes to, whichever server's it is; without a stretch to tell, it is skipped."""

    day: date
    following: datetime
    stretch: tuple[datetime, datetime] | None
    ready: _Ready | None


class _Run:
    """What one run of planning has worked out so far: most of the servers that are due want the same."""

    def __init__(self, views: Mapping[View, View], now: datetime) -> None:
        self.views = views
        self.now = now
        self.turns: dict[object, _Turn] = {}
        self.ready: dict[DigestOrder, _Ready] = {}
        self.material: dict[object, Material] = {}


class DigestPlanner:
    """Plans the digests that are due: those of all servers, or with ``terminal`` the terminal's."""

    def __init__(self, context: AppContext, *, terminal: bool = False) -> None:
        self._context = context
        self._terminal = terminal

    async def plan_due(self) -> int:
        """Put every due digest into the outbox. Returns how many messages were planned."""
        planned = 0
        await self._reschedule_too_far()
        run = _Run(await self._context.database.read(distinct_views), self._context.clock.now())
        due = await self._due(run)
        if due:
            await self._context.database.write(watermark.cut, run.now)
        while due:
            outcomes = [
                _planned(subscription, turn)
                if (turn := run.turns.get(_alike(subscription, run))) is not None
                else await self._plan_guarded(subscription, run)
                for subscription in due
            ]
            planned += await self._context.database.write(digest_plans.plan, outcomes, now=run.now)
            due = await self._due(run)
        return planned

    async def _reschedule_too_far(self) -> None:
        now = self._context.clock.now()
        if await self._context.database.read(digests.too_far, now):
            count = await self._context.database.write(digests.reschedule_too_far, now)
            log.warning("digests_rescheduled", digests=count)

    async def _due(self, run: _Run) -> list[DigestSubscription]:
        return await self._context.database.read(digests.due, run.now, limit=BATCH, terminal=self._terminal)

    async def _plan_guarded(self, subscription: DigestSubscription, run: _Run) -> DigestPlanned:
        """What to store for one subscription. A fault of ours in one digest does not hold up the others.

        It is told, and that digest is tried again later; its stretch of time is not lost. A store that cannot
        be used is everybody's fault.
        """
        try:
            return _planned(subscription, await self._turn(subscription, run))
        except StoreError:
            raise
        except Exception:
            log.exception("digest_failed", place=str(subscription.place))
            return DigestPlanned(subscription, run.now + RETRY, drafts=(), covered_until=None)

    async def _turn(self, subscription: DigestSubscription, run: _Run) -> _Turn:
        """What this digest, and every other one that is ``_alike``, comes to."""
        due, zone, days = subscription.next_due_at, subscription.zone, subscription.days
        assert due is not None, "a subscription that is due has a due time"
        view = run.views.get(subscription.owner, DEFAULTS)
        day, late = local_day(due, zone), too_late(due, run.now)
        # A day has one digest: where the hour was changed meanwhile, the next is not later on the same day.
        past = None if late else day
        following = next_due(max(run.now, due), subscription.minute_of_day, zone, days, past=past)
        if late:
            log.warning("digest_skipped", owner=str(subscription.owner), due=due.isoformat())
            turn = _Turn(day, following, stretch=None, ready=None)
        else:
            since, until = span_of(subscription.covered_until, due, days)
            concerns, language = subscription.concerns, subscription.language
            order = DigestOrder(view, concerns, language, day, since, until, is_late(due, run.now))
            turn = _Turn(day, following, (since, until), await self._ready(order, run))
        run.turns[_alike(subscription, run)] = turn
        return turn

    async def _ready(self, order: DigestOrder, run: _Run) -> _Ready:
        """The digest of that order, composed once."""
        ready = run.ready.get(order)
        if ready is not None:
            return ready
        stretch = (order.view, order.since, order.until)
        material = run.material.get(stretch)
        if material is None:
            material = run.material[stretch] = await self._context.database.read(gather, *stretch)
        # Composing a page and cutting it into messages takes milliseconds that the loop has better use for.
        run.ready[order] = await asyncio.to_thread(self._compose, order, material)
        return run.ready[order]

    def _compose(self, order: DigestOrder, material: Material) -> _Ready:
        composed = compose(self._context.brief, self._context.record, order, material)
        return _Ready(self._context.bodies(composed.page), composed.empty)


def _alike(subscription: DigestSubscription, run: _Run) -> object:
    """Equal for subscriptions whose digests come to the same turn."""
    return (
        subscription.next_due_at,
        subscription.covered_until,
        subscription.minute_of_day,
        subscription.zone,
        subscription.days,
        subscription.concerns,
        subscription.language,
        run.views.get(subscription.owner, DEFAULTS),
    )


def _planned(subscription: DigestSubscription, turn: _Turn) -> DigestPlanned:
    """What to store for one subscription: its messages, and when the next digest is due."""
    ready, due = turn.ready, subscription.next_due_at
    until = turn.stretch[1] if turn.stretch else None
    if ready is None or due is None or (ready.empty and subscription.empty_day == "silence"):
        return DigestPlanned(subscription, turn.following, (), until)
    posting = subscription.posting
    # Only the first message wakes anybody.
    others = replace(posting, role=None) if posting.role else posting
    place = (subscription.place, subscription.kind, turn.day)
    first, *rest = ready.bodies
    drafts = (
        OutboxDraft(*place, 0, first, due, posting, stretch=turn.stretch),
        *(OutboxDraft(*place, part, body, due, others) for part, body in enumerate(rest, start=1)),
    )
    return DigestPlanned(subscription, turn.following, drafts, until)

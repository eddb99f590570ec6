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
#: A digest that failed with an exception is tried again after this.
RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The message bodies of a composed digest, shared by all with the same order."""

    texts: tuple[str, ...]
    empty: bool


@dataclass(frozen=True, slots=True)
class _Result:
    """The result of a due digest, whichever server's it is; without a period it is skipped."""

    day: date
    following: datetime
    period: tuple[datetime, datetime] | None
    bodies: _Bodies | None


class _Run:
    """The results of one planning run so far: most of the due servers share them."""

    def __init__(self, views: Mapping[View, View], now: datetime) -> None:
        self.views = views
        self.now = now
        self.results: dict[object, _Result] = {}
        self.composed: dict[DigestOrder, _Bodies] = {}
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
            await self._context.database.write(watermark.advance, run.now)
        while due:
            outcomes = [
                _planned(subscription, result)
                if (result := run.results.get(_result_key(subscription, run))) is not None
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
        """What to store for one subscription. An exception in one digest does not hold up the others.

        It is logged, and that digest is tried again later, for the same period. Raises StoreError.
        """
        try:
            return _planned(subscription, await self._result(subscription, run))
        except StoreError:
            raise
        except Exception:
            log.exception("digest_failed", place=str(subscription.place))
            return DigestPlanned(subscription, run.now + RETRY, drafts=(), covered_until=None)

    async def _result(self, subscription: DigestSubscription, run: _Run) -> _Result:
        """The result for this digest, and for every other one with an equal ``_result_key``."""
        due, zone, days = subscription.next_due_at, subscription.zone, subscription.days
        assert due is not None, "a subscription that is due has a due time"
        view = run.views.get(subscription.owner, DEFAULTS)
        day, late = local_day(due, zone), too_late(due, run.now)
        # A day has one digest: where the hour was changed meanwhile, the next is not later on the same day.
        past = None if late else day
        following = next_due(max(run.now, due), subscription.minute_of_day, zone, days, past=past)
        if late:
            log.warning("digest_skipped", owner=str(subscription.owner), due=due.isoformat())
            result = _Result(day, following, period=None, bodies=None)
        else:
            since, until = span_of(subscription.covered_until, due, days)
            concerns, language = subscription.concerns, subscription.language
            order = DigestOrder(view, concerns, language, day, since, until, is_late(due, run.now))
            result = _Result(day, following, (since, until), await self._composed(order, run))
        run.results[_result_key(subscription, run)] = result
        return result

    async def _composed(self, order: DigestOrder, run: _Run) -> _Bodies:
        """The digest of that order, composed once."""
        bodies = run.composed.get(order)
        if bodies is not None:
            return bodies
        period = (order.view, order.since, order.until)
        material = run.material.get(period)
        if material is None:
            material = run.material[period] = await self._context.database.read(gather, *period)
        # In a thread: composing a page and splitting it into messages takes milliseconds.
        run.composed[order] = await asyncio.to_thread(self._compose, order, material)
        return run.composed[order]

    def _compose(self, order: DigestOrder, material: Material) -> _Bodies:
        composed = compose(self._context.brief, self._context.record, order, material)
        return _Bodies(self._context.bodies(composed.page), composed.empty)


def _result_key(subscription: DigestSubscription, run: _Run) -> object:
    """Equal for subscriptions whose digests have the same result."""
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


def _planned(subscription: DigestSubscription, result: _Result) -> DigestPlanned:
    """What to store for one subscription: its messages, and when the next digest is due."""
    bodies, due = result.bodies, subscription.next_due_at
    until = result.period[1] if result.period else None
    if bodies is None or due is None or (bodies.empty and subscription.empty_day == "silence"):
        return DigestPlanned(subscription, result.following, (), until)
    posting = subscription.posting
    # Only the first message mentions the role.
    others = replace(posting, role=None) if posting.role else posting
    place = (subscription.place, subscription.kind, result.day)
    first, *rest = bodies.texts
    drafts = (
        OutboxDraft(*place, 0, first, due, posting, period=result.period),
        *(OutboxDraft(*place, part, body, due, others) for part, body in enumerate(rest, start=1)),
    )
    return DigestPlanned(subscription, result.following, drafts, until)

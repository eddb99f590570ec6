"""Digests: who is due gets a page in the outbox, once. This pipeline decides nothing.

::

    due? ──> order ──> compose, once per distinct order ──> outbox rows + the next due time
    (store)  (due.py)  (commands)                           (store, one transaction)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.commands.composing import DigestOrder, compose_digest
from bot.commands.desk import Desk
from bot.commands.due import is_late, span_of, too_late
from bot.store import digests
from bot.store.digests import DigestPlanned
from bot.store.due import local_day, next_due
from bot.store.errors import StoreError
from bot.store.views import DigestSubscription, OutboxDraft

log = structlog.get_logger()

#: Subscriptions planned in one transaction; readers and the poller get their turn in between.
BATCH = 200
#: A digest that failed through a fault of ours is tried again after this.
RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A composed digest as it waits in the outbox, kept for all that have the same order."""

    bodies: tuple[str, ...]
    empty: bool


class Digests:
    """Plans the digests that are due. ``only_guild`` limits it to one server, as in the terminal."""

    def __init__(self, desk: Desk, only_guild: int | None = None) -> None:
        self._desk = desk
        self._only_guild = only_guild

    async def plan_due(self) -> int:
        """Put every due digest into the outbox. Returns how many messages were planned."""
        planned = 0
        ready: dict[DigestOrder, _Ready] = {}
        own_feeds = await self._desk.database.read(digests.with_own_feeds)
        while due := await self._desk.database.read(
            digests.due, self._desk.clock.now(), limit=BATCH, guild_id=self._only_guild
        ):
            outcomes = [await self._plan_guarded(subscription, own_feeds, ready) for subscription in due]
            planned += await self._desk.database.write(digests.plan, outcomes, now=self._desk.clock.now())
        return planned

    async def _plan_guarded(
        self,
        subscription: DigestSubscription,
        own_feeds: frozenset[int],
        ready: dict[DigestOrder, _Ready],
    ) -> DigestPlanned:
        """As ``_plan``, but a fault of ours in one server's digest does not hold up the others'.

        It is told, and that digest is tried again later; its stretch of time is not lost. A store that cannot
        be used is everybody's fault.
        """
        try:
            return await self._plan(subscription, own_feeds, ready)
        except StoreError:
            raise
        except Exception:
            log.exception("digest_failed", guild=subscription.guild_id, channel=subscription.channel_id)
            again = self._desk.clock.now() + RETRY
            return DigestPlanned(subscription.id, again, drafts=(), told_until=None)

    async def _plan(
        self,
        subscription: DigestSubscription,
        own_feeds: frozenset[int],
        ready: dict[DigestOrder, _Ready],
    ) -> DigestPlanned:
        """What to store for one subscription: its messages, and when the next digest is due."""
        now, due = self._desk.clock.now(), subscription.next_due_at
        assert due is not None, "a subscription that is due has a due time"
        following = next_due(max(now, due), subscription.minute_of_day, subscription.zone, subscription.days)
        if too_late(due, now):
            log.warning("digest_skipped", guild=subscription.guild_id, due=due.isoformat())
            return DigestPlanned(subscription.id, following, drafts=(), told_until=None)
        since, until = span_of(subscription.told_until, due, subscription.days)
        order = DigestOrder(
            # Server 0 stands for all that read the default feeds and nothing else.
            guild_id=subscription.guild_id if subscription.guild_id in own_feeds else 0,
            concerns=subscription.concerns,
            language=subscription.language,
            day=local_day(due, subscription.zone),
            since=since,
            until=until,
            late=is_late(due, now),
        )
        made = ready.get(order)
        if made is None:
            composed = await compose_digest(self._desk.database, self._desk.brief, order)
            made = ready[order] = _Ready(self._desk.bodies(composed.page), composed.empty)
        silent = made.empty and subscription.empty_day == "silence"
        drafts = () if silent else _drafts(subscription, order.day, made.bodies, due)
        return DigestPlanned(subscription.id, following, drafts, told_until=until)


def _drafts(
    subscription: DigestSubscription, day: date, bodies: tuple[str, ...], due: datetime
) -> tuple[OutboxDraft, ...]:
    """The messages of one digest. Only the first wakes anybody."""
    posting = subscription.posting
    quiet = replace(posting, role=None)
    return tuple(
        OutboxDraft(
            subscription.guild_id,
            subscription.channel_id,
            subscription.kind,
            day,
            part,
            body,
            due,
            quiet if part else posting,
        )
        for part, body in enumerate(bodies)
    )

"""Due feeds shared out among workers: announced to a queue, then claimed by whoever takes the job.

Announcing only keeps the next tick from announcing them again. What counts is the claim: it is made where a
feed is due and free, or announced, or held by an earlier try of the same job; so a job may run twice, or
beside another that names the same feeds, and each feed is polled by one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.feeds import Feed
from bot.store import tables as t
from bot.store.feeds.polling import due_condition, wanted_condition
from bot.store.feeds.rows import FEED, FeedColumns, feed_of
from bot.store.models import FeedRow
from bot.store.sql import col, records

#: Who holds a feed that is announced and not taken yet.
ANNOUNCED = "announced"


def due_by_host(session: Session, now: datetime, *, limit: int) -> dict[str, list[int]]:
    """Feeds that are due and free, the longest due first, by their hosts."""
    rows = session.execute(
        select(col(FeedRow.id), col(FeedRow.host))
        .where(due_condition(now))
        .order_by(t.feed.c.next_due_at, t.feed.c.id)
        .limit(limit)
    )
    found: dict[str, list[int]] = {}
    for id, host in rows:
        found.setdefault(host, []).append(id)
    return found


def announce(session: Session, feed_ids: Sequence[int], *, now: datetime, lease: timedelta) -> int:
    """Mark feeds as on their way to a worker, those that nobody has taken meanwhile. Returns how many."""
    marked = session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(feed_ids), due_condition(now))
        .values(lease_owner=ANNOUNCED, lease_until=now + lease)
        .returning(t.feed.c.id)
    )
    return len(marked.all())


def claim_these(
    session: Session, feed_ids: Sequence[int], *, now: datetime, job: str, owner: str, lease: timedelta
) -> list[Feed]:
    """Those of ``feed_ids`` that are still to be polled, leased to ``owner``.

    ``owner`` begins with ``job``; what another owner of that job holds is taken over, because its worker is
    gone. Hosts that another job is polling are passed over, and stay due.
    """
    others = t.feed.alias("others")
    busy = exists(
        select(1).where(
            others.c.host == t.feed.c.host,
            others.c.lease_until > now,
            others.c.lease_owner != ANNOUNCED,
            ~others.c.lease_owner.startswith(job, autoescape=True),
        )
    )
    free = or_(
        t.feed.c.lease_until.is_(None),
        t.feed.c.lease_until <= now,
        t.feed.c.lease_owner == ANNOUNCED,
        t.feed.c.lease_owner.startswith(job, autoescape=True),
    )
    ready = and_(t.feed.c.id.in_(feed_ids), wanted_condition(now), free, ~busy)
    # Locked before they are changed: two jobs that name the same feeds wait for each other here. What is just
    # being announced is waited for too, and not passed over: nobody else would take it.
    ids = session.scalars(select(t.feed.c.id).where(ready).order_by(t.feed.c.id).with_for_update()).all()
    if not ids:
        return []
    rows = session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(ids))
        .values(lease_owner=owner, lease_until=now + lease)
        .returning(*FEED)
    )
    feeds = [feed_of(row) for row in records(rows, FeedColumns)]
    return sorted(feeds, key=lambda feed: feed.id)

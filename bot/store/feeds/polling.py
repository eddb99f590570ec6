"""Which feeds are due, who polls them, and what a poll taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.feed_state import FeedState
from bot.domain.feeds import Feed
from bot.feeds.policy import revived
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.feeds.rows import FEED, FeedColumns, feed_key, feed_of, host_of
from bot.store.models import FeedRow
from bot.store.sql import chunks, col, insert, insert_ignore, records
from bot.store.visibility import ADDED

#: No feed is due further ahead: the rarest probe comes once in 30 days, and a bit.
FARTHEST = timedelta(days=40)


def claim_due(session: Session, *, now: datetime, owner: str, lease: timedelta, limit: int) -> list[Feed]:
    """Up to ``limit`` due feeds, leased to ``owner``, so that no other worker polls them meanwhile.

    One feed of each host comes before a second of any, so that no host starves the others. Hosts that asked
    to be left alone, and hosts that somebody is polling, are passed over.
    """
    rank = func.row_number().over(partition_by=t.feed.c.host, order_by=(t.feed.c.next_due_at, t.feed.c.id))
    others = t.feed.alias("others")
    # Asked once for all: hosts have no index, so that to ask for each feed would read all feeds for each.
    busy = select(others.c.host).where(others.c.lease_until > now)
    ranked = (
        select(t.feed.c.id, t.feed.c.next_due_at, rank.label("rank"))
        .where(due_condition(now), t.feed.c.host.not_in(busy))
        .subquery("ranked")
    )
    ids = session.scalars(
        select(ranked.c.id).order_by(ranked.c.rank, ranked.c.next_due_at, ranked.c.id).limit(limit)
    ).all()
    if not ids:
        return []
    rows = session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(ids), due_condition(now))
        .values(lease_owner=owner, lease_until=now + lease)
        .returning(*FEED)
    )
    claimed = {row.id: feed_of(row) for row in records(rows, FeedColumns)}
    return [claimed[feed_id] for feed_id in ids if feed_id in claimed]


def count_due(session: Session, now: datetime) -> int:
    """How many feeds could be claimed now."""
    return session.execute(select(func.count()).select_from(t.feed).where(due_condition(now))).scalar_one()


def release(session: Session, feed_ids: Sequence[int], owner: str) -> None:
    """Give back claims that were not used, such as at shutdown."""
    session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(feed_ids), t.feed.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def make_all_due(session: Session, now: datetime) -> None:
    """Let every feed be due now, as when an operator asks for a poll of all."""
    session.execute(update(t.feed).where(t.feed.c.disabled_reason.is_(None)).values(next_due_at=now))


def revive(session: Session, feed_ids: Sequence[int], now: datetime) -> list[int]:
    """Let those of the feeds be due now that ended with a 410, their faults forgotten. Returns which."""
    restarted: list[int] = []
    for ids in chunks(feed_ids):
        gone = t.feed.c.id.in_(ids), t.feed.c.health == "gone"
        for id, memory in session.execute(select(col(FeedRow.id), col(FeedRow.state)).where(*gone)).all():
            state = revived(FeedState.load(memory), now)
            values = {"state": state.dump(), "health": state.health, "next_due_at": now}
            session.execute(update(t.feed).where(t.feed.c.id == id).values(values))
            restarted.append(id)
    return restarted


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll of a feed taught. ``slot`` names the poll (its due time in seconds): it is noted once."""

    feed_id: int
    state: FeedState
    slot: int
    status: str
    new_items: int = 0


def save_polls(session: Session, results: Sequence[PollResult], *, now: datetime, owner: str) -> set[int]:
    """Keep what polls of different feeds taught and end their leases.

    Returns the feeds of which it was kept; of the others, ``owner`` has lost the lease.
    """
    held = session.scalars(
        select(t.feed.c.id)
        .where(t.feed.c.id.in_([one.feed_id for one in results]), t.feed.c.lease_owner == owner)
        .order_by(t.feed.c.id)
        .with_for_update()
    )
    kept = set(held)
    results = [one for one in results if one.feed_id in kept]
    if results:
        session.connection().execute(_LEARN, [_learnt(one) for one in results])
        insert_ignore(session, t.poll, [_noted(one, now) for one in results])
    return kept


#: One statement for all feeds: the driver repeats it. The columns that follow the state are read by queries.
_LEARN = (
    update(t.feed)
    .where(t.feed.c.id == bindparam("feed_id"))
    .values(
        state=bindparam("new_state"),
        health=bindparam("new_health"),
        next_due_at=bindparam("new_due_at"),
        last_success_at=bindparam("new_success_at"),
        last_new_entry_at=bindparam("new_entry_at"),
        lease_owner=None,
        lease_until=None,
    )
)


def _learnt(result: PollResult) -> dict[str, Any]:
    state = result.state
    return {
        "feed_id": result.feed_id,
        "new_state": state.dump(),
        "new_health": state.health,
        "new_due_at": state.next_due_at,
        "new_success_at": state.last_success_at,
        "new_entry_at": state.last_new_entry_at,
    }


def _noted(result: PollResult, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": result.feed_id,
        "slot": result.slot,
        "status": result.status,
        "new_items": result.new_items,
        "at": now,
    }


def move_feed(session: Session, feed_id: int, url: str) -> bool:
    """Poll the feed at its new address from now on. Returns False if another feed has that address."""
    key = feed_key(url)
    taken = session.scalar(select(t.feed.c.id).where(t.feed.c.url_key == key, t.feed.c.id != feed_id))
    if taken is not None:
        return False
    values = {"url": plain(url), "url_key": key, "host": host_of(url)}
    session.execute(update(t.feed).where(t.feed.c.id == feed_id).values(values))
    return True


def hold_host(session: Session, host: str, until: datetime) -> None:
    """Send a host no request until then, for all its feeds. A longer hold remains."""
    statement = insert(session, t.host_hold).values(host=host, until=until)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"until": statement.excluded.until},
            where=t.host_hold.c.until < statement.excluded.until,
        )
    )


def wanted_condition(now: datetime) -> ColumnElement[bool]:
    """Which feeds should be polled now, whoever may have claimed them."""
    read_by_someone = or_(
        t.feed.c.is_default.is_(True),
        exists(select(1).where(t.guild_feed.c.feed_id == t.feed.c.id, t.guild_feed.c.status == ADDED)),
    )
    held = exists(select(1).where(t.host_hold.c.host == t.feed.c.host, t.host_hold.c.until > now))
    return and_(t.feed.c.disabled_reason.is_(None), t.feed.c.next_due_at <= now, read_by_someone, ~held)


def due_condition(now: datetime) -> ColumnElement[bool]:
    """Which feeds can be claimed now."""
    return and_(wanted_condition(now), or_(t.feed.c.lease_until.is_(None), t.feed.c.lease_until <= now))


def reschedule_too_far(session: Session, now: datetime) -> int:
    """Poll at once what a clock set ahead has moved out of sight. Returns how many feeds."""
    far = and_(t.feed.c.disabled_reason.is_(None), t.feed.c.next_due_at > now + FARTHEST)
    changed = update(t.feed).where(far).values(next_due_at=now).returning(t.feed.c.id)
    return len(session.execute(changed).all())

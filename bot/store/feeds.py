"""The feeds: what is polled, by whom it is read, and how it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.feeds.state import FeedState
from bot.store import rollup
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.sql import AnyRow, insert, insert_ignore, upsert
from bot.store.types import key16
from bot.store.views import Feed, HealthCounts
from bot.store.visibility import ADDED, PAUSED, REMOVED

if TYPE_CHECKING:
    from bot.feeds.catalog import FeedSource

#: Healths in which a feed gives us nothing.
FAILING = ("failing", "blocked", "gone", "not_a_feed")
#: Why a feed is switched off that is no longer in the operator's list. Its articles stay.
NOT_LISTED = "not_listed"

_COLUMNS = (
    t.feed.c.id,
    t.feed.c.url,
    t.feed.c.host,
    t.feed.c.publisher,
    t.feed.c.title,
    t.feed.c.language,
    t.feed.c.kind,
    t.feed.c.region,
    t.feed.c.is_default,
    t.feed.c.browser_like,
    t.feed.c.disabled_reason,
    t.feed.c.health,
    t.feed.c.next_due_at,
    t.feed.c.last_success_at,
    t.feed.c.last_new_entry_at,
    t.feed.c.state,
)


def feed_key(url: str) -> bytes:
    """What makes two addresses one feed: scheme, default port, last slash and fragment do not count."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    return key16(f"{(parts.hostname or '').lower()}{port}{parts.path.rstrip('/')}?{parts.query}")


def sync_catalog(session: Session, sources: Sequence[FeedSource], now: datetime) -> None:
    """Make the default feeds those of the operator's list.

    A feed that left the list is switched off and keeps its articles; one that servers had added before
    becomes a default. New ones are due at once.
    """
    known = {row.url_key: row for row in session.execute(select(t.feed))}
    listed = set()
    promoted = []
    fresh = []
    for source in sources:
        key = feed_key(source.url)
        listed.add(key)
        values = {
            "publisher": plain(source.publisher),
            "title": plain(source.title),
            "language": source.language,
            "kind": source.kind,
            "region": source.region,
            "browser_like": source.browser_like,
            "is_default": True,
            "disabled_reason": None if source.enabled else (source.reason or "disabled"),
        }
        row = known.get(key)
        if row is None:
            fresh.append(_new_row(source.url, key, now) | values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            session.execute(update(t.feed).where(t.feed.c.id == row.id).values(values))
            if not row.is_default:
                promoted.append(row.id)
    if fresh:
        session.connection().execute(t.feed.insert(), fresh)
    gone = [row.id for key, row in known.items() if row.is_default and key not in listed]
    if gone:
        left = and_(t.feed.c.id.in_(gone), t.feed.c.disabled_reason.is_(None))
        session.execute(update(t.feed).where(left).values(disabled_reason=NOT_LISTED))
    for feed_id in promoted:
        rollup.make_common(session, feed_id)


def claim_due(session: Session, *, now: datetime, owner: str, lease: timedelta, limit: int) -> list[Feed]:
    """Up to ``limit`` due feeds, leased to ``owner``, so that no other worker polls them meanwhile.

    One feed of each host comes before a second of any, so that no host starves the others. Hosts that asked
    to be left alone, and hosts that another owner is polling, are passed over.
    """
    rank = func.row_number().over(partition_by=t.feed.c.host, order_by=(t.feed.c.next_due_at, t.feed.c.id))
    others = t.feed.alias("others")
    busy = exists(
        select(1).where(
            others.c.host == t.feed.c.host, others.c.lease_until > now, others.c.lease_owner != owner
        )
    )
    ranked = (
        select(t.feed.c.id, t.feed.c.next_due_at, rank.label("rank"))
        .where(_is_due(now), ~busy)
        .subquery("ranked")
    )
    ids = session.scalars(
        select(ranked.c.id).order_by(ranked.c.rank, ranked.c.next_due_at, ranked.c.id).limit(limit)
    ).all()
    if not ids:
        return []
    rows = session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(ids), _is_due(now))
        .values(lease_owner=owner, lease_until=now + lease)
        .returning(*_COLUMNS)
    ).all()
    claimed = {row.id: _feed(row) for row in rows}
    return [claimed[feed_id] for feed_id in ids if feed_id in claimed]


def count_due(session: Session, now: datetime) -> int:
    """How many feeds could be claimed now."""
    return session.execute(select(func.count()).select_from(t.feed).where(_is_due(now))).scalar_one()


def release(session: Session, feed_ids: Sequence[int], owner: str) -> None:
    """Give back claims that were not used, such as at shutdown."""
    session.execute(
        update(t.feed)
        .where(t.feed.c.id.in_(feed_ids), t.feed.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def save_poll(
    session: Session,
    feed_id: int,
    state: FeedState,
    *,
    slot: int,
    new_items: int,
    status: str,
    now: datetime,
    owner: str,
) -> bool:
    """Keep what a poll taught and end its lease. Returns False, and keeps nothing, if the lease was lost.

    ``slot`` names the poll (the due time in seconds): a poll that is saved twice is noted once.
    """
    saved = session.execute(
        update(t.feed)
        .where(t.feed.c.id == feed_id, t.feed.c.lease_owner == owner)
        .values(
            state=state.dump(),
            health=state.health,
            next_due_at=state.next_due_at,
            last_success_at=state.last_success_at,
            last_new_entry_at=state.last_new_entry_at,
            lease_owner=None,
            lease_until=None,
        )
        .returning(t.feed.c.id)
    ).first()
    if saved is None:
        return False
    row = {"feed_id": feed_id, "slot": slot, "status": status, "new_items": new_items, "at": now}
    insert_ignore(session, t.poll, [row])
    return True


def move_feed(session: Session, feed_id: int, url: str) -> bool:
    """Poll the feed at its new address from now on. Returns False if another feed has that address."""
    key = feed_key(url)
    taken = session.scalar(select(t.feed.c.id).where(t.feed.c.url_key == key, t.feed.c.id != feed_id))
    if taken is not None:
        return False
    values = {"url": plain(url), "url_key": key, "host": _host(url)}
    session.execute(update(t.feed).where(t.feed.c.id == feed_id).values(values))
    return True


def hold_host(session: Session, host: str, until: datetime) -> None:
    """Leave a host alone until then, over all its feeds. A longer hold stands."""
    statement = insert(session, t.host_hold).values(host=host, until=until)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"until": statement.excluded.until},
            where=t.host_hold.c.until < statement.excluded.until,
        )
    )


def feeds_of(session: Session, guild_id: int | None) -> list[Feed]:
    """Every feed that concerns a server, by publisher and title: the defaults and those it added.

    Feeds that it removed are not among them unless they are defaults; see ``Feed.scope``.
    """
    own = t.guild_feed
    rows = session.execute(
        select(*_COLUMNS, own.c.status)
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == guild_id))
        .where(or_(t.feed.c.is_default.is_(True), own.c.status.in_((ADDED, PAUSED))))
        .order_by(t.feed.c.publisher, t.feed.c.title, t.feed.c.id)
    )
    return [_feed(row, row.status or "default") for row in rows]


def feed_by_id(session: Session, feed_id: int, guild_id: int | None = None) -> Feed | None:
    """The feed, as that server has it; None if there is none."""
    return _one(session, t.feed.c.id == feed_id, guild_id)


def feed_by_url(session: Session, url: str, guild_id: int | None = None) -> Feed | None:
    """The feed at that address, as that server has it; None if there is none."""
    return _one(session, t.feed.c.url_key == feed_key(url), guild_id)


def add_feed(
    session: Session,
    guild_id: int,
    *,
    url: str,
    publisher: str,
    title: str,
    language: str,
    kind: str = "news",
    region: str = "",
    user_id: int | None = None,
    now: datetime,
) -> Feed:
    """Let a server read the feed at ``url``, which is made if it is not known yet and due at once."""
    key = feed_key(url)
    row = _new_row(url, key, now) | {
        "publisher": plain(publisher),
        "title": plain(title),
        "language": language,
        "kind": kind,
        "region": region,
        "is_default": False,
        "browser_like": False,
        "disabled_reason": None,
    }
    statement = insert(session, t.feed).values(row).on_conflict_do_nothing(index_elements=["url_key"])
    session.execute(statement)
    feed_id = session.execute(select(t.feed.c.id).where(t.feed.c.url_key == key)).scalar_one()
    return follow_feed(session, guild_id, feed_id, user_id=user_id, now=now)


def follow_feed(
    session: Session, guild_id: int, feed_id: int, *, user_id: int | None = None, now: datetime
) -> Feed:
    """Let a server read a known feed again, or for the first time: add, resume and undo in one."""
    is_default = session.execute(select(t.feed.c.is_default).where(t.feed.c.id == feed_id)).scalar_one()
    if is_default:
        session.execute(t.guild_feed.delete().where(*_own(guild_id, feed_id)))
    else:
        _set_status(session, guild_id, feed_id, ADDED, user_id, now)
        session.execute(
            update(t.feed)
            .where(t.feed.c.id == feed_id, t.feed.c.next_due_at.is_(None))
            .values(next_due_at=now)
        )
    feed = feed_by_id(session, feed_id, guild_id)
    assert feed is not None
    return feed


def remove_feed(
    session: Session, guild_id: int, feed_id: int, *, user_id: int | None = None, now: datetime
) -> Feed | None:
    """Let a server read the feed no longer; nothing is deleted. None if there is no such feed."""
    return _leave(session, guild_id, feed_id, REMOVED, user_id, now)


def pause_feed(
    session: Session, guild_id: int, feed_id: int, *, user_id: int | None = None, now: datetime
) -> Feed | None:
    """As ``remove_feed``, but it stays in the server's list, to be resumed by ``follow_feed``."""
    return _leave(session, guild_id, feed_id, PAUSED, user_id, now)


def health_counts(session: Session, guild_id: int | None) -> HealthCounts:
    """How the feeds are that a server reads; those switched off or paused do not count."""
    own = t.guild_feed
    reads = or_(
        and_(t.feed.c.is_default.is_(True), own.c.status.is_(None)),
        own.c.status == ADDED,
    )
    rows = session.execute(
        select(t.feed.c.health, func.count(), func.max(t.feed.c.last_success_at))
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == guild_id))
        .where(t.feed.c.disabled_reason.is_(None), reads)
        .group_by(t.feed.c.health)
    ).all()
    by_health = {row[0]: row[1] for row in rows}
    return HealthCounts(
        total=sum(by_health.values()),
        failing=sum(by_health.get(health, 0) for health in FAILING),
        never_polled=by_health.get("new", 0),
        by_health=by_health,
        last_success_at=max((row[2] for row in rows if row[2] is not None), default=None),
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    read_by_someone = or_(
        t.feed.c.is_default.is_(True),
        exists(select(1).where(t.guild_feed.c.feed_id == t.feed.c.id, t.guild_feed.c.status == ADDED)),
    )
    held = exists(select(1).where(t.host_hold.c.host == t.feed.c.host, t.host_hold.c.until > now))
    return and_(
        t.feed.c.disabled_reason.is_(None),
        t.feed.c.next_due_at <= now,
        or_(t.feed.c.lease_until.is_(None), t.feed.c.lease_until <= now),
        read_by_someone,
        ~held,
    )


def _one(session: Session, where: ColumnElement[bool], guild_id: int | None) -> Feed | None:
    own = t.guild_feed
    row = session.execute(
        select(*_COLUMNS, own.c.status)
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == guild_id))
        .where(where)
    ).first()
    if row is None:
        return None
    return _feed(row, row.status or ("default" if row.is_default else "other"))


def _leave(
    session: Session, guild_id: int, feed_id: int, status: str, user_id: int | None, now: datetime
) -> Feed | None:
    if feed_by_id(session, feed_id) is None:
        return None
    _set_status(session, guild_id, feed_id, status, user_id, now)
    return feed_by_id(session, feed_id, guild_id)


def _set_status(
    session: Session, guild_id: int, feed_id: int, status: str, user_id: int | None, now: datetime
) -> None:
    row = {"guild_id": guild_id, "feed_id": feed_id, "status": status, "added_by": user_id, "at": now}
    upsert(session, t.guild_feed, [row])


def _own(guild_id: int, feed_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return t.guild_feed.c.guild_id == guild_id, t.guild_feed.c.feed_id == feed_id


def _new_row(url: str, key: bytes, now: datetime) -> dict[str, Any]:
    state = {"health": "new", "state": "", "next_due_at": now}
    return {"url": plain(url), "url_key": key, "host": _host(url), **state}


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _feed(row: AnyRow, scope: str = "default") -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        host=row.host,
        publisher=row.publisher,
        title=row.title,
        language=row.language,
        kind=row.kind,
        region=row.region,
        is_default=row.is_default,
        browser_like=row.browser_like,
        disabled_reason=row.disabled_reason,
        health=row.health,
        next_due_at=row.next_due_at,
        last_success_at=row.last_success_at,
        last_new_entry_at=row.last_new_entry_at,
        scope=scope,
        memory=row.state,
    )

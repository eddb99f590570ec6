"""Who reads which feeds, and how these are."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.audience import DEFAULTS, Owner, View
from bot.domain.feeds import Feed, HealthCounts
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.feeds.rows import FEED, FeedColumns, feed_key, feed_of, new_row
from bot.store.models import FeedRow
from bot.store.sql import col, insert, joined
from bot.store.visibility import ADDED, PAUSED

#: Healths in which a feed gives us nothing.
FAILING = ("failing", "blocked", "gone", "not_a_feed")


class _Status(NamedTuple):
    """How a server's feed differs from the defaults, if it does."""

    status: str | None


def feeds_of(session: Session, view: View) -> list[Feed]:
    """Every feed that concerns a server, by publisher and title: the defaults and those it added.

    Feeds that it removed are not among them unless they are defaults; see ``Feed.scope``.
    """
    own = t.guild_feed
    rows = session.execute(
        select(*FEED, own.c.status)
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == view))
        .where(or_(t.feed.c.is_default.is_(True), own.c.status.in_((ADDED, PAUSED))))
        .order_by(t.feed.c.publisher, t.feed.c.title, t.feed.c.id)
    )
    return [feed_of(feed, own.status or "default") for feed, own in joined(rows, FeedColumns, _Status)]


def feed_by_id(session: Session, feed_id: int, view: View) -> Feed | None:
    """The feed, as that server has it; None if there is none."""
    return _one(session, t.feed.c.id == feed_id, view)


def feed_by_url(session: Session, url: str, view: View) -> Feed | None:
    """The feed at that address, as that server has it; None if there is none."""
    return _one(session, t.feed.c.url_key == feed_key(url), view)


def add_candidate(
    session: Session,
    *,
    url: str,
    publisher: str,
    title: str,
    language: str,
    kind: str = "news",
    region: str = "",
    now: datetime,
) -> Feed:
    """The feed at ``url``, made if it is not known yet. Nobody reads it until a server follows it."""
    key = feed_key(url)
    row = new_row(url, key, now) | {
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
    feed = feed_by_url(session, url, DEFAULTS)
    assert feed is not None
    return feed


def health_counts(session: Session, view: View) -> HealthCounts:
    """How the feeds are that a server reads; those switched off or paused do not count."""
    own = t.guild_feed
    reads = or_(
        and_(t.feed.c.is_default.is_(True), own.c.status.is_(None)),
        own.c.status == ADDED,
    )
    rows = session.execute(
        select(col(FeedRow.health), func.count(), func.max(col(FeedRow.last_success_at)))
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == view))
        .where(t.feed.c.disabled_reason.is_(None), reads)
        .group_by(t.feed.c.health)
    ).all()
    by_health = {health: count for health, count, _ in rows}
    return HealthCounts(
        total=sum(by_health.values()),
        failing=sum(by_health.get(health, 0) for health in FAILING),
        never_polled=by_health.get("new", 0),
        by_health=by_health,
        last_success_at=max((last for *_, last in rows if last is not None), default=None),
    )


def _one(session: Session, where: ColumnElement[bool], view: View) -> Feed | None:
    own = t.guild_feed
    rows = session.execute(
        select(*FEED, own.c.status)
        .outerjoin(own, and_(own.c.feed_id == t.feed.c.id, own.c.guild_id == view))
        .where(where)
    )
    found = [
        feed_of(feed, own.status or ("default" if feed.is_default else "other"))
        for feed, own in joined(rows, FeedColumns, _Status)
    ]
    return found[0] if found else None


def _own(owner: Owner, feed_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return t.guild_feed.c.guild_id == owner, t.guild_feed.c.feed_id == feed_id

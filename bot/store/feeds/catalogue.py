"""The default feeds: those of the operator's list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bot.store import rollup
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.feeds.rows import feed_key, new_row

if TYPE_CHECKING:
    from bot.feeds.catalog import FeedSource

#: Why a feed is switched off that is no longer in the operator's list. Its articles stay.
NOT_LISTED = "not_listed"


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
            fresh.append(new_row(source.url, key, now) | values)
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

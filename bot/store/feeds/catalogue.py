"""The default feeds: those of the operator's list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store import rollup
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.feeds.rows import feed_key, new_row
from bot.store.sql import columns, insert_ignore, records

if TYPE_CHECKING:
    from bot.feeds.catalog import FeedSource

#: Why a feed is switched off that is no longer in the operator's list. Its articles stay.
NOT_LISTED = "not_listed"


class _FeedColumns(NamedTuple):
    """A feed as it is known, to be compared with the list."""

    id: int
    url_key: bytes
    listed_key: bytes | None
    publisher: str
    title: str
    language: str
    kind: str
    region: str
    browser_like: bool
    is_default: bool
    disabled_reason: str | None


def sync_catalog(session: Session, sources: Sequence[FeedSource], now: datetime) -> None:
    """Make the default feeds those of the operator's list.

    A feed that left the list is switched off and keeps its articles; one that servers had added before
    becomes a default. One that has moved is the list's feed still, under the old address or the new. New
    ones are due at once.
    """
    rows = records(session.execute(select(*columns(_FeedColumns, t.feed))), _FeedColumns)
    listed = {feed_key(source.url): source for source in sources}
    known = _known(rows, listed)
    promoted = []
    fresh = []
    for key, source in listed.items():
        values = {
            "listed_key": key,
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
    # Several processes may start at once on a new store, each with the list in hand.
    insert_ignore(session, t.feed, fresh)
    _leave_out(session, rows, {row.id for row in known.values()}, listed)
    for feed_id in promoted:
        rollup.make_common(session, feed_id)


def _known(rows: Sequence[_FeedColumns], listed: Collection[bytes]) -> dict[bytes, _FeedColumns]:
    """The feed that each listed address means: the one that has it, else the one that was listed under it.

    Where the list names both the old address of a feed and the new one, they are two feeds.
    """
    here = {row.url_key: row for row in rows if row.url_key in listed}
    taken = {row.id for row in here.values()}
    others = [(row.listed_key, row) for row in rows if row.id not in taken]
    moved = {key: row for key, row in others if key is not None and key in listed}
    return moved | here


def _leave_out(
    session: Session, rows: Sequence[_FeedColumns], kept: set[int], listed: Collection[bytes]
) -> None:
    """Switch off the defaults that the list no longer names; one may be named again later."""
    others = [row for row in rows if row.id not in kept]
    gone = [row.id for row in others if row.is_default and row.disabled_reason is None]
    session.execute(update(t.feed).where(t.feed.c.id.in_(gone)).values(disabled_reason=NOT_LISTED))
    # Another feed has the address now: should that one move, the list must not mean this one again.
    replaced = [row.id for row in others if row.listed_key in listed]
    session.execute(update(t.feed).where(t.feed.c.id.in_(replaced)).values(listed_key=None))

"""Everything that the feeds brought, articles and others, as a watch reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bot.article import concerns_of
from bot.domain.audience import View
from bot.domain.evidence import unpack_evidence
from bot.store import tables as t
from bot.store.models import ArticleRow
from bot.store.sql import col, columns, in_pages, records
from bot.store.visibility import visibility

#: Entries are looked through in order of arrival. A poll that began earlier may be committed later, with
#: lower ids: far fewer than this many articles arrive in between.
OVERLAP_IDS = 500
#: Rows in memory at a time.
_STEP = 2000


@dataclass(frozen=True, slots=True)
class WatchedEntry:
    """An entry of either kind, as a watch reads it."""

    id: int
    key: bytes
    article_id: int | None
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    at: datetime
    topics: str = ""
    evidence: str | None = None

    def under(self, concern: str | None) -> bool:
        """Whether it is an article under the concern, or under any."""
        concerns = concerns_of(self.topics.split(), unpack_evidence(self.evidence))
        return self.article_id is not None and (concern is None or concern in concerns)


class _ArticleColumns(NamedTuple):
    """What is looked through of an article."""

    id: int
    guid_key: bytes
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    published_at: datetime
    topics: str
    evidence: str | None


class _PrintColumns(NamedTuple):
    """What is looked through of an entry that is no article; the publisher is its feed's."""

    id: int
    guid_key: bytes
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    seen_at: datetime


def entries_of(session: Session, view: View, since: datetime) -> Iterator[WatchedEntry]:
    """Everything that the feeds of a server brought since then, articles and others.

    By when it was read here: of an entry that is no article nothing else is known, and both kinds must be
    counted by one measure.
    """
    reads = readable_feeds(session, view)
    keys: set[bytes] = set()
    come = and_(t.article.c.id >= _first_id(session, since), t.article.c.first_seen_at >= since)
    for entry in articles(session, come):
        if entry.feed_id in reads:
            keys.add(entry.key)
            yield entry
    for entry in left_out(session, t.fingerprint.c.seen_at >= since):
        if entry.feed_id in reads and entry.key not in keys:
            yield entry


def articles(session: Session, where: ColumnElement[bool]) -> Iterator[WatchedEntry]:
    """The articles under a condition, in the order of their ids."""
    article = t.article.c
    query = select(*columns(_ArticleColumns, t.article)).where(where).order_by(article.id).limit(_STEP)
    last = 0
    while rows := records(session.execute(query.where(article.id > last)), _ArticleColumns):
        for row in rows:
            yield WatchedEntry(
                row.id,
                row.guid_key,
                row.id,
                row.feed_id,
                row.url,
                row.title,
                row.summary,
                row.language,
                row.publisher,
                row.published_at,
                row.topics,
                row.evidence,
            )
        last = rows[-1].id


def _first_id(session: Session, since: datetime) -> int:
    """An id before which no article was read since then: ids follow arrival, but for polls that overlap."""
    article = t.article.c
    first, end = 1, (session.scalar(select(func.max(article.id))) or 0) + 1
    while first < end:
        middle = (first + end) // 2
        query = select(col(ArticleRow.id), col(ArticleRow.first_seen_at)).where(article.id >= middle)
        row = session.execute(query.order_by(article.id).limit(1)).first()
        if row is None or row[1] >= since:
            end = middle
        else:
            first = row[0] + 1
    return first - OVERLAP_IDS


def left_out(session: Session, where: ColumnElement[bool]) -> Iterator[WatchedEntry]:
    """The entries under a condition that are no articles, in the order in which they were read."""
    prints = t.fingerprint.c
    selected = columns(_PrintColumns, t.fingerprint, t.feed)
    query = select(*selected).join(t.feed, t.feed.c.id == prints.feed_id).where(where)
    for row in in_pages(session, query, _PrintColumns, prints.seen_at, prints.id, _STEP):
        yield WatchedEntry(
            row.id,
            row.guid_key,
            None,
            row.feed_id,
            row.url,
            row.title,
            row.summary,
            row.language,
            row.publisher,
            row.seen_at,
        )


def readable_feeds(session: Session, view: View) -> frozenset[int]:
    """The feeds that a server reads."""
    seen = visibility(session, view)
    if seen.only is not None:
        return seen.only
    defaults = session.scalars(select(t.feed.c.id).where(t.feed.c.is_default.is_(True)))
    return frozenset(defaults) | seen.added

"""All entries of the feeds, articles and others, as a watch reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, null, select, tuple_
from sqlalchemy.orm import Session

from bot.article import concerns_of
from bot.domain.audience import View
from bot.domain.evidence import unpack_evidence
from bot.store import tables as t
from bot.store.models import ArticleRow
from bot.store.sql import col, records
from bot.store.visibility import visibility

#: Entries are looked through in order of arrival. A poll that began earlier may be committed later, with
#: lower ids: far fewer than this many articles arrive in between.
OVERLAP_IDS = 500
#: Rows in memory at a time.
_STEP = 2000
#: What articles and other entries have in common.
_TEXT = ("feed_id", "url", "title", "summary", "language")


class WatchedEntry(NamedTuple):
    """An entry of either kind, as a watch reads it. ``at`` is when it was published, or read if it is no
    article.
    """

    id: int
    guid_key: bytes
    article_id: int | None
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    at: datetime
    topics: str
    evidence: str | None

    def under(self, concern: str | None) -> bool:
        """Whether it is an article under the concern, or under any."""
        concerns = concerns_of(self.topics.split(), unpack_evidence(self.evidence))
        return self.article_id is not None and (concern is None or concern in concerns)


def entries_of(session: Session, view: View, since: datetime) -> Iterator[WatchedEntry]:
    """All entries of a server's feeds since then, articles and others.

    By when it was read here: of an entry that is no article nothing else is known, and both kinds must be
    counted by one measure.
    """
    reads = readable_feeds(session, view)
    keys: set[bytes] = set()
    come = and_(t.article.c.id >= _first_id(session, since), t.article.c.first_seen_at >= since)
    for entry in articles(session, come):
        if entry.feed_id in reads:
            keys.add(entry.guid_key)
            yield entry
    for entry in left_out(session, t.fingerprint.c.seen_at >= since):
        if entry.feed_id in reads and entry.guid_key not in keys:
            yield entry


def articles(session: Session, where: ColumnElement[bool]) -> Iterator[WatchedEntry]:
    """The articles under a condition, in the order of their ids."""
    article = t.article.c
    selected = (
        article.id,
        article.guid_key,
        article.id.label("article_id"),
        *(article[name] for name in _TEXT),
        article.publisher,
        article.published_at.label("at"),
        article.topics,
        article.evidence,
    )
    query = select(*selected).where(where).order_by(article.id).limit(_STEP)
    last = 0
    while rows := records(session.execute(query.where(article.id > last)), WatchedEntry):
        yield from rows
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
    """The entries under a condition that are no articles, in the order in which they were read.

    No cursor stays open between two pages, which would hold a snapshot of the database.
    """
    prints = t.fingerprint.c
    selected = (
        prints.id,
        prints.guid_key,
        null().label("article_id"),
        *(prints[name] for name in _TEXT),
        t.feed.c.publisher,
        prints.seen_at.label("at"),
        literal("").label("topics"),
        null().label("evidence"),
    )
    query = select(*selected).join(t.feed, t.feed.c.id == prints.feed_id).where(where)
    page = query.order_by(prints.seen_at, prints.id).limit(_STEP)
    rows = records(session.execute(page), WatchedEntry)
    while rows:
        yield from rows
        last_at, last_id = literal(rows[-1].at, prints.seen_at.type), literal(rows[-1].id, prints.id.type)
        later = tuple_(prints.seen_at, prints.id) > tuple_(last_at, last_id)
        rows = records(session.execute(page.where(prints.seen_at >= last_at, later)), WatchedEntry)


def readable_feeds(session: Session, view: View) -> frozenset[int]:
    """The feeds that a server reads."""
    seen = visibility(session, view)
    if seen.only is not None:
        return seen.only
    defaults = session.scalars(select(t.feed.c.id).where(t.feed.c.is_default.is_(True)))
    return frozenset(defaults) | seen.added

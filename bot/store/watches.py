"""A server's own phrases: candidates, those in force, and what they have found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import Owner, User, View
from bot.store import guilds
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.models import ArticleRow
from bot.store.sql import chunks, col, columns, joined, record, records, upsert
from bot.store.visibility import visibility
from bot.store.watched_entries import entries_of, readable_feeds
from bot.store.watching import (
    CANDIDATE_LIFE,
    WATCH,
    Watch,
    WatchColumns,
    WatchHit,
    hit_row,
    watch_of,
)
from bot.topics.phrases import Owned, PhraseBook

#: Watches that one server may have: with twelve phrases each, more than anybody can keep in mind.
MOST_WATCHES = 40
#: Phrases that find more than this in their dry run are too broad: nobody reads 100 a day.
TOO_BROAD = 3000


class _Found(NamedTuple):
    """How many entries a watch found; None is none."""

    found: int | None


class _HitColumns(NamedTuple):
    """A hit with its watch's name and concern and its feed's publisher."""

    entry_key: bytes
    article_id: int | None
    phrase: str
    url: str
    title: str
    language: str
    at: datetime
    name: str
    concern: str | None
    publisher: str


class WatchLimit(Exception):
    """The server has as many watches in force as one may have."""


def propose(
    session: Session,
    owner: Owner,
    *,
    name: str,
    concern: str,
    phrases: Sequence[str],
    by: User | None,
    now: datetime,
) -> Watch | None:
    """A candidate of that name, replacing an older candidate. None if a watch in force has the name.

    Raises WatchLimit.
    """
    _check_limit(session, owner)
    name = plain(name)
    here = and_(t.watch.c.guild_id == owner, t.watch.c.name == name)
    if session.scalar(select(t.watch.c.confirmed_at).where(here)) is not None:
        return None
    stale = and_(t.watch.c.confirmed_at.is_(None), t.watch.c.at < now - CANDIDATE_LIFE)
    session.execute(delete(t.watch).where(stale))
    session.execute(delete(t.watch).where(here))
    row = {
        "guild_id": owner,
        "name": name,
        "concern": concern,
        "phrases": dump([plain(phrase) for phrase in phrases]),
        "added_by": by,
        "at": now,
        "confirmed_at": None,
    }
    found = session.execute(t.watch.insert().values(row).returning(t.watch.c.id)).scalar_one()
    return Watch(found, owner, name, concern, tuple(phrases), None)


def confirm(
    session: Session,
    owner: Owner,
    token: str,
    past: Sequence[Mapping[str, Any]],
    *,
    by: User | None,
    now: datetime,
) -> Watch | None:
    """Put a candidate into force, with what ``past_hits`` found for it.

    None if there is no such candidate any more; one that is in force already stays so. Raises WatchLimit.
    """
    watch = by_token(session, owner, token)
    if watch is None or watch.confirmed_at is not None:
        return watch
    _check_limit(session, owner)
    session.execute(update(t.watch).where(t.watch.c.id == watch.id).values(confirmed_at=now))
    for some in chunks(past):
        upsert(session, t.watch_hit, some)
    detail = {"name": watch.name, "concern": watch.concern, "phrases": list(watch.phrases)}
    guilds.audit(session, owner, action="watch_added", detail=detail, by=by, now=now)
    return replace(watch, confirmed_at=now, found=len(past))


def _check_limit(session: Session, owner: Owner) -> None:
    """Raise WatchLimit if one watch more would be too many."""
    watch = t.watch.c
    in_force = select(func.count()).where(watch.guild_id == owner, watch.confirmed_at.is_not(None))
    if session.execute(in_force).scalar_one() >= MOST_WATCHES:
        raise WatchLimit


def past_hits(session: Session, watch: Watch, since: datetime) -> list[dict[str, Any]]:
    """What a watch finds from ``since`` on, to be kept by ``confirm``. Reads only: it may take a second."""
    book = PhraseBook(Owned(watch.id, phrase) for phrase in watch.phrases)
    return [
        hit_row(watch.id, phrase, entry)
        for entry in entries_of(session, watch.owner, since)
        for phrase in book.find(entry.title, entry.summary).values()
    ]


def remove(session: Session, owner: Owner, watch_id: int, *, by: User | None, now: datetime) -> Watch | None:
    """Take a watch out of force, with what it found. It stays a candidate for a day, to be brought back."""
    watch = by_id(session, owner, watch_id)
    if watch is None or watch.confirmed_at is None:
        return None
    session.execute(delete(t.watch_hit).where(t.watch_hit.c.watch_id == watch_id))
    session.execute(update(t.watch).where(t.watch.c.id == watch_id).values(confirmed_at=None, at=now))
    detail = {"name": watch.name, "phrases": list(watch.phrases)}
    guilds.audit(session, owner, action="watch_removed", detail=detail, by=by, now=now)
    return watch


def by_id(session: Session, view: View, watch_id: int) -> Watch | None:
    """The server's watch or candidate with that id."""
    return _one(session, view, t.watch.c.id == watch_id)


def by_token(session: Session, view: View, token: str) -> Watch | None:
    """The server's watch or candidate that a button meant; None if it has changed since."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    watch = by_id(session, view, int(number))
    return watch if watch is not None and watch.token == token else None


def by_name(session: Session, view: View, name: str) -> Watch | None:
    """The server's watch or candidate of that name."""
    return _one(session, view, t.watch.c.name == plain(name))


def of_guild(session: Session, view: View, since: datetime) -> list[Watch]:
    """The server's watches in force, by name, each with how many entries it found since then."""
    found = (
        select(t.watch_hit.c.watch_id, func.count().label("found"))
        .where(t.watch_hit.c.at >= since)
        .group_by(t.watch_hit.c.watch_id)
        .subquery()
    )
    rows = session.execute(
        select(*WATCH, found.c.found)
        .outerjoin(found, found.c.watch_id == t.watch.c.id)
        .where(t.watch.c.guild_id == view, t.watch.c.confirmed_at.is_not(None))
        .order_by(t.watch.c.name)
    )
    return [watch_of(watch, hits.found or 0) for watch, hits in joined(rows, WatchColumns, _Found)]


def hits(
    session: Session,
    view: View,
    *,
    concern: str | None = None,
    language: str | None = None,
    since: datetime,
    limit: int = 5,
) -> list[WatchHit]:
    """What the server's watches found beyond what it is shown already, newest first.

    Without ``concern``, articles are left out, since they are shown as developments; with it, articles of
    other concerns are told too.
    """
    hit, watch = t.watch_hit, t.watch
    if not session.scalar(
        select(watch.c.id).where(watch.c.guild_id == view, watch.c.confirmed_at.is_not(None)).limit(1)
    ):
        return []
    where: list[ColumnElement[bool]] = [
        watch.c.guild_id == view,
        watch.c.confirmed_at.is_not(None),
        hit.c.at >= since,
        _reads(session, view, hit.c.feed_id),
    ]
    if concern is None:
        where.append(hit.c.article_id.is_(None))
    else:
        where += [watch.c.concern == concern, ~_under(concern, hit.c.article_id)]
    if language is not None:
        where.append(hit.c.language == language)
    rows = session.execute(
        select(*columns(_HitColumns, hit, watch, t.feed))
        .join(watch, watch.c.id == hit.c.watch_id)
        .join(t.feed, t.feed.c.id == hit.c.feed_id)
        .where(*where)
        .order_by(hit.c.at.desc(), hit.c.entry_key, hit.c.watch_id)
        .limit(limit * 4)  # several watches may have found one entry
    )
    found: dict[bytes, WatchHit] = {}
    for row in records(rows, _HitColumns):
        found.setdefault(row.entry_key, _hit(row))
    return list(found.values())[:limit]


def hit_at(session: Session, view: View, url: str) -> WatchHit | None:
    """What the server's watches found at a canonical address."""
    rows = session.execute(
        select(*columns(_HitColumns, t.watch_hit, t.watch, t.feed))
        .join(t.watch, t.watch.c.id == t.watch_hit.c.watch_id)
        .join(t.feed, t.feed.c.id == t.watch_hit.c.feed_id)
        .where(
            t.watch.c.guild_id == view,
            t.watch.c.confirmed_at.is_not(None),
            t.watch_hit.c.url == url,
            _reads(session, view, t.watch_hit.c.feed_id),
        )
        .limit(1)
    )
    row = record(rows, _HitColumns)
    return _hit(row) if row else None


def how_often(session: Session, view: View, phrase: str, *, newest: int = 1000) -> tuple[int, int]:
    """In how many of the newest articles of a view a phrase stands, and how many were looked at."""
    article = t.article.c
    seen = visibility(session, view).clause(article.id, article.common)
    texts = select(col(ArticleRow.title), col(ArticleRow.summary)).where(seen)
    rows = session.execute(texts.order_by(article.id.desc()).limit(newest)).all()
    book = PhraseBook.of((phrase,))
    return sum(bool(book.find(title, summary)) for title, summary in rows), len(rows)


def _one(session: Session, view: View, condition: ColumnElement[bool]) -> Watch | None:
    rows = session.execute(select(*WATCH).where(t.watch.c.guild_id == view, condition))
    row = record(rows, WatchColumns)
    return watch_of(row) if row else None


def _hit(row: _HitColumns) -> WatchHit:
    return WatchHit(
        watch=row.name,
        concern=row.concern or "",
        phrase=row.phrase,
        url=row.url,
        title=row.title,
        language=row.language,
        publisher=row.publisher,
        at=row.at,
        article_id=row.article_id,
    )


def _reads(session: Session, view: View, feed_id: ColumnElement[int]) -> ColumnElement[bool]:
    return feed_id.in_(sorted(readable_feeds(session, view)))


def _under(concern: str, article_id: ColumnElement[int | None]) -> ColumnElement[bool]:
    placed = t.article_concern.alias("placed")
    return exists(select(1).where(placed.c.article_id == article_id, placed.c.concern_id == concern))

"""Look for servers' phrases among everything that the feeds brought, articles and others.

What a watch finds is kept beside the articles and not among them: an entry that only one server wants must
not become an article that grouping, search and every other server would then have to leave out again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from bot.domain.audience import Owner, View
from bot.store import tables as t
from bot.store.codec import load_texts
from bot.store.models import GuildFeedRow, WatchHitRow
from bot.store.sql import chunks, col, columns, records, upsert
from bot.store.types import key16, moment, owner_key, seconds
from bot.store.visibility import ADDED
from bot.store.watched_entries import (
    OVERLAP_IDS,
    WatchedEntry,
    articles,
    entries_of,
    left_out,
)
from bot.topics.phrases import Owned, PhraseBook

#: A candidate that nobody confirmed within this is forgotten.
CANDIDATE_LIFE = timedelta(days=1)
#: What a watch found is kept this long: a quarter, for an entry that is no article.
HIT_LIFE = timedelta(days=90)

#: Entries are looked through in order of arrival. A poll that began before the last look may be committed
#: after it, so that each look begins a little before the last one's end.
_OVERLAP = timedelta(minutes=10)
_CURSOR = "watched_until"


@dataclass(frozen=True, slots=True)
class Watch:
    """A server's phrases for a concern. ``confirmed_at`` is None while it is a candidate."""

    id: int
    owner: Owner
    name: str
    concern: str
    phrases: tuple[str, ...]
    confirmed_at: datetime | None
    found: int = 0

    @property
    def token(self) -> str:
        """What a button says to mean exactly this watch: ids are given again, and candidates replaced."""
        told = "\n".join((str(owner_key(self.owner)), self.name, self.concern, *self.phrases))
        return f"{self.id}-{key16(told).hex()[:10]}"


@dataclass(frozen=True, slots=True)
class WatchHit:
    """An entry that a watch found. ``article_id`` is None where the matcher did not let it in.

    ``shown`` is whether the watch's concern has it already.
    """

    watch: str
    concern: str
    phrase: str
    url: str
    title: str
    language: str
    publisher: str
    at: datetime
    article_id: int | None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class DryRun:
    """What phrases would have found among what came since then, and how that differs from what is shown now.

    ``looked_at`` counts the entries of the server's feeds; ``found`` those with a phrase; ``shown`` those of
    them that are under the concern already, ``elsewhere`` those that are articles under other concerns only.
    ``before`` is how many of the entries are under the concern. ``samples`` are newest first: what would be
    new, then what is shown already.
    """

    looked_at: int
    found: int
    shown: int
    elsewhere: int
    before: int
    samples: tuple[WatchHit, ...]
    by_phrase: tuple[tuple[str, int], ...] = ()

    @property
    def added(self) -> int:
        """How many entries the concern would have had beyond those of now."""
        return self.found - self.shown


@dataclass(frozen=True, slots=True)
class WatchScan:
    """What a scan of the newest entries found, and where the next one begins."""

    hits: tuple[dict[str, Any], ...]
    article_id: int
    seen_at: datetime
    moved: bool


class WatchColumns(NamedTuple):
    """The columns that a Watch needs."""

    id: int
    guild_id: Owner
    name: str
    concern: str | None
    phrases: str
    confirmed_at: datetime | None


WATCH = columns(WatchColumns, t.watch)


def dry_run(
    session: Session,
    view: View,
    phrases: Sequence[str],
    concern: str | None,
    *,
    since: datetime,
    samples: int = 5,
) -> DryRun:
    """What the phrases would have found in what came since then to the server's feeds; changes nothing."""
    book = PhraseBook.of(phrases)
    looked_at = found = shown = elsewhere = before = 0
    by_phrase = dict.fromkeys(phrases, 0)
    fresh: list[WatchHit] = []
    known: list[WatchHit] = []
    for entry in entries_of(session, view, since):
        looked_at += 1
        is_shown = entry.under(concern)
        before += is_shown
        phrase = next(iter(book.find(entry.title, entry.summary).values()), None)
        if phrase is None:
            continue
        found += 1
        by_phrase[phrase] += 1
        shown += is_shown
        elsewhere += entry.article_id is not None and not is_shown
        (known if is_shown else fresh).append(_sample(phrase, concern, entry, is_shown))
    best = [*_newest(fresh, samples), *_newest(known, samples)][:samples]
    return DryRun(
        looked_at=looked_at,
        found=found,
        shown=shown,
        elsewhere=elsewhere,
        before=before,
        samples=tuple(best),
        by_phrase=tuple(by_phrase.items()),
    )


def scan(session: Session, now: datetime, *, most_behind: timedelta) -> WatchScan:
    """What the watches in force find among the entries that came since the last scan.

    Reads only; ``keep`` stores it. A scan never begins earlier than ``most_behind`` before now.
    """
    article_id, seen_at, known = _cursor(session, now - most_behind)
    start_id, start_at = article_id - OVERLAP_IDS, seen_at - _OVERLAP
    in_force = select(*WATCH).where(t.watch.c.confirmed_at.is_not(None))
    watches = [watch_of(row) for row in records(session.execute(in_force), WatchColumns)]
    newest_id = session.scalar(select(func.max(t.article.c.id))) or 0
    moved = not known or newest_id > article_id or now - seen_at > _OVERLAP
    if not watches:
        # Nothing to look for. The first watch brings its own past along when it is confirmed.
        return WatchScan((), newest_id, now, moved=False)
    book = PhraseBook(Owned(watch.id, phrase) for watch in watches for phrase in watch.phrases)
    owner_of = {watch.id: watch.owner for watch in watches}
    reads = _feeds_of_each(session, frozenset(owner_of.values()))
    rows: list[dict[str, Any]] = []
    seen: set[tuple[int, bytes]] = set()
    for entry in (
        *articles(session, t.article.c.id > start_id),
        *left_out(session, t.fingerprint.c.seen_at >= start_at),
    ):
        for watch_id, phrase in book.find(entry.title, entry.summary).items():
            if entry.feed_id in reads[owner_of[watch_id]] and (watch_id, entry.guid_key) not in seen:
                seen.add((watch_id, entry.guid_key))
                rows.append(hit_row(watch_id, phrase, entry))
    return WatchScan(tuple(_unknown(session, rows)), newest_id, now, moved)


def keep(session: Session, looked: WatchScan) -> int:
    """Store what a scan found and where the next begins; safe to repeat. Returns how many hits were kept.

    A watch that was removed meanwhile keeps nothing.
    """
    ids = {row["watch_id"] for row in looked.hits}
    there = set(
        session.scalars(
            select(t.watch.c.id).where(t.watch.c.id.in_(ids), t.watch.c.confirmed_at.is_not(None))
        )
    )
    rows = [row for row in looked.hits if row["watch_id"] in there]
    for some in chunks(rows):
        upsert(session, t.watch_hit, some)
    value = json.dumps([looked.article_id, seconds(looked.seen_at)])
    upsert(session, t.meta, [{"key": _CURSOR, "value": value}])
    session.execute(delete(t.watch_hit).where(t.watch_hit.c.at < looked.seen_at - HIT_LIFE))
    stale = and_(t.watch.c.confirmed_at.is_(None), t.watch.c.at < looked.seen_at - CANDIDATE_LIFE)
    session.execute(delete(t.watch).where(stale))
    return len(rows)


def _cursor(session: Session, earliest: datetime) -> tuple[int, datetime, bool]:
    """Where the last scan ended, or ``earliest``; and whether there was one."""
    stored = session.scalar(select(t.meta.c.value).where(t.meta.c.key == _CURSOR))
    if stored is not None:
        article_id, at = json.loads(stored)
        if moment(at) >= earliest:
            return article_id, moment(at), True
    first = session.scalar(select(func.min(t.article.c.id)).where(t.article.c.published_at >= earliest))
    return (first or 1) - 1, earliest, False


def _unknown(session: Session, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that are not kept yet, or were kept when the entry was no article."""
    known: set[tuple[int, bytes, int | None]] = set()
    hit = t.watch_hit
    for keys in chunks({row["entry_key"] for row in rows}):
        selected = col(WatchHitRow.watch_id), col(WatchHitRow.entry_key), col(WatchHitRow.article_id)
        known.update(session.execute(select(*selected).where(hit.c.entry_key.in_(keys))).all())
    return (row for row in rows if (row["watch_id"], row["entry_key"], row["article_id"]) not in known)


def _newest(found: Iterable[WatchHit], limit: int) -> list[WatchHit]:
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _sample(phrase: str, concern: str | None, entry: WatchedEntry, shown: bool) -> WatchHit:
    return WatchHit(
        watch="",
        concern=concern or "",
        phrase=phrase,
        url=entry.url,
        title=entry.title,
        language=entry.language,
        publisher=entry.publisher,
        at=entry.at,
        article_id=entry.article_id,
        shown=shown,
    )


def _feeds_of_each(session: Session, owners: frozenset[Owner]) -> dict[Owner, frozenset[int]]:
    """``readable_feeds`` of many servers with two questions: nearly all of them read just the defaults."""
    defaults = frozenset(session.scalars(select(t.feed.c.id).where(t.feed.c.is_default.is_(True))))
    reads = dict.fromkeys(owners, defaults)
    for some in chunks(owners):
        selected = col(GuildFeedRow.guild_id), col(GuildFeedRow.feed_id), col(GuildFeedRow.status)
        changed = select(*selected).where(t.guild_feed.c.guild_id.in_(some))
        for owner, feed_id, status in session.execute(changed):
            if status == ADDED:
                reads[owner] |= {feed_id}
            else:
                reads[owner] -= {feed_id}
    return reads


def hit_row(watch_id: int, phrase: str, entry: WatchedEntry) -> dict[str, Any]:
    """The row of ``watch_hit`` for an entry in which a watch found a phrase."""
    return {
        "watch_id": watch_id,
        "entry_key": entry.guid_key,
        "article_id": entry.article_id,
        "feed_id": entry.feed_id,
        "phrase": phrase,
        "url": entry.url,
        "title": entry.title,
        "language": entry.language,
        "at": entry.at,
    }


def watch_of(row: WatchColumns, found: int = 0) -> Watch:
    """The watch in a row."""
    return Watch(
        id=row.id,
        owner=row.guild_id,
        name=row.name,
        concern=row.concern or "",
        phrases=load_texts(row.phrases),
        confirmed_at=row.confirmed_at,
        found=found,
    )

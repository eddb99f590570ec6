"""What may be forgotten, and what keeps the store quick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, text
from sqlalchemy.orm import Session

from bot.domain.digests import DeliveryState
from bot.store import kept_requests, search, stories
from bot.store import tables as t
from bot.store.follows import DROPPED
from bot.store.known_entries import RETIRED
from bot.store.sql import chunks, columns, insert_ignore, is_sqlite, records

#: Articles retired in one transaction: about a tenth of a second, so that the poller gets its turn.
BATCH = 1000
#: A feed that still lists an entry from more than this long after we retired it is a rarity.
_RETIRED = timedelta(days=400)
#: Settled messages: what was posted last month is of no use to anyone.
_SETTLED = timedelta(days=30)
#: A reader is not told again of a story that was silent for this long.
_LEDGER = timedelta(days=180)
#: Who changed what: nobody asks about more than a year ago, and it names people.
_AUDIT = timedelta(days=365)
#: What a reader stopped following can be taken back for this long.
_TAKEN_BACK = timedelta(days=1)
#: A feed that was looked at and that nobody followed.
_CANDIDATES = timedelta(days=7)


def prune(
    session: Session,
    now: datetime,
    *,
    fingerprints: timedelta = timedelta(days=30),
    polls: timedelta = timedelta(days=7),
    articles: timedelta | None = None,
) -> int:
    """Forget what is past its time; how many rows went.

    ``articles`` is how long articles are kept, None or zero for ever; at most 1,000 go in one call, so call
    again while it returns that many. A retired article leaves a fingerprint: its feed may still list it.
    """
    gone = 0
    prints, box = t.fingerprint, t.outbox
    old = and_(prints.c.reason != RETIRED, prints.c.seen_at < now - fingerprints)
    gone += _delete(session, prints, old)
    decisions = t.identity_decision
    gone += _delete(session, decisions, decisions.c.decided_at < now - fingerprints)
    gone += _delete(session, prints, and_(prints.c.reason == RETIRED, prints.c.seen_at < now - _RETIRED))
    gone += _delete(session, t.poll, t.poll.c.at < now - polls)
    gone += _delete(session, t.host_hold, t.host_hold.c.until < now)
    gone += _delete(session, t.lease, t.lease.c.until < now)
    gone += _delete(
        session, box, and_(box.c.state != DeliveryState.PENDING, box.c.settled_at < now - _SETTLED)
    )
    used = exists(select(1).where(box.c.body_key == t.outbox_body.c.key))
    gone += _delete(session, t.outbox_body, ~used)
    dropped = and_(t.follow.c.pause_reason == DROPPED, t.follow.c.paused_at < now - _TAKEN_BACK)
    gone += _delete(session, t.follow, dropped)
    gone += _delete(session, t.ledger, t.ledger.c.told_at < now - _LEDGER)
    gone += _delete(session, t.audit, t.audit.c.at < now - _AUDIT)
    gone += kept_requests.prune(session, now)
    gone += _delete(session, t.feed, _unused_candidate(now))
    if articles:
        gone += retire_articles(session, now - articles, now=now)
    return gone


def retire_articles(session: Session, before: datetime, *, now: datetime, limit: int = BATCH) -> int:
    """Delete up to ``limit`` articles older than that, by date and by arrival. Returns how many went."""
    old = and_(t.article.c.published_at < before, t.article.c.first_seen_at < before)
    return _retire(session, old, now, limit)


def carried_alone(session: Session, feed_id: int) -> int:
    """How many articles only this feed has."""
    return session.execute(
        select(func.count()).select_from(t.article).where(_only_from(feed_id))
    ).scalar_one()


def retire_feed(session: Session, feed_id: int, *, now: datetime, limit: int = BATCH) -> int:
    """Delete up to ``limit`` of the articles that this feed brought and no other has. Returns how many went.

    The counts by day are not taken down; ``rollup.rebuild`` counts afresh.
    """
    return _retire(session, _only_from(feed_id), now, limit)


def retire(session: Session, article_ids: Sequence[int], *, now: datetime) -> int:
    """Delete these articles; each leaves a fingerprint. Returns how many went."""
    return _retire(session, t.article.c.id.in_(article_ids), now, max(1, len(article_ids)))


def _only_from(feed_id: int) -> ColumnElement[bool]:
    sighting = t.sighting.c
    elsewhere = select(1).where(sighting.article_id == t.article.c.id, sighting.feed_id != feed_id)
    return and_(t.article.c.feed_id == feed_id, ~exists(elsewhere))


class _Retired(NamedTuple):
    """An article that is deleted: its words leave the index, its keys stay as a fingerprint."""

    id: int
    language: str
    title: str
    summary: str
    topics: str
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    feed_id: int
    url: str
    story_id: int | None


def _retire(session: Session, which: ColumnElement[bool], now: datetime, limit: int) -> int:
    oldest = select(*columns(_Retired, t.article)).where(which)
    oldest = oldest.order_by(t.article.c.published_at, t.article.c.id).limit(limit)
    rows = records(session.execute(oldest), _Retired)
    if not rows:
        return 0
    insert_ignore(
        session,
        t.fingerprint,
        [
            {
                "guid_key": row.guid_key,
                "url_key": row.url_key,
                "content_key": row.content_key,
                "feed_id": row.feed_id,
                "url": row.url,
                "title": "",
                "summary": "",
                "language": row.language,
                "reason": RETIRED,
                "seen_at": now,
            }
            for row in rows
        ],
    )
    search.remove(
        session, [search.Text(row.id, row.language, row.title, row.summary, row.topics) for row in rows]
    )
    for ids in chunks(row.id for row in rows):
        session.execute(delete(t.article).where(t.article.c.id.in_(ids)))
    changed = sorted({row.story_id for row in rows if row.story_id is not None})
    _delete_empty_stories(session, stories.measure(session, changed))
    return len(rows)


def optimize(session: Session) -> None:
    """Once a week: merge the search index, let the planner know the tables' sizes."""
    search.optimize(session)
    session.execute(text("PRAGMA optimize" if is_sqlite(session) else "ANALYZE"))


def _delete_empty_stories(session: Session, story_ids: Sequence[int]) -> None:
    """Delete stories without an article, what was merged into them, and the read marks for them."""
    for ids in chunks(story_ids):
        whole = or_(t.story.c.id.in_(ids), t.story.c.merged_into.in_(ids))
        gone = session.scalars(delete(t.story).where(whole).returning(t.story.c.id)).all()
        for some in chunks(gone):
            session.execute(delete(t.ledger).where(t.ledger.c.story_id.in_(some)))


def _unused_candidate(now: datetime) -> ColumnElement[bool]:
    """Feeds that nobody follows and that were never read, so that nothing refers to them."""
    feed = t.feed
    return and_(
        feed.c.is_default.is_(False),
        feed.c.state == "",
        feed.c.next_due_at < now - _CANDIDATES,
        ~exists(select(1).where(t.guild_feed.c.feed_id == feed.c.id)),
    )


def _delete(session: Session, table: Table, where: ColumnElement[bool]) -> int:
    key = next(iter(table.primary_key))
    return len(session.execute(delete(table).where(where).returning(key)).all())

"""How much was reported by day and by week, kept ready: a year's chart in 0.1 ms instead of 10.

Counts are of what the default feeds carried, which is what nearly every server reads; a server with feeds
of its own is counted from the articles. A span that changes is counted afresh from ``article_concern``, so
that no order of events can make it drift. With it goes the story that most articles of the span told of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, delete, select, text, type_coerce, update
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.models import ArticleConcernRow
from bot.store.sql import chunks, col
from bot.store.types import seconds

DAY = 1
WEEK = 7
_SECONDS = 86_400
_EPOCH = date(1970, 1, 1)
#: 1 January 1970 was a Thursday: three days after a Monday.
_SHIFT = 3

#: A concern, a length in days, and its first day's number since 1970.
Span = tuple[str, int, int]


def start_of(at: datetime, span: int) -> int:
    """The number of the day on which the span of ``at`` begins: that day, or its week's Monday."""
    day = seconds(at) // _SECONDS
    return day if span == DAY else day - (day + _SHIFT) % WEEK


def day_of(start: int) -> date:
    """The date of a day's number."""
    return _EPOCH + timedelta(days=start)


def spans_of(concern: str, at: datetime) -> tuple[Span, Span]:
    """The day and the week that an article of ``at`` belongs to."""
    return (concern, DAY, start_of(at, DAY)), (concern, WEEK, start_of(at, WEEK))


#: A statement for all spans: the driver repeats it, and nothing is built or fetched for each.
_RECOUNT = text(
    "WITH told AS (SELECT story_id, COUNT(*) AS n FROM article_concern WHERE concern_id = :concern"
    " AND common = :yes AND published_at >= :first AND published_at < :end GROUP BY story_id)"
    " INSERT INTO concern_span (concern_id, span, start, articles, stories, top_story_id)"
    " SELECT CAST(:concern AS TEXT), CAST(:span AS INTEGER), CAST(:start AS INTEGER),"
    " CAST(COALESCE(SUM(n), 0) AS INTEGER), COUNT(*),"
    " (SELECT story_id FROM told ORDER BY n DESC, story_id DESC LIMIT 1) FROM told WHERE true"
    " ON CONFLICT (concern_id, span, start) DO UPDATE SET articles = excluded.articles,"
    " stories = excluded.stories, top_story_id = excluded.top_story_id"
)


def recount(session: Session, spans: Iterable[Span]) -> None:
    """Count these spans afresh."""
    rows = [
        {
            "concern": concern,
            "span": span,
            "start": start,
            "first": start * _SECONDS,
            "end": (start + span) * _SECONDS,
            "yes": True,
        }
        for concern, span, start in sorted(set(spans))
    ]
    if rows:
        session.connection().execute(_RECOUNT, rows)


def rebuild(session: Session) -> None:
    """Count every span afresh."""
    session.execute(delete(t.concern_span))
    concerns = t.article_concern.c
    for span in (DAY, WEEK):
        start = start_column(span).label("start")
        found = select(col(ArticleConcernRow.concern_id), start).where(concerns.common.is_(True)).distinct()
        recount(session, [(concern, span, number) for concern, number in session.execute(found)])


def start_column(span: int) -> ColumnElement[int]:
    """``start_of`` as SQL, over ``article_concern.published_at``."""
    day = type_coerce(t.article_concern.c.published_at, BigInteger) // _SECONDS
    return day if span == DAY else day - (day + _SHIFT) % WEEK


def mark_common(session: Session, article_ids: Iterable[int]) -> None:
    """A default feed carries these articles too: every server may see them from now on."""
    for ids in chunks(article_ids):
        session.execute(update(t.article).where(t.article.c.id.in_(ids)).values(common=True))
        concerns = t.article_concern
        selected = col(ArticleConcernRow.concern_id), col(ArticleConcernRow.published_at)
        placed = session.execute(select(*selected).where(concerns.c.article_id.in_(ids))).all()
        session.execute(update(concerns).where(concerns.c.article_id.in_(ids)).values(common=True))
        recount(session, (span for concern, at in placed for span in spans_of(concern, at)))


def make_common(session: Session, feed_id: int) -> None:
    """A feed became a default: so did all that it carried."""
    ids = session.scalars(
        select(t.article.c.id)
        .join(t.sighting, t.sighting.c.article_id == t.article.c.id)
        .where(t.sighting.c.feed_id == feed_id, t.article.c.common.is_(False))
    ).all()
    mark_common(session, ids)

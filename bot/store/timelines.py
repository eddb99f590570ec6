"""What was reported when: counts by day and week, and each day's most reported story."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from bot.domain.audience import View
from bot.domain.stories import Development, Tally
from bot.store import developments, rollup
from bot.store import tables as t
from bot.store.sql import columns, records
from bot.store.types import moment
from bot.store.visibility import Visibility, visibility


class _Counted(NamedTuple):
    """The articles and the stories of a day or week."""

    start: int
    articles: int
    stories: int


class _Span(NamedTuple):
    """As it is kept for the default feeds, with the story that was reported most."""

    start: int
    articles: int
    stories: int
    top_story_id: int | None


_READY = (
    select(*columns(_Span, t.concern_span))
    .where(
        t.concern_span.c.concern_id == bindparam("concern"),
        t.concern_span.c.span == bindparam("span"),
        t.concern_span.c.start.between(bindparam("first"), bindparam("last")),
        t.concern_span.c.articles > 0,
    )
    .order_by(t.concern_span.c.start)
)


def timeline(
    session: Session,
    view: View,
    concern: str,
    since: datetime,
    until: datetime,
    *,
    span: int = rollup.DAY,
) -> list[Tally]:
    """How much of a concern was reported on each day or week (``span`` 1 or 7) that had any, oldest first.

    Days are days of UTC. The spans that hold ``since`` and ``until`` are counted whole.
    """
    first, last = rollup.start_of(since, span), rollup.start_of(until, span)
    seen = visibility(session, view)
    spans: Sequence[_Span | _Counted]
    if seen.plain:
        values = {"concern": concern, "span": span, "first": first, "last": last}
        spans = records(session.connection().execute(_READY, values), _Span)
    else:
        start = rollup.start_column(span).label("start")
        rows = session.execute(
            select(
                start,
                func.count(t.article_concern.c.article_id).label("articles"),
                func.count(t.article_concern.c.story_id.distinct()).label("stories"),
            )
            .where(_in_days(concern, first, last + span), _seen_concern(seen))
            .group_by(start)
            .order_by(start)
        )
        spans = records(rows, _Counted)
    return [Tally(rollup.day_of(one.start), one.articles, one.stories) for one in spans]


def first_seen(session: Session) -> datetime | None:
    """When the oldest article that is still kept was read; None where there is none."""
    return session.scalar(select(t.article.c.first_seen_at).order_by(t.article.c.id).limit(1))


def most_reported_by_day(
    session: Session,
    view: View,
    concern: str,
    since: datetime,
    until: datetime,
    *,
    limit: int = 31,
) -> list[tuple[date, Development]]:
    """The most reported development of each day (UTC) that had any; the newest ``limit`` days, newest first.

    A story is listed once, on the last day on which it was the most reported.
    """
    first, last = rollup.start_of(since, rollup.DAY), rollup.start_of(until, rollup.DAY)
    seen = visibility(session, view)
    told: dict[int, int] = {}  # the day of each story
    for day, most_reported in top_stories(session, seen, concern, first, last):
        if most_reported not in told:
            told[most_reported] = day
        else:
            others = (one for one in _most_reported(session, seen, concern, day) if one not in told)
            told |= dict.fromkeys(itertools.islice(others, 1), day)
        if len(told) == limit:
            break
    found = developments.stories(session, list(told), view)
    return [(rollup.day_of(told[one.story_id]), one) for one in found]


def top_stories(
    session: Session, seen: Visibility, concern: str, first: int, last: int
) -> Iterator[tuple[int, int]]:
    """Each day that had any, the newest first, with the story that was reported most."""
    if seen.plain:
        values = {"concern": concern, "span": rollup.DAY, "first": first, "last": last}
        ready = records(session.connection().execute(_READY, values), _Span)
        # A day whose articles were all retired is still counted, and has nothing to tell.
        yield from ((row.start, row.top_story_id) for row in reversed(ready) if row.top_story_id is not None)
        return
    for day in range(last, first - 1, -1):
        for most_reported in _most_reported(session, seen, concern, day)[:1]:
            yield day, most_reported


def _most_reported(session: Session, seen: Visibility, concern: str, day: int) -> Sequence[int]:
    """The stories of a day, those with the most articles first."""
    values = {"concern": concern, "since": moment(day * 86_400), "until": moment((day + 1) * 86_400)}
    return session.connection().execute(_stories_of_span(seen), values).scalars().all()


@lru_cache(maxsize=512)
def _stories_of_span(seen: Visibility) -> Select[*tuple[Any, ...]]:
    """A concern's stories between two moments, those with the most articles first."""
    concerns = t.article_concern.c
    return (
        select(concerns.story_id)
        .where(
            concerns.concern_id == bindparam("concern"),
            concerns.published_at >= bindparam("since"),
            concerns.published_at < bindparam("until"),
            _seen_concern(seen),
        )
        .group_by(concerns.story_id)
        .order_by(func.count().desc(), concerns.story_id.desc())
    )


def _seen_concern(seen: Visibility) -> ColumnElement[bool]:
    return seen.clause(t.article_concern.c.article_id, t.article_concern.c.common)


def _in_days(concern: str, first: int, end: int) -> ColumnElement[bool]:
    """The articles of a concern from day ``first`` up to and without day ``end``."""
    at = t.article_concern.c.published_at
    return and_(
        t.article_concern.c.concern_id == concern,
        at >= moment(first * 86_400),
        at < moment(end * 86_400),
    )

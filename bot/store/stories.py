"""Stories that turn out to be one.

The revisions of a merged story stay under its own id, as a chain that ends there, and so do the marks of
those who read it: nothing is delivered again because two stories became one. Its articles go over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.store import rollup
from bot.store import tables as t
from bot.store.models import ArticleConcernRow, StoryRow
from bot.store.sql import chunks, col, records

#: A story merged into one that was merged itself is followed this far; a ring cannot hang us.
MERGES = 8


def current(session: Session, story_id: int) -> int | None:
    """The story that the id stands for by now: itself, or what it was merged into; None if it is unknown."""
    for _ in range(MERGES):
        merged_into = session.execute(select(col(StoryRow.merged_into)).where(t.story.c.id == story_id))
        row = merged_into.first()
        if row is None:
            return None
        (root,) = row
        if root is None:
            return story_id
        story_id = root
    return None


def merge(session: Session, kept: int, gone: int) -> int | None:
    """Put the articles of ``gone`` into ``kept``, whichever stories these ids stand for by now.

    Returns the story that is left; None, with nothing changed, if either is unknown. Safe to repeat.
    """
    into, out = current(session, kept), current(session, gone)
    if into is None or out is None:
        return None
    if into == out:
        return into
    move(session, session.scalars(select(t.article.c.id).where(t.article.c.story_id == out)).all(), into)
    # Earlier merges into what is gone now lead on at once: one step is enough for every reader.
    led = or_(t.story.c.id == out, t.story.c.merged_into == out)
    session.execute(update(t.story).where(led).values(merged_into=into))
    session.execute(update(t.story).where(t.story.c.id == out).values(articles=0))
    pair = and_(t.story_link.c.low_id == min(into, out), t.story_link.c.high_id == max(into, out))
    session.execute(delete(t.story_link).where(pair))
    measure(session, [into])
    return into


class _Measured(NamedTuple):
    """What a story's articles say of it."""

    story_id: int
    articles: int
    earliest: int
    first_at: datetime
    last_at: datetime


def measure(session: Session, story_ids: Iterable[int]) -> list[int]:
    """Let stories say how many articles they have, from when to when. Returns those that have none.

    A story whose first article is gone is led by the earliest that we have.
    """
    article, empty = t.article.c, []
    measured = select(
        article.story_id,
        func.count().label("articles"),
        func.min(article.id).label("earliest"),
        func.min(article.published_at).label("first_at"),
        func.max(article.published_at).label("last_at"),
    ).group_by(article.story_id)
    for ids in chunks(story_ids):
        found = {
            row.story_id: row
            for row in records(session.execute(measured.where(article.story_id.in_(ids))), _Measured)
        }
        for story_id, row in found.items():
            values = {"articles": row.articles, "first_at": row.first_at, "last_at": row.last_at}
            here = t.story.c.id == story_id
            session.execute(update(t.story).where(here).values(values))
            led = exists(
                select(1).where(article.id == t.story.c.lead_article_id, article.story_id == story_id)
            )
            session.execute(update(t.story).where(here, ~led).values(lead_article_id=row.earliest))
        empty += [story_id for story_id in ids if story_id not in found]
    return empty


def move(session: Session, article_ids: Iterable[int], story_id: int) -> None:
    """Put articles into a story, with their concerns and counts; the stories themselves are not measured."""
    concerns = t.article_concern
    spans: set[rollup.Span] = set()
    for ids in chunks(article_ids):
        session.execute(update(t.article).where(t.article.c.id.in_(ids)).values(story_id=story_id))
        here = concerns.c.article_id.in_(ids)
        selected = col(ArticleConcernRow.concern_id), col(ArticleConcernRow.published_at)
        rows = session.execute(select(*selected).where(here))
        spans.update(span for concern, at in rows for span in rollup.spans_of(concern, at))
        session.execute(update(concerns).where(here).values(story_id=story_id))
    rollup.recount(session, spans)

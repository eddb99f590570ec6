"""The developments of one day under a concern."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.audience import View
from bot.domain.stories import Development
from bot.store import tables as t
from bot.store.developments import stories
from bot.store.visibility import visibility


def of_day(session: Session, view: View, concern: str, day: date) -> list[Development]:
    """All developments that were reported on a day (UTC) under a concern, the most reported first."""
    start = datetime.combine(day, time(), UTC)
    placed = t.article_concern.c
    ids = session.scalars(
        select(placed.story_id)
        .where(
            placed.concern_id == concern,
            placed.published_at >= start,
            placed.published_at < start + timedelta(days=1),
            visibility(session, view).clause(placed.article_id, placed.common),
        )
        .group_by(placed.story_id)
        .order_by(func.count().desc(), placed.story_id.desc())
    )
    return stories(session, list(ids), view)

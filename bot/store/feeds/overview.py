"""The health of all feeds taken together, for monitoring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.feeds.polling import due_condition
from bot.store.models import FeedRow
from bot.store.sql import col


def health_of_all(session: Session) -> dict[str, int]:
    """How many polled feeds are in each state of health."""
    rows = session.execute(
        select(col(FeedRow.health), func.count())
        .where(t.feed.c.disabled_reason.is_(None))
        .group_by(t.feed.c.health)
    )
    return dict(rows.all())


def longest_due(session: Session, now: datetime) -> datetime | None:
    """The due time of the feed that has been due longest; None if nothing is due."""
    found: datetime | None = session.scalar(select(func.min(t.feed.c.next_due_at)).where(due_condition(now)))
    return found

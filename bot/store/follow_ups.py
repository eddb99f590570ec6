"""Entries that were left out and may go on with a story: which are new, and which are taken up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.feeds import DOCUMENT, article_kind
from bot.store import facts, rejudge
from bot.store import tables as t
from bot.store.rejudge import Rejudged, Remembered
from bot.store.sql import records
from bot.stories.document import Document

#: The fact that says up to which left-out entry all were held against the stories.
MARK = "followed_up"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that was left out, as grouping sees it, and the matcher's reason.

    The document's id is the entry's, and no article's. ``document`` is None where it is an official document,
    which is no report.
    """

    entry: Remembered
    reason: str
    document: Document | None


class _LeftOutColumns(NamedTuple):
    id: int
    title: str
    summary: str
    language: str
    reason: str
    at: datetime
    publisher: str
    kind: str


def left_out(session: Session, since: datetime, limit: int) -> list[LeftOut]:
    """The ``limit`` entries that were seen since then and follow the mark, in the order of their ids."""
    prints, feed = t.fingerprint.c, t.feed.c
    last = int(facts.recall(session, MARK) or 0)
    rows = session.execute(
        select(
            prints.id,
            prints.title,
            prints.summary,
            prints.language,
            prints.reason,
            func.coalesce(prints.published_at, prints.seen_at, type_=prints.seen_at.type).label("at"),
            feed.publisher,
            feed.kind,
        )
        .join(t.feed, feed.id == prints.feed_id)
        .where(prints.id > last, prints.seen_at >= since)
        .order_by(prints.id)
        .limit(limit)
    )
    return [_left_out(row) for row in records(rows, _LeftOutColumns)]


def _left_out(row: _LeftOutColumns) -> LeftOut:
    entry = Remembered(row.id, row.title, row.summary, row.language)
    if article_kind(row.kind) == DOCUMENT:
        return LeftOut(entry, row.reason, None)
    # Negative: no article has such an id.
    document = Document(-row.id, row.language, row.title, row.summary, row.at, row.publisher)
    return LeftOut(entry, row.reason, document)


def keep(session: Session, last: int, taken: Sequence[tuple[Remembered, Rejudged]], *, now: datetime) -> None:
    """Make articles of the follow-ups of stories, and store ``last`` as the last entry that was checked."""
    rejudge.promote(session, taken, now=now)
    facts.remember(session, MARK, str(last))

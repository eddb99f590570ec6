"""Readers: what each has read, when each last asked for news.

The ledger holds, for each reader and chain of revisions, the highest that was delivered; ``news`` derives
what is unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.audience import (
    TERMINAL_USER,
    Destination,
    DirectMessage,
    Member,
    Reader,
    ServerChannel,
    Terminal,
)
from bot.store import tables as t
from bot.store.sql import insert, upsert


def of_destination(to: Destination) -> Reader:
    """The reader of a destination. Posts to the terminal are for the user who sits there."""
    match to:
        case ServerChannel():
            return to
        case DirectMessage(user_id=user_id):
            return Member(user_id)
        case Terminal():
            return TERMINAL_USER
        case _:
            assert_never(to)


def mark_read(session: Session, reader: Reader, marks: Iterable[tuple[int, int]], now: datetime) -> None:
    """Mark these (story, revision) as read. A lower revision than the stored one changes nothing."""
    highest: dict[int, int] = {}
    for story_id, revision in marks:
        highest[story_id] = max(revision, highest.get(story_id, 0))
    rows = [
        {"reader": reader, "story_id": story_id, "revision": revision, "told_at": now}
        for story_id, revision in sorted(highest.items())
    ]
    if not rows:
        return
    statement = insert(session, t.ledger)
    statement = statement.on_conflict_do_update(
        index_elements=["reader", "story_id"],
        set_={"revision": statement.excluded.revision, "told_at": statement.excluded.told_at},
        where=t.ledger.c.revision < statement.excluded.revision,
    )
    session.connection().execute(statement, rows)


def look(session: Session, reader: Reader, now: datetime, concern: str = "") -> datetime | None:
    """Note that the reader asks what is new now; when it asked before, or None for the first time."""
    before = last_look(session, reader, concern)
    upsert(session, t.reader_look, [{"reader": reader, "concern": concern, "at": now}])
    return before


def last_look(session: Session, reader: Reader, concern: str = "") -> datetime | None:
    """When the reader last asked what is new."""
    here = (t.reader_look.c.reader == reader, t.reader_look.c.concern == concern)
    found: datetime | None = session.scalar(select(t.reader_look.c.at).where(*here))
    return found


def forget_reader(session: Session, reader: Reader) -> None:
    """Delete what is stored about a reader: what it has read, when it asked, what it follows."""
    for table in (t.ledger, t.reader_look, t.follow):
        session.execute(delete(table).where(table.c.reader == reader))

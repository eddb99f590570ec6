"""Readers: what each was told, when each last looked.

The ledger holds, for each reader and chain of revisions, the highest that was told; ``news`` says what
follows.
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
    """Who reads what is posted there. What comes to the terminal by itself is for who sits there."""
    match to:
        case ServerChannel():
            return to
        case DirectMessage(user_id=user_id):
            return Member(user_id)
        case Terminal():
            return TERMINAL_USER
        case _:
            assert_never(to)


def tell(session: Session, reader: Reader, told: Iterable[tuple[int, int]], now: datetime) -> None:
    """Note that a reader was told these (story, revision); a lower revision than is noted changes nothing."""
    highest: dict[int, int] = {}
    for story_id, revision in told:
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
    """Delete what is kept about a reader: what it was told, when it looked, what it follows."""
    for table in (t.ledger, t.reader_look, t.follow):
        session.execute(delete(table).where(table.c.reader == reader))

"""Readers: what each was told, when each last looked. A reader is a member or a server's channel.

The ledger holds, for each reader and chain of revisions, the highest that was told; ``news`` says what
follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.audience import Destination, DirectMessage, Owner, Place, ServerChannel, Terminal
from bot.store import tables as t
from bot.store.sql import insert, upsert
from bot.store.types import destination_key, owner_key


def member(user_id: int) -> str:
    """The reader that a member is."""
    return f"m:{user_id}"


def member_of(reader: str) -> int:
    """The id in what ``member`` returned."""
    return int(reader.removeprefix("m:"))


def channel(place: Place) -> str:
    """The reader that a server's channel, or the terminal as a place of digests, is."""
    return f"{channel_prefix(place.owner)}{destination_key(place)[1]}"


def of_destination(to: Destination) -> str:
    """The reader of an alert that was sent there. Who sits at the terminal follows as a member does."""
    match to:
        case ServerChannel():
            return channel(to)
        case DirectMessage(user_id=user_id):
            return member(user_id)
        case Terminal():
            return member(0)


def channel_prefix(owner: Owner) -> str:
    """What the readers of an owner's channels begin with."""
    return f"g:{owner_key(owner)}:"


def tell(session: Session, reader: str, told: Iterable[tuple[int, int]], now: datetime) -> None:
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


def look(session: Session, reader: str, now: datetime, concern: str = "") -> datetime | None:
    """Note that the reader asks what is new now; when it asked before, or None for the first time."""
    before = last_look(session, reader, concern)
    upsert(session, t.reader_look, [{"reader": reader, "concern": concern, "at": now}])
    return before


def last_look(session: Session, reader: str, concern: str = "") -> datetime | None:
    """When the reader last asked what is new."""
    here = (t.reader_look.c.reader == reader, t.reader_look.c.concern == concern)
    found: datetime | None = session.scalar(select(t.reader_look.c.at).where(*here))
    return found


def forget_reader(session: Session, reader: str) -> None:
    """Delete what is kept about a reader: what it was told, when it looked, what it follows."""
    for table in (t.ledger, t.reader_look, t.follow):
        session.execute(delete(table).where(table.c.reader == reader))

"""What is new for a reader, and that it was told, in one transaction.

Two marks make it exact. The ledger holds what was told of each story; a reader's horizon is the moment before
which nothing needs to be asked any more. The horizon moves only when nothing is left untold behind it, and it
stays an hour behind the present, because a revision carries the moment at which its transaction began. So a
late article, a restart or a double press can neither repeat a revision nor lose one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import readers
from bot.store import tables as t
from bot.store.sql import upsert
from bot.store.views import Change
from bot.store.visibility import visibility

#: A reader who asks for the first time is told of the last week.
FIRST_SPAN = timedelta(days=7)
#: How far the horizon stays behind: far more than any transaction takes.
_MARGIN = timedelta(hours=1)
#: Untold stories are counted up to this; beyond it a page says "more than".
MOST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class News:
    """What was new, newest first, and how many stories are left for the next time.

    ``uncounted`` is whether there may be more than ``left``. ``asked_at`` is when the reader last asked, None
    for the first time; ``since`` is how far back this went.
    """

    changes: tuple[Change, ...]
    left: int
    uncounted: bool
    asked_at: datetime | None
    since: datetime


def take(
    session: Session,
    reader: str,
    guild_id: int | None,
    *,
    now: datetime,
    concern: str | None = None,
    limit: int = 8,
) -> News:
    """What the reader was not told yet, at most ``limit`` stories, from now on told."""
    horizon = _horizon(session, reader, guild_id, concern)
    asked_at = readers.look(session, reader, now, concern or "")
    since = now - FIRST_SPAN if horizon is None else horizon
    found = _untold(session, reader, guild_id, since, concern)
    told = found[:limit]
    readers.tell(session, reader, [_revision(change) for change in told], now)
    _move(session, reader, guild_id, concern, since if len(found) > len(told) else max(since, now - _MARGIN))
    return News(tuple(told), len(found) - len(told), len(found) >= MOST_COUNTED, asked_at, since)


def skip(
    session: Session, reader: str, guild_id: int | None, *, now: datetime, concern: str | None = None
) -> int:
    """Count everything that is new as told. Returns how many stories that were."""
    horizon = _horizon(session, reader, guild_id, concern)
    since = now - FIRST_SPAN if horizon is None else horizon
    skipped = 0
    while found := _untold(session, reader, guild_id, since, concern):
        readers.tell(session, reader, [_revision(change) for change in found], now)
        skipped += len(found)
    _move(session, reader, guild_id, concern, max(since, now - _MARGIN))
    return skipped


def _untold(
    session: Session, reader: str, guild_id: int | None, since: datetime, concern: str | None
) -> list[Change]:
    """What is untold, by the newest report: after a first poll everything became known at one moment."""
    concerns = () if concern is None else (concern,)
    found = readers.untold(session, reader, guild_id, since=since, concerns=concerns, limit=MOST_COUNTED)
    return sorted(found, key=lambda change: change.development.last_at, reverse=True)


def _revision(change: Change) -> tuple[int, int]:
    return change.development.story_id, change.development.revision


def _horizon(session: Session, reader: str, guild_id: int | None, concern: str | None) -> datetime | None:
    """Everything before it was told, in a server like this one, under this concern or under all."""
    looks = t.reader_look
    names = {_mark(session, guild_id, None), _mark(session, guild_id, concern)}
    moments = session.scalars(
        select(looks.c.at).where(looks.c.reader == reader, looks.c.concern.in_(sorted(names)))
    ).all()
    return max(moments, default=None)


def _move(session: Session, reader: str, guild_id: int | None, concern: str | None, moment: datetime) -> None:
    row = {"reader": reader, "concern": _mark(session, guild_id, concern), "at": moment}
    upsert(session, t.reader_look, [row])


def _mark(session: Session, guild_id: int | None, concern: str | None) -> str:
    """Where a horizon is kept: one for all servers that read the default feeds, one for each other."""
    plain = visibility(session, guild_id).plain
    return f"told:{concern or ''}" + ("" if plain else f"@{guild_id}")

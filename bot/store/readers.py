"""Readers: what each was told, when each last looked. A reader is a member or a server's channel.

The ledger holds, for each reader and story, the highest revision that was told. What is untold follows from
it alone: not from clocks, so that a restart, a late article or an edit can neither repeat nor lose anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, delete, exists, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from bot.store import developments
from bot.store import tables as t
from bot.store.sql import AnyRow, insert, upsert
from bot.store.views import Change, Revision
from bot.store.visibility import visibility

#: Revisions read in one step of a walk.
_SMALLEST_STEP = 50


def member(user_id: int) -> str:
    """The reader that a member is."""
    return f"m:{user_id}"


def channel(guild_id: int, channel_id: int) -> str:
    """The reader that a server's channel is."""
    return f"{channel_prefix(guild_id)}{channel_id}"


def channel_prefix(guild_id: int) -> str:
    """What the readers of a server's channels begin with."""
    return f"g:{guild_id}:"


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


def untold(
    session: Session,
    reader: str,
    guild_id: int | None,
    *,
    since: datetime,
    concerns: Sequence[str] = (),
    limit: int = 50,
) -> list[Change]:
    """The stories with a revision from after ``since`` that the reader was not told, newest first.

    A revision that came through a feed which the server does not read is none for its readers; it is noted
    as told with the story all the same. Without ``concerns``, all count.
    """
    news = _News(session, reader, guild_id, since)
    found: list[Change] = []
    looked_at: set[int] = set()
    at = None
    while len(found) < limit:
        rows = news.walk(at, step=max(_SMALLEST_STEP, 2 * limit))
        fresh = [id for id in dict.fromkeys(row.story_id for row in rows) if id not in looked_at]
        looked_at.update(fresh)
        while fresh and len(found) < limit:
            wanted, fresh = fresh[: limit - len(found)], fresh[limit - len(found) :]
            known = [
                one
                for one in developments.stories(session, wanted, guild_id)
                if not concerns or set(concerns) & set(one.concerns)
            ]
            untold_of = news.of([one.story_id for one in known])
            found += [Change(one, *untold_of[one.story_id]) for one in known]
        if len(rows) < max(_SMALLEST_STEP, 2 * limit):
            break
        at = rows[-1]
    return found


class _News:
    """The revisions that a reader was not told of and may see."""

    def __init__(self, session: Session, reader: str, guild_id: int | None, since: datetime) -> None:
        self._session = session
        self._change = change = t.story_revision
        seen = visibility(session, guild_id)
        visible = select(1).where(
            t.article.c.id == change.c.article_id, seen.clause(t.article.c.id, t.article.c.common)
        )
        untold_yet = or_(t.ledger.c.revision.is_(None), t.ledger.c.revision < change.c.revision)
        here = and_(t.ledger.c.story_id == change.c.story_id, t.ledger.c.reader == reader)
        self._query = (
            select(change, t.ledger.c.revision.label("told"))
            .outerjoin(t.ledger, here)
            .where(change.c.at > since, untold_yet, exists(visible))
        )

    def walk(self, after: AnyRow | None, step: int) -> Sequence[AnyRow]:
        """The next ``step`` revisions behind that one, newest first."""
        at, story, number = self._change.c.at, self._change.c.story_id, self._change.c.revision
        query = self._query.order_by(at.desc(), story.desc(), number.desc()).limit(step)
        if after is not None:
            key = tuple_(literal(after.at, at.type), literal(after.story_id), literal(after.revision))
            query = query.where(at <= after.at, tuple_(at, story, number) < key)
        return self._session.execute(query).all()

    def of(self, story_ids: Sequence[int]) -> dict[int, tuple[int, tuple[Revision, ...]]]:
        """What was told of each story, and its revisions that were not, in order."""
        story, number = self._change.c.story_id, self._change.c.revision
        rows = self._session.execute(self._query.where(story.in_(story_ids)).order_by(story, number)).all()
        grouped = {id: list(some) for id, some in groupby(rows, key=lambda row: row.story_id)}
        return {
            id: (some[0].told or 0, tuple(developments.revision_of(row) for row in some))
            for id, some in grouped.items()
        }


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

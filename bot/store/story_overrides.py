"""Stories that an operator splits or merges: for every server at once, and so that grouping leaves it alone.

Each decision is one transaction: articles with their concerns and counts, stories, revisions, what readers
were told (``bot.stories.ledger``), the constraints that grouping asks first, and the audit of the terminal's
server, because stories belong to no server in particular. Decisions are made one at a time, and counted, so
that whoever groups notices.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from bot.domain.audience import TERMINAL, User
from bot.store import chains, guilds, stories
from bot.store import tables as t
from bot.store.models import PinRow
from bot.store.sql import chunks, col, columns, insert_all, insert_ignore, is_sqlite, records, upsert
from bot.stories import ledger
from bot.stories.story_overrides import MergeConstraint, constraints_for_merge, constraints_for_split

MERGED, SPLIT = "stories_merged", "stories_split"
#: Under this name the decisions are counted.
_DECISIONS = "story_decisions"
#: A new story takes the number of one of its articles, as all do. Where each of them was a story's before,
#: it takes one from here on: no article will ever have it.
_BEYOND = 1 << 40


class InvalidOverride(ValueError):
    """A split or a merge that makes no sense."""

    code: ClassVar[str] = "invalid_override"


class NoSuchStory(InvalidOverride):
    """There is no story of that number, or no decision of that number to take back."""

    code = "no_such_story"


class SameStory(InvalidOverride):
    """The two are one story already."""

    code = "same_story"


class NotInStory(InvalidOverride):
    """An article is not, or no longer, of that story."""

    code = "not_in_story"


class NothingLeft(InvalidOverride):
    """One half of a split would have no articles."""

    code = "nothing_left"


@dataclass(frozen=True, slots=True)
class Merged:
    """The story that is left, and the number of the decision, by which it can be taken back."""

    story_id: int
    decision: int


def constraints(session: Session) -> tuple[MergeConstraint, ...]:
    """All constraints in force."""
    pin = t.pin.c
    selected = col(PinRow.one), col(PinRow.other), col(PinRow.together)
    rows = session.execute(select(*selected).order_by(pin.one, pin.other))
    return tuple(MergeConstraint(one, other, together) for one, other, together in rows)


def apart(session: Session) -> tuple[tuple[int, int], ...]:
    """The stories that constraints keep apart, the smaller number first."""
    one, other = t.article.alias(), t.article.alias()
    rows = session.execute(
        select(one.c.story_id, other.c.story_id)
        .select_from(t.pin)
        .join(one, one.c.id == t.pin.c.one)
        .join(other, other.c.id == t.pin.c.other)
        .where(t.pin.c.together.is_(False), one.c.story_id != other.c.story_id)
        .distinct()
    )
    return tuple(sorted({(min(a, b), max(a, b)) for a, b in rows}))


def decisions(session: Session, *, hold: bool = False) -> int:
    """How many decisions were ever made. With ``hold`` no other is made before the transaction's end."""
    if hold:
        insert_ignore(session, t.meta, [{"key": _DECISIONS, "value": "0"}])
    query = select(t.meta.c.value).where(t.meta.c.key == _DECISIONS)
    found = session.scalar(query.with_for_update() if hold else query)
    return int(found or 0)


def merge_stories(session: Session, kept: int, gone: int, *, by: User, now: datetime) -> Merged:
    """Make one story of two, whichever these numbers stand for by now. Nothing is delivered again.

    Raises NoSuchStory or SameStory.
    """
    _decide(session)
    into, out = stories.current(session, kept), stories.current(session, gone)
    if into is None or out is None:
        raise NoSuchStory
    if into == out:
        raise SameStory
    here, come = _articles(session, into), _articles(session, out)
    stories.merge(session, into, out)
    _move_links(session, out, into)
    _save_constraints(session, constraints_for_merge(here, come), here, come, by=by, now=now)
    detail = {"story": into, "gone": out, "articles": come, "name": _title(session, into)}
    return Merged(into, _note(session, MERGED, detail, by=by, now=now))


def split_story(
    session: Session, story_id: int, article_ids: Iterable[int], *, by: User, now: datetime
) -> int:
    """Give these articles of a story a story of their own; its number.

    Whoever has read these articles has read the new story too. Raises NoSuchStory, NotInStory or NothingLeft.
    """
    _decide(session)
    root = stories.current(session, story_id)
    if root is None:
        raise NoSuchStory
    return _split(session, root, set(article_ids), by=by, now=now)


def undo_merge(session: Session, decision: int, *, by: User, now: datetime) -> int:
    """Split off again what a merge brought, as far as it is still there; the new story's number.

    The story that is gone does not come back under its own number, which readers' links follow to the one
    that was kept. Raises NoSuchStory, NotInStory or NothingLeft.
    """
    _decide(session)
    audit = t.audit.c
    detail = session.scalar(select(audit.detail).where(audit.id == decision, audit.action == MERGED))
    told = json.loads(detail) if detail else {}
    root = stories.current(session, told["story"]) if told else None
    if root is None:
        raise NoSuchStory
    return _split(session, root, set(told["articles"]) & set(_articles(session, root)), by=by, now=now)


def _split(session: Session, root: int, moved: Collection[int], *, by: User, now: datetime) -> int:
    here = _articles(session, root)
    rest = [one for one in here if one not in moved]
    if not moved or len(rest) + len(moved) > len(here):
        raise NotInStory
    if not rest:
        raise NothingLeft
    revisions = chains.revisions(session, root)
    story = chains.whole(session, root, revisions)
    told = chains.DeliveredMarks.load(session, [chain.id for chain in story.chains])
    new_ids = _free_ids(session, moved, len(story.chains))
    stays, founded, marks = ledger.split(story, moved, rest, new_ids, told.marks)
    chains.found(session, founded, min(moved), now)
    stories.move(session, moved, founded.id)
    chains.move_revisions(session, story, stays, founded, revisions, now)
    own = stays.chains[0]
    session.execute(update(t.story).where(t.story.c.id == root).values(revision=own.last))
    stories.measure(session, [root, founded.id])
    told.save(session, marks, [chain.id for chain in founded.chains], now)
    _save_constraints(session, constraints_for_split(moved, rest), moved, rest, by=by, now=now)
    detail = {
        "story": root,
        "founded": founded.id,
        "articles": sorted(moved),
        "name": _title(session, founded.id),
    }
    _note(session, SPLIT, detail, by=by, now=now)
    return founded.id


def _decide(session: Session) -> None:
    """Count one decision more; until the transaction ends no other is made, and no read mark moves."""
    number = decisions(session, hold=True) + 1
    upsert(session, t.meta, [{"key": _DECISIONS, "value": str(number)}])
    if not is_sqlite(session):
        # SQLite has one writer. Here, who is being told of a story right now must be done with it first.
        session.execute(text("LOCK TABLE reader_look, ledger IN SHARE ROW EXCLUSIVE MODE"))


def _articles(session: Session, story_id: int) -> list[int]:
    article = t.article.c
    return list(session.scalars(select(article.id).where(article.story_id == story_id).order_by(article.id)))


def _title(session: Session, story_id: int) -> str:
    """What its first article says, for the audit."""
    article = t.article.c
    query = select(article.title).where(article.story_id == story_id).order_by(article.id).limit(1)
    return str(session.scalar(query) or "")


def _free_ids(session: Session, moved: Collection[int], count: int) -> list[int]:
    """Numbers that no story has, and that no read mark names."""
    taken: set[int] = set()
    highest = _BEYOND - 1
    for column in (t.story.c.id, t.ledger.c.story_id):
        for ids in chunks(moved):
            taken.update(session.scalars(select(column).where(column.in_(ids))))
        highest = max(highest, session.scalar(select(func.max(column))) or 0)
    own = sorted(set(moved) - taken)[:count]
    return own + [highest + 1 + step for step in range(count - len(own))]


class _LinkColumns(NamedTuple):
    low_id: int
    high_id: int
    kind: str
    score: float
    at: datetime


def _move_links(session: Session, gone: int, kept: int) -> None:
    """What was probably the same event as a story that is gone is so with the one that it became."""
    link = t.story_link
    here = or_(link.c.low_id == gone, link.c.high_id == gone)
    rows = records(session.execute(select(*columns(_LinkColumns, link)).where(here)), _LinkColumns)
    moved = []
    for row in rows:
        other = row.high_id if row.low_id == gone else row.low_id
        pair = {"low_id": min(kept, other), "high_id": max(kept, other)}
        moved.append(pair | {"kind": row.kind, "score": row.score, "at": row.at})
    session.execute(delete(link).where(here))
    insert_ignore(session, link, moved)


def _save_constraints(
    session: Session,
    fresh: Sequence[MergeConstraint],
    one: Iterable[int],
    other: Iterable[int],
    *,
    by: User,
    now: datetime,
) -> None:
    """Keep constraints in place of all that were decided before between two sides."""
    left, right = set(one), set(other)
    pin = t.pin.c
    for ids in chunks(sorted(left)):
        touching = or_(pin.one.in_(ids), pin.other.in_(ids))
        for low, high in session.execute(select(col(PinRow.one), col(PinRow.other)).where(touching)).all():
            if {low, high} & right:
                session.execute(delete(t.pin).where(pin.one == low, pin.other == high))
    insert_all(
        session,
        t.pin,
        [
            {
                "one": kept.one,
                "other": kept.other,
                "together": kept.together,
                "added_by": by,
                "at": now,
            }
            for kept in fresh
        ],
    )


def _note(session: Session, action: str, detail: Mapping[str, object], *, by: User, now: datetime) -> int:
    """Note the decision in the terminal's audit: it concerns all servers. Returns the entry's number."""
    guilds.audit(session, TERMINAL, action=action, detail=detail, by=by, now=now)
    return int(session.scalars(select(func.max(t.audit.c.id)).where(t.audit.c.action == action)).one())

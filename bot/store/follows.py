"""What readers follow, and the alerts about it.

A follow's ``covered_until`` is how far its alerts have come: it moves in the transaction that puts the alert
into the outbox, so that a crash can neither repeat nor lose one. A story is marked as read in the ledger only
when Discord has the message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import (
    DEFAULTS,
    TERMINAL,
    Destination,
    DirectMessage,
    Member,
    Owner,
    Reader,
    ServerChannel,
    TerminalUser,
    User,
    View,
)
from bot.domain.digests import OutboxDraft
from bot.domain.stories import Change, StoryRevision
from bot.store import developments, guilds, outbox, readers, watermark
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.developments import RevisionColumns, revision_of
from bot.store.models import LedgerRow, OutboxRow, StoryRow
from bot.store.recency import is_news
from bot.store.sql import chunks, col, columns, insert, joined, records
from bot.store.types import destination_of
from bot.store.visibility import visibility

CONCERN, STORY, PHRASE, POLICY = "concern", "story", "phrase", "policy"

#: What one reader may follow: as many as one select of Discord can list.
MOST_FOLLOWS = 25
#: Why a follow that its reader dropped is paused: for a day it can be taken back, then it goes.
DROPPED = "dropped"
_DROPPED = func.coalesce(t.follow.c.pause_reason, "") == DROPPED
#: Alerts begin with this in the outbox, and have the quarter of an hour behind it.
ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Follow:
    """A subscription to a concern, a story, a phrase or a policy: for whom, by whose feeds, and where.

    ``target`` is a concern's id, a story's number, a phrase or a policy's id.
    """

    id: int
    reader: Reader
    kind: str
    target: str
    view: View
    to: Destination
    language: str
    zone: str
    since: datetime
    paused_at: datetime | None
    pause_reason: str | None


class _FollowColumns(NamedTuple):
    """The columns that a Follow needs."""

    id: int
    reader: Reader
    kind: str
    target: str
    guild_id: Owner | None
    language: str
    options: str
    at: datetime
    paused_at: datetime | None
    pause_reason: str | None
    covered_until: datetime | None


_FOLLOW = columns(_FollowColumns, t.follow)
#: Stories that were merged, each with the one that it became.
_ROOTS = select(col(StoryRow.id), col(StoryRow.merged_into)).where(t.story.c.merged_into.is_not(None))


class _Root(NamedTuple):
    """The story that a revision belongs to now."""

    root: int


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """An alert to be planned, and the follows that it answers."""

    drafts: tuple[OutboxDraft, ...]
    follow_ids: tuple[int, ...]


def follow(
    session: Session,
    to: Destination,
    wanted: Sequence[tuple[str, str]],
    *,
    view: View,
    language: str,
    zone: str,
    by: User | None = None,
    now: datetime,
) -> list[Follow] | None:
    """Follow each (kind, target) of ``wanted`` from now on. None, and nothing is followed, if that is more
    than one may.

    What is followed already only takes the new place, language and zone: what waits to be told still is. A
    channel's follow is noted in the audit.
    """
    reader = readers.of_destination(to)
    keys = list(dict.fromkeys((kind, plain(target)) for kind, target in wanted))
    known = {(one.kind, one.target): one for one in of_reader(session, reader)}
    if len(known.keys() | set(keys)) > MOST_FOLLOWS:
        return None
    for kind, target in keys:
        same = known.get((kind, target))
        values = {
            "guild_id": view,
            "channel_id": to.id if isinstance(to, ServerChannel) else None,
            "language": language,
            "options": dump({"zone": zone}),
            "paused_at": None,
            "pause_reason": None,
            "covered_until": watermark.advance(session, now)
            if same is None or same.paused_at
            else same.since,
        }
        key = {"reader": reader, "kind": kind, "target": target}
        statement = insert(session, t.follow).values(key | values | {"at": now})
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    followed = {(one.kind, one.target): one for one in of_reader(session, reader)}
    made = [followed[key] for key in keys]
    for one in made:
        _audit(session, one, "follow_set", by, now)
    return made


def of_reader(session: Session, reader: Reader) -> list[Follow]:
    """What a reader follows, in the order in which it was first followed."""
    return _where(session, t.follow.c.reader == reader)


def of_channels(session: Session, owner: Owner) -> list[Follow]:
    """What is followed for the channels of a server; the terminal has none."""
    return _where(session, and_(t.follow.c.guild_id == owner, t.follow.c.channel_id.is_not(None)))


def by_id(session: Session, follow_id: int) -> Follow | None:
    """The follow of that number."""
    return next(iter(_where(session, t.follow.c.id == follow_id)), None)


def unfollow(session: Session, follow_id: int, *, by: User | None = None, now: datetime) -> bool:
    """Follow that no longer; it can be taken back for a while. False if it was not followed."""
    known = by_id(session, follow_id)
    if known is None:
        return False
    values = {"paused_at": now, "pause_reason": DROPPED}
    session.execute(update(t.follow).where(t.follow.c.id == follow_id).values(values))
    _audit(session, known, "follow_removed", by, now)
    return True


def dropped(session: Session, follow_id: int) -> Follow | None:
    """What was dropped under that number and can still be taken back."""
    return next(iter(_selected(session, and_(t.follow.c.id == follow_id, _DROPPED))), None)


def take_back(session: Session, follow_id: int, *, by: User | None = None, now: datetime) -> bool:
    """Follow again what was dropped, as it was: what waits to be told still is. False if it is gone for good,
    or if its reader follows as much as one may by now.
    """
    known = dropped(session, follow_id)
    if known is None or len(of_reader(session, known.reader)) >= MOST_FOLLOWS:
        return False
    values = {"paused_at": None, "pause_reason": None}
    session.execute(update(t.follow).where(t.follow.c.id == follow_id).values(values))
    _audit(session, known, "follow_set", by, now)
    return True


def pause_reader(session: Session, reader: Reader, *, reason: str, now: datetime) -> int:
    """Pause a reader's follows. Returns how many."""
    here = and_(t.follow.c.reader == reader, t.follow.c.paused_at.is_(None))
    paused = update(t.follow).where(here).values(paused_at=now, pause_reason=plain(reason))
    return len(session.execute(paused.returning(t.follow.c.id)).all())


def resume_reader(session: Session, reader: Reader, *, now: datetime) -> int:
    """Resume a reader's follows, from now on. Returns how many."""
    here = and_(t.follow.c.reader == reader, t.follow.c.paused_at.is_not(None), ~_DROPPED)
    values = {"paused_at": None, "pause_reason": None, "covered_until": watermark.advance(session, now)}
    return len(session.execute(update(t.follow).where(here).values(values).returning(t.follow.c.id)).all())


def active(session: Session) -> list[Follow]:
    """Every follow that is not paused; those of servers that the bot has left are left out."""
    left = select(1).where(t.guild.c.guild_id == t.follow.c.guild_id, t.guild.c.left_at.is_not(None))
    return _where(session, and_(t.follow.c.paused_at.is_(None), ~exists(left)))


def changed(session: Session, view: View, since: datetime, until: datetime) -> list[Change]:
    """The stories that we learned news of after ``since`` and up to ``until``, the newest known first.

    As ``view`` shows them. What was learned of a story that was merged since is that of the other now.
    """
    change, article = t.story_revision.c, t.article.c
    seen = visibility(session, view).clause(article.id, article.common)
    root = func.coalesce(t.story.c.merged_into, t.story.c.id).label("root")
    rows: dict[int, list[StoryRevision]] = {}
    found = session.execute(
        select(*columns(RevisionColumns, t.story_revision), root)
        .join(t.story, t.story.c.id == change.story_id)
        .join(t.article, article.id == change.article_id)
        .where(change.at > since, change.at <= until, is_news(), seen)
        .order_by(change.at.desc(), change.story_id.desc(), change.revision.desc())
    )
    for row, story in joined(found, RevisionColumns, _Root):
        rows.setdefault(story.root, []).append(revision_of(row))
    return [
        Change(one, tuple(reversed(rows[one.story_id])))
        for ids in chunks(rows, 400)
        for one in developments.stories(session, ids, view)
    ]


def current_stories(session: Session, story_ids: Iterable[int]) -> dict[int, int]:
    """For each story that was merged into another, that other."""
    return {
        id: root
        for ids in chunks(story_ids)
        for id, root in session.execute(_ROOTS.where(t.story.c.id.in_(ids)))
        if root is not None
    }


def read_marks(
    session: Session, some_readers: Iterable[Reader], story_ids: Iterable[int]
) -> dict[Reader, dict[int, dict[int, int]]]:
    """Each reader's read marks for each story: of each of its chains the highest revision delivered.

    What is not there was not told.
    """
    root_of = {id: id for id in story_ids}
    for ids in chunks(list(root_of)):
        merged = session.execute(_ROOTS.where(t.story.c.merged_into.in_(ids)))
        root_of.update({id: root for id, root in merged if root is not None})
    found: dict[Reader, dict[int, dict[int, int]]] = {}
    for names in chunks(some_readers, 300):
        for ids in chunks(root_of, 300):
            selected = col(LedgerRow.reader), col(LedgerRow.story_id), col(LedgerRow.revision)
            told = select(*selected).where(t.ledger.c.reader.in_(names), t.ledger.c.story_id.in_(ids))
            for reader, story_id, revision in session.execute(told):
                found.setdefault(reader, {}).setdefault(root_of[story_id], {})[story_id] = revision
    return found


def alerts_since(session: Session, since: datetime) -> dict[Destination, int]:
    """How many alerts each destination was sent since then."""
    box = t.outbox.c
    rows = session.execute(
        select(col(OutboxRow.guild_id), col(OutboxRow.channel_id), func.count())
        .where(box.planned_at > since, box.part == 0, box.kind.startswith(ALERT))
        .group_by(box.guild_id, box.channel_id)
    )
    return {destination_of(server, channel): count for server, channel, count in rows}


def save_alerts(session: Session, alerts: Sequence[AlertPlan], *, now: datetime) -> int:
    """Put alerts into the outbox and advance their follows, in one transaction. Returns how many are new.

    One that was planned for the same quarter of an hour already leaves its follows as they are, so that what
    it would have told comes with the next.
    """
    fresh = 0
    for one in alerts:
        if not outbox.enqueue(session, one.drafts, now=now):
            continue
        fresh += 1
        moved = update(t.follow).where(t.follow.c.id.in_(one.follow_ids)).values(covered_until=now)
        session.execute(moved)
    return fresh


def _audit(session: Session, one: Follow, action: str, by: User | None, now: datetime) -> None:
    """Note what was done to a channel's follow; a member's own is nobody's business."""
    if isinstance(one.to, ServerChannel):
        detail = {"channel": str(one.to.id), "target": one.target}
        guilds.audit(session, one.to.owner, action=action, detail=detail, by=by, now=now)


def _where(session: Session, condition: ColumnElement[bool]) -> list[Follow]:
    return _selected(session, and_(condition, ~_DROPPED))


def _selected(session: Session, condition: ColumnElement[bool]) -> list[Follow]:
    rows = session.execute(select(*_FOLLOW).where(condition).order_by(t.follow.c.id))
    return [_follow(row) for row in records(rows, _FollowColumns)]


def _destination_of(reader: Reader) -> Destination:
    """Where a reader's alerts go."""
    match reader:
        case Member(id=user_id):
            return DirectMessage(user_id)
        case TerminalUser():
            return TERMINAL
        case _:
            return reader


def _follow(row: _FollowColumns) -> Follow:
    return Follow(
        id=row.id,
        reader=row.reader,
        kind=row.kind,
        target=row.target,
        view=DEFAULTS if row.guild_id is None else row.guild_id,
        to=_destination_of(row.reader),
        language=row.language,
        zone=json.loads(row.options).get("zone", "UTC"),
        since=row.covered_until or row.at,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason,
    )

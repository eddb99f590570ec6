"""What became of the digests that were planned, as far back as the outbox goes (30 days)."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.audience import Owner, Place
from bot.domain.digests import NOW, DeliveryState, DigestOutcome, RefusedDigest
from bot.store import digests
from bot.store import tables as t
from bot.store.sql import columns, records
from bot.store.types import destination_key, moment, owner_key, owner_of, place_of

#: Refused so many times in a row, a digest is no accident: its admins are told.
TIMES = 2
#: A weekly digest is told of at once: the second refusal would come a week later.
TIMES_WEEKLY = 1


class _Message(NamedTuple):
    """One part of a digest in the outbox."""

    id: int
    guild_id: int
    channel_id: int
    kind: str
    local_date: str
    part: int
    state: str
    planned_at: datetime
    due_at: datetime
    settled_at: datetime | None
    error: str | None
    options: str | None


_MESSAGE = columns(_Message, t.outbox)


class _Part(NamedTuple):
    """What became of one part of a digest."""

    local_date: str
    part: int
    state: str
    error: str | None


def history(
    session: Session, owner: Owner, *, place: Place | None = None, before: int | None = None, limit: int
) -> list[DigestOutcome]:
    """An owner's digests, or those of one place, the newest first; only older ones than the id ``before``."""
    box = t.outbox.c
    wanted = [
        box.guild_id == owner_key(owner),
        box.part == 0,
        or_(box.kind == digests.DAILY, box.kind.startswith(NOW, autoescape=True)),
    ]
    if place is not None:
        wanted.append(box.channel_id == destination_key(place)[1])
    if before is not None:
        wanted.append(box.id < before)
    newest = select(*_MESSAGE).where(*wanted).order_by(box.id.desc()).limit(limit)
    return _outcomes(session, newest)


def last(session: Session, place: Place) -> DigestOutcome | None:
    """What became of a place's newest daily digest; None before the first."""
    box = t.outbox.c
    here = (*_at(place), box.kind == digests.DAILY, box.part == 0)
    newest = select(*_MESSAGE).where(*here).order_by(box.local_date.desc()).limit(1)
    return next(iter(_outcomes(session, newest)), None)


def of_request(session: Session, place: Place, kind: str, day: date) -> DigestOutcome | None:
    """What became of one digest; None if there is no such."""
    box = t.outbox.c
    here = (*_at(place), box.kind == kind, box.part == 0)
    asked = select(*_MESSAGE).where(*here, box.local_date == day.isoformat())
    return next(iter(_outcomes(session, asked)), None)


def refused(session: Session) -> list[RefusedDigest]:
    """The running digests that failed every time lately, often enough for a notice to their admins."""
    box, digest = t.outbox.c, t.digest.c
    failing = and_(
        digest.guild_id == box.guild_id,
        digest.channel_id == box.channel_id,
        digest.kind == box.kind,
        box.state == DeliveryState.FAILED,
    )
    ids = session.scalars(
        select(digest.id).join(t.outbox, failing).where(digest.paused_at.is_(None)).distinct()
    ).all()
    found = [(one, _given_up(session, one.place, one.kind)) for one in digests.subscriptions(session, ids)]
    return [
        RefusedDigest(one, len(rows), date.fromisoformat(rows[-1].local_date), rows[0].error or "")
        for one, rows in found
        if len(rows) >= (TIMES_WEEKLY if one.days.bit_count() == 1 else TIMES)
    ]


def _at(place: Place) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition that a message goes to that place."""
    server, channel = destination_key(place)
    return t.outbox.c.guild_id == server, t.outbox.c.channel_id == channel


def _given_up(session: Session, place: Place, kind: str) -> list[_Part]:
    """The newest digests in a row that were given up, the newest first; what waits or was skipped is none."""
    box = t.outbox.c
    here = (*_at(place), box.kind == kind)
    states = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED)
    rows = session.execute(
        select(*columns(_Part, t.outbox))
        .where(*here, box.state.in_(states))
        .order_by(box.local_date.desc(), box.part)
    )
    given_up: list[_Part] = []
    for _, parts in groupby(records(rows, _Part), key=lambda row: row.local_date):
        worst = next((row for row in parts if row.state == DeliveryState.FAILED), None)
        if worst is None:
            break
        given_up.append(worst)
    return given_up


def _outcomes(session: Session, first_parts: Select[*tuple[Any, ...]]) -> list[DigestOutcome]:
    return [_outcome(session, row) for row in records(session.execute(first_parts), _Message)]


def _outcome(session: Session, first: _Message) -> DigestOutcome:
    """One digest with all its parts: it is as its first part that was not posted is."""
    box = t.outbox.c
    here = and_(
        box.guild_id == first.guild_id,
        box.channel_id == first.channel_id,
        box.kind == first.kind,
        box.local_date == first.local_date,
    )
    parts = records(session.execute(select(*_MESSAGE).where(here).order_by(box.part)), _Message)
    worst = next((row for row in parts if row.state != DeliveryState.SENT), parts[-1])
    given_up = worst.state in (DeliveryState.FAILED, DeliveryState.SKIPPED)
    partly = given_up and worst.part > 0 and parts[0].state == DeliveryState.SENT
    stretch = json.loads(first.options).get("stretch") if first.options else None
    return DigestOutcome(
        id=first.id,
        place=place_of(owner_of(first.guild_id), first.channel_id),
        kind=first.kind,
        day=date.fromisoformat(first.local_date),
        # A message that is put aside is due later; a digest's stretch ends when it was due at first.
        due_at=moment(stretch[1]) if stretch else first.planned_at,
        state=DeliveryState.PARTLY if partly else DeliveryState(worst.state),
        settled_at=worst.settled_at,
        next_try=worst.due_at if worst.state == DeliveryState.PENDING and worst.error else None,
        error=worst.error or "",
    )

"""What became of the digests that were planned, as far back as the outbox goes (30 days)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.audience import Owner, Place
from bot.domain.digests import NOW, DigestOutcome, RefusedDigest
from bot.store import digests, outbox
from bot.store import tables as t
from bot.store.sql import AnyRow
from bot.store.types import destination_key, moment, owner_key, owner_of, place_of

#: Refused so many times in a row, a digest is no accident: its admins are told.
TIMES = 2
#: A weekly digest is told of at once: the second refusal would come a week later.
TIMES_WEEKLY = 1


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
    first = session.execute(select(t.outbox).where(*wanted).order_by(box.id.desc()).limit(limit)).all()
    return [_outcome(session, row) for row in first]


def last(session: Session, place: Place) -> DigestOutcome | None:
    """What became of a place's newest daily digest; None before the first."""
    box = t.outbox.c
    here = (*_at(place), box.kind == digests.DAILY, box.part == 0)
    row = session.execute(select(t.outbox).where(*here).order_by(box.local_date.desc()).limit(1)).first()
    return _outcome(session, row) if row is not None else None


def of_request(session: Session, place: Place, kind: str, day: date) -> DigestOutcome | None:
    """What became of one digest; None if there is no such."""
    box = t.outbox.c
    here = (*_at(place), box.kind == kind, box.part == 0)
    row = session.execute(select(t.outbox).where(*here, box.local_date == day.isoformat())).first()
    return _outcome(session, row) if row is not None else None


def refused(session: Session) -> list[RefusedDigest]:
    """The running digests that were given up every time lately, often enough for their admins to be told."""
    box, digest = t.outbox.c, t.digest.c
    failing = and_(
        digest.guild_id == box.guild_id,
        digest.channel_id == box.channel_id,
        digest.kind == box.kind,
        box.state == outbox.FAILED,
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


def _given_up(session: Session, place: Place, kind: str) -> Sequence[AnyRow]:
    """The newest digests in a row that were given up, the newest first; what waits or was skipped is none."""
    box = t.outbox.c
    here = (*_at(place), box.kind == kind)
    states = (outbox.SENT, outbox.UNKNOWN, outbox.FAILED)
    rows = session.execute(
        select(box.local_date, box.part, box.state, box.error)
        .where(*here, box.state.in_(states))
        .order_by(box.local_date.desc(), box.part)
    ).all()
    given_up = []
    for _, parts in groupby(rows, key=lambda row: row.local_date):
        worst = next((row for row in parts if row.state == outbox.FAILED), None)
        if worst is None:
            break
        given_up.append(worst)
    return given_up


def _outcome(session: Session, first: AnyRow) -> DigestOutcome:
    """One digest with all its parts: it is as its first part that was not posted is."""
    box = t.outbox.c
    same = (box.guild_id, box.channel_id, box.kind, box.local_date)
    here = and_(*(column == getattr(first, column.name) for column in same))
    parts = session.execute(select(t.outbox).where(here).order_by(box.part)).all()
    worst = next((row for row in parts if row.state != outbox.SENT), parts[-1])
    given_up = worst.state in (outbox.FAILED, outbox.SKIPPED)
    stretch = json.loads(first.options).get("stretch") if first.options else None
    return DigestOutcome(
        id=first.id,
        place=place_of(owner_of(first.guild_id), first.channel_id),
        kind=first.kind,
        day=date.fromisoformat(first.local_date),
        # A message that is put aside is due later; a digest's stretch ends when it was due at first.
        due_at=moment(stretch[1]) if stretch else first.planned_at,
        state="partly" if given_up and worst.part > 0 and parts[0].state == outbox.SENT else worst.state,
        settled_at=worst.settled_at,
        next_try=worst.due_at if worst.state == outbox.PENDING and worst.error else None,
        error=worst.error or "",
    )

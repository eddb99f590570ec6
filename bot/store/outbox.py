"""The outbox: each message is planned once, claimed by one sender at a time, and settled once.

::

    enqueue ──> pending ──claim (lease)──> sent | failed | skipped | unknown
                   ^──────postpone──────────┘

Planning twice is made harmless by a unique key, sending twice by a nonce that follows from the key: whoever
claims the message after a crash sends the very same request, and Discord answers with the first message.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import TERMINAL, Destination
from bot.domain.digests import PLAIN, DeliveryState, OutboxDraft, OutboxMessage, Posting
from bot.store import readers
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.sql import among, chunks, columns, insert_ignore, insert_many, is_sqlite, listed, records
from bot.store.types import (
    Epoch,
    destination_key,
    destination_of,
    key16,
    moment,
    owner_key,
    owner_of,
    seconds,
)

_WAITING = t.outbox.c.state == DeliveryState.PENDING

#: Errors are kept for the operator, not for ever and not whole pages of them.
_LONGEST_ERROR = 500

_PLANNED = (
    *("guild_id", "channel_id", "kind", "local_date", "part", "body_key", "nonce"),
    *("state", "planned_at", "due_at", "attempts", "options"),
)


class _Claimed(NamedTuple):
    """A message to be posted, with its body."""

    id: int
    guild_id: int
    channel_id: int
    kind: str
    local_date: str
    part: int
    body: str
    nonce: str
    due_at: datetime
    attempts: int
    first_attempt_at: datetime
    lease_until: datetime
    options: str | None


class _Place(NamedTuple):
    """Which part a message is of which post."""

    guild_id: int
    channel_id: int
    kind: str
    local_date: str
    part: int


class _SettledColumns(NamedTuple):
    """The reader of a message, and in its options the news in it."""

    guild_id: int
    channel_id: int
    kind: str
    options: str | None


def nonce(to: Destination, kind: str, local_date: date, part: int) -> str:
    """The nonce of a message: 16 characters (Discord takes 25) that follow from what it is."""
    return _nonce(destination_key(to), kind, local_date.isoformat(), part)


def _nonce(key: tuple[int, int], kind: str, day: str, part: int) -> str:
    identity = f"{key[0]}|{key[1]}|{kind}|{day}|{part}"
    return hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()


def enqueue(session: Session, drafts: Sequence[OutboxDraft], *, now: datetime) -> int:
    """Plan messages. Those of a kind, channel and day that has any already are left out as a whole.

    Returns how many messages are new.
    """
    return add(session, unplanned(session, drafts), now=now)


def unplanned(session: Session, drafts: Sequence[OutboxDraft]) -> Sequence[OutboxDraft]:
    """Those of the drafts whose kind, channel and day have no message yet."""
    on_sqlite = is_sqlite(session)
    days = [day.isoformat() for day in {draft.local_date for draft in drafts}]
    taken: set[tuple[int, int, str, str]] = set()
    for some in chunks({destination_key(draft.to)[0] for draft in drafts}):
        values = {"servers": listed(some, on_sqlite=on_sqlite), "days": days}
        taken.update(session.connection().execute(_planned_in(on_sqlite), values).all())
    if not taken:
        return drafts
    known = ((*destination_key(one.to), one.kind, one.local_date.isoformat()) in taken for one in drafts)
    return [draft for draft, there in zip(drafts, known, strict=True) if not there]


def add(session: Session, fresh: Sequence[OutboxDraft], *, now: datetime) -> int:
    """Plan messages that are ``unplanned``. Returns how many there are."""
    # Thousands share a day and a due time: each is formatted once.
    days = {draft.local_date: draft.local_date.isoformat() for draft in fresh}
    due = {draft.due_at: seconds(draft.due_at) for draft in fresh}
    key_of = {body: key16(body) for body in {draft.body for draft in fresh}}
    texts = [{"key": key, "body": plain(body)} for body, key in key_of.items()]
    insert_ignore(session, t.outbox_body, texts)
    planned_at = seconds(now)
    rows = [
        (
            *(place := destination_key(draft.to)),
            draft.kind,
            days[draft.local_date],
            draft.part,
            key_of[draft.body],
            _nonce(place, draft.kind, days[draft.local_date], draft.part),
            DeliveryState.PENDING,
            planned_at,
            due[draft.due_at],
            0,
            _options(draft.posting, draft.told, draft.period),
        )
        for draft in fresh
    ]
    insert_many(session, t.outbox, _PLANNED, rows)
    return len(rows)


def claim(
    session: Session,
    *,
    now: datetime,
    owner: str,
    lease: timedelta,
    limit: int = 10,
    terminal: bool = False,
) -> list[OutboxMessage]:
    """Up to ``limit`` messages that are due, leased to ``owner``, the longest due first.

    They are for Discord, or with ``terminal`` those to be printed there.
    A part is not given out while an earlier part of the same post waits or is with another sender. The lease
    must end well before Discord forgets a nonce ("a few minutes"), or a resend would be a second message. One
    that ends later than any could was given before the clock was put back: that message is given out at once.
    """
    box, earlier = t.outbox, t.outbox.alias("earlier")
    blocked = exists(
        select(1).where(
            earlier.c.guild_id == box.c.guild_id,
            earlier.c.channel_id == box.c.channel_id,
            earlier.c.kind == box.c.kind,
            earlier.c.local_date == box.c.local_date,
            earlier.c.part < box.c.part,
            earlier.c.state == DeliveryState.PENDING,
            or_(earlier.c.lease_until > now, earlier.c.due_at > now),
        )
    )
    free = or_(box.c.lease_until.is_(None), box.c.lease_until <= now)
    astray = box.c.lease_until > now + 2 * lease
    conditions = [_WAITING, or_(and_(box.c.due_at <= now, free), astray)]
    printed = box.c.guild_id == owner_key(TERMINAL)
    conditions.append(printed if terminal else ~printed)
    ids = session.scalars(
        select(box.c.id)
        .where(*conditions, ~blocked)
        .order_by(box.c.due_at, box.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    until = now + lease
    session.execute(
        update(box)
        .where(box.c.id.in_(ids))
        .values(
            lease_owner=owner,
            lease_until=until,
            attempts=box.c.attempts + 1,
            first_attempt_at=func.coalesce(box.c.first_attempt_at, literal(now, Epoch())),
        )
    )
    rows = session.execute(
        select(*columns(_Claimed, box, t.outbox_body))
        .join(t.outbox_body, t.outbox_body.c.key == box.c.body_key)
        .where(box.c.id.in_(ids))
        .order_by(box.c.due_at, box.c.id)
    )
    return [
        OutboxMessage(
            id=row.id,
            to=destination_of(row.guild_id, row.channel_id),
            kind=row.kind,
            local_date=date.fromisoformat(row.local_date),
            part=row.part,
            body=row.body,
            nonce=row.nonce,
            due_at=row.due_at,
            attempts=row.attempts,
            first_attempt_at=row.first_attempt_at,
            lease_until=row.lease_until,
            posting=Posting.of(json.loads(row.options)) if row.options else PLAIN,
        )
        for row in records(rows, _Claimed)
    ]


def mark_sent(session: Session, outbox_id: int, *, owner: str, now: datetime, message_id: int | None) -> bool:
    """The message is posted. True even if another sender holds it by now: what was posted is posted.

    The news in it is marked as read. Returns False if it was settled before.
    """
    del owner
    if not _settle(session, t.outbox.c.id == outbox_id, DeliveryState.SENT, now, message_id=message_id):
        return False
    _mark_read(session, outbox_id, now)
    return True


def mark_failed(session: Session, outbox_id: int, *, owner: str, now: datetime, error: str) -> bool:
    """The message cannot be posted; nor will later parts of it. False if ``owner`` does not hold it."""
    return _give_up(session, outbox_id, DeliveryState.FAILED, owner, now, error)


def mark_skipped(session: Session, outbox_id: int, *, owner: str, now: datetime, error: str) -> bool:
    """The message is not worth posting any more; nor are later parts. False if ``owner`` does not hold it."""
    return _give_up(session, outbox_id, DeliveryState.SKIPPED, owner, now, error)


def mark_unknown(session: Session, outbox_id: int, *, owner: str, now: datetime, error: str) -> bool:
    """Whether the message was posted cannot be found out, and it is not sent again."""
    held = and_(t.outbox.c.id == outbox_id, t.outbox.c.lease_owner == owner)
    return _settle(session, held, DeliveryState.UNKNOWN, now, error=error) > 0


def postpone(
    session: Session,
    outbox_id: int,
    *,
    owner: str,
    until: datetime,
    surely_unsent: bool = True,
    error: str | None = None,
) -> bool:
    """Try again at ``until``, and the later parts after it. ``error`` is why, for who asks meanwhile.

    ``surely_unsent``: no try so far can have posted it, so that the nonce's clock starts anew. False if
    ``owner`` does not hold the message.
    """
    values: dict[str, Any] = {"due_at": until, "lease_owner": None, "lease_until": None}
    if error is not None:
        values["error"] = plain(error[:_LONGEST_ERROR])
    if surely_unsent:
        values["first_attempt_at"] = None
    changed = session.execute(
        update(t.outbox)
        .where(t.outbox.c.id == outbox_id, _WAITING, t.outbox.c.lease_owner == owner)
        .values(values)
        .returning(t.outbox.c.id)
    ).all()
    if not changed:
        return False
    behind = and_(_later_parts(session, outbox_id), t.outbox.c.due_at < until)
    session.execute(update(t.outbox).where(behind, _WAITING).values(due_at=until))
    return True


def counts(session: Session) -> dict[str, int]:
    """How many messages are in each state."""
    rows = session.execute(select(t.outbox.c.state, func.count()).group_by(t.outbox.c.state))
    return {row[0]: row[1] for row in rows}


def _give_up(
    session: Session, outbox_id: int, state: DeliveryState, owner: str, now: datetime, error: str
) -> bool:
    held = and_(t.outbox.c.id == outbox_id, t.outbox.c.lease_owner == owner)
    if not _settle(session, held, state, now, error=error):
        return False
    _settle(session, _later_parts(session, outbox_id), state, now, error="earlier_part")
    return True


def _later_parts(session: Session, outbox_id: int) -> ColumnElement[bool]:
    this = select(*columns(_Place, t.outbox)).where(t.outbox.c.id == outbox_id)
    (row,) = records(session.execute(this), _Place)
    return and_(
        t.outbox.c.guild_id == row.guild_id,
        t.outbox.c.channel_id == row.channel_id,
        t.outbox.c.kind == row.kind,
        t.outbox.c.local_date == row.local_date,
        t.outbox.c.part > row.part,
    )


def _settle(
    session: Session,
    which: ColumnElement[bool],
    state: DeliveryState,
    now: datetime,
    *,
    message_id: int | None = None,
    error: str | None = None,
) -> int:
    values = {
        "state": state,
        "settled_at": now,
        "message_id": message_id,
        "error": plain(error[:_LONGEST_ERROR]) if error else None,
        "lease_owner": None,
        "lease_until": None,
    }
    waiting = update(t.outbox).where(which, _WAITING).values(values)
    rows = session.execute(waiting.returning(*columns(_SettledColumns, t.outbox)))
    settled = records(rows, _SettledColumns)
    if state in (DeliveryState.FAILED, DeliveryState.SKIPPED):
        for row in settled:
            _reopen_period(session, row)
    return len(settled)


def _reopen_period(session: Session, row: _SettledColumns) -> None:
    """Let the next digest cover the period of one that was not posted. It is stored as ``stretch``."""
    period = json.loads(row.options).get("stretch") if row.options else None
    if period is None:
        return
    since, until = (moment(one) for one in period)
    digest = t.digest.c
    here = (
        digest.guild_id == owner_of(row.guild_id),
        digest.channel_id == row.channel_id,
        digest.kind == row.kind,
    )
    # Not if another was planned meanwhile: it covers what follows, and going back would repeat that.
    session.execute(update(t.digest).where(*here, digest.covered_until == until).values(covered_until=since))


@lru_cache(maxsize=256)
def _options(
    posting: Posting, told: tuple[tuple[int, int], ...], period: tuple[datetime, datetime] | None
) -> str | None:
    """A message's posting options and the news in it, as stored; NULL for later parts, which have none.

    Cached: thousands of messages are equal.
    """
    kept: dict[str, object] = {}
    if posting != PLAIN:
        kept = {"silent": posting.silent, "publish": posting.publish}
        kept |= {"role": str(posting.role)} if posting.role else {}
    if told:
        kept["told"] = told
    if period:
        kept["stretch"] = [seconds(one) for one in period]
    return dump(kept) if kept else None


def _mark_read(session: Session, outbox_id: int, now: datetime) -> None:
    """Mark the news of a message that was posted as read by its reader."""
    this = select(*columns(_SettledColumns, t.outbox)).where(t.outbox.c.id == outbox_id)
    (row,) = records(session.execute(this), _SettledColumns)
    told = json.loads(row.options).get("told") if row.options else None
    if not told:
        return
    reader = readers.of_destination(destination_of(row.guild_id, row.channel_id))
    readers.mark_read(session, reader, [(story, revision) for story, revision in told], now)


@cache
def _planned_in(on_sqlite: bool) -> Select[*tuple[Any, ...]]:
    """The kinds, channels and days of what is planned in some servers on some days."""
    box = t.outbox.c
    on_days = box.local_date.in_(bindparam("days", expanding=True))
    there = select(box.guild_id, box.channel_id, box.kind, box.local_date).where(on_days)
    return there.where(among(box.guild_id, "servers", on_sqlite=on_sqlite)).distinct()

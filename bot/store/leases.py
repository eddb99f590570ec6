"""Things that only one process may do at a time, and turns that all processes take together.

A lease is a row with an owner and an end. A process that dies gives up its leases by not renewing them;
nobody has to notice. Moments are whole seconds, as everywhere in the store. An end further ahead than any
could be was set by a clock that was fast and has been put right: it does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.models import LeaseRow
from bot.store.sql import col, columns, insert, record

_SECOND = timedelta(seconds=1)


class Taken(StrEnum):
    """The result of a request for a lease."""

    KEPT = "kept"
    """It is ours, and nobody else has had it since we had it last."""
    NEW = "new"
    """It is ours now; another may have had it before."""
    NO = "no"
    """Another has it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A stored lease."""

    name: str
    owner: str
    until: datetime


class _Held(NamedTuple):
    """Who has a lease, and until when."""

    owner: str
    until: datetime


def take(session: Session, name: str, owner: str, *, now: datetime, ttl: timedelta) -> Taken:
    """Take a lease until ``now + ttl``, or renew it."""
    lease = t.lease
    values = {"owner": owner, "until": now + ttl}
    held = select(*columns(_Held, lease)).where(lease.c.name == name).with_for_update()
    row = record(session.execute(held), _Held)
    if row is None:
        statement = insert(session, lease).values(name=name, **values).on_conflict_do_nothing()
        made = session.execute(statement.returning(lease.c.name)).first()
        return Taken.NO if made is None else Taken.NEW
    # Twice: clocks of two machines differ, and the other's is no reason to take what it holds.
    if row.owner != owner and now < row.until <= now + 2 * ttl:
        return Taken.NO
    session.execute(update(lease).where(lease.c.name == name).values(values))
    return Taken.KEPT if row.owner == owner else Taken.NEW


def release(session: Session, name: str, owner: str, *, now: datetime) -> None:
    """Let others have the lease, and remember whose it was: ``take`` then says whether another had it."""
    here = (t.lease.c.name == name, t.lease.c.owner == owner)
    session.execute(update(t.lease).where(*here).values(until=now))


def remove(session: Session, name: str, owner: str) -> None:
    """Let the lease go; nothing happens if another has it by now."""
    session.execute(delete(t.lease).where(t.lease.c.name == name, t.lease.c.owner == owner))


def reserve(session: Session, name: str, *, now: datetime, seconds: int, most: int) -> datetime:
    """A turn of whole seconds that no other caller gets: the moment at which it begins.

    Turns follow each other without a gap while there is demand. The caller waits until its turn. No more than
    ``most`` turns can be taken at a time: one further ahead is a fast clock's, and does not count.
    """
    lease = t.lease
    insert_free = insert(session, lease).values(name=name, owner="", until=now).on_conflict_do_nothing()
    session.execute(insert_free)
    ends = select(col(LeaseRow.until)).where(lease.c.name == name).with_for_update()
    until = session.execute(ends).scalar_one()
    # Up to the next whole second: the store would cut the fraction off, and two turns would overlap.
    start = now if not now.microsecond else now.replace(microsecond=0) + _SECOND
    turn = timedelta(seconds=seconds)
    if until <= start + most * turn:
        start = max(start, until)
    session.execute(update(lease).where(lease.c.name == name).values(until=start + turn))
    return start


def active(session: Session, prefix: str, now: datetime) -> list[Lease]:
    """The leases in force whose name begins so, by name."""
    lease = t.lease
    rows = session.execute(
        select(col(LeaseRow.name), col(LeaseRow.owner), col(LeaseRow.until))
        .where(lease.c.name.startswith(prefix, autoescape=True), lease.c.until > now)
        .order_by(lease.c.name)
    )
    return [Lease(name, owner, until) for name, owner, until in rows]

"""Putting the messages of due digests into the outbox, and setting when the next are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Update, and_, bindparam, case, or_, update
from sqlalchemy.orm import Session

from bot.domain.digests import DigestSubscription, OutboxDraft
from bot.store import outbox
from bot.store import tables as t
from bot.store.sql import among, chunks, is_sqlite, listed
from bot.store.types import Epoch


@dataclass(frozen=True, slots=True)
class DigestPlanned:
    """What comes of one subscription that was due: its messages, if any, and when the next digest is due.

    ``covered_until`` is where this digest ends; None leaves it as it was, for a digest that is skipped.
    """

    subscription: DigestSubscription
    next_due_at: datetime
    drafts: tuple[OutboxDraft, ...]
    covered_until: datetime | None


def plan(session: Session, outcomes: Sequence[DigestPlanned], *, now: datetime) -> int:
    """Put the messages of due digests into the outbox and set when the next are due, all or nothing.

    Safe to repeat, and safe in two processes at once: a digest of a local day that is there already stays as
    it is, and what would have been told in its place comes with the next. Returns how many messages are new.
    """
    if not outcomes:
        return 0
    drafts = [draft for one in outcomes for draft in one.drafts]
    fresh = outbox.unplanned(session, drafts)
    planned = outbox.add(session, fresh, now=now)
    refused = set(drafts).difference(fresh) if len(fresh) < len(drafts) else set()
    on_sqlite = is_sqlite(session)
    # Thousands of servers share an hour: those that go on alike are moved in one statement.
    alike: dict[tuple[datetime, datetime | None, int, str, int], list[int]] = {}
    for one in outcomes:
        covered_until = one.covered_until if not refused or refused.isdisjoint(one.drafts) else None
        mine = one.subscription
        key = (one.next_due_at, covered_until, mine.minute_of_day, mine.zone, mine.days)
        alike.setdefault(key, []).append(mine.id)
    for (following, covered_until, minute, zone, days), ids in alike.items():
        values = {
            "following": following,
            "told": covered_until,
            "minute": minute,
            "in_zone": zone,
            "on": days,
        }
        for some in chunks(ids):
            moved = listed(some, on_sqlite=on_sqlite)
            session.connection().execute(_go_on(on_sqlite), values | {"digests": moved})
    return planned


@cache
def _go_on(on_sqlite: bool) -> Update:
    """Moves the next due time and ``covered_until`` of digests, neither back in time.

    Made once: to make it takes longer than to run it.
    """
    digest = t.digest.c
    following, told = bindparam("following", type_=Epoch), bindparam("told", type_=Epoch)
    # One whose hour was changed meanwhile is planned again for what it is due now.
    unchanged = and_(
        digest.minute_of_day == bindparam("minute"),
        digest.zone == bindparam("in_zone"),
        digest.days == bindparam("on"),
    )
    later = and_(unchanged, or_(digest.next_due_at.is_(None), digest.next_due_at < following))
    earlier = and_(told.is_not(None), or_(digest.covered_until.is_(None), digest.covered_until < told))
    return (
        update(t.digest)
        .where(or_(later, earlier), among(digest.id, "digests", on_sqlite=on_sqlite))
        .values(
            next_due_at=case((later, following), else_=digest.next_due_at),
            covered_until=case((earlier, told), else_=digest.covered_until),
        )
    )

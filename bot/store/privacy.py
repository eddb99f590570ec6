"""What is kept about one member, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import DirectMessage
from bot.store import readers
from bot.store import tables as t
from bot.store.types import destination_key

#: Stands for who made something and has been forgotten; no Discord id is 0.
NOBODY = 0
_MADE_BY = (t.guild_feed.c.added_by, t.watch.c.added_by, t.labelled_case.c.user_id, t.pin.c.user_id)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many things of each kind are kept about a member.

    ``changes`` and ``cases`` are what they did as an admin; these belong to the server and go with it. The
    server's feeds, watches, corrections and splits stay when a member is forgotten, without who made them;
    the audit stays as it is, because the other admins rely on it.
    """

    follows: int
    looks: int
    told: int
    alerts: int
    changes: int
    cases: int

    @property
    def own(self) -> int:
        """How many would go if the member is forgotten."""
        return self.follows + self.looks + self.told + self.alerts


def kept_of(session: Session, user_id: int) -> Kept:
    """What is kept about a member."""
    reader = readers.member(user_id)

    def count(table: Table, where: ColumnElement[bool]) -> int:
        return session.execute(select(func.count()).select_from(table).where(where)).scalar_one()

    return Kept(
        follows=count(t.follow, t.follow.c.reader == reader),
        looks=count(t.reader_look, t.reader_look.c.reader == reader),
        told=count(t.ledger, t.ledger.c.reader == reader),
        alerts=count(t.outbox, _alerts(user_id)),
        changes=count(t.audit, t.audit.c.user_id == user_id),
        cases=count(t.labelled_case, t.labelled_case.c.user_id == user_id),
    )


def forget_member(session: Session, user_id: int) -> None:
    """Delete what is kept about a member: follows, looks, what they were told, and alerts to them.

    What they made as an admin, the audit apart, no longer says by whom.
    """
    readers.forget_reader(session, readers.member(user_id))
    session.execute(delete(t.outbox).where(_alerts(user_id)))
    for column in _MADE_BY:
        session.execute(update(column.table).where(column == user_id).values({column: NOBODY}))


def _alerts(user_id: int) -> ColumnElement[bool]:
    direct, channel_id = destination_key(DirectMessage(user_id))
    return and_(t.outbox.c.guild_id == direct, t.outbox.c.channel_id == channel_id)

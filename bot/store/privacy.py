"""What is stored about one user, and its deletion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import TERMINAL, DirectMessage, Member, TerminalUser, User
from bot.store import readers
from bot.store import tables as t
from bot.store.follows import ALERT
from bot.store.types import destination_key

#: Who made something. NULL once they have been forgotten.
_MADE_BY = (
    t.guild_feed.c.added_by,
    t.watch.c.added_by,
    t.labelled_case.c.added_by,
    t.pin.c.added_by,
    t.policy_report.c.decided_by,
)


@dataclass(frozen=True, slots=True)
class UserData:
    """How many rows of each kind are stored about a user.

    ``changes`` and ``cases`` are what they did as an admin; these belong to the server and go with it. The
    server's feeds, watches, corrections and splits stay when a user is forgotten, without who made them;
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
        """How many would go if the user is forgotten."""
        return self.follows + self.looks + self.told + self.alerts


def user_data(session: Session, user: User) -> UserData:
    """How much is stored about a user."""

    def count(table: Table, where: ColumnElement[bool]) -> int:
        return session.execute(select(func.count()).select_from(table).where(where)).scalar_one()

    return UserData(
        follows=count(t.follow, t.follow.c.reader == user),
        looks=count(t.reader_look, t.reader_look.c.reader == user),
        told=count(t.ledger, t.ledger.c.reader == user),
        alerts=count(t.outbox, _alerts(user)),
        changes=count(t.audit, t.audit.c.user_id == user),
        cases=count(t.labelled_case, t.labelled_case.c.added_by == user),
    )


def forget_user(session: Session, user: User) -> None:
    """Delete what is kept about a user: follows, requests for news, read marks, and alerts to them.

    What they made as an admin, the audit apart, no longer says by whom.
    """
    readers.forget_reader(session, user)
    session.execute(delete(t.outbox).where(_alerts(user)))
    for column in _MADE_BY:
        session.execute(update(column.table).where(column == user).values({column: None}))


def _alerts(user: User) -> ColumnElement[bool]:
    """What was posted to a user: to a member all direct messages; the terminal has digests too."""
    box = t.outbox.c
    match user:
        case Member(id=user_id):
            server, channel = destination_key(DirectMessage(user_id))
            return and_(box.guild_id == server, box.channel_id == channel)
        case TerminalUser():
            server, channel = destination_key(TERMINAL)
            there = and_(box.guild_id == server, box.channel_id == channel)
            return and_(there, box.kind.startswith(ALERT))
        case _:
            assert_never(user)

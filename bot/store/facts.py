"""Key-value facts that the bot keeps about itself, such as the commands that Discord was sent last."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.audience import Owner
from bot.store import tables as t
from bot.store.sql import upsert
from bot.store.types import owner_key

#: The hash of the commands that Discord was sent last.
COMMANDS_SENT = "commands_registered"
#: Of a server: what its feeds were before their last change, and the list that it was about to follow.
FEEDS_BEFORE = "feeds_before"
FEEDS_LISTED = "feeds_listed"


def of_guild(fact: str, owner: Owner) -> str:
    """The name of a server's own fact."""
    return f"{fact}:{owner_key(owner)}"


def recall(session: Session, key: str) -> str | None:
    """The fact of that name; None if it was never kept."""
    found: str | None = session.scalar(select(t.meta.c.value).where(t.meta.c.key == key))
    return found


def remember(session: Session, key: str, value: str) -> None:
    """Store a fact, replacing its old value."""
    upsert(session, t.meta, [{"key": key, "value": value}])


def forget(session: Session, key: str) -> None:
    """Delete that fact."""
    session.execute(delete(t.meta).where(t.meta.c.key == key))


def forget_guild(session: Session, owner: Owner) -> None:
    """Delete all of a server's own facts."""
    for fact in (FEEDS_BEFORE, FEEDS_LISTED):
        forget(session, of_guild(fact, owner))

"""Requests that are too long for a control of Discord's, kept under the key that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store import facts
from bot.store import tables as t

_NAME = "request:"
#: How long a control works after its message was made last: a quarter, as hits of watches are kept.
LIFE = timedelta(days=90)


def keep(session: Session, kept: Mapping[str, str], now: datetime) -> None:
    """Keep texts under their keys, from now on for ``LIFE``."""
    for key, text in kept.items():
        facts.remember(session, f"{_NAME}{key}", f"{now.date().isoformat()} {text}")


def recall(session: Session, key: str) -> str | None:
    """What is kept under a key; None if that is no longer known."""
    found = facts.recall(session, f"{_NAME}{key}")
    return found.partition(" ")[2] if found is not None else None


def prune(session: Session, now: datetime) -> int:
    """Forget what was kept longer ago than ``LIFE``. Returns how many."""
    old = t.meta.c.key.startswith(_NAME, autoescape=True), t.meta.c.value < (now - LIFE).date().isoformat()
    return len(session.execute(delete(t.meta).where(*old).returning(t.meta.c.key)).all())

"""What a server has set, and what its admins have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audience import Owner, User


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a server or the terminal chose. ``chosen`` names what is not left to the operator.

    ``muted`` are the forms of entries (``bot.topics.form``) that are not shown there.
    """

    language: str
    timezone: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    alerts_channel: int | None = None
    chosen: frozenset[str] = frozenset()
    muted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What was changed, by whom (None is the bot itself), when."""

    id: int
    owner: Owner
    at: datetime
    by: User | None
    action: str
    detail: Mapping[str, object]

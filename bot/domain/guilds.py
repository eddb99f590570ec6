"""What a server has set, and what its admins have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's choices. Server 0 is the terminal. ``chosen`` names those that are not the operator's."""

    guild_id: int
    language: str
    timezone: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    alerts_channel: int | None = None
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What was changed, by whom, when."""

    id: int
    guild_id: int
    at: datetime
    user_id: int | None
    action: str
    detail: Mapping[str, object]

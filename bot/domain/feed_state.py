"""What polling remembers of a feed between two polls."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""The due time of a feed that is gone: so far ahead that every "is it due" says no. None is due at once."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """The polling policy's whole memory of one feed. All moments are aware and in UTC.

    The store keeps it as one JSON text: what the policy needs to remember may grow without a migration.
    """

    # What the last whole answer was, to ask only for what is newer.
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None  # the address that gave them; they go to no other
    validators_trusted: bool = True
    body_hash: str | None = None
    wire_hash: str | None = None  # of the same body as it came, compressed or not
    entries_hash: str | None = None  # of what identifies the entries in it
    entries: int = 0
    newest_entry_at: datetime | None = None  # the latest date in it that is not in the future
    not_modified_streak: int = 0  # answers 304 since then
    last_unconditional_at: datetime | None = None  # when it came
    cuts: int = 0  # whole answers in a row that broke off

    # What the feed asks of those who poll it.
    cache_seconds: int | None = None
    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()

    # How it has gone.
    polls: int = 0
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    throttles: int = 0  # answers 429 in a row
    health: str = "new"
    health_since: datetime | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_entry_at: datetime | None = None
    pace_seconds: int | None = None  # the usual time between two entries
    span_seconds: int | None = None  # between the oldest and the newest of the list
    undated: bool = False  # no entry has a date
    next_due_at: datetime | None = None
    last_status: int | None = None
    last_reason: str = ""

    # The ended days of a source that has an address for each: "2026-11-25" was answered, and
    # "2026-11-26?2026-11-28" with nothing, when it was last asked on the 28th.
    days: tuple[str, ...] = ()

    # Where it says that it has moved for good, and for how long it has said so.
    moved_to: str | None = None
    moved_polls: int = 0
    moved_since: datetime | None = None

    def dump(self) -> str:
        """This state as JSON: what differs from a new feed's; moments as whole epoch seconds."""
        values: dict[str, Any] = {}
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if value != default:
                values[name] = int(value.timestamp()) if isinstance(value, datetime) else value
        return _encode(values)

    @classmethod
    def load(cls, text: str) -> FeedState:
        """The state that ``dump`` wrote; keys that are no longer known are dropped."""
        raw = json.loads(text) if text else {}
        values = {name: value for name, value in raw.items() if name in _DEFAULTS}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
            elif value is not None and name.endswith(("_at", "_since")):
                values[name] = datetime.fromtimestamp(value, UTC)
        return cls(**values)


#: What a new feed's state holds. A default that is changed changes what is stored: add a field instead.
_DEFAULTS = {field.name: field.default for field in fields(FeedState)}
_encode = json.JSONEncoder(separators=(",", ":")).encode

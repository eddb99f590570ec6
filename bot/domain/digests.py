"""Digest subscriptions, and the messages that wait in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from bot.domain.audience import Destination, Owner, Place

#: How the kinds of messages begin that come once: what tells admins of trouble, and a digest on request.
NOTICE = "notice"
NOW = "now-"


class DeliveryState(StrEnum):
    """What became of a message. The values are kept in the outbox."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    #: Whether it was posted cannot be found out.
    UNKNOWN = "unknown"
    #: Of a digest of several messages, and never of one: only the first were posted.
    PARTLY = "partly"


class DigestSubscription(NamedTuple):
    """A channel's standing order. ``days`` is a set of weekdays, bit 0 is Monday; no concerns means all.

    ``covered_until`` is where the last digest ended; the next one continues from there. It is a tuple, as a
    draft is: ten thousand that are due at one hour are made at a third of what dataclasses cost.
    """

    id: int
    place: Place
    kind: str
    minute_of_day: int
    days: int
    zone: str
    language: str
    concerns: tuple[str, ...]
    empty_day: str
    options: Mapping[str, object]
    next_due_at: datetime | None
    covered_until: datetime | None
    paused_at: datetime | None
    pause_reason: str | None

    @property
    def owner(self) -> Owner:
        """Whose digest it is."""
        return self.place.owner

    @property
    def posting(self) -> Posting:
        """How its messages are posted."""
        return Posting.of(self.options)


@dataclass(frozen=True, slots=True)
class Posting:
    """How a message is posted: a role to wake, without a sound, published where a channel announces."""

    role: int | None = None
    silent: bool = False
    publish: bool = False

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Posting:
        """What a digest's options ask for; what is no role's number wakes nobody."""
        if not options:
            return PLAIN
        role = str(options.get("role") or "")
        return cls(
            int(role) if role.isdigit() else None, bool(options.get("silent")), bool(options.get("publish"))
        )


PLAIN = Posting()


@dataclass(frozen=True, slots=True)
class DigestOutcome:
    """What became of one digest, all of its messages together.

    ``state`` is that of its first message that was not posted, or of its last. ``error`` is why, as the
    sender noted it; for one that is pending, why it had to be tried again, at ``next_try``.
    """

    id: int
    place: Place
    kind: str
    day: date
    due_at: datetime
    state: DeliveryState
    settled_at: datetime | None
    next_try: datetime | None
    error: str

    @property
    def on_request(self) -> bool:
        """Whether an admin asked for it."""
        return self.kind.startswith(NOW)


@dataclass(frozen=True, slots=True)
class RefusedDigest:
    """A digest that was given up ``times`` times in a row, since ``since``; ``error`` is why it last was."""

    subscription: DigestSubscription
    times: int
    since: date
    error: str


class OutboxDraft(NamedTuple):
    """A message to be planned. ``part`` counts from 0; ``body`` is frozen as it is.

    ``told`` are the (story, revision) that its reader counts as told of, once it is posted. ``period`` is
    from when to when a digest tells, which the next one tells if this one cannot be posted.
    """

    to: Destination
    kind: str
    local_date: date
    part: int
    body: str
    due_at: datetime
    posting: Posting = PLAIN
    told: tuple[tuple[int, int], ...] = ()
    period: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message that this owner may send now, until its lease ends."""

    id: int
    to: Destination
    kind: str
    local_date: date
    part: int
    body: str
    nonce: str
    due_at: datetime
    attempts: int
    first_attempt_at: datetime
    lease_until: datetime
    posting: Posting = PLAIN

    @property
    def once(self) -> bool:
        """Whether this comes once and not by itself again: a notice, or a digest that an admin asked for."""
        return self.kind.startswith((NOTICE, NOW))

    @property
    def about_guild(self) -> int | None:
        """The server that a notice is about which goes to an admin directly; None for all others."""
        number = self.kind.removeprefix(f"{NOTICE}-")
        return int(number) if number != self.kind and number.isdigit() else None

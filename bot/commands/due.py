"""Which stretch of time a digest tells of, and when it is late. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.due import EVERY_DAY

#: A digest that could not be planned for this long is skipped: nobody wants yesterday's paper at dinner.
TOO_LATE = timedelta(hours=6)
#: Later than this, a digest says so.
LATE = timedelta(minutes=15)
#: The first digest of a channel looks back this far; a weekly one looks back a week.
FIRST_SPAN = timedelta(hours=24)
#: No digest tells of more than this, however long the bot was away: a week, and the hour by which a change of
#: clocks makes one longer.
LONGEST_SPAN = timedelta(days=7, hours=1)


def too_late(due: datetime, now: datetime) -> bool:
    """Whether the digest that was due then is no longer worth posting."""
    return now - due > TOO_LATE


def is_late(due: datetime, now: datetime) -> bool:
    """Whether the digest should say that it is late."""
    return now - due > LATE


def first_span(days: int) -> timedelta:
    """How far a first digest looks back. ``days`` is a set of weekdays, bit 0 is Monday."""
    return timedelta(days=7) if days.bit_count() == 1 else FIRST_SPAN


def span_of(told_until: datetime | None, due: datetime, days: int = EVERY_DAY) -> tuple[datetime, datetime]:
    """What a digest tells of: everything first known after the previous digest's end, up to its own due time.

    Both ends are in the time at which we came to know of things, so that the stretches of two digests touch
    and never overlap: a late article is told in the next digest, and nothing is told twice.
    """
    since = told_until or due - first_span(days)
    return max(since, due - LONGEST_SPAN), due

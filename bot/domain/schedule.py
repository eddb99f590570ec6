"""When digests and alerts are due in their readers' zones, and which time a digest covers. Pure.

The identity of a day's post is its local date: a clock that is set back cannot bring the same date twice, and
one that is set forward cannot skip it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot.clock import zone_of

EVERY_DAY = 0b1111111
WORKING_DAYS = 0b0011111
#: A digest that could not be planned for this long is skipped: nobody wants yesterday's paper at dinner.
TOO_LATE = timedelta(hours=6)
#: Later than this, a digest says so.
LATE = timedelta(minutes=15)
#: No digest is due further ahead: one that is was set by a clock that has been put right since.
FARTHEST = timedelta(days=8)
#: What comes within so long is one alert: a busy hour is four messages and not forty. It divides an hour.
ALERT_INTERVAL = timedelta(minutes=15)
#: The first digest of a channel looks back this far; a weekly one looks back a week.
FIRST_SPAN = timedelta(hours=24)
#: No digest tells of more than this, however long the bot was away: a week, and the hour by which a change of
#: clocks makes one longer.
LONGEST_SPAN = timedelta(days=7, hours=1)


def due_moment(day: date, minute_of_day: int, zone: str) -> datetime:
    """When ``day``'s post is due, in UTC.

    A time that a change of clocks skips is shifted forward by the gap; one that occurs twice is the first of
    the two (PEP 495, ``fold=0``).
    """
    wall = datetime.combine(day, time(minute_of_day // 60, minute_of_day % 60), zone_of(zone))
    return wall.astimezone(UTC)


def next_due(
    after: datetime, minute_of_day: int, zone: str, days: int = EVERY_DAY, *, past: date | None = None
) -> datetime:
    """The first due moment later than ``after``, on a local date later than ``past``.

    ``days`` is a set of weekdays, bit 0 is Monday. Raises ValueError for an empty set.
    """
    first = local_day(after, zone) - timedelta(days=1)
    if past is not None:
        first = max(first, past + timedelta(days=1))
    for ahead in range(10):
        day = first + timedelta(days=ahead)
        if days >> day.weekday() & 1:
            moment = due_moment(day, minute_of_day, zone)
            if moment > after:
                return moment
    raise ValueError("a digest needs at least one day of the week")


def local_day(due: datetime, zone: str) -> date:
    """The local date of a due moment."""
    return due.astimezone(zone_of(zone)).date()


def too_late(due: datetime, now: datetime) -> bool:
    """Whether the digest that was due then is no longer worth posting."""
    return now - due > TOO_LATE


def is_late(due: datetime, now: datetime) -> bool:
    """Whether the digest should say that it is late."""
    return now - due > LATE


def first_span(days: int) -> timedelta:
    """How far a first digest looks back. ``days`` is a set of weekdays, bit 0 is Monday."""
    return timedelta(days=7) if days.bit_count() == 1 else FIRST_SPAN


def span_of(
    covered_until: datetime | None, due: datetime, days: int = EVERY_DAY
) -> tuple[datetime, datetime]:
    """What a digest tells of: everything first known after the previous digest's end, up to its own due time.

    Both ends are in the time at which we came to know of things, so that the periods of two digests touch
    and never overlap: a late article is told in the next digest, and nothing is told twice.
    """
    since = covered_until or due - first_span(days)
    return max(since, due - LONGEST_SPAN), due

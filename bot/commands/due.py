"""When a daily digest is due, and which stretch of time it tells of. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: A digest that could not be planned for this long is skipped: nobody wants yesterday's paper at dinner.
TOO_LATE = timedelta(hours=6)
#: Later than this, a digest says so.
LATE = timedelta(minutes=15)
#: The first digest of a channel looks back this far.
FIRST_SPAN = timedelta(hours=24)
#: No digest tells of more than this, however long the bot was away.
LONGEST_SPAN = timedelta(days=7)


def due_moment(day: date, minute_of_day: int, zone: str) -> datetime:
    """When ``day``'s digest is due, in UTC.

    A time that a change of clocks skips is shifted forward by the gap; one that occurs twice is the first of
    the two (PEP 495, ``fold=0``).
    """
    wall = datetime.combine(day, time(minute_of_day // 60, minute_of_day % 60), ZoneInfo(zone))
    return wall.astimezone(UTC)


def next_due(after: datetime, minute_of_day: int, zone: str, days: int = 0b1111111) -> datetime:
    """The first due moment later than ``after``. ``days`` is a set of weekdays, bit 0 is Monday."""
    local = after.astimezone(ZoneInfo(zone)).date()
    for ahead in range(9):
        day = local + timedelta(days=ahead - 1)
        if not days >> day.weekday() & 1:
            continue
        moment = due_moment(day, minute_of_day, zone)
        if moment > after:
            return moment
    raise ValueError("a digest needs at least one day of the week")


def local_day(due: datetime, zone: str) -> date:
    """The local date of a due moment: half of the digest's identity."""
    return due.astimezone(ZoneInfo(zone)).date()


def too_late(due: datetime, now: datetime) -> bool:
    """Whether the digest that was due then is no longer worth posting."""
    return now - due > TOO_LATE


def is_late(due: datetime, now: datetime) -> bool:
    """Whether the digest should say that it is late."""
    return now - due > LATE


def span_of(previous_cut: datetime | None, due: datetime) -> tuple[datetime, datetime]:
    """What a digest tells of: everything first known after the previous digest's cut, up to its own.

    Cuts are in the time at which we came to know of things, so that the stretches of two digests touch and
    never overlap: a late article is told in the next digest, and nothing is told twice.
    """
    since = previous_cut or due - FIRST_SPAN
    return max(since, due - LONGEST_SPAN), due

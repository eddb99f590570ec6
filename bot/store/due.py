"""When a daily post is due, in the zone of its readers. Pure.

The identity of a day's post is its local date: a clock that is set back cannot bring the same date twice, and
one that is set forward cannot skip it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = 0b1111111
WORKING_DAYS = 0b0011111


def due_moment(day: date, minute_of_day: int, zone: str) -> datetime:
    """When ``day``'s post is due, in UTC.

    A time that a change of clocks skips is shifted forward by the gap; one that occurs twice is the first of
    the two (PEP 495, ``fold=0``).
    """
    wall = datetime.combine(day, time(minute_of_day // 60, minute_of_day % 60), ZoneInfo(zone))
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
    return due.astimezone(ZoneInfo(zone)).date()

"""The one source of time, and time zones by name. Nothing else in the package asks the machine for the time.

A zone that this machine's table does not have is read as UTC, so that nothing stands still; who shows
something in it says so.
"""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

#: When the process began, in the event loop's own seconds: this module is among the first that are read.
PROCESS_STARTED = time.monotonic()


class Clock(Protocol):
    """What the pipelines need of time; tests hand in one that they move themselves."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


#: Names of the zone table that are no zone: the machine's own, and what a machine has that was never set up.
_NO_ZONES = frozenset(("localtime", "Factory", "posixrules", "leapseconds", "tzdata.zi"))
_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")


@cache
def known_zones() -> frozenset[str]:
    """The names that this machine's table of time zones has. Kept, for listing them walks the disk."""
    return frozenset(
        name
        for name in available_timezones() - _NO_ZONES
        if not name.startswith(("posix/", "right/", "System"))
    )


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    """The zone of that name; UTC where this machine's table does not have it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, no name at all, a directory of the table
        return UTC


@lru_cache(maxsize=1024)
def is_known(name: str) -> bool:
    """Whether this machine knows the zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def offset_words(name: str, now: datetime) -> str:
    """The zone's present distance from UTC, as ``UTC-6`` or ``UTC+5:30``."""
    offset = now.astimezone(zone_of(name)).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def zone_name(name: str) -> str:
    """A zone as it is shown. The table counts the hours of ``Etc/GMT+6`` to the west: people say UTC-6."""
    found = _FIXED.fullmatch(name)
    if found is None:
        return name
    return f"UTC{'-' if found[1] == '+' else '+'}{found[2]}" if found[2] != "0" else "UTC"

"""Read the dates that feeds write, in English and Spanish, and believe only those that can be true.

feedparser reads "1767607200" as the year 1767, ignores "America/Mexico_City", and knows no Spanish month.
So the date is read here first; what these forms do not cover is left to feedparser, within the same bounds.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from time import struct_time
from zoneinfo import ZoneInfo

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before feeds, and before most newspapers had a site. Archives are old; year 1 and year 1767 are errors."""

LATEST_AHEAD = timedelta(hours=24)
"""A publisher's clock or zone may be off by a day; more is an event's date or a mistake."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september septiembre set setiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {  # RFC 822 section 5.1, and what Mexican sites add; hours east of Greenwich
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "cet": 1, "cest": 2, "bst": 1,
}  # fmt: skip

_ZONE = r"(?P<zone>[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?|(?:GMT|UTC)?[+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5})?"
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_HALF = r"\s*(?P<half>[aApP]\.?\s?[mM]\.?)?"
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"

_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:[Tt ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2}|[A-Za-z]{2,5}|[A-Za-z]+/[A-Za-z_/]+)?)?"
)
_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:[\s-]+de)?[\s-]+(?P<name>[^\W\d_]{3,10})\.?,?(?:\s+del?)?[\s,-]+"
    r"(?P<year>\d{4}|\d{2})(?:,?\s+(?:-\s+)?(?:a las\s+)?" + _CLOCK + _HALF + r"\s*\(?" + _ZONE + r"\)?)?"
    r"(?:\s*\([^()]{0,40}\))?"
)
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<name>[^\W\d_]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    r"(?:,?\s+(?:(?:-|at)\s+)?" + _CLOCK + _HALF + r"\s*" + _ZONE + r")?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """``moment`` when it lies between ``EARLIEST`` and a day from ``now``, else None."""
    return moment if moment is not None and EARLIEST <= moment <= now + LATEST_AHEAD else None


def read_date(text: str | None, now: datetime, fallback: struct_time | None = None) -> datetime | None:
    """The moment that ``text`` says, in UTC. Without a zone it is taken as UTC, without a clock as midnight.

    ``fallback`` is what feedparser made of the same text. None when there is no date that can be believed.
    """
    text = (text or "").strip()[:100]
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        return believable(datetime.fromtimestamp(int(text[:10]), UTC), now)
    for form in (_DAY_FIRST, _ISO, _MONTH_FIRST):
        if found := form.fullmatch(text):
            return believable(_moment(found.groupdict()), now)
    if fallback is None or not _plausible(text):
        return None
    try:
        return believable(datetime.fromtimestamp(timegm(fallback), UTC), now)
    except (ValueError, OverflowError, OSError):
        return None


def _plausible(text: str) -> bool:
    """Whether feedparser may be asked: it makes dates of long numbers, of week dates and of signs."""
    return len(text) < 60 and not re.search(r"\d{5,}-|^\d{9,}$|^-|^\d{4}-?W", text)


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month = parts.get("month") or _MONTHS.get((parts.get("name") or "").lower())
    zone = _zone(parts.get("zone"))
    if month is None or zone is None:
        return None
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900  # RFC 2822 section 4.3 puts the turn at 50; no feed is from 1950
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "")[:1].lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    second = min(int(parts.get("second") or 0), 59)  # a leap second
    try:
        local = datetime(
            year, int(month), int(parts["day"] or 0), hour, int(parts.get("minute") or 0), second, tzinfo=zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> tzinfo | None:
    """The zone; UTC for none, None for one that does not exist."""
    if not text:
        return UTC
    if "/" in text:
        try:
            return ZoneInfo(text)
        except (ValueError, OSError, LookupError):
            return None
    if text.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[text.lower()]))
    sign = text.lower().removeprefix("gmt").removeprefix("utc")
    if sign[:1] not in "+-":
        return UTC  # an unknown abbreviation: off by some hours is better than no date
    digits = sign[1:].replace(":", "").rjust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign[0] == "-" else offset)

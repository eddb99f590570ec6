"""Read the dates that feeds write, in English and Spanish, and believe only those that are wholly understood.

feedparser makes 1 November of "2026/11/28", the year 1767 of "1767607200", ignores "America/Mexico_City" and
knows no Spanish month. So it is not asked: a text is read here from end to end, or it is no date. An entry
without one is dated by when it was first seen, which is off by an hour; half a date is off by a month.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.patterns import late_pattern

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
#: RFC 822 section 5.1, what sites add to it, and zones whose hour changes in summer; hours east of Greenwich
#: or a place. Names that mean several zones ("IST") are not here.
_ZONES: dict[str, int | str] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "wet": 0, "west": 1,
    "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "brt": -3, "art": -3, "cot": -5, "pet": -5,
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "hora del centro": "America/Mexico_City",
    "tiempo del centro": "America/Mexico_City", "hora de mexico": "America/Mexico_City",
    "hora de la ciudad de mexico": "America/Mexico_City", "hora del pacifico": "America/Tijuana",
    "hora del centro de mexico": "America/Mexico_City", "tiempo del centro de mexico": "America/Mexico_City",
    "tiempo de la ciudad de mexico": "America/Mexico_City", "tiempo de mexico": "America/Mexico_City",
    "cdmx": "America/Mexico_City", "hora del noroeste": "America/Tijuana",
    "hora del este": "America/New_York",
}  # fmt: skip
_ENGLISH_ZONE = late_pattern(
    r"(eastern|central|mountain|pacific) ((?:standard|daylight) )?time", re.IGNORECASE
)
_OFFSET = late_pattern(
    r"(?:GMT|UTC|Z)?\s?([+\u2212-])\s?(\d{1,2})(?::?(\d{2}))?(?:\s\(?(?:GMT|UTC|[A-Z]{3,4})\)?)?",
    re.IGNORECASE,
)

_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
_YEAR = r"(?P<year>\d{4})"
_ORDINAL = r"(?:st|nd|rd|th|\.?[ºo°]\.?)?"
_WEEKDAY = late_pattern(r"[^\W\d_]{2,11}\.?(?:\s*[,:]\s*|\s+)(?:(?:el|the|on)\s+)?(?=[\w])")
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?|(?=\s?[aApP]\.?\s?[mM]))"
    r"\s*(?P<half>[aApP]\.?\s?[mM](?:\.|\b))?"
)
#: The day, and in the second half those in which the clock stands before the year.
_DAYS = tuple(
    late_pattern(form)
    for form in (
        r"(?P<year>\d{4})(\s?[-/.]\s?)(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=T|Z|\s|$)",
        rf"(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+de\s+|\s+of\s+|[\s/.-]+){_NAME}(?:,\s*|\s+del?\s+|[\s/-]+)(?P<year>\d{{4}}|\d{{2}}(?!\d))",
        rf"{_NAME}[\s-]+(?P<day>\d{{1,2}}){_ORDINAL}(?:,\s*|\s+del?\s+|[\s-]+){_YEAR}",
        rf"{_YEAR}[\s/-]{_NAME}[\s/-](?P<day>\d{{1,2}})(?!\d)",
        rf"{_NAME}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?P<zone>\s+[A-Z]{{3,4}}|\s+[+-]\d{{4}})?\s+{_YEAR}",
        r"(?P<first>\d{1,2})(\s?[-/.]\s?)(?P<other>\d{1,2})\2(?P<year>\d{4})(?!\d)",
    )
)
_TIME = late_pattern(
    r"(?:\s*[Tt,;|]\s*|\s+[-–—|•]\s+|\s+)(?:(?:a\s+las?|at|@)\s+)?"
    + _CLOCK
    + r"\s*(?:(?:h|hs|hr|hrs|horas)\b\.?)?\s*(?P<zone>.*)"
)
_OFFSET_ENDS = late_pattern(r"\d(?:Z|[+-]\d\d:?(?:\d\d)?)$")
_ZONE_ALONE = late_pattern(r"Z|[+-]\d{2}:?\d{2}")  # an XML Schema date may have one without a clock
_ACCENTS = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU")
_EPOCH = late_pattern(r"\d{10}(?:\d{3})?(?:\.\d{1,9})?")
#: ISO 8601's basic form, and its shorter clocks ("T1830Z", "T18Z").
_COMPACT = late_pattern(r"((?:19|20)\d\d)(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)(?!\d)")
_SHORT_CLOCK = late_pattern(r"(?<=\dT)(\d\d)(\d\d)?(?=Z|[+-]\d\d|$)")
#: RFC 9557 writes the zone's name behind the offset.
_BRACKETS = late_pattern(r"\s?\[!?([A-Za-z_]+/[A-Za-z_/]+)\]$")
_LONGEST = 100  # characters


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """``moment`` when it lies between ``EARLIEST`` and a day from ``now``, else None."""
    return moment if moment is not None and EARLIEST <= moment <= now + LATEST_AHEAD else None


def read_date(text: str | None, now: datetime) -> datetime | None:
    """The moment that ``text`` says, in UTC. Without a zone it is taken as UTC, without a clock as midnight.

    None for what is not understood to its end, such as a zone that is not known or "05/06/2026", which is two
    days, and for what cannot be true (``believable``).
    """
    text = (text or "").strip().strip("\"'")
    if not text or len(text) > _LONGEST:
        return None
    if _EPOCH.fullmatch(text):
        return believable(datetime.fromtimestamp(int(text[:10]), UTC), now)
    text = _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", text, 1)
    text = _SHORT_CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or '00'}", text, 1)
    if name := _BRACKETS.search(text):
        rest = text[: name.start()]
        text = rest if _OFFSET_ENDS.search(rest) else f"{rest} {name[1]}"
    weekday = _WEEKDAY.match(text)
    begins = (0, weekday.end()) if weekday else (0,)
    for begin in reversed(begins):
        for form in _DAYS:
            if found := form.match(text, begin):
                parts = _with_time(found.groupdict(), text[found.end() :])
                if parts is not None:
                    return believable(_moment(parts), now)
    return None


_Parts = dict[str, str | None]


def _with_time(parts: _Parts, rest: str) -> _Parts | None:
    """``parts`` with the clock and zone that ``rest`` says; None where it says anything else."""
    rest = rest.rstrip(" .")
    if not rest or "hour" in parts:
        return None if rest else parts
    if _ZONE_ALONE.fullmatch(rest):
        return parts
    found = _TIME.fullmatch(rest)
    return parts | found.groupdict() if found else None


def _moment(parts: _Parts) -> datetime | None:
    zone = _zone(parts.get("zone") or "")
    day, month = _day_and_month(parts)
    if month is None or zone is None:
        return None
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900  # RFC 2822 section 4.3 puts the turn at 50; no feed is from 1950
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "")[:1].lower()
    if half:
        if hour > 12:
            half = ""  # "18:30 p. m.": the hour alone is clear
        else:
            hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(parts.get("minute") or 0)
    second = min(int(parts.get("second") or 0), 59)  # a leap second
    midnight = hour == 24 and not minute and not second  # of the day's end (ISO 8601)
    try:
        local = datetime(year, month, day, 0 if midnight else hour, minute, second, tzinfo=zone)
        return (local + timedelta(days=1) if midnight else local).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day_and_month(parts: _Parts) -> tuple[int, int | None]:
    """The month is None where it is none, or could be the day as well."""
    if "first" in parts:
        first, other = int(parts["first"] or 0), int(parts["other"] or 0)
        if first > 12 or first == other:
            return first, other
        return (other, first) if other > 12 else (0, None)
    if parts.get("month"):
        return int(parts["day"] or 0), int(parts["month"] or 0)
    return int(parts["day"] or 0), _MONTHS.get((parts.get("name") or "").translate(_ACCENTS).lower())


def _zone(text: str) -> tzinfo | None:
    """The zone; UTC for none, None for one that is not known."""
    text = text.strip(" (),")
    if not text:
        return UTC
    offset = text.partition(" (")[0]  # "-0600 (CST)"
    if found := _OFFSET.fullmatch(offset):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        distance = timedelta(hours=hours, minutes=minutes)
        return timezone(distance if found[1] == "+" else -distance)
    if "/" in text:
        try:
            return ZoneInfo(text)
        except (ValueError, OSError, LookupError):
            return None
    name = re.sub(r"\s+", " ", text.translate(_ACCENTS).lower())
    if english := _ENGLISH_ZONE.fullmatch(name):
        name = english[1]
        if english[2]:
            name = f"{name[0]}{english[2][0]}t"
    known = _ZONES.get(name)
    if known is None:
        return None
    return ZoneInfo(known) if isinstance(known, str) else timezone(timedelta(hours=known))

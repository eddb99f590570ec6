"""The days that a sentence speaks of, English and Spanish, seen from the day it was published. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.stories.words import fold

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "jan feb mar apr may jun jul aug sept oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_WEEKDAYS = {
    name: number
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for number, name in enumerate(names.split())
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_EXPLICIT = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?(?P<m1>{_MONTH})\b\.?"
    rf"|(?P<m2>{_MONTH})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b)"
    r"(?:,?\s+(?:de\s+|del\s+|of\s+)?(?P<y>(?:19|20)\d\d)\b)?"
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_RELATIVE = re.compile(
    r"\b(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|"
    r"sabado|domingo)\b|\b(?P<ago>ayer|anoche|yesterday|anteayer)\b|\b(?P<now>hoy|today)\b"
)
_DAYS_AGO = {"ayer": 1, "anoche": 1, "yesterday": 1, "anteayer": 2}
#: A day without a year that would lie further ahead than this is last year's: news look back.
_AHEAD = timedelta(days=31)


def named_days(text: str, published: date) -> tuple[date, ...]:
    """The days that ``text`` names by month and day, in order, each once.

    A day without a year is the nearest that is not more than a month ahead of ``published``. Impossible days
    (31 February) are passed over.
    """
    return tuple(dict.fromkeys(_explicit(fold(text), published)))


def relative_days(text: str, published: date) -> tuple[date, ...]:
    """The days that ``text`` names relative to its own: yesterday, today, *Monday* (the last until then)."""
    return tuple(dict.fromkeys(_relative(fold(text), published)))


def _explicit(folded: str, published: date) -> Iterator[date]:
    for found in _EXPLICIT.finditer(folded):
        month = _MONTHS[found["m1"] or found["m2"]]
        day = int(found["d1"] or found["d2"])
        year = int(found["y"]) if found["y"] else published.year
        one = _date(year, month, day)
        if one is not None and not found["y"] and one > published + _AHEAD:
            one = _date(year - 1, month, day)
        if one is not None:
            yield one
    for found in _ISO.finditer(folded):
        if (one := _date(int(found[1]), int(found[2]), int(found[3]))) is not None:
            yield one


def _relative(folded: str, published: date) -> Iterator[date]:
    for found in _RELATIVE.finditer(folded):
        if found["day"]:
            yield published - timedelta(days=(published.weekday() - _WEEKDAYS[found["day"]]) % 7)
        elif found["ago"]:
            yield published - timedelta(days=_DAYS_AGO[found["ago"]])
        else:
            yield published


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

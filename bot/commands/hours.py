"""A time of day as people write it, in English and Spanish."""

from __future__ import annotations

import re
import unicodedata

from bot.commands.faults import UserFault
from bot.locale import message

_TIME = re.compile(
    r"(?:(?:a )?las? |at )?(?P<hour>\d{1,2})(?:(?:[:.h]|h |hrs? |horas? con )(?P<minute>\d\d)?)?(?::00)?"
    r" ?(?P<half>am|pm|de la manana|de la tarde|de la noche|de la madrugada|in the morning|in the afternoon"
    r"|in the evening|at night|of the morning)?"
    r" ?(?:h|hs|hr|hrs|horas?|hours|o'?clock|en punto)?"
)
_CLOSED = re.compile(r"(\d\d?)(\d\d)(?: ?(?:h|hs|hrs|horas?|hours))?( ?[ap]m)?")
_WORDS = {
    **dict.fromkeys(("noon", "midday", "at noon", "mediodia", "al mediodia"), 12 * 60),
    **dict.fromkeys(("midnight", "at midnight", "medianoche", "a medianoche", "a la medianoche"), 0),
}
_MORNING = ("am", "de la manana", "de la madrugada", "in the morning", "of the morning")


def minute_of_day(text: str) -> int:
    """``8``, ``08:30``, ``8:30 p.m.``, ``20h``, ``0800`` or ``20:00 hrs`` as minutes after midnight.

    Raises UserFault.
    """
    plain = _plain(text[:60])
    if plain in _WORDS:
        return _WORDS[plain]
    closed = _CLOSED.fullmatch(plain)
    found = _TIME.fullmatch(f"{closed[1]}:{closed[2]}{closed[3] or ''}" if closed else plain)
    if found is not None:
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"] or ""
        if half and not 1 <= hour <= 12:
            hour = 24  # "13 pm" and "0 am" say two things
        elif half:
            hour = hour % 12 + (
                0 if half in _MORNING or (half in ("de la noche", "at night") and hour == 12) else 12
            )
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    raise UserFault(
        message("“{value}” is not a time of day."),
        message("Write it as 08:00 or 20:30."),
        value=text[:20],
    )


def _plain(text: str) -> str:
    """No case, accents or signs: "8 a. m." is "8 am"."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter) and letter.isascii())
    bare = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", " ".join(bare.split()))
    return re.sub(r"(?<!\d)\.|\.(?!\d)", "", bare).strip()

"""Every sentence that a reader sees, in English and Spanish.

English messages are the keys; ``es.po`` holds their Spanish. A translator is made for one language and
handed to whoever composes, so that no sentence depends on hidden state.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.clock import zone_of

LANGUAGES = ("en", "es")

#: Mexican Spanish: its readers are most of ours, and its date order is that of the region.
_BABEL_LOCALES = {"en": "en_US", "es": "es_MX"}


def message(text: str) -> str:
    """Mark ``text`` for translation where it is written down but not yet spoken."""
    return text


class Translator:
    """Words, plurals, dates and numbers in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._catalogue = _catalogue(self.language)
        self._locale = _BABEL_LOCALES[self.language]

    def __call__(self, text: str, /, **values: object) -> str:
        """``text`` in this language, with ``{name}`` fields filled in. Values are never read as fields."""
        spoken = self._catalogue.gettext(text)
        return spoken.format_map(values) if values else spoken

    def many(self, one: str, other: str, n: int, /, **values: object) -> str:
        """The form of a sentence that fits ``n``, with ``{n}`` and other fields filled in."""
        spoken = self._catalogue.ngettext(one, other, n)
        return spoken.format_map({"n": self.number(n), **values})

    def number(self, value: float) -> str:
        """``value`` with this language's separators."""
        return str(format_decimal(value, locale=self._locale))

    def day(self, day: date) -> str:
        """A date in full: "February 22, 2017", "22 de febrero de 2017"."""
        return str(format_date(day, "long", locale=self._locale))

    def short_day(self, day: date) -> str:
        """A date in brief: "Feb 22, 2017", "22 feb 2017"."""
        return str(format_date(day, "medium", locale=self._locale))

    def month(self, day: date) -> str:
        """A month with its year: "March 2019", "marzo de 2019"."""
        pattern = "MMMM 'de' y" if self.language == "es" else "MMMM y"
        return str(format_date(day, pattern, locale=self._locale))

    def day_of_year(self, day: date) -> str:
        """A date without its year, for charts: "Feb 22", "22 feb"."""
        pattern = "d MMM" if self.language == "es" else "MMM d"
        return str(format_date(day, pattern, locale=self._locale))

    def moment(self, at: datetime, zone: str) -> str:
        """A date and a time of day in ``zone``, short."""
        return str(format_datetime(at, "d MMM, HH:mm", tzinfo=zone_of(zone), locale=self._locale))

    def duration(self, length: timedelta) -> str:
        """A length of time in its largest unit: "3 hours", "3 horas"."""
        return str(format_timedelta(length, locale=self._locale))

    def ago(self, at: datetime, now: datetime) -> str:
        """How long before ``now`` something was: "3 hours ago", "hace 3 horas"."""
        delta = at - now
        return str(format_timedelta(delta, add_direction=True, locale=self._locale))


@cache
def translator(language: str) -> Translator:
    """The translator for ``language``; English where it is unknown."""
    return Translator(language)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    with Path(__file__).with_name(f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

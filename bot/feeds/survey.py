"""Walk a document once before feedparser does: its kind, the size of its parts, what it asks of pollers.

feedparser is quadratic in the attributes of an element, in the categories of an entry and in the letters
of an author (20,000 attributes take it 4 s, 100,000 take 103 s). expat is not: it walks 200 MB/s, so a
document that would be slow is refused before it can be. Where expat stops at a fault, the walk ends, and
what lies behind it is bounded by the parser process's time limit alone.

Entities are bounded by expat (it refuses amplification beyond 100 times past 8 MiB).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from bot.feeds.errors import NotAFeed

MAX_ENTRIES = 5_000
"""The largest real feed seen had 1,000. Google allows 1,000 in a news sitemap."""

MAX_ATTRIBUTES = 200
MAX_CATEGORIES = 4_000
"""Blogger lists every label of a blog before its first entry, 1,300 in one; 4,000 take feedparser 0.25 s."""
MAX_AUTHOR_WORD = 1_000
"""feedparser looks for an e-mail address from each letter of a word on; real ones are shorter."""
MAX_DEPTH = 500

_ENTRIES: Final = frozenset(("item", "entry", "url"))
_AUTHORS: Final = frozenset(
    ("author", "contributor", "creator", "email", "managingeditor", "name", "owner", "publisher", "webmaster")
)
_CATEGORIES: Final = frozenset(("category", "keywords", "subject"))
_WANTED: Final = frozenset(("ttl", "hour", "day", "updateperiod", "updatefrequency"))
_CHANNELS: Final = frozenset(("channel", "feed", "skiphours", "skipdays"))
_WORD = re.compile(rf"[\w.+-]{{{MAX_AUTHOR_WORD}}}")

_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAX_TTL = 31_536_000


@dataclass(frozen=True, slots=True)
class Survey:
    """``root`` is the local name of the root element in lower case, "" when there is none.

    ``items`` counts items and entries; ``entries`` also the addresses of a sitemap.

    ``ttl_seconds`` is what the feed asks for by RSS ``ttl`` or by the syndication module, the longer of
    both; ``skip_hours`` are hours in GMT, ``skip_days`` are weekdays from Monday 0. ``fault`` is expat's
    message where it stopped.
    """

    root: str
    entries: int = 0
    items: int = 0
    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    fault: str | None = None


def survey(body: bytes) -> Survey:
    """What ``body``, in UTF-8, holds. Raises ``NotAFeed`` for floods; a fault in the XML is only told."""
    return _Walk().over(body)


class _Walk:
    def __init__(self) -> None:
        self.root = ""
        self.entries = 0
        self.items = 0
        self._path: list[str] = []
        self._categories = 0
        self._reading: str | None = None
        self._text: list[str] = []
        self._asked: dict[str, list[str]] = {name: [] for name in _WANTED}
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        # With a DTD said to be elsewhere, &nbsp; and its like are passed over and no fault; it is not read.
        self._parser.UseForeignDTD(True)
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def over(self, body: bytes) -> Survey:
        fault = None
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            fault = expat.ErrorString(error.code)
        return Survey(
            root=self.root,
            entries=self.entries,
            items=self.items,
            ttl_seconds=self._ttl(),
            skip_hours=tuple(sorted({int(hour) % 24 for hour in self._asked["hour"] if _small(hour, 24)})),
            skip_days=tuple(
                sorted({_DAYS.index(d) for day in self._asked["day"] if (d := day.lower()) in _DAYS})
            ),
            fault=fault,
        )

    def _start(self, tag: str, attributes: list[str]) -> None:
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise NotAFeed("attribute_flood", limit=MAX_ATTRIBUTES)
        name = tag.rpartition(":")[2].lower()
        if not self._path:
            self.root = name
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise NotAFeed("too_deep", limit=MAX_DEPTH)
        if name in _ENTRIES:
            self._categories = 0
            self.entries += 1
            self.items += name != "url"
            if self.entries > MAX_ENTRIES:
                raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
        elif name in _CATEGORIES:
            self._categories += 1
            if self._categories > MAX_CATEGORIES:
                raise NotAFeed("category_flood", limit=MAX_CATEGORIES)
        if name in _AUTHORS or (name in _WANTED and self._path[-2:-1] and self._path[-2] in _CHANNELS):
            self._reading = name
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.append

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        if name != self._reading:
            return
        self._reading = None
        self._parser.CharacterDataHandler = None
        text = "".join(self._text)
        if name in _AUTHORS:
            if len(text) > MAX_AUTHOR_WORD and _WORD.search(text):
                raise NotAFeed("author_flood", limit=MAX_AUTHOR_WORD)
        elif len(self._asked[name]) < 24:
            self._asked[name].append(text.strip())

    def _ttl(self) -> int | None:
        """RSS ``ttl`` is in minutes; the syndication module names a period and how often in it, else once."""
        asked = [min(int(minutes) * 60, _MAX_TTL) for minutes in self._asked["ttl"] if _small(minutes, 10**7)]
        for period in self._asked["updateperiod"][:1]:
            seconds = _PERIODS.get(period.lower())
            often = next(iter(self._asked["updatefrequency"]), "")
            # Frequencies of "0.1" and of nothing are seen in the wild: they count as once.
            if seconds is not None:
                asked.append(seconds // int(often) if _small(often, 10**4) and int(often) > 0 else seconds)
        return max((seconds for seconds in asked if seconds > 0), default=None)


def _small(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= most

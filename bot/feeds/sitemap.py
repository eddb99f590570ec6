"""Read Google News sitemaps (``news:title``), the only feed that some newspapers still publish."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from xml.parsers import expat

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry, language_code
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.parsed import ParsedFeed
from bot.feeds.text import title_text

_FIELDS: Final = frozenset(("loc", "title", "publication_date", "lastmod", "keywords", "name", "language"))
_MAX_FIELD = 4_000  # characters; a sitemap's texts are short


def read_news_sitemap(body: bytes, encoding: str | None, url: str, now: datetime) -> ParsedFeed:
    """The entries of a news sitemap. Raises ``NotAFeed`` ``unknown_format`` when no address has a title.

    The caller has walked ``body`` with ``survey``, which bounds the number of entries. What stands before
    a fault in the XML is kept.
    """
    reader = _Reader(encoding)
    reader.read(body)
    entries: list[Entry] = []
    for fields in reader.found:
        entry = clean_entry(
            guid=fields.get("loc", ""),
            url=fields.get("loc", ""),
            base=url,
            title=fields.get("title", ""),
            summary="",
            published=read_date(fields.get("publication_date"), now),
            updated=read_date(fields.get("lastmod"), now),
            categories=fields.get("keywords", "").split(","),
        )
        if entry is not None:
            entries.append(entry)
    if reader.found and not entries:
        raise NotAFeed("unknown_format")
    first = reader.found[0] if reader.found else {}
    return ParsedFeed(
        title=title_text(first.get("name", "")),
        site_url="",
        language=language_code(first.get("language", "")),
        format="news-sitemap",
        entries=tuple(entries),
    )


class _Reader:
    def __init__(self, encoding: str | None) -> None:
        self.found: list[dict[str, str]] = []
        self._fields: dict[str, str] | None = None
        self._reading: str | None = None
        self._text: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate(encoding)
        self._parser.buffer_text = True
        self._parser.UseForeignDTD(True)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, body: bytes) -> None:
        try:
            self._parser.Parse(body, True)
        except (expat.ExpatError, LookupError, ValueError):
            return  # what was complete before the fault counts

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        name = name.lower()
        if name == "url":
            self._fields = {}
        # image:loc and image:title stand in the same element and are of the picture.
        elif self._fields is not None and name in _FIELDS and prefix.lower() in ("", "news", "n"):
            self._reading = name
            self._text.clear()
            self._length = 0

    def _characters(self, text: str) -> None:
        if self._reading is not None and self._length < _MAX_FIELD:
            self._text.append(text)
            self._length += len(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2].lower()
        if name == "url" and self._fields is not None:
            self.found.append(self._fields)
            self._fields = None
        elif name == self._reading and self._fields is not None:
            self._fields.setdefault(name, "".join(self._text)[:_MAX_FIELD].strip())
            self._reading = None

"""Read Google News sitemaps (``news:title``), the only feed that some newspapers still publish."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from xml.parsers import expat

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry, language_code
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.parsed import ParsedFeed
from bot.feeds.survey import MAX_ENTRIES
from bot.feeds.text import title_text, without_cdata

_FIELDS: Final = frozenset(("loc", "title", "publication_date", "lastmod", "keywords", "name", "language"))
_NEWS = "http://www.google.com/schemas/sitemap-news/"
_URL = re.compile(rb"<(?:[A-Za-z]\w*:)?url[\s>]", re.IGNORECASE)
_MAX_FIELD = 4_000  # characters; a sitemap's texts are short


def read_news_sitemap(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The entries of a news sitemap. Raises ``NotAFeed`` ``unknown_format`` when no address has a title.

    The caller has walked ``body`` with ``survey``, which names a fault in the XML. Behind the element with a
    fault reading goes on with the next address; of that element counts what was complete.
    """
    reader = _Reader()
    reader.read(body)
    entries: list[Entry] = []
    for fields in reader.found:
        entry = clean_entry(
            guid=fields.get("loc", ""),
            links=(fields.get("loc", ""),),
            base=url,
            title=fields.get("title", ""),
            texts=(),
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
    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self._fields: dict[str, str] | None = None
        self._reading: str | None = None
        self._text: list[str] = []
        self._length = 0
        self._prefixes = {"", "news", "n"}

    def read(self, body: bytes) -> None:
        """Read the document; where it has a fault, each of the addresses behind that by itself."""
        fault = self._parse(body)
        if fault is None:
            return
        starts = [found.start() for found in _URL.finditer(body, fault)]
        for start, end in zip(starts, [*starts[1:], len(body)][: len(starts)], strict=True):
            if len(self.found) >= MAX_ENTRIES:
                raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
            self._parse(body[start:end])

    def _parse(self, piece: bytes) -> int | None:
        """Read ``piece`` up to its end or a fault; the place of the fault, in bytes."""
        parser = expat.ParserCreate("utf-8")  # text is not buffered: what a fault cuts off is there
        parser.UseForeignDTD(True)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        fault = None
        try:
            parser.Parse(piece, True)
        except expat.ExpatError:
            fault = parser.ErrorByteIndex
        if self._fields:  # cut off by the fault; the beginning of a title says more than nothing
            if self._reading == "title":
                self._fields.setdefault("title", "".join(self._text)[:_MAX_FIELD])
            self.found.append(self._fields)
        self._fields = self._reading = None
        return fault

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        name = name.lower()
        for attribute, value in attributes.items() if name in ("urlset", "url", "news") else ():
            if value.startswith(_NEWS) and attribute.startswith("xmlns:"):
                self._prefixes.add(attribute.removeprefix("xmlns:").lower())
        if name == "url":
            self._fields = {}
        # image:loc and image:title stand in the same element and are of the picture.
        elif self._fields is not None and name in _FIELDS and prefix.lower() in self._prefixes:
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
            self._fields.setdefault(name, without_cdata("".join(self._text)[:_MAX_FIELD]).strip())
            self._reading = None

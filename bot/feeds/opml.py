"""Feed lists in and out: OPML 2.0 (opml.org/spec2.opml), the form that every reader reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from bot.feeds.errors import OpmlError
from bot.feeds.identity import canonical_url
from bot.feeds.text import plain_text
from bot.feeds.variants import typed_address

MAX_BYTES = 1_000_000
MAX_FEEDS = 1_000
"""No server follows more; a file with more is not what it seems."""

_MAX_DEPTH = 30
_TITLE = 120
_LANGUAGE = 10
_FEED_TYPES: Final = frozenset(("", "rss", "atom", "rss1", "rdf", "feed", "json", "include"))


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list. ``folder`` is the outline above it, ``language`` may be empty."""

    url: str
    title: str
    site_url: str = ""
    folder: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OpmlList:
    """What a file held. ``skipped`` are addresses that are no web addresses, as text to show."""

    title: str
    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[str, ...] = ()


def read_opml(data: bytes) -> OpmlList:
    """The feeds of an OPML file, each address once. Raises ``OpmlError``; a fault in the XML keeps what came
    before it, when that is anything. Entities declared in the file are refused: no OPML needs them.
    """
    if len(data) > MAX_BYTES:
        raise OpmlError("too_large", limit=MAX_BYTES)
    reader = _Reader()
    fault = reader.read(data)
    if not reader.is_opml or (fault and not reader.feeds):
        raise OpmlError("not_opml")
    return OpmlList(reader.title, tuple(reader.feeds.values()), tuple(reader.skipped))


def write_opml(title: str, feeds: Sequence[OpmlFeed], now: datetime) -> bytes:
    """An OPML 2.0 document; feeds with a folder stand in an outline of its name."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{_escaped(title)}</title>",
        f"    <dateCreated>{format_datetime(now)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    folders = dict.fromkeys(feed.folder for feed in feeds)
    for folder in folders:
        inside = [_outline(feed) for feed in feeds if feed.folder == folder]
        if folder:
            name = quoteattr(plain_text(folder, _TITLE))
            lines += [
                f"    <outline text={name} title={name}>",
                *(f"  {line}" for line in inside),
                "    </outline>",
            ]
        else:
            lines += inside
    lines += ["  </body>", "</opml>", ""]
    return "\n".join(lines).encode()


def _outline(feed: OpmlFeed) -> str:
    title = plain_text(feed.title, _TITLE) or feed.url
    fields: Iterable[tuple[str, str]] = (
        ("type", "rss"),
        ("text", title),
        ("title", title),
        ("xmlUrl", feed.url),
        ("htmlUrl", feed.site_url),
        ("language", feed.language),
    )
    return "    <outline " + " ".join(f"{name}={quoteattr(value)}" for name, value in fields if value) + "/>"


def _escaped(text: str) -> str:
    return quoteattr(plain_text(text, _TITLE))[1:-1]


class _Reader:
    def __init__(self) -> None:
        self.is_opml = False
        self.title = ""
        self.feeds: dict[str, OpmlFeed] = {}
        self.skipped: list[str] = []
        self._path: list[str] = []
        self._folders: list[str] = []
        self._in_title = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity

    def read(self, data: bytes) -> bool:
        """Whether there was a fault."""
        try:
            self._parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError):
            return True
        return False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.lower()
        if not self._path:
            if name != "opml":
                raise OpmlError("not_opml")
            self.is_opml = True
        self._path.append(name)
        if len(self._path) > _MAX_DEPTH:
            raise OpmlError("not_opml")
        self._in_title = self._path == ["opml", "head", "title"]
        if name == "outline":
            fields = {key.lower(): value for key, value in attributes.items()}
            self._folders.append(plain_text(fields.get("text") or fields.get("title") or "", _TITLE))
            self._take(fields)

    def _take(self, fields: dict[str, str]) -> None:
        address = fields.get("xmlurl", "").strip()
        if not address or fields.get("type", "").lower() not in _FEED_TYPES:
            return
        url = canonical_url(typed_address(address))
        if not url:
            self.skipped.append(plain_text(address, _TITLE))
        elif url not in self.feeds:
            self.feeds[url] = OpmlFeed(
                url=url,
                title=self._folders[-1],
                site_url=canonical_url(fields.get("htmlurl", "")),
                folder=self._folders[-2] if len(self._folders) > 1 else "",
                language=plain_text(fields.get("language", ""), _LANGUAGE),
            )
        if len(self.feeds) + len(self.skipped) > MAX_FEEDS:
            raise OpmlError("too_many_feeds", limit=MAX_FEEDS)

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        self._in_title = False
        if name == "outline":
            self._folders.pop()

    def _characters(self, text: str) -> None:
        if self._in_title and not self.title:
            self.title = plain_text(text, _TITLE)

    def _entity(self, *_: object) -> None:
        raise OpmlError("not_opml")

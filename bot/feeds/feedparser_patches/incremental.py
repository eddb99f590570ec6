"""Items that were read before are not read again: cut a document, leave out what is known, merge the rest.

A poll that finds one new item finds forty old ones with it. The document is cut into head, items and tail;
what each item's bytes became is remembered, and feedparser gets the head, the new items and the tail.

That this gives the same is not assumed. An item is remembered only when the parser was seen to be in the same
state after it as before the first (``watching``), so that what an item becomes depends on the head and on the
item alone. The head must be the same but for the moment it was built at. Whatever makes cutting doubtful
(comments between items, document types, other charsets, items in items, relative bases) is read whole.
"""

from __future__ import annotations

import marshal
import re
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.domain.entry import Entry
from bot.feeds.dates import LATEST_AHEAD
from bot.feeds.parsed import FeedReading, Plain, entry_from_plain, entry_to_plain, judged
from bot.feeds.repair import declared_charset
from bot.feeds.survey import MAX_ENTRIES

MEMORY = 4 * 1024 * 1024
"""Bytes kept for all feeds: compressed, a feed of forty items takes some 10 KB."""

STALE = timedelta(days=1)
"""A feed that has not changed for so long makes room for others. Feeds change in turns: if the one read
longest ago made room at once, each of more feeds than there is room for would go just before its turn."""

_MOST = 1024 * 1024  # bytes of a document: cutting and recalling hold the event loop 25 ms for the worst one
_LEAST = 2  # items: less is no gain

# Atomic groups: a comment ends at its first end, and no hostile document makes the engine try another.
_START = re.compile(
    rb"\s*+(?:(?:<\?[^<>]*\?>|(?><!--.*?-->))\s*+)*+<(?:rss|feed|rdf:RDF)[\s>]",
    re.DOTALL,
)
_TOKEN = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?[^<>]*\?>|<(/?)(item|entry)(?=[\s>/])([^<>]*>)?|<[!?]", re.DOTALL
)
_OTHER_ITEM = re.compile(rb"<(?:[^\s<>/:]+:(?i:item|entry)|(?!item|entry)(?i:item|entry))(?=[\s>/])")
_TAIL = re.compile(rb"(?:\s|</(?:channel|rss|feed|rdf:RDF)\s*+>|(?><!--.*?-->))*+", re.DOTALL)
_BUILT = re.compile(rb"(<(lastBuildDate|pubDate|updated|dc:date)>)[^<>&]*(?=</\2>)")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_UTF8_NAMES = (None, "utf-8", "utf8", "us-ascii", "ascii")


@dataclass(frozen=True, slots=True)
class IncrementalDocument:
    """``digests`` are 16 bytes for each item, in order; ``head_digest`` ignores when the feed was built."""

    head: bytes
    items: tuple[bytes, ...]
    tail: bytes
    head_digest: bytes
    digests: tuple[bytes, ...]

    def without(self, known: Mapping[bytes, Entry | None]) -> bytes | None:
        """The document with its unknown items only, or None when all are unknown."""
        fresh = self.fresh(known)
        if len(fresh) == len(self.items):
            return None
        return b"".join((self.head, *(self.items[index] for index in fresh), self.tail))

    def fresh(self, known: Mapping[bytes, Entry | None]) -> list[int]:
        """Which items are unknown."""
        return [index for index, digest in enumerate(self.digests) if digest not in known]


def cut(body: bytes, content_type: str) -> IncrementalDocument | None:
    """``body`` in parts, or None where it must be read whole."""
    if len(body) > _MOST or not _START.match(body[:4_096]) or b"base=" in body:
        return None
    if len(body.translate(None, _CONTROLS)) < len(body):
        return None
    if declared_charset(body, content_type) not in _UTF8_NAMES or _OTHER_ITEM.search(body):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    spans = _spans(body)
    # The limit on entries is for the whole document; <url> counts among them, and this counts too many.
    if len(spans) < _LEAST or len(spans) + body.lower().count(b"url") > MAX_ENTRIES:
        return None
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]
    if not _TAIL.fullmatch(tail):
        return None
    items = tuple(body[start:end] for start, end in spans)
    digest = blake2b(_BUILT.sub(rb"\1", head), digest_size=16).digest()
    return IncrementalDocument(
        head, items, tail, digest, tuple(blake2b(i, digest_size=16).digest() for i in items)
    )


def _spans(body: bytes) -> list[tuple[int, int]]:
    """Where the items lie; none when they do not follow each other plainly."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for found in _TOKEN.finditer(body):
        token = found.group()
        if token.startswith(b"<![CDATA["):
            if start is None and spans:
                return []
        elif token.startswith(b"<!--"):
            # A comment is passed over in the head and the tail, and nowhere else; CDATA in one is a trick.
            if start is not None or b"<![CDATA[" in token:
                return []
        elif not found.group(2):
            if start is not None or spans or not token.endswith(b"?>"):
                return []
        elif not found.group(3) or found.group(3).endswith(b"/>"):
            return []
        elif found.group(1):
            if start is None or body[start + 1 : start + 1 + len(found.group(2))] != found.group(2):
                return []
            spans.append((start, found.end()))
            start = None
        else:
            if start is not None or (spans and body[spans[-1][1] : found.start()].strip()):
                return []
            start = found.start()
    return spans if start is None else []


def merge(
    document: IncrementalDocument, known: Mapping[bytes, Entry | None], rest: FeedReading
) -> FeedReading | None:
    """The reading of the whole, from what is known and the reading of ``document.without(known)``.

    None where the two do not fit together and the document must be read whole.
    """
    fresh = document.fresh(known)
    if rest.items is None or len(rest.items) != len(fresh) or "malformed" in rest.feed.problems:
        return None
    read = dict(zip(fresh, zip(_entries(rest), rest.items, strict=True), strict=True))
    merged: list[Entry] = []
    items: list[tuple[bool, bool]] = []
    for index, digest in enumerate(document.digests):
        entry, item = read[index] if index in read else (known[digest], (known[digest] is not None, True))
        items.append(item)
        if entry is not None:
            merged.append(entry)
    if not merged:
        return None  # which is a fault to be named by the reading of the whole
    return FeedReading(judged(replace(rest.feed, entries=tuple(merged), problems=())), tuple(items))


def _entries(read: FeedReading) -> list[Entry | None]:
    """For each item its entry or None."""
    entries = iter(read.feed.entries)
    return [next(entries) if there else None for there, _ in read.items or ()]


@dataclass(frozen=True, slots=True)
class _Kept:
    at: datetime
    head_digest: bytes
    items: bytes  # packed


class ItemMemory:
    """What items became, for as many feeds as go into ``most`` bytes."""

    def __init__(self, most: int = MEMORY) -> None:
        self._most = most
        self._bytes = 0
        self._feeds: OrderedDict[str, _Kept] = OrderedDict()  # the one kept longest ago first

    def __len__(self) -> int:
        return len(self._feeds)

    def recall(self, document: IncrementalDocument, url: str, now: datetime) -> dict[bytes, Entry | None]:
        """By digest, what the feed's items became under the same head; empty where nothing is known."""
        kept = self._feeds.get(url)
        if kept is None or kept.head_digest != document.head_digest:
            return {}
        wanted = set(document.digests)
        plain: dict[bytes, Plain | None] = marshal.loads(zlib.decompress(kept.items))
        found = {
            digest: entry_from_plain(values) if values else None
            for digest, values in plain.items()
            if digest in wanted
        }
        # Only a clock that was set back makes a remembered date unbelievable.
        return {digest: entry for digest, entry in found.items() if entry is None or _dated(entry, now)}

    def keep(self, document: IncrementalDocument, url: str, read: FeedReading, now: datetime) -> None:
        """Remember what ``document`` became, in place of what was remembered of this feed."""
        self._drop(url)
        if read.items is None or len(read.items) != len(document.items) or "malformed" in read.feed.problems:
            return
        plain = {
            digest: entry_to_plain(entry) if entry else None
            for digest, entry, (_, settled) in zip(document.digests, _entries(read), read.items, strict=True)
            if settled
        }
        packed = zlib.compress(marshal.dumps(plain), 1)
        while self._bytes + len(packed) > self._most:
            oldest = next(iter(self._feeds), None)
            if oldest is None or self._feeds[oldest].at > now - STALE:
                return
            self._drop(oldest)
        self._feeds[url] = _Kept(now, document.head_digest, packed)
        self._bytes += len(packed)

    def _drop(self, url: str) -> None:
        if kept := self._feeds.pop(url, None):
            self._bytes -= len(kept.items)


def _dated(entry: Entry, now: datetime) -> bool:
    return all(date is None or date <= now + LATEST_AHEAD for date in (entry.published, entry.updated))

"""What a document turned out to hold, whatever its format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.domain.entry import Entry

MAX_TEXT = 2_000_000
"""Characters of summaries, authors and categories of one document; the most in a real one was 0.5 million.

More than a document that ``incremental`` cuts can hold, so no entry depends on its neighbours there.
"""

Plain = tuple[object, ...]
"""Nothing but tuples, text, whole numbers and None: what passes between processes."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """``format`` is feedparser's version ("rss20", "atom10", …), "jsonfeed" or "news-sitemap".

    ``language`` is "en", "es", another code, or "" where the feed does not say. ``ttl_seconds`` is how long
    the feed asks to be left alone; ``skip_hours`` are hours in GMT and ``skip_days`` weekdays from Monday 0.
    ``undated`` counts entries without a date that can be believed. ``problems`` are codes: ``malformed``,
    ``repeated_ids``, ``no_links``, ``all_undated``; ``no_readable_items`` where there are items, and none
    has a title or a text, which is a failure of the poll.
    """

    title: str
    site_url: str
    language: str
    format: str
    entries: tuple[Entry, ...]
    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    undated: int = 0
    problems: tuple[str, ...] = ()

    @property
    def failure(self) -> str | None:
        """The code of a fault for which the feed counts as not read, or None."""
        return "no_readable_items" if "no_readable_items" in self.problems else None

    def to_plain(self) -> Plain:
        """This feed without its entries as plain values; ``from_plain`` reads it back."""
        head = (self.title, self.site_url, self.language, self.format)
        return (*head, self.ttl_seconds, self.skip_hours, self.skip_days, self.undated, self.problems)


@dataclass(frozen=True, slots=True)
class FeedReading:
    """A feed, and for each item of its document (entry or none, the same at any later time).

    ``items`` is None where one item may have influenced how another was read.
    """

    feed: ParsedFeed
    items: tuple[tuple[bool, bool], ...] | None = None


def judged(feed: ParsedFeed) -> ParsedFeed:
    """``feed`` with its undated entries counted and the problems of its entries named."""
    entries = _bounded(feed.entries)
    undated = sum(1 for entry in entries if entry.published is None and entry.updated is None)
    problems = list(feed.problems)
    if entries:
        guids = [entry.guid for entry in entries if entry.guid]
        if len(set(guids)) < len(guids):
            problems.append("repeated_ids")
        if not any(entry.url for entry in entries):
            problems.append("no_links")
        if undated == len(entries):
            problems.append("all_undated")
    return replace(feed, entries=entries, undated=undated, problems=tuple(problems))


def _bounded(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """``entries``, of which those behind the first ``MAX_TEXT`` characters keep their titles alone."""
    kept: list[Entry] = []
    left = MAX_TEXT
    for entry in entries:
        size = len(entry.summary) + len(entry.author) + sum(map(len, entry.categories))
        kept.append(entry if size <= left else replace(entry, summary="", author="", categories=()))
        left -= min(size, left)
    return entries if left else tuple(kept)


def from_plain(values: Plain, entries: Iterable[Entry]) -> ParsedFeed:
    """The feed that ``to_plain`` wrote, with its entries."""
    title, site_url, language, kind, *tail = values
    return ParsedFeed(title, site_url, language, kind, tuple(entries), *tail)  # type: ignore[arg-type]


def entry_to_plain(entry: Entry) -> Plain:
    """``entry`` as plain values; ``entry_from_plain`` reads it back."""
    published = int(entry.published.timestamp()) if entry.published else None
    updated = int(entry.updated.timestamp()) if entry.updated else None
    texts = (entry.guid, entry.url, entry.title, entry.summary)
    return (*texts, published, updated, entry.author, entry.categories, entry.source, entry.source_url)


def entry_from_plain(values: Plain) -> Entry:
    """The entry that ``entry_to_plain`` wrote."""
    guid, url, title, summary, published, updated, author, categories, source, source_url = values
    return Entry(
        guid,  # type: ignore[arg-type]
        url,  # type: ignore[arg-type]
        title,  # type: ignore[arg-type]
        summary,  # type: ignore[arg-type]
        None if published is None else datetime.fromtimestamp(published, UTC),  # type: ignore[arg-type]
        None if updated is None else datetime.fromtimestamp(updated, UTC),  # type: ignore[arg-type]
        author,  # type: ignore[arg-type]
        categories,  # type: ignore[arg-type]
        source,  # type: ignore[arg-type]
        source_url,  # type: ignore[arg-type]
    )


class Parsing(Protocol):
    """The parser processes as the callers see them; ``pool.ParserPool`` is what stands behind them."""

    async def parse(
        self, body: bytes, content_type: str, url: str, now: datetime, reader: str = ""
    ) -> ParsedFeed:
        """The feed in ``body``. Raises NotAFeed, ParseFailed."""
        ...

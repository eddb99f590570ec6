"""Read a document as a feed: see what it is, fix it, refuse what is unsafe, give it to the right reader.

Run in a parser process (``pool``), never on the event loop: a large feed takes feedparser a second.
"""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import feedparser

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry, language_code
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.feedparser_patches import ALONE, apply
from bot.feeds.identity import canonical_url
from bot.feeds.jsonfeed import read_json_feed
from bot.feeds.links import web_address
from bot.feeds.parsed import FeedReading, ParsedFeed, judged
from bot.feeds.repair import Repaired, repaired, unescaped, with_bare_signs
from bot.feeds.salvage import without_faulty_items
from bot.feeds.sitemap import read_news_sitemap
from bot.feeds.survey import Survey, survey
from bot.feeds.text import title_text, without_cdata, without_outlet

# Atomic, so that a comment ends at its first end and no document makes the engine try others.
_HTML = re.compile(
    rb"\s*+(?:<\?[^>]*+>\s*+)*+(?:(?><!--.*?-->)\s*+)*+(?:<!doctype\s+html|<html|<head|<body)", re.I | re.S
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset)[\s>]")  # some feeds carry a page's doctype
_FEED_PARTS = re.compile(rb"<(?:[A-Za-z]\w*:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)

#: Elements that feedparser takes for the item's own description, and names that it knows nothing of: captions
#: of pictures, and what is only for players of podcasts.
_RENAMED = (
    (b"media:description", b"media:caption"),
    (b"itunes:summary", b"itunes:about"),
    (b"itunes:subtitle", b"itunes:line"),
)
_ABOUT = ("itunes_about", "itunes_line")

PATCHED = apply()
"""Whether feedparser is patched; if not, no entry has ``ALONE`` and every document is read whole."""

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#].*)?$", re.IGNORECASE)
_FRONT_PAGE = re.compile(r"https?://[^/?#]+/")

_GOOGLE_NEWS = "news.google.com"

Reader = Callable[[bytes, str, datetime], ParsedFeed]
"""Reads a document of a form of its own: its bytes, its address and the moment."""


def parse_document(body: bytes, content_type: str, url: str, now: datetime) -> ParsedFeed:
    """The feed in ``body``, which came from ``url``. Raises ``NotAFeed`` with a code that says what it is."""
    return read_document(body, content_type, url, now).feed


def read_document(
    body: bytes, content_type: str, url: str, now: datetime, reader: Reader | None = None
) -> FeedReading:
    """The feed as ``parse_document`` has it, and what became of each item; ``reader`` reads it if given.

    Raises ``NotAFeed``, and ``ParseFailed`` for what a parser fails on.
    """
    start = body[:4_096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise NotAFeed("empty")
    try:
        if reader is not None:
            return FeedReading(judged(reader(body, url, now)))
        if start.lstrip(b"\xff\xfe\0")[:1] in (b"{", b"["):
            return FeedReading(judged(read_json_feed(body, url, now)))
        if _HTML.match(start) and not _FEED.search(start):
            raise NotAFeed("html")
        return _read_xml(repaired(body, content_type), content_type, url, now)
    except (NotAFeed, MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a parser raises is one feed that could not be read
        raise ParseFailed("parser_failed", type=type(error).__name__, place=_place(error)) from error


def _place(error: Exception) -> str:
    """The file and line that raised ``error``."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"


def _read_xml(repair: Repaired, content_type: str, url: str, now: datetime) -> FeedReading:
    body = repair.body
    seen = survey(body)
    if not seen.entries and (whole := unescaped(body)) is not None:
        repair = replace(repaired(whole, content_type), malformed=True)
        body = repair.body
        seen = survey(body)
    if seen.fault is not None and (fixed := with_bare_signs(body)) != body:
        body, seen = fixed, replace(survey(fixed), fault=seen.fault)
    if seen.root == "html":
        raise NotAFeed("html")
    if seen.root == "sitemapindex":
        raise NotAFeed("sitemap_index")
    if seen.root == "urlset":
        feed = read_news_sitemap(body, url, now)
        return FeedReading(judged(_with_faults(feed, seen, repair)))
    if not _FEED_PARTS.search(body):
        raise NotAFeed("unknown_format")  # feedparser takes seconds to find nothing in a film
    for theirs, ours in _RENAMED:
        if theirs in body:
            body = body.replace(b"<" + theirs, b"<" + ours).replace(b"</" + theirs, b"</" + ours)

    def read(part: bytes) -> FeedReading:
        return _read_with_feedparser(part, url, now)

    try:
        found = read(body)
    except (NotAFeed, MemoryError, RecursionError):
        raise
    except Exception:
        rest = without_faulty_items(body, lambda part: read(part).feed)
        if rest is None:
            raise
        return FeedReading(judged(_with_faults(rest, seen, repair)))
    items = None if seen.fault else found.items
    return FeedReading(judged(_with_faults(found.feed, seen, repair)), items)


def _with_faults(feed: ParsedFeed, seen: Survey, repair: Repaired) -> ParsedFeed:
    """``feed`` with what the walk through the document found."""
    problems = list(feed.problems)
    if seen.fault is not None or repair.malformed:
        problems.append("malformed")
    if seen.items and not feed.entries:
        problems.append("no_readable_items")
    return replace(
        feed,
        ttl_seconds=seen.ttl_seconds,
        skip_hours=seen.skip_hours,
        skip_days=seen.skip_days,
        problems=tuple(dict.fromkeys(problems)),
    )


def _read_with_feedparser(body: bytes, url: str, now: datetime) -> FeedReading:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if b"base=" in body:
        # Only xml:base needs the document's address here. Without it links are resolved in ``clean``, which
        # is a fifth faster, and relative guids stay what they are when the feed moves.
        headers["content-location"] = url
    # A stream and never a text or an address: feedparser would open those. Sanitising and resolving links
    # inside HTML are two thirds of its time, and what is kept of the HTML is its words.
    result = feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version = dict.get(result, "version") or ""
    if not version and not result.entries:
        raise NotAFeed("unknown_format")
    feed = result.feed
    items = [_entry(raw, url, now) for raw in result.entries]
    alone = all(dict.get(raw, ALONE) for raw in result.entries)
    entries = tuple(entry for entry, _ in items if entry is not None)
    read = ParsedFeed(
        title=title_text(_text(feed, "title")),
        site_url=canonical_url(_text(feed, "link"), url),
        language=language_code(_text(feed, "language")),
        format=version or "unknown",
        entries=entries,
        problems=("no_readable_items",) if items and not entries else (),
    )
    outcomes = tuple((entry is not None, settled) for entry, settled in items)
    return FeedReading(read, outcomes if alone else None)


def _entry(raw: Any, url: str, now: datetime) -> tuple[Entry | None, bool]:
    """The entry, if the item holds anything to read, and whether a later reading gives the same dates."""
    title = _text(raw, "title")
    texts = [
        _text(raw, "summary"),
        *(_text(content, "value") for content in dict.get(raw, "content") or ()),
        *(_text(raw, name) for name in _ABOUT),
    ]
    source = dict.get(raw, "source") or {}
    # Also where the feed was fetched from elsewhere: its items lead through Google's host.
    if _GOOGLE_NEWS in (_host(url), _host(_text(raw, "link"))):
        title = without_outlet(title_text(title), _text(source, "title"))
        texts = []  # a list of links with the same title
    dates = [_date(raw, name, now) for name in ("published", "created", "updated")]
    published, created, updated = (moment for moment, _ in dates)
    tags = dict.get(raw, "tags") or ()
    entry = clean_entry(
        guid=_text(raw, "id"),
        links=_links(raw),
        base=url,
        title=title,
        texts=texts,
        published=published or created,
        updated=updated,
        author=_text(raw, "author"),
        categories=[_text(tag, "term") for tag in tags],
        source=_text(source, "title"),
        source_url=_text(source, "href") or _text(source, "link"),
    )
    return entry, all(settled for _, settled in dates)


def _host(address: str) -> str | None:
    """The host of an address that may be Google's, or None."""
    if _GOOGLE_NEWS not in address.lower():  # nearly all, at a tenth of the price
        return None
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _date(raw: Any, name: str, now: datetime) -> tuple[datetime | None, bool]:
    """The date, and whether it stays the same: one that lies too far ahead is believed later."""
    text = _text(raw, name)
    moment = read_date(text, now)
    return moment, moment is not None or not text.strip()


def _links(raw: Any) -> Iterator[str]:
    """What may be the address of the entry's page, the best first.

    feedparser takes a guid for a link unless the feed forbids it; many guids are numbers, so one counts only
    if it is a whole address or a path from the root. Then, for an item without a page, comes what holds its
    content: Atom's ``content`` with ``src`` (RFC 4287 section 4.1.3.2), and an enclosure that is no picture.
    """
    guid, link = _text(raw, "id"), _text(raw, "link")
    yield _text(raw, "feedburner_origlink")
    if link != guid:
        if _FRONT_PAGE.fullmatch(link) and guid.startswith(link):
            yield guid  # every item links to the site
        yield link
    links = [one for one in dict.get(raw, "links") or () if isinstance(one, dict)]
    yield from (_text(one, "href") for one in links if _text(one, "rel") == "alternate")
    yield guid if guid.startswith("/") else web_address(guid)
    yield from (_text(one, "src") for one in dict.get(raw, "content") or ())
    enclosures = (one for one in links if _text(one, "rel") == "enclosure")
    for one in (*enclosures, *(dict.get(raw, "media_content") or ())):
        address = _text(one, "href") or _text(one, "url")
        picture = _text(one, "type").startswith("image/") or _text(one, "medium") == "image"
        if not picture and not _PICTURE.search(address):
            yield address


def _text(record: Any, key: str) -> str:
    # dict.get, because FeedParserDict answers for keys that are not there (updated for published) and warns.
    value = dict.get(record, key)
    return without_cdata(value) if isinstance(value, str) else ""

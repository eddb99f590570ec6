"""Read a document as a feed: see what it is, mend it, refuse what is unsafe, give it to the right reader.

Run in a parser process (``pool``), never on the event loop: a large feed takes feedparser a second.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry, language_code
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.feedparser_patches import ALONE, apply
from bot.feeds.identity import canonical_url
from bot.feeds.jsonfeed import read_json_feed
from bot.feeds.parsed import ParsedFeed, Reading, judged
from bot.feeds.repair import is_wide, repaired
from bot.feeds.sitemap import read_news_sitemap
from bot.feeds.survey import Survey, survey
from bot.feeds.text import title_text, without_outlet

_HTML = re.compile(
    rb"(?:<\?xml[^>]*>)?\s*(?:<!--.{0,2000}?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)", re.I | re.S
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset)[\s>]")  # some feeds carry a page's doctype
_FEED_PARTS = re.compile(rb"<(?:[A-Za-z]\w*:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)

PATCHED = apply()
"""Whether feedparser is patched; if not, no entry has ``ALONE`` and every document is read whole."""

_GOOGLE_NEWS = "news.google.com"


def parse_document(body: bytes, content_type: str, url: str, now: datetime) -> ParsedFeed:
    """The feed in ``body``, which came from ``url``. Raises ``NotAFeed`` with a code that says what it is."""
    return read_document(body, content_type, url, now).feed


def read_document(body: bytes, content_type: str, url: str, now: datetime) -> Reading:
    """The feed as ``parse_document`` has it, and what became of each item. Raises ``NotAFeed``."""
    start = body[:4_096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise NotAFeed("empty")
    if start[:1] in (b"{", b"["):
        return Reading(judged(read_json_feed(body, url, now)))
    if _HTML.match(start) and not _FEED.search(start):
        raise NotAFeed("html")
    mended, encoding = repaired(body, content_type)
    seen = survey(mended, encoding) if not is_wide(mended) else Survey(root="")
    if seen.root == "html":
        raise NotAFeed("html")
    if seen.root == "sitemapindex":
        raise NotAFeed("sitemap_index")
    if seen.root == "urlset":
        return Reading(judged(read_news_sitemap(mended, encoding, url, now)))
    if not is_wide(mended) and not _FEED_PARTS.search(mended):
        raise NotAFeed("unknown_format")  # feedparser takes seconds to find nothing in a film
    return _read_with_feedparser(mended, encoding, content_type, url, now, seen)


def _read_with_feedparser(
    body: bytes, encoding: str | None, content_type: str, url: str, now: datetime, seen: Survey
) -> Reading:
    headers = {"content-type": "application/xml; charset=utf-8" if encoding == "utf-8" else content_type}
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
    google = urlsplit(url).hostname == _GOOGLE_NEWS
    items = [_entry(raw, url, now, google=google) for raw in result.entries]
    alone = seen.fault is None and all(dict.get(raw, ALONE) for raw in result.entries)
    problems = ("malformed",) if seen.fault else ()
    read = ParsedFeed(
        title=title_text(_text(feed, "title")),
        site_url=canonical_url(_text(feed, "link"), url),
        language=language_code(_text(feed, "language")),
        format=version or "unknown",
        entries=tuple(entry for entry, _ in items if entry is not None),
        ttl_seconds=seen.ttl_seconds,
        skip_hours=seen.skip_hours,
        skip_days=seen.skip_days,
        problems=problems,
    )
    outcomes = tuple((entry is not None, settled) for entry, settled in items)
    return Reading(judged(read), outcomes if alone else None)


def _entry(raw: Any, url: str, now: datetime, *, google: bool) -> tuple[Entry | None, bool]:
    """The entry, if the item holds anything to read, and whether a later reading gives the same dates."""
    title = _text(raw, "title")
    summary = _text(raw, "summary") or _content(raw)
    if google:
        title = without_outlet(title_text(title), _text(dict.get(raw, "source") or {}, "title"))
        summary = ""  # a list of links with the same title
    dates = [_date(raw, name, now) for name in ("published", "created", "updated")]
    published, created, updated = (moment for moment, _ in dates)
    tags = dict.get(raw, "tags") or ()
    entry = clean_entry(
        guid=_text(raw, "id"),
        url=_text(raw, "feedburner_origlink") or _text(raw, "link"),
        base=url,
        title=title,
        summary=summary,
        published=published or created,
        updated=updated,
        author=_text(raw, "author"),
        categories=[_text(tag, "term") for tag in tags],
    )
    return entry, all(settled for _, settled in dates)


def _date(raw: Any, name: str, now: datetime) -> tuple[datetime | None, bool]:
    """The date, and whether it stays the same.

    It need not where it lies too far ahead to be believed yet, or is left to feedparser, which completes some
    forms with today's year.
    """
    text = _text(raw, name)
    moment = read_date(text, now)
    if moment is not None or not text.strip():
        return moment, True
    return read_date(text, now, dict.get(raw, f"{name}_parsed")), False


def _content(raw: Any) -> str:
    for content in dict.get(raw, "content") or ():
        if value := _text(content, "value"):
            return value
    return ""


def _text(record: Any, key: str) -> str:
    # dict.get, because FeedParserDict answers for keys that are not there (updated for published) and warns.
    value = dict.get(record, key)
    return value if isinstance(value, str) else ""

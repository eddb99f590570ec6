"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), which feedparser does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry, language_code
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.links import web_address
from bot.feeds.parsed import ParsedFeed
from bot.feeds.survey import MAX_ENTRIES
from bot.feeds.text import title_text, without_cdata


def read_json_feed(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The feed in ``body``. Raises ``NotAFeed`` for JSON that is broken or is something else."""
    try:
        # Not strict: content with raw line breaks and tabs in it (RFC 8259 section 7) is common and clear.
        document = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:  # ValueError covers JSON and text decoding
        raise NotAFeed("broken_json") from error
    items = document.get("items") if isinstance(document, dict) else None
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(items, list) or not (isinstance(version, str) and "jsonfeed.org" in version):
        raise NotAFeed("unknown_format")
    if len(items) > MAX_ENTRIES:
        raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
    base = _text(document, "home_page_url") or url
    entries = tuple(
        entry for item in items if isinstance(item, dict) and (entry := _entry(item, base, now)) is not None
    )
    return ParsedFeed(
        title=title_text(_text(document, "title")),
        site_url=_text(document, "home_page_url"),
        language=language_code(_text(document, "language")),
        format="jsonfeed",
        entries=entries,
        problems=("no_readable_items",) if items and not entries else (),
    )


def _entry(item: dict[str, Any], base: str, now: datetime) -> Entry | None:
    authors = item.get("authors")
    author = authors[0] if isinstance(authors, list) and authors else item.get("author")
    tags = item.get("tags")
    return clean_entry(
        guid=_text(item, "id"),
        links=_links(item),
        base=base,
        # Plain text by the specification, escaped HTML in some feeds; a lone "<" survives the cleaning.
        title=_text(item, "title"),
        texts=[_text(item, name) for name in ("summary", "content_text", "content_html")],
        published=read_date(_text(item, "date_published"), now),
        updated=read_date(_text(item, "date_modified"), now),
        author=_text(author, "name") if isinstance(author, dict) else "",
        categories=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else (),
    )


def _text(record: dict[str, Any], key: str) -> str:
    """The value as text: numbers are seen where ids should be texts; anything else counts as missing."""
    value = record.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return without_cdata(value) if isinstance(value, str) else ""


def _links(item: dict[str, Any]) -> Iterator[str]:
    """What may be the address of the item's page, the best first; at last a document attached to it."""
    yield from (_text(item, "url"), _text(item, "external_url"), web_address(_text(item, "id")))
    attachments = item.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict) and not _text(one, "mime_type").startswith("image/"):
            yield _text(one, "url")

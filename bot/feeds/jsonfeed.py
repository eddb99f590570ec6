"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), which feedparser does not."""

from __future__ import annotations

import codecs
import json
import re
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

_DECODER = json.JSONDecoder(strict=False)
_ITEMS = re.compile(r"\"items\"\s*:\s*\[\s*")
_BETWEEN = re.compile(r"[\s,]*")
_MISTAKES = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|,(\s*[\]}])", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrt]|u[0-9a-fA-F]{4})|.)", re.DOTALL)


def read_json_feed(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The feed in ``body``. Raises ``NotAFeed`` for JSON that is broken or is something else."""
    document, whole = _document(_text_of(body))
    items = document.get("items") if isinstance(document, dict) else None
    version = document.get("version") if isinstance(document, dict) else None
    versioned = isinstance(version, str) and "jsonfeed.org" in version
    if not isinstance(items, list) or not (versioned or _plainly_a_feed(items)):
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
        problems=(("no_readable_items",) if items and not entries else ())
        + (() if whole and versioned else ("malformed",)),
    )


def _plainly_a_feed(items: list[Any]) -> bool:
    """Whether these are a feed's items although no version says so, which the format requires.

    Each has an id, and an address or a content, as the format calls them; answers of other services do not.
    """
    named = {"url", "external_url", "content_html", "content_text"}
    return bool(items) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str | int) and not named.isdisjoint(item)
        for item in items
    )


def _text_of(body: bytes) -> str:
    """``body`` as text; RFC 8259 section 8.1 wants UTF-8, and scripts write what their database holds."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _document(text: str) -> tuple[Any, bool]:
    """The document in ``text``, and whether that was well-formed. Raises ``NotAFeed``.

    Forgiven are commas before a closing bracket, unknown escapes, and an end in the middle of the items: then
    those before it are read.
    """
    try:
        try:
            # Not strict: raw line breaks and tabs (RFC 8259 section 7) are common and clear. What follows
            # the document is a cache's comment.
            return _DECODER.raw_decode(text.lstrip())[0], True
        except ValueError:
            return _DECODER.raw_decode(_MISTAKES.sub(_corrected, text.lstrip()))[0], False
    except RecursionError as error:
        raise NotAFeed("broken_json") from error
    except ValueError:
        return _cut_document(text), False


def _cut_document(text: str) -> dict[str, Any]:
    """The document as far as its items can be read. Raises ``NotAFeed`` where none can."""
    opening = _ITEMS.search(text)
    if opening is None or not text.lstrip().startswith("{"):
        raise NotAFeed("broken_json")
    items: list[Any] = []
    place = opening.end()
    try:
        document: dict[str, Any] = _DECODER.raw_decode(text[:place].lstrip() + "]}")[0]
        while len(items) <= MAX_ENTRIES:
            item, place = _DECODER.raw_decode(text, place)
            items.append(item)
            between = _BETWEEN.match(text, place)
            place = between.end() if between else place
    except (ValueError, RecursionError) as error:
        if not items:
            raise NotAFeed("broken_json") from error
    return document | {"items": items}


def _corrected(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return _ESCAPE.sub(lambda one: one[0] if one[1] else one[0][1:], found[0])


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

"""Make an ``Entry`` of a format's raw values: the one place where all formats are cleaned alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.entry import Entry
from bot.feeds import text
from bot.feeds.identity import bounded_guid
from bot.feeds.links import first_link, web_address

_TITLE_FROM_SUMMARY = 120
"""Feeds without titles (notices, short posts) get the beginning of their text, as long as a headline."""


def clean_entry(
    *,
    guid: str,
    links: Iterable[str],
    base: str,
    title: str,
    texts: Iterable[str],
    published: datetime | None,
    updated: datetime | None,
    author: str = "",
    categories: Iterable[str] = (),
    source: str = "",
    source_url: str = "",
) -> Entry | None:
    """The entry, or None when it has neither a title nor a text.

    Its address is the first of ``links`` that is one. Its summary is the first of ``texts`` that, once
    cleaned, says more than the title: what comes first may be a picture alone, or the headline again.
    """
    clean_title = text.title_text(title)
    cleaned = (text.summary_text(one) for one in texts if one)
    clean_summary = next((one for one in cleaned if text.says_more(one, clean_title)), "")
    if not clean_title:
        clean_title = text.shortened(clean_summary.partition("\n")[0], _TITLE_FROM_SUMMARY)
    if not clean_title:
        return None
    return Entry(
        guid=bounded_guid(guid),
        url=first_link(links, base),
        title=clean_title,
        summary="" if clean_summary == clean_title else clean_summary,
        published=published,
        updated=updated,
        author=text.plain_text(author, text.MAX_AUTHOR),
        categories=_categories(categories),
        source=text.plain_text(source, text.MAX_AUTHOR),
        source_url=web_address(source_url) if source_url else "",
    )


def language_code(language: str) -> str:
    """The primary subtag in lower case ("es-MX" is "es"); an empty text for what is no language tag."""
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else ""


def _categories(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        if len(found) >= text.MAX_CATEGORIES:
            break
        if clean := text.plain_text(name, text.MAX_CATEGORY):
            found[clean] = None
    return tuple(found)

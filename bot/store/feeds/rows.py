"""Rows of feeds, and what makes two addresses one feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.domain.feeds import Feed
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.sql import AnyRow
from bot.store.types import key16

#: The columns that a Feed needs.
FEED = (
    t.feed.c.id,
    t.feed.c.url,
    t.feed.c.host,
    t.feed.c.publisher,
    t.feed.c.title,
    t.feed.c.language,
    t.feed.c.kind,
    t.feed.c.region,
    t.feed.c.is_default,
    t.feed.c.browser_like,
    t.feed.c.disabled_reason,
    t.feed.c.health,
    t.feed.c.next_due_at,
    t.feed.c.last_success_at,
    t.feed.c.last_new_entry_at,
    t.feed.c.state,
)


def feed_key(url: str) -> bytes:
    """What makes two addresses one feed: scheme, default port, last slash and fragment do not count.

    A text that is no address is none but its own.
    """
    try:
        parts = urlsplit(url)
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return key16(url)
    return key16(f"{(parts.hostname or '').lower()}{port}{parts.path.rstrip('/')}?{parts.query}")


def host_of(url: str) -> str:
    """The host of an address, in small letters; empty for a text that is no address."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def new_row(url: str, key: bytes, now: datetime) -> dict[str, Any]:
    """What every new feed begins with: due at once, nothing known of it."""
    state = {"health": "new", "state": "", "next_due_at": now}
    return {"url": plain(url), "url_key": key, "host": host_of(url), **state}


def feed_of_row(row: AnyRow, scope: str = "default") -> Feed:
    """The feed in a row that holds the columns of ``FEED``."""
    return Feed(
        id=row.id,
        url=row.url,
        host=row.host,
        publisher=row.publisher,
        title=row.title,
        language=row.language,
        kind=row.kind,
        region=row.region,
        is_default=row.is_default,
        browser_like=row.browser_like,
        disabled_reason=row.disabled_reason,
        health=row.health,
        next_due_at=row.next_due_at,
        last_success_at=row.last_success_at,
        last_new_entry_at=row.last_new_entry_at,
        scope=scope,
        memory=row.state,
    )

"""Rows of feeds, and what makes two addresses one feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.domain.feeds import Feed
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.sql import columns
from bot.store.types import key16


class FeedColumns(NamedTuple):
    """The columns that a Feed needs, in the order of its fields."""

    id: int
    url: str
    host: str
    publisher: str
    title: str
    language: str
    kind: str
    region: str
    is_default: bool
    browser_like: bool
    disabled_reason: str | None
    health: str
    next_due_at: datetime | None
    last_success_at: datetime | None
    last_new_entry_at: datetime | None
    state: str


FEED = columns(FeedColumns, t.feed)


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


def feed_of(row: FeedColumns, scope: str = "default") -> Feed:
    """The feed in a row."""
    return Feed(*row[:15], scope, row.state)

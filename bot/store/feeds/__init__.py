"""The feeds: what is polled, by whom it is read, and how it is."""

from __future__ import annotations

from bot.store.feeds.catalogue import NOT_LISTED, sync_catalog
from bot.store.feeds.following import (
    FAILING,
    add_candidate,
    feed_by_id,
    feed_by_url,
    feeds_of,
    health_counts,
)
from bot.store.feeds.polling import (
    PollResult,
    claim_due,
    count_due,
    hold_host,
    make_all_due,
    move_feed,
    release,
    save_polls,
)
from bot.store.feeds.rows import feed_key
from bot.store.feeds.sharing import ANNOUNCED, announce, claim_these, due_by_host

__all__ = [
    "ANNOUNCED",
    "FAILING",
    "NOT_LISTED",
    "PollResult",
    "add_candidate",
    "announce",
    "claim_due",
    "claim_these",
    "count_due",
    "due_by_host",
    "feed_by_id",
    "feed_by_url",
    "feed_key",
    "feeds_of",
    "health_counts",
    "hold_host",
    "make_all_due",
    "move_feed",
    "release",
    "save_polls",
    "sync_catalog",
]

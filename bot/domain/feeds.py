"""A feed as one server has it, and how the feeds it reads are doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.feed_state import FeedState

NEWS, OFFICIAL, THINK_TANK = "news", "official", "think_tank"
FEED_KINDS = (NEWS, OFFICIAL, THINK_TANK)
"""Kinds of ordinary feeds: an article is of its feed's kind."""

SOURCE_KINDS = ("federal_register", "white_house", "govinfo", "ofac", "gao", "courts", "dof", "gob_mx")
"""Kinds of official sources, each with its module in ``bot.sources``."""

DOCUMENT = "document"
"""The kind of every article of an official source: the document itself, and no report of it."""


def article_kind(feed_kind: str) -> str:
    """The kind of the articles that a feed of ``feed_kind`` brings."""
    return DOCUMENT if feed_kind in SOURCE_KINDS else feed_kind


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as one server has it: ``scope`` is default, added, removed, paused or other."""

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
    scope: str = "default"
    memory: str = field(default="", repr=False)

    @property
    def state(self) -> FeedState:
        """The polling policy's memory of this feed."""
        return FeedState.load(self.memory)

    @property
    def name(self) -> str:
        """What it is called wherever it is shown."""
        return self.publisher if self.title in ("", self.publisher) else f"{self.publisher} — {self.title}"

    @property
    def active(self) -> bool:
        """Whether this server reads it: not switched off, not paused or removed here."""
        return self.disabled_reason is None and self.scope in ("default", "added")

    @property
    def failure(self) -> str:
        """The code of what went wrong at the last poll; empty if nothing did."""
        state = self.state
        return state.last_reason if state.failures else ""


@dataclass(frozen=True, slots=True)
class HealthCounts:
    """How the feeds that a server reads are. ``by_health`` counts them by the policy's own word."""

    total: int = 0
    failing: int = 0
    never_polled: int = 0
    by_health: Mapping[str, int] = field(default_factory=dict)
    last_success_at: datetime | None = None

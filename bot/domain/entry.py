"""What a feed says, once it has been read: plain values, cleaned, bounded, with no parser's types in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed.

    All text is plain: no markup, no control or bidi characters, bounded in length. ``url`` is
    http or https with a host and without tracking parameters, or empty. Dates are aware and in UTC,
    or None where the feed gave none that can be believed. ``source`` names whom the feed has the item from,
    with that publisher's site in ``source_url``; both are empty for most.
    """

    guid: str
    url: str
    title: str
    summary: str
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    source: str = ""
    source_url: str = ""

    def text(self) -> str:
        """Title and summary as one text."""
        return f"{self.title}\n{self.summary}" if self.summary else self.title

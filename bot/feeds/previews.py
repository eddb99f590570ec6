"""Feeds that were looked at lately, so that adding one asks its publisher nothing a second time.

In memory, for a preview changes nothing that lasts: what a stranger's feed brings is stored once a server has
said that it wants it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import getsizeof

from bot.domain.audience import Owner
from bot.domain.entry import Entry
from bot.feeds.facts import PollFacts

#: Discord lets a message be answered for a quarter of an hour; who decides later looks again.
KEPT = timedelta(minutes=15)
#: Bounds on memory: how many previews, and bytes of text in all of them. The largest real feed has 1 MB.
MOST, MOST_BYTES = 16, 16 * 1024 * 1024
MOST_BYTES_EACH = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Previewed:
    """What was read of a feed, and when; ``facts`` are None where that was too large to be kept."""

    facts: PollFacts | None
    entries: tuple[Entry, ...]
    at: datetime

    @property
    def size(self) -> int:
        """Bytes of text in it."""
        return sum(
            getsizeof(text)
            for entry in self.entries
            for text in (entry.guid, entry.url, entry.title, entry.summary, entry.author, *entry.categories)
        )


class Previews:
    """Which server has looked at which feed, and what it read there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Owner, int], Previewed] = OrderedDict()
        self._sizes: dict[tuple[Owner, int], int] = {}

    def keep(self, owner: Owner, feed_id: int, previewed: Previewed) -> None:
        """Keep a preview, in place of an earlier one; the oldest of too many, or of too much, go."""
        size = previewed.size
        if size > MOST_BYTES_EACH:
            previewed, size = Previewed(None, (), previewed.at), 0
        self._kept.pop((owner, feed_id), None)
        self._kept[owner, feed_id] = previewed
        self._sizes[owner, feed_id] = size
        while len(self._kept) > MOST or sum(self._sizes.values()) > MOST_BYTES:
            oldest, _ = self._kept.popitem(last=False)
            del self._sizes[oldest]

    def of(self, owner: Owner, feed_id: int, now: datetime) -> Previewed | None:
        """The server's preview of that feed; None if there was none, or it is too old."""
        found = self._kept.get((owner, feed_id))
        return found if found is not None and now - found.at <= KEPT else None

"""Feeds that were looked at lately, so that adding one asks its publisher nothing a second time.

In memory, for a preview changes nothing that lasts: what a stranger's feed brings is stored once a server has
said that it wants it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audience import Owner
from bot.domain.entry import Entry
from bot.feeds.facts import PollFacts

#: Discord lets a message be answered for a quarter of an hour; who decides later looks again.
KEPT = timedelta(minutes=15)
#: A bound on memory: a feed's entries take up to some megabytes.
MOST = 16


@dataclass(frozen=True, slots=True)
class Previewed:
    """What was read of a feed, and when."""

    facts: PollFacts
    entries: tuple[Entry, ...]
    at: datetime


class Previews:
    """Which server has looked at which feed, and what it read there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Owner, int], Previewed] = OrderedDict()

    def keep(self, owner: Owner, feed_id: int, previewed: Previewed) -> None:
        """Keep a preview, in place of an earlier one; the oldest of too many goes."""
        self._kept.pop((owner, feed_id), None)
        self._kept[owner, feed_id] = previewed
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def of(self, owner: Owner, feed_id: int, now: datetime) -> Previewed | None:
        """The server's preview of that feed; None if there was none, or it is too old."""
        found = self._kept.get((owner, feed_id))
        return found if found is not None and now - found.at <= KEPT else None

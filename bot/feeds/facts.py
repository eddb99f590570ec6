"""What one poll found out, as plain values: the policy's input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from statistics import median

from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.feeds.exchange import FetchResult
from bot.feeds.parsed import ParsedFeed

LATE = timedelta(hours=6)
"""How much later than its own date an entry may honestly appear: embargoes, review, a slow cache."""

_PACE_FROM = 20  # the newest entries by which a feed's pace is judged
_WHOLE_LIST = 10  # a shorter list may be all that the feed ever published


@dataclass(frozen=True, slots=True)
class PollFacts:
    """``failure`` is a fetch failure, or why the body is no feed; with it, or with a status from 400 on, the
    poll failed. ``same_body`` is a 200 whose body is the one already read, ``cut`` one whose body
    may not be whole. ``parsed`` says that the fields
    below it are this poll's; ``hidden_entries`` counts those that earlier 304s must have kept from us.
    """

    url: str
    status: int | None = None
    failure: str | None = None
    conditional: bool = False
    permanent_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: int | None = None
    cache_seconds: int | None = None
    body_hash: str | None = None
    wire_hash: str | None = None
    same_body: bool = False
    cut: bool = False
    parsed: bool = False
    entries: int = 0
    entries_hash: str | None = None
    newest_at: datetime | None = None
    pace_seconds: int | None = None
    span_seconds: int | None = None
    undated: int = 0
    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hidden_entries: int = 0

    @property
    def succeeded(self) -> bool:
        return self.failure is None and (self.status == 304 or 200 <= (self.status or 0) < 300)


def facts_of(
    state: FeedState, result: FetchResult, feed: ParsedFeed | None, failure: str | None, now: datetime
) -> PollFacts:
    """The facts of a poll: what was fetched, what it parsed to (None when it was not) or why it did not."""
    if result.not_modified and not result.conditional:
        failure = "unasked_304"  # there is nothing here that it could be the same as
    same = result.body_hash is not None and result.body_hash == state.body_hash and feed is None
    facts = PollFacts(
        url=result.url,
        status=result.status,
        failure=result.failure or failure,
        conditional=result.conditional,
        permanent_url=result.permanent_url,
        etag=result.etag,
        last_modified=result.last_modified,
        retry_after=result.retry_after,
        cache_seconds=result.cache_seconds,
        body_hash=result.body_hash,
        wire_hash=result.wire_hash,
        same_body=same,
        cut=result.cut is not None,
    )
    return facts if feed is None else _with_feed(facts, state, feed, now)


def _with_feed(facts: PollFacts, state: FeedState, feed: ParsedFeed, now: datetime) -> PollFacts:
    dates = sorted((at for e in feed.entries if (at := e.published or e.updated) and at <= now), reverse=True)
    entries_hash = _entries_hash(feed.entries)
    return replace(
        facts,
        parsed=True,
        entries=len(feed.entries),
        entries_hash=entries_hash,
        newest_at=dates[0] if dates else None,
        pace_seconds=_pace(dates),
        span_seconds=int((dates[0] - dates[-1]).total_seconds()) if len(dates) >= _WHOLE_LIST else None,
        undated=feed.undated,
        ttl_seconds=feed.ttl_seconds,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        hidden_entries=_hidden(facts, state, entries_hash, dates),
    )


def _hidden(facts: PollFacts, state: FeedState, entries_hash: str, dates: list[datetime]) -> int:
    """How many entries the 304s before this whole answer hid.

    Proof is either: other entries under the very validators for which it said 304; or entries that are
    newer than all we knew and dated well before the last 304.
    """
    if facts.conditional or facts.cut or not state.not_modified_streak or state.last_polled_at is None:
        return 0
    if entries_hash == state.entries_hash:
        return 0
    known, last_304 = state.newest_entry_at, state.last_polled_at - LATE
    late = sum(1 for date in dates if date < last_304 and known is not None and date > known)
    if state.etag is not None:
        unmoved = facts.etag == state.etag
    else:
        unmoved = facts.last_modified is not None and facts.last_modified == state.last_modified
    return max(late, 1) if unmoved else late


def _entries_hash(entries: tuple[Entry, ...]) -> str:
    names = sorted(entry.guid or entry.url or entry.title for entry in entries)
    return blake2b("\0".join(names).encode(errors="replace"), digest_size=16).hexdigest()


def _pace(dates: list[datetime]) -> int | None:
    """The median of the times between the newest entries, in seconds; None for fewer than four."""
    newest = dates[:_PACE_FROM]
    if len(newest) < 4:
        return None
    return int(median((a - b).total_seconds() for a, b in pairwise(newest)))

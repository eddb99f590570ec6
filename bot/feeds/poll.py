"""One poll of one feed, from the request to the plan. It stores nothing; the worker does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.clock import Clock
from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.facts import PollFacts, facts_of
from bot.feeds.fetch import Fetching, FetchResult
from bot.feeds.parsed import ParsedFeed
from bot.feeds.policy import PollPlan, decide, request_for
from bot.feeds.pool import ParserPool
from bot.feeds.schedule import DEFAULT_INTERVAL


@dataclass(frozen=True, slots=True)
class Polled:
    """``entries`` are all of the document's, new or not, and none where it was not read anew.

    Save the entries first and ``plan.state`` in the same transaction or after it, never before.
    """

    url: str
    plan: PollPlan
    facts: PollFacts
    entries: tuple[Entry, ...] = ()
    feed: ParsedFeed | None = None


async def poll_feed(
    url: str,
    state: FeedState,
    fetcher: Fetching,
    pool: ParserPool,
    clock: Clock,
    random: Random,
    *,
    interval: timedelta = DEFAULT_INTERVAL,
    browser_like: bool = False,
) -> Polled:
    """Ask for the feed once, read it if it is new, and say what follows. Raises nothing for any feed."""
    result = await fetcher.fetch(request_for(url, state, clock.now(), browser_like=browser_like))
    return await read_answer(url, state, result, pool, clock, random, interval=interval)


async def read_answer(
    url: str,
    state: FeedState,
    result: FetchResult,
    pool: ParserPool,
    clock: Clock,
    random: Random,
    *,
    interval: timedelta = DEFAULT_INTERVAL,
) -> Polled:
    """What follows from an answer that is there already, as a preview's: it need not be asked for twice."""
    feed, failure = None, None
    if result.body is not None and result.body_hash != state.body_hash:
        try:
            feed = await pool.parse(result.body, result.content_type, result.url, clock.now())
        except (NotAFeed, ParseFailed) as error:
            failure = error.code
    now = clock.now()
    facts = facts_of(state, result, feed, failure, now)
    plan = decide(state, facts, now, random, interval)
    return Polled(url, plan, facts, feed.entries if feed else (), feed)

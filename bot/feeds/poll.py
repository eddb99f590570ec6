"""One poll of one feed, from the request to the plan. It stores nothing; the worker does."""

from __future__ import annotations

import asyncio
import codecs
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.clock import Clock
from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.feeds.budget import BodyShare
from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.exchange import Fetching, FetchResult
from bot.feeds.facts import PollFacts, facts_of
from bot.feeds.form import FEED, DocumentForm
from bot.feeds.parsed import ParsedFeed, Parsing
from bot.feeds.policy import PollPlan, decide, request_for
from bot.feeds.schedule import DEFAULT_INTERVAL, LEAST_WITHOUT_VALIDATORS


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
    pool: Parsing,
    clock: Clock,
    random: Random,
    *,
    interval: timedelta = DEFAULT_INTERVAL,
    browser_like: bool = False,
    form: DocumentForm = FEED,
    share: BodyShare | None = None,
) -> Polled:
    """Ask for the feed once, read it if it is new, and say what follows. Raises nothing for any feed."""
    now = clock.now()
    asked = form.address(url, state, now)
    request = request_for(asked, state, now, browser_like=browser_like)
    result = await fetcher.fetch(replace(request, share=share))
    polled = await read_answer(url, state, result, pool, clock, random, interval=interval, form=form)
    if asked == url:
        return polled
    # A redirect from one day's address says nothing of the others.
    plan = replace(polled.plan, new_url=None)
    if polled.facts.succeeded:
        plan = replace(plan, state=form.answered(asked, plan.state, now))
    waiting = polled.facts.succeeded and form.address(url, plan.state, now) != asked
    if waiting and (due := now + LEAST_WITHOUT_VALIDATORS) < plan.next_due_at:
        plan = replace(plan, next_due_at=due, state=replace(plan.state, next_due_at=due))
    return replace(polled, plan=plan)


async def read_answer(
    url: str,
    state: FeedState,
    result: FetchResult,
    pool: Parsing,
    clock: Clock,
    random: Random,
    *,
    interval: timedelta = DEFAULT_INTERVAL,
    form: DocumentForm = FEED,
) -> Polled:
    """What follows from an answer that is there already, as a preview's: it need not be asked for twice."""
    feed, failure = None, None
    if result.cut is None and result.body is not None and breaks_off(result.body):
        result = replace(result, cut="truncated", etag=None, last_modified=None)
    if result.body is not None and result.body_hash != state.body_hash:
        try:
            parsed = await pool.parse(result.body, result.content_type, result.url, clock.now(), form.reader)
            # Thousands of entries take a tenth of a second to check, which the loop has better use for.
            feed = parsed if form is FEED else await asyncio.to_thread(form.checked, parsed)
            if failure := feed.failure:
                feed = None
        except (NotAFeed, ParseFailed) as error:
            failure = error.code
        if result.cut and (feed is None or not feed.entries):
            feed, failure = None, result.cut
    now = clock.now()
    facts = facts_of(state, result, feed, failure, now)
    plan = decide(state, facts, now, random, interval)
    return Polled(url, plan, facts, feed.entries if feed else (), feed)


_LAST_TAG = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex|html)\s*>", re.IGNORECASE)
_TAIL = 4_096
"""Bytes behind the last tag: caches write comments there."""


def breaks_off(body: bytes) -> bool:
    """Whether a document ends before its root element or object does, as one cut on its way would.

    Proxies cut answers and set the length to what is left, and scripts die in the middle of a list.
    """
    if body[:64].lstrip()[:1] in (b"{", b"["):
        return not body[-64:].rstrip().endswith((b"}", b"]", b"-->", b"*/"))
    if b"\0" in body[:4] or body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] != b"<":
        return False
    return _LAST_TAG.search(body, max(len(body) - _TAIL, 0)) is None

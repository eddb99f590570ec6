"""Why an address is not shown."""

from __future__ import annotations

from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.articles import Trace
from bot.domain.audience import View
from bot.domain.feeds import Feed
from bot.domain.page import Page
from bot.feeds.identity import canonical_url
from bot.feeds.variants import typed_address
from bot.locale import message, translator
from bot.pages.whynot import WhyNotFindings, same_site, whynot_page
from bot.store import articles, developments, feeds, identity_decisions, watches
from bot.store.identity_decisions import IdentityDecision
from bot.topics.shortfall import LACKING, Shortfall, shortfall


async def whynot(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The steps that an address took, up to the one that dropped it."""
    evidence = await _evidence(context, asker.view, given["address"])
    return whynot_page(translator(asker.language), evidence, context.clock.now())


async def _evidence(context: AppContext, view: View, address: str) -> WhyNotFindings:
    """All that the store knows of the address; it is not fetched."""
    canonical = canonical_url(typed_address(address)) if "." in address else ""
    if not canonical:
        return WhyNotFindings(address, "")
    read = context.database.read
    article = await read(articles.by_url, canonical)
    trace = None if article else await read(articles.trace, canonical)
    carrier: Feed | None = None
    if found := article or trace:
        carrier = await read(feeds.feed_by_id, found.feed_id, view)
    development = None
    if article is not None and article.story_id is not None:
        development = await read(developments.story, article.story_id, view)
        if development is not None and all(one.id != article.id for one in development.articles):
            development = None  # others of the story are seen here, this article is not
    if development is None and carrier is not None and carrier.scope == "other":
        # Another server's own feed: that it exists, and what it holds, is not for this one to know.
        article = trace = carrier = None
    known = await read(feeds.feeds_of, view)
    of_site = tuple(feed for feed in known if same_site(canonical, feed.host))
    hit = await read(watches.hit_at, view, canonical)
    identity = await _identity(context, view, canonical)
    lacks = None if trace is None else _shortfall(context, trace)
    return WhyNotFindings(
        address, canonical, article, trace, carrier, of_site, development, hit, identity, lacks
    )


def _shortfall(context: AppContext, trace: Trace) -> Shortfall | None:
    """What the entry lacks, where it is judged today as it was when it was left out."""
    if trace.reason not in LACKING:
        return None
    match = context.matcher.judge(trace.title, trace.summary, trace.language)
    return shortfall(context.matcher.taxonomy, match) if match.reason == trace.reason else None


async def _identity(context: AppContext, view: View, canonical: str) -> IdentityDecision | None:
    """How the entry was compared with a known one, if the server may know of the feeds of both."""
    decided = await context.database.read(identity_decisions.of_address, canonical)
    if decided is None:
        return None
    for feed_id in {decided.feed_id, decided.compared.other_feed_id}:
        feed = await context.database.read(feeds.feed_by_id, feed_id, view)
        if feed is None or feed.scope == "other":
            return None
    return decided


_EXAMPLE = "https://example.org/2026/05/01/article"

COMMANDS = (
    Command(
        "whynot",
        message("Why an address is not shown: the step that dropped it"),
        whynot,
        (Parameter("address", message("The address of an article"), required=True, example=_EXAMPLE),),
    ),
)

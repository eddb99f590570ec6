"""Why an address is not shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def whynot(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The steps that an address took, up to the one that dropped it."""
    address = given["address"]
    canonical = canonical_url(typed_address(address)) if "." in address else ""
    evidence = WhyNotFindings(address, "")
    if canonical:
        evidence = await context.database.read(_evidence, asker.view, address, canonical)
        if evidence.trace is not None:
            lacks = await asyncio.to_thread(_shortfall, context, evidence.trace)
            evidence = replace(evidence, lacks=lacks)
    return whynot_page(translator(asker.language), evidence, context.clock.now())


def _evidence(session: Session, view: View, address: str, canonical: str) -> WhyNotFindings:
    """All that the store knows of the address; it is not fetched."""
    article = articles.by_url(session, canonical)
    trace = None if article else articles.trace(session, canonical)
    carrier: Feed | None = None
    if found := article or trace:
        carrier = feeds.feed_by_id(session, found.feed_id, view)
    development = None
    if article is not None and article.story_id is not None:
        development = developments.story(session, article.story_id, view)
        if development is not None and all(one.id != article.id for one in development.articles):
            development = None  # others of the story are seen here, this article is not
    if development is None and carrier is not None and carrier.scope == "other":
        # Another server's own feed: that it exists, and what it holds, is not for this one to know.
        article = trace = carrier = None
    known = feeds.feeds_of(session, view)
    of_site = tuple(feed for feed in known if same_site(canonical, feed.host))
    hit = watches.hit_at(session, view, canonical)
    identity = _identity(session, view, canonical)
    return WhyNotFindings(address, canonical, article, trace, carrier, of_site, development, hit, identity)


def _shortfall(context: AppContext, trace: Trace) -> Shortfall | None:
    """What the entry lacks, where it is judged today as it was when it was left out."""
    if trace.reason not in LACKING:
        return None
    match = context.matcher.judge(trace.title, trace.summary, trace.language)
    return shortfall(context.matcher.taxonomy, match) if match.reason == trace.reason else None


def _identity(session: Session, view: View, canonical: str) -> IdentityDecision | None:
    """How the entry was compared with a known one, if the server may know of the feeds of both."""
    decided = identity_decisions.of_address(session, canonical)
    if decided is None:
        return None
    for feed_id in {decided.feed_id, decided.compared.other_feed_id}:
        feed = feeds.feed_by_id(session, feed_id, view)
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

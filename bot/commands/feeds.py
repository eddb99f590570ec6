"""A server's feeds: list, preview, add."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.commands.arguments import fold
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.articles import Judged
from bot.domain.audience import Owner, User
from bot.domain.feeds import Feed
from bot.domain.page import Page
from bot.feeds.facts import facts_of
from bot.feeds.identity import canonical_url
from bot.feeds.policy import PollPlan, decide
from bot.feeds.previews import Previewed
from bot.feeds.variants import typed_address
from bot.ingest.judge import judge_entries
from bot.ingest.preview import FeedChoice, FoundFeed, PreviewFailure, preview_feed
from bot.locale import message, translator
from bot.pages.failures import failure_sentence
from bot.pages.feed_lists import ADD, changed_page
from bot.pages.feeds import (
    choose_feed_page,
    feeds_list_page,
    preview_page,
)
from bot.pages.problem import problem_page
from bot.sources.registry import SOURCES
from bot.store import entries, feeds
from bot.store.feeds import changing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What the first reading of a feed comes to.
FirstReading = tuple[PollPlan, list[Judged]]


async def list_feeds(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """This server's feeds, a page at a time."""
    known = await context.database.read(feeds.feeds_of, asker.owner)
    return feeds_list_page(translator(asker.language), known, int(given.get("page", 1)))


async def preview(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What a feed holds and what of it would be shown; nothing is saved."""
    return await _look(context, asker, given["address"], adding=False)


async def add(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Look at an address, and add its feed once that has been seen and confirmed."""
    if "feed" not in given:
        if "address" not in given:
            raise UserFault(message("Which feed? Give the address of a site or of its feed."))
        return await _look(context, asker, given["address"], adding=True)
    owner, now = asker.owner, context.clock.now()
    feed, previewed = await _seen(context, owner, given["feed"])
    first: FirstReading | None = None
    if previewed is not None and previewed.facts is not None and feed.health == "new":
        plan = decide(feed.state, previewed.facts, previewed.at, Random(feed.id))
        await asyncio.to_thread(context.load_judges)
        judged = await asyncio.to_thread(
            judge_entries,
            context.matcher,
            context.policy_names,
            context.evidence,
            previewed.entries,
            feed,
        )
        first = plan, judged
    try:
        changed = await context.database.write(_follow, owner, feed, first, asker.user, now)
    except changing.TooManyFeeds:
        raise too_many_feeds() from None
    return changed_page(translator(asker.language), ADD, changed.count, changed.token, feed)


async def _seen(context: AppContext, owner: Owner, number: str) -> tuple[Feed, Previewed | None]:
    """The feed of a preview with what was read, or one of the server's own. Raises UserFault.

    Another server's feeds are not for this one to know: only who has looked at an address may add by number.
    """
    feed_id = numbered(number)
    previewed = context.previews.of(owner, feed_id, context.clock.now()) if feed_id is not None else None
    if feed_id is not None and previewed is not None:
        feed = await context.database.read(feeds.feed_by_id, feed_id, owner)
        if feed is not None:
            return feed, previewed
    try:
        return await feed_of(context, owner, number), None
    except UserFault:
        raise UserFault(
            message("That preview is too old to add from."), message("Look at the address again: /feeds add.")
        ) from None


def _follow(
    session: Session, owner: Owner, feed: Feed, first: FirstReading | None, by: User, now: datetime
) -> changing.Changed:
    """Follow a feed, and keep what its preview read: all or nothing."""
    if first is not None:
        plan, judged = first
        entries.keep_first_reading(session, feed, plan, judged, now=now)
    return changing.change_feeds(session, owner, [feed.id], changing.ADD, by=by, now=now)


def too_many_feeds() -> UserFault:
    """A server has as many feeds of its own as one may."""
    return UserFault(
        message("This server has added {most} feeds, the maximum."),
        message("Remove one with /feeds remove."),
        most=changing.MOST_ADDED,
    )


async def _look(context: AppContext, asker: Asker, address: str, *, adding: bool) -> Page:
    t = translator(asker.language)
    found = await preview_feed(context, address)
    if isinstance(found, PreviewFailure):
        return problem_page(t, failure_sentence(t, found.code))
    if isinstance(found, FeedChoice):
        return choose_feed_page(t, found.site, found.feeds, "feeds add" if adding else "feeds preview")
    known = await _remember(context, asker, found)
    shown = replace(found.preview, feed_id=known.id, followed=known.active)
    return preview_page(t, shown, adding=adding)


async def _remember(context: AppContext, asker: Asker, found: FoundFeed) -> Feed:
    """A row for the feed that was looked at, so that a button can name it; nobody follows it yet."""
    preview, owner, now = found.preview, asker.owner, context.clock.now()
    feed = await context.database.read(feeds.feed_by_url, preview.url, owner)
    if feed is None:
        source = SOURCES.get(preview.kind)
        publisher = (
            source.card.publisher
            if source
            else preview.title or urlsplit(preview.url).hostname or preview.url
        )
        feed = await context.database.write(
            feeds.add_candidate,
            url=preview.url,
            publisher=publisher,
            title=preview.title,
            language=preview.language,
            kind=preview.kind,
            now=now,
        )
    facts = facts_of(feed.state, found.answer, found.feed, None, now)
    context.previews.keep(owner, feed.id, Previewed(facts, found.feed.entries, now))
    return feed


async def feed_of(context: AppContext, owner: Owner, named: str) -> Feed:
    """The feed of the server with that number, address or name. Raises UserFault."""
    number = numbered(named)
    typed = typed_address(named)
    feed: Feed | None = None
    if number is not None:
        feed = await context.database.read(feeds.feed_by_id, number, owner)
    elif canonical_url(typed):
        feed = await context.database.read(feeds.feed_by_url, typed, owner)
    if feed is not None and feed.scope != "other":
        return feed
    known = await context.database.read(feeds.feeds_of, owner)
    found = feeds_named(known, named)
    # A number names one feed: if that is gone, no feed with the number in its name was meant.
    if len(found) == 1 and number is None:
        return found[0]
    sentence = (
        message("Several feeds are called “{feed}”.")
        if len(found) > 1 and number is None
        else message("There is no feed “{feed}” here.")
    )
    offered = found or known
    raise UserFault(sentence, message("Choose one of them."), feed=named[:80]).offering(
        "feed", lambda t: [(one.name, str(one.id)) for one in offered]
    )


def numbered(named: str) -> int | None:
    """The number of a feed, as pages show it; None for any other text."""
    digits = named.lstrip("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def feeds_named(known: Sequence[Feed], named: str) -> list[Feed]:
    """The feeds that a reader means by words of a name: those called just so, else those that hold them.

    Spaces do not count, so that "borderreport" is Border Report.
    """
    wanted = _bare(named)
    names = [
        (feed, {_bare(one) for one in (feed.publisher, feed.title, feed.name, feed.host)}) for feed in known
    ]
    exact = [feed for feed, spellings in names if wanted in spellings]
    return exact or [feed for feed, spellings in names if any(wanted in one for one in spellings)]


def _bare(name: str) -> str:
    return fold(name).replace(" ", "").removeprefix("www.")


_ADDRESS = message("The address of a site or of its feed")

COMMANDS = (
    Command(
        "feeds list",
        message("The feeds of this server"),
        list_feeds,
        (Parameter("page", message("Which page"), "whole", low=1, high=1000),),
        admin=True,
    ),
    Command(
        "feeds preview",
        message("Look at a feed before adding it: what would be shown?"),
        preview,
        (Parameter("address", _ADDRESS, required=True, example="borderreport.com"),),
        admin=True,
        slow=True,
    ),
    Command(
        "feeds add",
        message("Add a feed, after a preview"),
        add,
        (
            Parameter("address", _ADDRESS),
            Parameter("feed", message("A feed that was looked at"), "feed", hidden=True),
        ),
        admin=True,
        slow=True,
        asks=("address",),
    ),
)

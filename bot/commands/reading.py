"""What members read: the article, its concerns, developments, and why they are shown."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

from bot.commands import arguments
from bot.commands.faults import UserFault
from bot.commands.policy_names import policies_said
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.commands.summarizing import story_gist
from bot.context import AppContext
from bot.domain.articles import Article
from bot.domain.feeds import HealthCounts
from bot.domain.page import Button, Page, Request, When
from bot.feeds.identity import canonical_url
from bot.feeds.variants import typed_address
from bot.locale import message, translator
from bot.pages.digest import DigestWindow
from bot.pages.latest import (
    LONGEST_DAYS,
    OWN_SHOWN,
    PER_PAGE,
    Ordered,
    Searched,
    important_page,
    latest_page,
    search_page,
)
from bot.pages.listing import listing_page
from bot.pages.source_cards import source_cards_page
from bot.pages.sources import all_sources_page, sources_page
from bot.pages.story import story_page
from bot.pages.why import why_page
from bot.publishing.composer import gather, under_concerns
from bot.ranking.rank import by_rank
from bot.store import articles, developments, feeds, important, watches
from bot.store import search as search_index
from bot.stories.headlines import lead_article

#: How far back /latest looks by default: a month, so that a quiet concern is not empty.
DEFAULT_DAYS = 30
#: Stories in the other language that /story looks up; those that this server does not see drop out.
RELATED_LOOKED_AT = 8
#: A season: the newest count most in a search, and nearer ones are found faster.
SEARCH_DAYS = 90
#: Policies told above what a search finds.
POLICIES_FOUND = 3
#: The order of /latest that puts what matters most first, and how far back it looks by default.
IMPORTANCE, IMPORTANT_DAYS = "importance", 7

_CONCERN = Parameter("concern", message("Which concern"), "concern")
_PAGE = Parameter("page", message("Which page"), "whole", low=1, high=100, hidden=True)
_DAYS = Parameter("days", message("How many days back"), "whole", low=1, high=LONGEST_DAYS)
_LANGUAGE = Parameter(
    "language",
    message("Only sources in this language"),
    "choice",
    choices=(("en", message("English")), ("es", message("Spanish"))),
)


async def latest(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Developments, newest first or by importance; or all that a digest had under a concern."""
    if "told" in given and "concern" in given:
        told = arguments.told(given["told"])
        return await _whole_part(context, asker, given["concern"], told, int(given.get("page", 1)))
    if given.get("order") == IMPORTANCE:
        return await _by_importance(context, asker, given)
    days = int(given.get("days", DEFAULT_DAYS))
    before = arguments.cursor(given["before"]) if "before" in given else None
    found = await context.database.read(
        developments.latest,
        asker.view,
        concern=given.get("concern"),
        since=context.clock.now() - timedelta(days=days),
        language=given.get("language"),
        before=before,
        limit=PER_PAGE + 1,
    )
    shown = found[:PER_PAGE]
    own = []
    if before is None:
        own = await context.database.read(
            watches.hits,
            asker.view,
            concern=given.get("concern"),
            language=given.get("language"),
            since=context.clock.now() - timedelta(days=days),
            limit=OWN_SHOWN,
        )
    return await asyncio.to_thread(
        latest_page,
        translator(asker.language),
        context.brief,
        shown,
        await _health(context, asker),
        concern=given.get("concern"),
        days=days,
        language=given.get("language"),
        more=shown[-1].cursor.text() if len(found) > PER_PAGE else None,
        own=own,
    )


async def search(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Full text, both languages, with or without accents."""
    asked = search_index.question(given["words"])
    if asked.not_days:
        raise UserFault(
            message("“{value}” is no day that a search could begin or end with."),
            message("Write a day as 2025-01-20, a month as 2025-01 or a year as 2025."),
            value=asked.not_days[0][:40],
        )
    if not asked:
        raise UserFault(message("There is no word to look for."), message("-word only leaves a word out."))
    searched = Searched(
        given["words"],
        given.get("concern"),
        int(given.get("days", SEARCH_DAYS)),
        int(given.get("page", 1)),
        asked.since,
        asked.before,
    )
    since: datetime | None = context.clock.now() - timedelta(days=searched.days)
    if searched.dated:
        since = _midnight(asked.since) if asked.since else None
    hits = await context.database.read(
        search_index.search,
        asker.view,
        searched.words,
        concern=searched.concern,
        since=since,
        until=_midnight(asked.before) if asked.before else None,
        limit=searched.page * PER_PAGE,
    )
    shown = hits.best[(searched.page - 1) * PER_PAGE :]
    ids = [hit.article.story_id for hit in shown if hit.article.story_id is not None]
    found = await context.database.read(developments.stories, ids, asker.view)
    policies = policies_said(context.record, asked.words) if searched.page == 1 else []
    t, health = translator(asker.language), await _health(context, asker)
    named = policies[:POLICIES_FOUND]
    return await asyncio.to_thread(search_page, t, context.brief, searched, found, hits, health, named)


def _midnight(day: date) -> datetime:
    """When a day begins, by UTC as the days of /timeline do."""
    return datetime.combine(day, time.min, UTC)


async def story(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """One event: every outlet, both languages, what changed."""
    found = await context.database.read(developments.story, int(given["story"]), asker.view)
    if found is None:
        raise UserFault(
            message("There is no development {id} here."),
            message("/latest lists those there are."),
            id=given["story"],
        )
    changes = await context.database.read(developments.revisions, found.story_id)
    links = await context.database.read(developments.links, found.story_id)
    related = await context.database.read(
        developments.stories, [link.story_id for link in links[:RELATED_LOOKED_AT]], asker.view
    )
    gist = await story_gist(context, found, asker.language)
    t = translator(asker.language)
    return await asyncio.to_thread(
        story_page,
        t,
        context.brief,
        found,
        gist,
        changes,
        related,
        admin=asker.admin,
        operator=asker.operator,
    )


async def why(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Which words, which rule and which score put an article where it is."""
    chosen = await _article_for_why(context, asker, given)
    t = translator(asker.language)
    named = context.policy_names.find(chosen.title, chosen.summary, chosen.language)
    first = {finding.concept: finding for finding in reversed(named)}
    policies = [(one, first[one.id]) for one in context.record.objects if one.id in first]
    _, evidence = context.evidence.weigh(chosen.title, chosen.summary, chosen.language, chosen.match)
    taxonomy = context.matcher.taxonomy
    return why_page(t, context.brief, taxonomy, chosen, evidence, policies, admin=asker.admin)


async def sources(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The feeds and how they are."""
    known = await context.database.read(feeds.feeds_of, asker.view)
    t = translator(asker.language)
    if given.get("show") == "all":
        return all_sources_page(t, known, int(given.get("page", 1)))
    if given.get("show") == "official":
        return source_cards_page(t, known, int(given.get("page", 1)))
    return sources_page(t, known)


async def _article_for_why(context: AppContext, asker: Asker, given: Arguments) -> Article:
    if address := given.get("address"):
        canonical = canonical_url(typed_address(address)) if "." in address else ""
        if not canonical:
            raise UserFault(message("“{address}” is not a web address."), address=address[:80])
        found = await context.database.read(articles.by_url, canonical, asker.view)
        if found is None:
            raise UserFault(
                message("No stored article has that address."),
                message("/whynot says which step it did not pass."),
            ).leading_to(message("Why it is not shown"), Request("whynot", {"address": address}))
        return found
    if "story" not in given:
        newest = await context.database.read(developments.latest, asker.view, limit=1)
        if not newest:
            raise UserFault(message("There is nothing to explain yet: no article has matched."))
        return lead_article(newest[0], asker.language)
    development = await context.database.read(developments.story, int(given["story"]), asker.view)
    if development is None:
        raise UserFault(
            message("There is no development {id} here."),
            message("/latest lists those there are."),
            id=given["story"],
        )
    return lead_article(development, asker.language)


async def _health(context: AppContext, asker: Asker) -> HealthCounts:
    return await context.database.read(feeds.health_counts, asker.view)


_STORY = Parameter("story", message("Which development, by number or headline"), "story")


async def _by_importance(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Developments of some days, what matters most first."""
    days, page = int(given.get("days", IMPORTANT_DAYS)), int(given.get("page", 1))
    now, concern, language = context.clock.now(), given.get("concern"), given.get("language")
    since = now - timedelta(days=days)
    found = await context.database.read(important.candidates, asker.view, since, now, concern)
    if language is not None:
        found = important.in_language(found, language)
    ranked = await asyncio.to_thread(by_rank, found, now)
    asked = Ordered(concern, days, language, page)
    health = await _health(context, asker)
    return await asyncio.to_thread(
        important_page, translator(asker.language), context.brief, ranked, health, asked
    )


async def _whole_part(context: AppContext, asker: Asker, concern: str, told: DigestWindow, page: int) -> Page:
    """All that a digest had under one concern, told and untold, in the same order."""
    t = translator(asker.language)
    material = await gather(context.database, asker.view, told.since, told.until)
    found = under_concerns(material, told.concerns).get(concern, [])
    name = context.brief.concern(concern).name.in_(t.language)
    kept = {"concern": concern}
    return await asyncio.to_thread(
        listing_page,
        t,
        context.brief,
        t("Latest developments") + f" · {name}",
        found,
        Request("latest", {**kept, "told": told.text()}),
        page,
        (t("What became known until"), " ", When(told.until), "."),
        Button(t("Latest developments"), Request("latest", kept)),
    )


COMMANDS = (
    Command(
        "latest",
        message("Developments, newest first, grouped by event"),
        latest,
        (
            _CONCERN,
            _DAYS,
            _LANGUAGE,
            Parameter(
                "order",
                message("Newest first, or what matters most"),
                "choice",
                choices=(("newest", message("newest first")), (IMPORTANCE, message("importance"))),
            ),
            Parameter("before", message("Where to continue"), hidden=True),
            Parameter("told", message("Which digest"), hidden=True),
            _PAGE,
        ),
    ),
    Command(
        "search",
        message("Search all developments, in English and Spanish"),
        search,
        (
            Parameter("words", message("Words to look for"), required=True, example="tren de aragua"),
            _CONCERN,
            _DAYS,
            _PAGE,
        ),
    ),
    Command(
        "story",
        message("One event: every outlet that reports it, in both languages"),
        story,
        (Parameter("story", message("Which development, by number or headline"), "story", required=True),),
    ),
    Command(
        "why",
        message("Why something is shown: the words, the rule and the score"),
        why,
        (_STORY, Parameter("address", message("The address of an article"))),
    ),
    Command(
        "sources",
        message("The feeds that are read, and their health"),
        sources,
        (
            Parameter(
                "show",
                message("All feeds, only those with trouble, or the official sources"),
                "choice",
                choices=(
                    ("all", message("all")),
                    ("trouble", message("trouble")),
                    ("official", message("official sources")),
                ),
            ),
            Parameter("page", message("Which page"), "whole", low=1, high=1000, hidden=True),
        ),
    ),
)

"""What members read: the newest developments, those that matter most, and what a search finds."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.commands import arguments
from bot.commands.faults import UserFault
from bot.commands.policy_names import policies_mentioning
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.articles import Hits
from bot.domain.feeds import HealthCounts
from bot.domain.page import Button, Page, Request, When
from bot.domain.stories import Development
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
from bot.publishing.composer import gather, under_concerns
from bot.ranking.rank import by_rank
from bot.store import developments, feeds, important, watches
from bot.store import search as search_index
from bot.store.watching import WatchHit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: How far back /latest looks by default: a month, so that a quiet concern is not empty.
DEFAULT_DAYS = 30
#: A season: the newest count most in a search, and nearer ones are found faster.
SEARCH_DAYS = 90
#: Policies listed above what a search finds.
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
        told = arguments.digest_window(given["told"])
        return await _whole_part(context, asker, given["concern"], told, int(given.get("page", 1)))
    if given.get("order") == IMPORTANCE:
        return await _by_importance(context, asker, given)
    days = int(given.get("days", DEFAULT_DAYS))
    before = arguments.cursor(given["before"]) if "before" in given else None
    view, concern, language = asker.view, given.get("concern"), given.get("language")
    since = context.clock.now() - timedelta(days=days)

    def read(session: Session) -> tuple[list[Development], list[WatchHit], HealthCounts]:
        found = developments.latest(
            session, view, concern=concern, since=since, language=language, before=before, limit=PER_PAGE + 1
        )
        own: list[WatchHit] = []
        if before is None:
            asked = {"concern": concern, "language": language}
            own = watches.hits(session, view, **asked, since=since, limit=OWN_SHOWN)
        return found, own, feeds.health_counts(session, view)

    found, own, health = await context.database.read(read)
    shown = found[:PER_PAGE]
    return await asyncio.to_thread(
        latest_page,
        translator(asker.language),
        context.brief,
        shown,
        health,
        concern=concern,
        days=days,
        language=language,
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

    def read(session: Session) -> tuple[Hits, list[Development], HealthCounts]:
        hits = search_index.search(
            session,
            asker.view,
            searched.words,
            concern=searched.concern,
            since=since,
            until=_midnight(asked.before) if asked.before else None,
            limit=searched.page * PER_PAGE,
        )
        shown = hits.best[(searched.page - 1) * PER_PAGE :]
        ids = [hit.article.story_id for hit in shown if hit.article.story_id is not None]
        found = developments.stories(session, ids, asker.view)
        return hits, found, feeds.health_counts(session, asker.view)

    hits, found, health = await context.database.read(read)
    t = translator(asker.language)
    policies = policies_mentioning(context.record, asked.words) if searched.page == 1 else []
    named = policies[:POLICIES_FOUND]
    return await asyncio.to_thread(search_page, t, context.brief, searched, found, hits, health, named)


def _midnight(day: date) -> datetime:
    """When a day begins, by UTC as the days of /timeline do."""
    return datetime.combine(day, time.min, UTC)


async def _by_importance(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Developments of some days, what matters most first."""
    days, page = int(given.get("days", IMPORTANT_DAYS)), int(given.get("page", 1))
    now, concern, language = context.clock.now(), given.get("concern"), given.get("language")
    since = now - timedelta(days=days)

    def read(session: Session) -> tuple[list[Development], HealthCounts]:
        found = important.candidates(session, asker.view, since, now, concern)
        return found, feeds.health_counts(session, asker.view)

    found, health = await context.database.read(read)
    if language is not None:
        found = important.in_language(found, language)
    ranked = await asyncio.to_thread(by_rank, found, now)
    asked = Ordered(concern, days, language, page)
    return await asyncio.to_thread(
        important_page, translator(asker.language), context.brief, ranked, health, asked
    )


async def _whole_part(context: AppContext, asker: Asker, concern: str, told: DigestWindow, page: int) -> Page:
    """All that a digest had under one concern, shown there or not, in the same order."""
    t = translator(asker.language)
    material = await context.database.read(gather, asker.view, told.since, told.until)
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
)

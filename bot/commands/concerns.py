"""What the article worries about, and where each worry stands."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from bot.commands.charts import weekly_counts, weeks_until
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.commands.summarizing import week_gist
from bot.context import AppContext
from bot.domain.feeds import HealthCounts
from bot.domain.page import Page
from bot.domain.stories import Development
from bot.locale import message, translator
from bot.pages.article import article_page, concern_page, week_page
from bot.pages.concerns import Look, concerns_page
from bot.pages.items import Ranked
from bot.ranking.bearing import under_homes
from bot.ranking.rank import by_rank
from bot.store import feeds, important, questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: How far back /concern looks: a month, so that a quiet concern is not empty.
CONCERN_DAYS = 30
_WEEK = timedelta(days=7)


async def concerns(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The one look: the author's worries then, now and this week, and the concerns of the background."""
    now, view, brief = context.clock.now(), asker.view, context.brief
    mondays = weeks_until(now.astimezone(UTC).date(), 2)
    asked = [question.id for concern in brief.concerns for question in concern.questions]
    t = translator(asker.language)

    def read(
        session: Session,
    ) -> tuple[list[Development], tuple[str, ...], dict[str, tuple[int | None, ...]], HealthCounts]:
        return (
            important.candidates(session, view, now - _WEEK, now),
            important.silent_questions(session, view, now - _WEEK, asked),
            {one.id: weekly_counts(session, view, one, mondays, now) for one in brief.concerns},
            feeds.health_counts(session, view),
        )

    found, silent, counts, health = await context.database.read(read)

    def compose() -> Page:
        ranked = by_rank(found, now)
        ranks = {development.story_id: ranking for development, ranking in ranked}
        placed = under_homes([development for development, _ in ranked])
        looks = [
            Look(
                concern,
                this_week=counts[concern.id][-1] or 0,
                last_week=counts[concern.id][0],
                lead=Ranked(some[0], ranks[some[0].story_id]) if (some := placed[concern.id]) else None,
                silent=tuple(one for one in concern.questions if one.id in silent),
            )
            for concern in brief.concerns
        ]
        return concerns_page(t, brief, context.record, looks, health)

    return await asyncio.to_thread(compose)


async def concern(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """One concern: what the article says and asks, and what has happened since."""
    chosen = context.brief.concern(given["name"])
    now = context.clock.now()
    since = now - timedelta(days=CONCERN_DAYS)
    asked = [question.id for question in chosen.questions]
    t = translator(asker.language)

    def read(session: Session) -> tuple[dict[str, questions.Answers], list[Development], HealthCounts]:
        return (
            questions.answers(session, asker.view, asked, since),
            important.candidates(session, asker.view, since, now, chosen.id),
            feeds.health_counts(session, asker.view),
        )

    told, found, health = await context.database.read(read)

    def compose() -> Page:
        return concern_page(t, context.brief, context.record, chosen, told, by_rank(found, now), health)

    return await asyncio.to_thread(compose)


async def week(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """A concern's last seven days in five sentences."""
    chosen = context.brief.concern(given["concern"])
    now = context.clock.now()

    def read(session: Session) -> tuple[list[Development], HealthCounts]:
        found = important.candidates(session, asker.view, now - _WEEK, now, chosen.id)
        return found, feeds.health_counts(session, asker.view)

    found, health = await context.database.read(read)
    ranked = await asyncio.to_thread(by_rank, found)
    gist = await week_gist(context, [development for development, _ in ranked], asker.language)
    return week_page(translator(asker.language), context.brief, chosen, ranked, gist, health)


async def article(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The brief of the seed article, part by part."""
    t, name = translator(asker.language), given.get("who")
    try:
        return article_page(t, context.brief, given.get("part"), name)
    except KeyError:
        raise UserFault(
            message("The article names nobody and nothing with the id “{value}”."), value=(name or "")[:40]
        ) from None


COMMANDS = (
    Command("concerns", message("What the article worries about, and what happened this week"), concerns),
    Command(
        "concern",
        message("One concern: what the article says and asks, and what has happened since"),
        concern,
        (Parameter("name", message("Which concern"), "concern", required=True),),
    ),
    Command(
        "week",
        message("A concern's last seven days in five sentences"),
        week,
        (Parameter("concern", message("Which concern"), "concern", required=True),),
    ),
    Command(
        "article",
        message("The article in brief: defense policies of both countries, and what its author asks"),
        article,
        (
            Parameter("part", message("Which part to read"), "part"),
            Parameter("who", message("About whom or what in it"), hidden=True),
        ),
    ),
)

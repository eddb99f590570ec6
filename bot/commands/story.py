"""One development: its reports, and why it is shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.commands.summarizing import story_gist
from bot.context import AppContext
from bot.domain.articles import Article
from bot.domain.feeds import DOCUMENT
from bot.domain.page import Page, Request
from bot.domain.stories import Development, StoryRevision
from bot.feeds.identity import canonical_url
from bot.feeds.variants import typed_address
from bot.locale import message, translator
from bot.pages.story import story_page
from bot.pages.why import why_page
from bot.store import articles, developments
from bot.stories.headlines import lead_article

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Stories in the other language that /story looks up; those that this server does not see drop out.
RELATED_LOOKED_AT = 8

_STORY = Parameter("story", message("Which development, by number or headline"), "story")


async def story(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """One event: every outlet, both languages, what changed."""
    number, view = int(given["story"]), asker.view

    def read(session: Session) -> tuple[Development, list[StoryRevision], list[Development]] | None:
        found = developments.story(session, number, view)
        if found is None:
            return None
        links = developments.links(session, found.story_id)[:RELATED_LOOKED_AT]
        related = developments.stories(session, [link.story_id for link in links], view)
        return found, developments.revisions(session, found.story_id), related

    known = await context.database.read(read)
    if known is None:
        raise UserFault(
            message("There is no development {id} here."),
            message("/latest lists those there are."),
            id=given["story"],
        )
    found, changes, related = known
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
    await asyncio.to_thread(context.load_judges)
    named = context.policy_names.find(chosen.title, chosen.summary, chosen.language)
    first = {finding.concept: finding for finding in reversed(named)}
    policies = [(one, first[one.id]) for one in context.record.objects if one.id in first]
    document = chosen.kind == DOCUMENT
    _, evidence = context.evidence.weigh(
        chosen.title, chosen.summary, chosen.language, chosen.match, document=document
    )
    taxonomy = context.matcher.taxonomy
    return why_page(t, context.brief, taxonomy, chosen, evidence, policies, admin=asker.admin)


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


COMMANDS = (
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
)

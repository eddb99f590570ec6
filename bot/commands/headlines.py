"""Stories named by words of their headlines, as readers type them instead of a number."""

from __future__ import annotations

from bot.commands.arguments import fold
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command
from bot.context import AppContext
from bot.domain.page import Request
from bot.locale import message
from bot.store import developments
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: How many of the newest developments are looked through: what readers name is what they have just seen.
NEWEST = 50


async def with_headline(context: AppContext, asker: Asker, typed: str) -> list[tuple[str, str]]:
    """The (headline, number) of the newest developments that have every word of ``typed``, newest first."""
    words = fold(typed).split()
    newest = await context.database.read(developments.latest, asker.view, limit=NEWEST)
    pairs = [(title_of(lead_article(story, asker.language)), str(story.story_id)) for story in newest]
    return [(title, number) for title, number in pairs if _has(f"{title} {number}", words)]


async def with_numbers(context: AppContext, asker: Asker, command: Command, given: Arguments) -> Arguments:
    """``given`` with the number of each story that it names by words. Raises UserFault."""
    named = {
        parameter.name: given[parameter.name]
        for parameter in command.parameters
        if parameter.kind == "story" and not _is_number(given.get(parameter.name, ""))
    }
    return {**given, **{name: await _number(context, asker, name, words) for name, words in named.items()}}


async def _number(context: AppContext, asker: Asker, name: str, words: str) -> str:
    found = await with_headline(context, asker, words)
    if not found:
        raise UserFault(
            message("None of the newest developments has “{words}” in its headline."),
            message("/search looks through all of them, /latest lists the newest."),
            words=words[:60],
        ).leading_to(message("Search"), Request("search", {"words": words}))
    if len(found) > 1:
        raise UserFault(
            message("Several developments have “{words}” in their headline."),
            message("Give more of it, or choose one here."),
            words=words[:60],
        ).offering(name, lambda t: found)
    return found[0][1]


def _has(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _is_number(value: str) -> bool:
    return not value.strip() or value.strip().lstrip("#").isdecimal()

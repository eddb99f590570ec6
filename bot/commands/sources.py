"""The feeds that are read, and how they are."""

from __future__ import annotations

from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.page import Page
from bot.locale import message, translator
from bot.pages.source_cards import source_cards_page
from bot.pages.sources import all_sources_page, sources_page
from bot.store import feeds


async def sources(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The feeds and how they are."""
    known = await context.database.read(feeds.feeds_of, asker.view)
    t = translator(asker.language)
    if given.get("show") == "all":
        return all_sources_page(t, known, int(given.get("page", 1)))
    if given.get("show") == "official":
        return source_cards_page(t, known, int(given.get("page", 1)))
    return sources_page(t, known)


COMMANDS = (
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

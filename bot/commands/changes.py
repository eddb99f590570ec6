"""What is new since a member last asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.feeds import HealthCounts
from bot.domain.page import Page
from bot.domain.stories import Development
from bot.locale import message, translator
from bot.pages.changes import changes_page, noted_page, skipped_page
from bot.store import developments, feeds, news

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def new(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """New stories and new facts since this member last asked; they count as told once they were shown."""
    t = translator(asker.language)
    view, concern, now = asker.view, given.get("concern"), context.clock.now()
    if given.get("rest") == "skip":
        skipped = await context.database.write(news.mark_all_read, asker.user, view, now=now, concern=concern)
        return skipped_page(t, skipped, concern=concern)
    if "told" in given:
        receipt = _receipt(given["told"])
        await context.database.write(news.mark_read, asker.user, view, receipt, now=now, concern=concern)
        return noted_page(t)

    def read(session: Session) -> tuple[news.UnreadNews, HealthCounts, list[Development]]:
        found = news.unread(session, asker.user, view, now=now, concern=concern)
        newest = developments.latest(session, view, concern=concern, since=now - news.FIRST_SPAN, limit=1)
        return found, feeds.health_counts(session, view), newest

    found, health, newest = await context.database.write(read)
    return await asyncio.to_thread(
        changes_page, t, context.brief, found, health, concern=concern, seen=bool(newest)
    )


def _receipt(text: str) -> news.Receipt:
    try:
        return news.Receipt.parse(text)
    except (ValueError, OverflowError, OSError):
        raise UserFault(message("“{value}” is not a place to continue from."), value=text[:40]) from None


COMMANDS = (
    Command(
        "new",
        message("What is new since you last asked"),
        new,
        (
            Parameter("concern", message("Which concern"), "concern"),
            Parameter("rest", message("What to do with the rest"), hidden=True),
            Parameter("told", message("What was shown"), hidden=True),
        ),
        personal=True,
    ),
)

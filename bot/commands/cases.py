"""Corrections of topics by a server's admins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.articles import Article
from bot.domain.audience import Owner
from bot.domain.page import Page
from bot.domain.stories import Development
from bot.locale import message, translator
from bot.pages.cases import NOT_RELEVANT, ask_topic_page, dropped_page, noted_page
from bot.pages.wording import TOPIC_NAMES
from bot.store import articles, cases, developments
from bot.stories.headlines import lead_article

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_TOPICS = tuple(TOPIC_NAMES.items())


async def wrong(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Ask which topic is right for a report, or note what was chosen."""
    t = translator(asker.language)
    owner, now, undo = asker.owner, context.clock.now(), given.get("undo") == "yes"

    def read(session: Session) -> tuple[Article, tuple[str, ...] | None, Sequence[Article]]:
        article, story = _article(session, owner, given, asker.language)
        return article, cases.wanted_of(session, owner, article.id), story.articles

    def change(session: Session) -> tuple[Article, tuple[str, ...]]:
        article, wanted, _ = read(session)
        chosen = () if undo else _chosen(given, wanted)
        if undo:
            cases.unlabel(session, owner, article.id, by=asker.user, now=now)
        else:
            cases.label(session, owner, article, chosen, by=asker.user, now=now)
        return article, chosen

    if not undo and not given.keys() & {"topic", "also"}:
        return ask_topic_page(t, *await context.database.read(read))
    article, chosen = await context.database.write(change)
    return dropped_page(t, article) if undo else noted_page(t, article, chosen)


def _chosen(given: Arguments, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """The topics as they stand after this choice."""
    if "topic" in given:
        return () if given["topic"] == NOT_RELEVANT else (given["topic"],)
    return tuple(dict.fromkeys((*(wanted or ()), given["also"])))


def _article(session: Session, owner: Owner, given: Arguments, language: str) -> tuple[Article, Development]:
    """The report that is meant, as this server sees it, with its story. Raises UserFault."""
    article = None
    if "article" in given:
        article = articles.article(session, int(given["article"]))
        number = article.story_id if article else None
    else:
        if "story" not in given:
            raise UserFault(
                message("Which development is under the wrong topic?"), message("Give its number.")
            )
        number = int(given["story"])
    story = None
    if number is not None:
        story = developments.story(session, number, owner)
    if story is None or (article is not None and all(one.id != article.id for one in story.articles)):
        raise UserFault(
            message("There is no development {id} here."),
            message("/latest lists those there are."),
            id=given.get("story") or given.get("article", ""),
        )
    return article or lead_article(story, language), story


COMMANDS = (
    Command(
        "wrong",
        message("Say that a development is under the wrong topic, so that a mistake becomes a test"),
        wrong,
        (
            Parameter("story", message("Which development, by number or headline"), "story"),
            Parameter(
                "topic",
                message("The topic that is right"),
                "choice",
                choices=(*_TOPICS, (NOT_RELEVANT, message("None: it bears on no concern"))),
            ),
            Parameter("article", message("Which report"), "whole", hidden=True),
            Parameter("also", message("A second topic"), "choice", choices=_TOPICS, hidden=True),
            Parameter("undo", message("Whether to take it back"), hidden=True),
        ),
        admin=True,
    ),
)

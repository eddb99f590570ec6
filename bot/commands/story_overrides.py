"""Splitting and merging stories, by the operator: stories are shared by all servers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.page import Page
from bot.domain.stories import Development
from bot.locale import message, translator
from bot.pages.story_overrides import (
    MOST_AT_ONCE,
    ask_pin_page,
    confirm_merge_page,
    confirm_split_page,
    merged_page,
    split_page,
)
from bot.store import developments, story_overrides

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Stories offered for a merge: first those that grouping linked with it, then the newest.
_OFFERED = 25
_NEWEST = timedelta(days=30)

_NUMBERS = re.compile(r"\d{1,18}(?:[\s,]+\d{1,18})*")

_FAULTS = {
    "no_such_story": message("That story is no longer there."),
    "same_story": message("They are one story already."),
    "not_in_story": message("Not all of these reports are in that story by now."),
    "nothing_left": message("At least one report has to stay in the story."),
}


async def split(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Ask which reports are another event, then whether it is meant, then give them a story of their own."""
    t = translator(asker.language)
    if "undo" in given:
        return await _undo(context, asker, given)
    if "article" not in given:
        return ask_pin_page(t, *await _story_and_others(context, asker, given["story"]))
    story = await _story(context, asker, given["story"])
    wanted = _numbers(given["article"])
    leaving = [article for article in story.articles if article.id in wanted]
    if len(leaving) < len(wanted):
        raise UserFault(_FAULTS["not_in_story"])
    if len(wanted) > MOST_AT_ONCE:
        raise UserFault(
            message("At most {most} reports are split off at once."),
            message("The rest can follow: /stories merge puts them together."),
            most=MOST_AT_ONCE,
        )
    if given.get("confirm") != "yes":
        if len(leaving) == len(story.articles):
            raise UserFault(_FAULTS["nothing_left"])
        return confirm_split_page(t, story, leaving)
    try:
        new = await context.database.write(
            story_overrides.split_story,
            story.story_id,
            wanted,
            by=asker.user,
            now=context.clock.now(),
        )
    except story_overrides.InvalidOverride as fault:
        raise UserFault(_FAULTS[fault.code]) from None
    return split_page(t, story.story_id, await _seen(context, asker, new), new)


async def merge(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Ask which story is the same event, then whether it is meant, then make one of the two."""
    t = translator(asker.language)
    if "into" not in given:
        return ask_pin_page(t, *await _story_and_others(context, asker, given["story"]))
    gone = await _story(context, asker, given["story"])
    kept = await _story(context, asker, given["into"])
    if kept.story_id == gone.story_id:
        raise UserFault(_FAULTS["same_story"])
    if given.get("confirm") != "yes":
        return confirm_merge_page(t, gone, kept)
    try:
        made = await context.database.write(
            story_overrides.merge_stories,
            kept.story_id,
            gone.story_id,
            by=asker.user,
            now=context.clock.now(),
        )
    except story_overrides.InvalidOverride as fault:
        raise UserFault(_FAULTS[fault.code]) from None
    return merged_page(t, await _seen(context, asker, made.story_id), made.story_id, made.decision)


async def _undo(context: AppContext, asker: Asker, given: Arguments) -> Page:
    try:
        new = await context.database.write(
            story_overrides.undo_merge, int(given["undo"]), by=asker.user, now=context.clock.now()
        )
    except story_overrides.InvalidOverride as fault:
        raise UserFault(_FAULTS[fault.code]) from None
    seen = await _seen(context, asker, new)
    return split_page(translator(asker.language), int(given["story"]), seen, new)


async def _story(context: AppContext, asker: Asker, number: str) -> Development:
    """The story as this server sees it. Raises UserFault."""
    return _found(await _seen(context, asker, int(number)), number)


def _found(story: Development | None, number: str) -> Development:
    if story is None:
        raise UserFault(
            message("There is no development {id} here."),
            message("/latest lists those there are."),
            id=number,
        )
    return story


async def _seen(context: AppContext, asker: Asker, number: int) -> Development | None:
    return await context.database.read(developments.story, number, asker.view)


async def _story_and_others(
    context: AppContext, asker: Asker, number: str
) -> tuple[Development, list[Development]]:
    """A story, and those that might be the same event: those that grouping was in doubt about come first.

    Raises UserFault.
    """
    view, since = asker.view, context.clock.now() - _NEWEST

    def read(session: Session) -> tuple[Development, list[Development]]:
        story = _found(developments.story(session, int(number), view), number)
        links = developments.links(session, story.story_id)
        linked = developments.stories(session, [link.story_id for link in links], view)
        newest = developments.latest(session, view, since=since, limit=_OFFERED + 1)
        return story, list({one.story_id: one for one in (*linked, *newest)}.values())

    return await context.database.read(read)


def _numbers(text: str) -> list[int]:
    """The reports that are meant, each once. Raises UserFault."""
    if not _NUMBERS.fullmatch(text):
        raise UserFault(
            message("Give reports by their numbers, separated by commas, not as “{value}”."),
            value=text[:40],
        )
    return list(dict.fromkeys(int(number) for number in re.split(r"[\s,]+", text)))


_CONFIRM = Parameter("confirm", message("Confirm"), hidden=True)

COMMANDS = (
    Command(
        "stories split",
        message("Give reports that are another event a story of their own"),
        split,
        (
            Parameter("story", message("Which development, by number or headline"), "story", required=True),
            Parameter("article", message("Which reports, by number; left out, they are listed")),
            Parameter("undo", message("Which merge to take back"), "whole", hidden=True),
            _CONFIRM,
        ),
        admin=True,
        operator=True,
    ),
    Command(
        "stories merge",
        message("Make one story of two that are the same event"),
        merge,
        (
            Parameter("story", message("Which development, by number or headline"), "story", required=True),
            Parameter("into", message("The story that it becomes part of"), "story"),
            _CONFIRM,
        ),
        admin=True,
        operator=True,
    ),
)

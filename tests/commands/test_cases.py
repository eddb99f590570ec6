"""Wrong topics: an admin's press is noted, and can be added to and taken back."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.audience import Server
from bot.domain.page import Choice, Page, Request
from bot.store import cases
from bot.store.feeds.changing import REMOVE, change_feeds
from tests.pages.making import words
from tests.support.context import GUILD, Room, button, reader

WALL = "Border Patrol agents patrol the border wall in Texas"
ADMIN = reader(admin=True)


def choose(page: Page, argument: str, value: str) -> Request:
    (choice,) = [one for one in page.choices if one.argument == argument]
    assert isinstance(choice, Choice)
    assert value in [option.value for option in choice.options]
    return Request(choice.request.command, {**choice.request.arguments, argument: value})


def noted(here: Room) -> list[tuple[str, ...]]:
    return [case.wanted for case in here.database.read_sync(cases.cases)]


def bring(here: Room) -> int:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL)
    return here.group()[0]


@pytest.mark.parametrize(
    ("language", "label", "ask", "done"),
    [
        ("en", "Wrong topic", "Its topics now: border security.", "Corrected here to: migration."),
        ("es", "Tema equivocado", "Temas asignados: seguridad fronteriza.", "Corregido aquí a: migración."),
    ],
)
@pytest.mark.parametrize("start", ["story", "why"])
async def test_a_press_and_a_choice_are_noted(
    here: Room, language: str, label: str, ask: str, done: str, start: str
) -> None:
    story = bring(here)
    admin = reader(language, admin=True)
    page = await here.ask(f"/{start} story:{story}", admin)
    asked = await here.press(page, label, admin)
    assert ask in words(asked)
    answer = await here.ask(choose(asked, "topic", "migration"), admin)
    assert done in words(answer)
    assert noted(here) == [("migration",)]


async def test_what_two_admins_add_at_once_is_both_kept(here: Room) -> None:
    story = bring(here)
    await here.ask(f"/wrong story:{story} topic:migration", ADMIN)
    also = ("organized_crime", "trade_leverage", "border_security")
    await asyncio.gather(*(here.ask(f"/wrong story:{story} also:{topic}", ADMIN) for topic in also))
    (wanted,) = noted(here)
    assert set(wanted) == {"migration", *also}


async def test_a_second_topic_is_added_and_all_is_taken_back(here: Room) -> None:
    story = bring(here)
    page = await here.ask(f"/wrong story:{story} topic:migration", ADMIN)
    page = await here.ask(choose(page, "also", "organized_crime"), ADMIN)
    assert noted(here) == [("migration", "organized_crime")]
    assert "organized crime" in words(page)
    undone = await here.press(page, "Take it back", ADMIN)
    assert "Its topics now: border security." in words(undone)
    assert noted(here) == []


async def test_not_relevant_is_an_answer(here: Room) -> None:
    story = bring(here)
    page = await here.ask(f"/wrong story:{story}", ADMIN)
    answer = await here.ask(choose(page, "topic", "none"), ADMIN)
    assert "Corrected here to: no concern." in words(answer)
    assert answer.choices == ()
    assert noted(here) == [()]
    again = await here.ask(f"/wrong story:{story}", ADMIN)
    assert "Corrected here to: no concern." in words(again)


async def test_another_report_of_the_event_can_be_meant(here: Room) -> None:
    story = bring(here)
    (beta,) = here.follow("Beta")
    here.bring(beta, f"{WALL} too")
    here.group(story)
    page = await here.ask(f"/wrong story:{story}", ADMIN)
    other = next(choice for choice in page.choices if choice.argument == "article").options[0]
    assert other.label == WALL
    asked = await here.ask(choose(page, "article", other.value), ADMIN)
    assert words(asked).splitlines()[1] == WALL


async def test_others_cannot_correct_anything(here: Room) -> None:
    story = bring(here)
    page = await here.ask(f"/story {story}")
    assert "Wrong topic" not in [one.label for one in page.buttons]
    refused = await here.ask(f"/wrong story:{story} topic:migration")
    assert refused.tone == "problem" and noted(here) == []


async def test_what_this_server_does_not_see_cannot_be_corrected(here: Room) -> None:

    story = bring(here)
    (alpha,) = here.follow("Alpha")
    here.database.write_sync(change_feeds, Server(GUILD), [alpha.id], REMOVE, now=here.clock.now())
    for line in (
        f"/wrong story:{story}",
        f"/wrong article:{story} topic:migration",
        "/wrong",
        "/wrong story:999",
    ):
        assert (await here.ask(line, ADMIN)).tone == "problem"
    assert noted(here) == []


async def test_the_button_stands_on_the_story_s_page(here: Room) -> None:
    story = bring(here)
    page = await here.ask(f"/story {story}", ADMIN)
    assert button(page, "Wrong topic").request == Request("wrong", {"story": str(story)})

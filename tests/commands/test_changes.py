"""/new: what it says, in both languages, and that pressing on tells the rest."""

from __future__ import annotations

import pytest

from tests.pages.making import words
from tests.support.context import Room, button, reader
from tests.support.learned import learned

WALL = "Border Patrol agents patrol the border wall in Texas"


def bring(here: Room, count: int) -> list[int]:
    (alpha,) = here.follow("Alpha")
    for number in range(count):
        here.bring(alpha, f"{WALL} {number}")
    return here.group()


@pytest.mark.parametrize(
    ("language", "first", "again"),
    [
        ("en", "Asked for the first time here: the newest of the last 7 days.", "Nothing new."),
        ("es", "Primera consulta: lo más reciente de los últimos 7 días.", "Nada nuevo."),
    ],
)
async def test_the_first_time_and_the_second(here: Room, language: str, first: str, again: str) -> None:
    bring(here, 2)
    page = await here.ask("/new", reader(language))
    assert first in words(page) and words(page).count(WALL) == 2
    here.clock.advance(minutes=1)
    second = await here.ask("/new", reader(language))
    assert again in words(second) and first not in words(second) and WALL not in words(second)


@pytest.mark.parametrize(
    ("language", "left", "following"),
    [("en", "3 more to show.", "Next"), ("es", "Faltan 3 por mostrar.", "Siguiente")],
)
async def test_what_is_left_is_one_press_away(here: Room, language: str, left: str, following: str) -> None:
    bring(here, 11)
    page = await here.ask("/new", reader(language))
    assert left in words(page)
    rest = await here.press(page, following, reader(language))
    assert words(rest).count(WALL) == 3
    assert not [one for one in rest.buttons if one.label == following]


async def test_what_was_not_shown_is_not_lost_and_two_asks_at_once_get_the_same(here: Room) -> None:
    bring(here, 11)
    lost, other = await here.answer("/new"), await here.answer("/new")
    assert words(lost).count(WALL) == words(other).count(WALL) == 8
    shown = await here.ask("/new")
    assert shown.choices[0].options == lost.choices[0].options
    assert words(await here.press(shown, "Next")).count(WALL) == 3


async def test_the_rest_can_be_skipped(here: Room) -> None:
    bring(here, 11)
    page = await here.ask("/new")
    skipped = await here.press(page, "Skip the rest")
    assert "3 stories are now marked as read." in words(skipped)
    assert "Nothing new." in words(await here.ask("/new"))


@pytest.mark.parametrize(
    ("language", "heading", "facts"),
    [
        (
            "en",
            "New facts in stories that were told before",
            "New: 12 dead, 300 wounded, Marina Avila Robles",
        ),
        (
            "es",
            "Datos nuevos en novedades ya contadas",
            "Nuevo: 12 muertos, 300 heridos, Marina Avila Robles",
        ),
    ],
)
async def test_new_facts_stand_apart(here: Room, language: str, heading: str, facts: str) -> None:
    (story,) = bring(here, 1)
    await here.ask("/new", reader(language))
    here.clock.advance(minutes=2)
    alpha, beta = here.follow("Alpha", "Beta")
    more = f"{WALL}: 12 dead, says Marina Avila Robles, and 300 wounded"
    here.bring(beta, more)
    here.group(story, facts=learned(f"{WALL} 0", more))
    here.bring(alpha, f"{WALL} elsewhere")
    here.group()
    lines = words(await here.ask("/new", reader(language))).splitlines()
    at = lines.index(heading)
    assert f"{WALL} elsewhere" in lines[:at]
    assert facts in lines[at:]


async def test_a_concern_of_its_own(here: Room) -> None:
    bring(here, 1)
    assert "Nothing new." in words(await here.ask("/new trade_leverage"))
    page = await here.ask("/new border_security")
    assert WALL in words(page)
    assert button(page, "Latest developments").request.arguments == {"concern": "border_security"}


async def test_members_have_ledgers_of_their_own(here: Room) -> None:
    bring(here, 1)
    await here.ask("/new", reader(user=1))
    assert WALL in words(await here.ask("/new", reader(user=2)))
    assert WALL in words(await here.ask("/new", reader(user=3, guild=None)))

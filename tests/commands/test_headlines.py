"""A story is named by its number or by words of its headline."""

from __future__ import annotations

import pytest

from bot.commands import asking
from bot.commands.lookup import find
from tests.pages.making import words
from tests.support.context import Room, reader

WALL = "Border Patrol agents find a tunnel under the wall in Nogales"
CARAVAN = "Migrant caravan leaves Tapachula for the northern border"


@pytest.fixture
def two(here: Room) -> tuple[int, int]:
    """The numbers of two stories, of a tunnel and of a caravan."""
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL)
    (tunnel,) = here.group()
    here.bring(alpha, CARAVAN)
    (caravan,) = here.group()
    return tunnel, caravan


@pytest.mark.parametrize("typed", ["tunnel", "TUNNEL nogales", "wall Túnnel", 'story:"the wall"', WALL])
async def test_words_of_its_headline_name_a_story(here: Room, two: tuple[int, int], typed: str) -> None:
    assert await here.ask(f"/story {typed}") == await here.ask(f"/story story:{two[0]}")


@pytest.mark.parametrize(
    ("language", "several", "none"),
    [
        ("en", "Several developments have “border”", "None of the newest developments has “volcano”"),
        ("es", "Varias novedades llevan «border»", "Ninguna de las novedades más recientes lleva «volcano»"),
    ],
)
async def test_words_that_name_several_or_none_are_said(
    here: Room, two: tuple[int, int], language: str, several: str, none: str
) -> None:
    asker = reader(language)
    assert several in words(await here.ask("/story story:border", asker))
    assert none in words(await here.ask("/story story:volcano", asker))


async def test_completion_finds_words_in_any_order(here: Room, two: tuple[int, int]) -> None:
    command = find("story")
    pairs = await asking.complete(here.context, reader(), command, command.parameters[0], "nogales tunnel")
    assert pairs == [(WALL, str(two[0]))]


@pytest.mark.parametrize("typed", ["99999999999999999999", "#99999999999999999999"])
async def test_a_number_beyond_all_is_no_riddle(here: Room, typed: str) -> None:
    assert "“story” should be a number, not" in words(await here.ask(f"/story story:{typed}"))

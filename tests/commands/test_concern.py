"""A concern's page: the article's questions, each with what bears on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.feeds import Feed
from tests.pages.making import words
from tests.support.context import Room, reader

SHELTER = "Shelter for migrants in Tijuana is full"
WALL = "Border Patrol agents patrol the border wall in Texas"


def bring_shelter(here: Room, feed: Feed, days: int) -> None:
    """A report whose headline names what the brief's question on shelters is answered by."""
    here.bring(feed, SHELTER, ago=timedelta(days=days))


@pytest.mark.parametrize(
    ("language", "question", "nothing"),
    [
        (
            "en",
            "Can the border’s cities shelter and serve those who arrive?",
            "No report on this in the last 30 days.",
        ),
        (
            "es",
            "¿Pueden las ciudades de la frontera alojar y atender a quienes llegan?",
            "Sin notas sobre esto en los últimos 30 días.",
        ),
    ],
)
async def test_each_question_shows_what_bears_on_it(
    here: Room, language: str, question: str, nothing: str
) -> None:
    (alpha,) = here.follow("Alpha")
    bring_shelter(here, alpha, 2)
    here.bring(alpha, WALL, ago=timedelta(days=1))
    here.group()
    lines = words(await here.ask("/concern border_security", reader(language))).splitlines()
    now, told = lines[lines.index(question) + 1 : lines.index(question) + 3]
    assert now.startswith(("Now: ", "Ahora: "))
    assert SHELTER in told
    assert nothing in lines
    heading = {"en": "What has happened since", "es": "Lo que ha pasado desde entonces"}[language]
    assert any(WALL in line for line in lines[lines.index(heading) :])
    assert sum(SHELTER in line for line in lines) == 1, "it is told once"


async def test_of_an_old_report_a_question_says_that_it_was_the_last(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    bring_shelter(here, alpha, 45)
    here.group()
    text = words(await here.ask("/concern border_security"))
    assert f": {SHELTER}" in text and "Nothing since " in text
    assert "Nothing has been found under this concern in the last 30 days." in text


async def test_when_everything_stands_under_a_question_it_says_so(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    bring_shelter(here, alpha, 0)
    here.group()
    assert "Everything found in the last 30 days is above." in words(
        await here.ask("/concern border_security")
    )

"""The one look, and developments by importance."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.commands.charts import weekly_counts, weeks_until
from tests.pages.making import words
from tests.support.context import Room, reader

AID = "House committee moves police aid for Mexico to the border wall"
WALL = "Border Patrol agents patrol the border wall in Texas"
OPINION = "Opinion: The border wall is a mistake"


@pytest.fixture
def told(here: Room) -> Room:
    """A room with the author's second worry, a routine report, and an opinion that is the newest."""
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, AID, ago=timedelta(days=2))
    here.bring(alpha, WALL, ago=timedelta(days=1))
    here.bring(alpha, OPINION)
    here.group()
    return here


@pytest.mark.parametrize(
    ("language", "then", "week", "silent"),
    [
        ("en", "Then (2017): ", "This week: ", "No news on: "),
        ("es", "Entonces (2017): ", "Esta semana: ", "Sin noticias sobre: "),
    ],
)
async def test_the_one_look(told: Room, language: str, then: str, week: str, silent: str) -> None:
    lines = words(await told.ask("/concerns", reader(language))).splitlines()
    assert sum(line.startswith(then) for line in lines) == 2
    (lead,) = [line for line in lines if line.startswith(week) and AID in line]
    assert "↘" in lead
    assert any(line.startswith(silent) for line in lines)
    assert len("\n".join(lines)) < 2_500, "a phone screen and a half"


async def test_its_counts_are_those_of_the_trend(told: Room) -> None:
    look = words(await told.ask("/concerns", reader()))
    now, concern = told.clock.now(), told.context.brief.concern("border_security")
    mondays = weeks_until(now.date(), 2)
    before, this = await told.database.read(weekly_counts, reader().view, concern, mondays, now)
    assert before + this == 3
    assert re.search(rf"{this} developments? since Monday, {before} the week before", look)


async def test_by_importance_the_second_worry_is_first_and_opinion_last(told: Room) -> None:
    page = await told.ask("/latest order:importance")
    headlines = [option.label for option in page.choices[0].options]
    assert headlines == [AID, WALL, OPINION]
    assert "Why here: an official act · bears on aid cut, or moved to the wall ↘ worse" in words(page)
    newest = await told.press(page, "Newest first")
    assert [option.label for option in newest.choices[0].options] == [OPINION, WALL, AID]


async def test_importance_keeps_concern_and_language(told: Room) -> None:
    page = await told.ask("/latest concern:regional_security order:importance language:es")
    assert "Nothing has been found in the last 7 days." in words(page)

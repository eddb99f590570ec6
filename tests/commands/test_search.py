"""/search: what was found, how much there is, and what to do next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.page import Page
from bot.pages.latest import PER_PAGE
from tests.pages.making import words
from tests.support.context import Room, reader

SPANISH = "Agentes hallan un túnel bajo el muro fronterizo en Nogales"
ENGLISH = "Border Patrol agents find a tunnel under the wall in Nogales"


def opened(page: Page) -> list[str]:
    """The headlines that the page's select opens."""
    stories = [choice for choice in page.choices if choice.request.command == "story"]
    return [option.label for choice in stories for option in choice.options]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "8 found in the last 90 days, the best first."),
        ("es", "Se encontraron 8 en los últimos 90 días, primero lo más pertinente."),
    ],
)
async def test_all_that_was_found_is_counted_and_can_be_reached(here: Room, language: str, said: str) -> None:
    (alpha,) = here.follow("Alpha")
    titles = [f"Border Patrol agents find tunnel number {n} in Nogales" for n in range(PER_PAGE + 2)]
    for hours, title in enumerate(titles):
        here.bring(alpha, title, ago=timedelta(hours=hours))
    here.group()
    asker = reader(language)
    first = await here.ask("/search nogales", asker)
    assert said in words(first)
    second = await here.press(first, {"en": "More", "es": "Más"}[language], asker)
    assert opened(first) + opened(second) == titles
    assert "Más" not in [one.label for one in second.buttons]


@pytest.mark.parametrize(("language", "headline"), [("en", ENGLISH), ("es", SPANISH)])
@pytest.mark.parametrize("asked", ["túnel", "tunnel", "muro", "wall"])
async def test_a_hit_stands_as_the_newest_developments_do(
    here: Room, language: str, headline: str, asked: str
) -> None:
    alpha, beta = here.follow("Alpha", "Beta")
    here.bring(alpha, ENGLISH)
    (story,) = here.group()
    here.bring(beta, SPANISH, language="es")
    here.group(story)
    page = await here.ask(f"/search {asked}", reader(language))
    latest = await here.ask("/latest", reader(language))
    assert page.blocks[0] == latest.blocks[0]
    assert opened(page) == [headline]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Search a whole year", "Under all concerns", "Latest developments"]),
        ("es", ["Buscar en todo un año", "En todas las preocupaciones", "Últimas novedades"]),
    ],
)
async def test_nothing_found_leads_on(here: Room, language: str, labels: list[str]) -> None:
    asker = reader(language)
    page = await here.ask("/search volcano concern:border_security days:30", asker)
    assert "30" in words(page)
    assert [one.label for one in page.buttons] == labels
    wider = await here.press(page, labels[0], asker)
    assert labels[0] not in [one.label for one in wider.buttons]
    widest = await here.ask(wider.buttons[0].request, asker)
    assert [one.label for one in widest.buttons] == labels[1:]


async def test_a_whole_year_is_offered_only_where_less_was_searched(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, ENGLISH)
    here.group()
    page = await here.ask("/search tunnel")
    assert [one.label for one in (await here.press(page, "Search a whole year")).buttons] == []


async def test_words_can_be_left_out_and_chosen_between(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, ENGLISH)
    here.bring(alpha, "Migrant caravan leaves Tapachula for the northern border")
    here.group()
    assert opened(await here.ask("/search border -tunnel")) == [
        "Migrant caravan leaves Tapachula for the northern border"
    ]
    assert len(opened(await here.ask("/search caravan OR tunnel"))) == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "There is no word to look for."), ("es", "No hay ninguna palabra que buscar.")],
)
@pytest.mark.parametrize("asked", ["-tunnel", "¿?"])
async def test_a_search_needs_a_word(here: Room, language: str, said: str, asked: str) -> None:
    page = await here.ask(f"/search {asked}", reader(language))
    assert said in words(page) and page.tone == "problem"

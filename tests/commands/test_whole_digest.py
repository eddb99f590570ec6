"""What a digest only counts can be reached from it, exactly, and what it tells can be opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.article import CONCERNS
from bot.chat.custom_id import BUTTON, Target, encode
from bot.domain.page import Page, Request
from bot.pages.codec import dump_page, load_page
from bot.pages.digest import TOLD_PER_CONCERN, DigestWindow
from bot.pages.latest import PER_PAGE
from tests.pages.making import words
from tests.support.clock import START
from tests.support.context import Room, button, reader

TITLES = [f"Border Patrol agents patrol sector number {n} near Nogales" for n in range(PER_PAGE + 3)]


def opened(page: Page) -> list[str]:
    """The headlines that the page's select opens."""
    return [option.label for choice in page.choices for option in choice.options]


@pytest.fixture
def told(here: Room) -> Room:
    """A room in which one concern has more stories than a digest tells."""
    (alpha,) = here.follow("Alpha")
    for hours, title in enumerate(TITLES):
        here.bring(alpha, title, ago=timedelta(hours=hours))
    here.group()
    return here


@pytest.mark.parametrize(
    ("language", "more", "further"),
    [("en", "More: Border security", "More"), ("es", "Más: Seguridad fronteriza", "Más")],
)
@pytest.mark.parametrize("concerns", ["all", "border_security,trade_leverage"])
async def test_the_rest_of_a_digest_is_one_press_away(
    told: Room, language: str, more: str, further: str, concerns: str
) -> None:
    asker = reader(language, admin=True)
    await told.ask(f"/settings language {language}", asker)
    await told.ask(f"/digest set time:09:00 channel:3 concerns:{concerns}", asker)
    digest = load_page(dump_page(await told.ask("/digest preview channel:3", asker)))
    assert opened(digest) == TITLES[:TOLD_PER_CONCERN]
    assert "/latest" not in words(digest)
    told.clock.advance(days=40)  # the button of an old message
    (alpha,) = told.follow("Alpha")
    told.bring(alpha, "Border Patrol agents find a tunnel that the digest did not know")
    told.group()
    member = reader(language)
    first = await told.press(digest, more, member)
    second = await told.press(first, further, member)
    listed = [label for page in (first, second) for label in opened(page)]
    assert listed == TITLES
    assert further not in [one.label for one in second.buttons]


def test_a_button_holds_the_widest_request() -> None:
    told = DigestWindow(START, START + timedelta(days=7), CONCERNS[:4])
    arguments = {"concern": max(CONCERNS, key=len), "told": told.text(), "page": "100"}
    encode(Target(BUTTON, Request("latest", arguments)), 0)
    assert DigestWindow.parse(told.text()) == told


def test_concerns_are_told_apart_by_their_first_letter() -> None:
    assert len({concern[0] for concern in CONCERNS}) == len(CONCERNS)


@pytest.mark.parametrize("wild", ["", "1", "1-2", "x-y-z", "9999999999999999-1-b", "1-2-3-4", "--"])
async def test_a_wild_stretch_is_answered(told: Room, wild: str) -> None:
    page = await told.ask(Request("latest", {"concern": "border_security", "told": wild}))
    assert page.title


@pytest.mark.parametrize(("language", "label"), [("en", "2 stories"), ("es", "2 novedades")])
async def test_a_day_of_the_timeline_can_be_opened(here: Room, language: str, label: str) -> None:
    alpha, beta = here.follow("Alpha", "Beta")
    for title in TITLES[:2]:
        here.bring(alpha, title, ago=timedelta(days=1))
    here.group()
    here.bring(beta, "Migrant caravan leaves Tapachula for the northern border")
    here.group()
    page = await here.ask("/timeline border_security", reader(language))
    days = page.choices[0]
    assert [option.label.partition(" · ")[2] for option in days.options] == [label]
    assert days.options[0].description in TITLES
    day = await here.ask(
        Request("timeline", {**days.request.arguments, "day": days.options[0].value}), reader(language)
    )
    assert set(opened(day)) == set(TITLES[:2])
    assert [one.label for one in day.buttons] == [{"en": "Timeline", "es": "Cronología"}[language]]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Nothing new. You have seen all of it."), ("es", "Nada nuevo. Ya se vio todo.")],
)
async def test_who_has_seen_all_is_told_so_under_each_concern(told: Room, language: str, said: str) -> None:
    asker = reader(language)
    while "left" in words(page := await told.ask("/new", asker)) or opened(page)[0] in TITLES:
        pass
    page = await told.ask("/new border_security", asker)
    assert said in words(page)
    assert "7" not in words(page)
    assert page.buttons[0].request == Request("latest", {"concern": "border_security"})


async def test_setting_nothing_of_a_digest_shows_it(here: Room) -> None:
    admin = reader(admin=True)
    await here.ask("/digest set time:09:00 channel:3", admin)
    page = await here.ask("/digest set channel:3", admin)
    assert button(page, "Pause").request == Request("digest pause", {"channel": "3"})

"""An answer that is thin or a question that went wrong leads on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import asking
from bot.commands.lookup import find
from bot.console.answers import answer_line
from bot.domain.page import Page, Request
from tests.pages.making import words
from tests.support.context import BRIEF, Room, button, reader

ADMIN = reader(admin=True)
HEADLINES = (
    "Border Patrol agents find a tunnel in Nogales",
    "Migrant caravan leaves Tapachula for the border",
)


def offered(page: Page) -> list[tuple[str, Request]]:
    """What the page's selects offer: labels, and what is asked when they are chosen."""
    return [
        (
            option.label,
            Request(choice.request.command, {**choice.request.arguments, choice.argument: option.value}),
        )
        for choice in page.choices
        for option in choice.options
    ]


@pytest.fixture
def told(here: Room) -> list[int]:
    """The numbers of two stories."""
    (alpha,) = here.follow("Alpha")
    for headline in HEADLINES:
        here.bring(alpha, headline)
    return here.group()


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_missing_story_is_asked_for_with_the_newest(
    here: Room, told: list[int], language: str
) -> None:
    page = await here.ask("/story", reader(language))
    assert {request.arguments["story"] for _, request in offered(page)} == {str(one) for one in told}
    label, request = offered(page)[0]
    assert f"/story {request.arguments['story']}" in words(page)
    assert (await here.ask(request, reader(language))).title == label


async def test_a_missing_concern_is_asked_for_by_name(here: Room) -> None:
    page = await here.ask("/week", reader("es"))
    assert [label for label, _ in offered(page)] == [concern.name.es for concern in BRIEF.concerns]
    assert "/week Seguridad fronteriza" in words(page)


async def test_a_missing_text_has_an_example(here: Room) -> None:
    assert "/search tren de aragua" in words(await here.ask("/search"))


async def test_a_wrong_value_keeps_the_others(here: Room, told: list[int]) -> None:
    page = await here.ask("/latest concern:weather days:7")
    _, request = offered(page)[0]
    assert request == Request("latest", {"days": "7", "concern": "border_security"})


async def test_words_of_several_headlines_offer_them(here: Room, told: list[int]) -> None:
    page = await here.ask("/story story:border")
    assert {label for label, _ in offered(page)} == set(HEADLINES)


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Why it is not shown"), ("es", "Por qué no se muestra")]
)
async def test_an_unknown_address_leads_to_why_it_is_not_shown(here: Room, language: str, label: str) -> None:
    page = await here.ask("/why address:https://example.org/a", reader(language))
    assert button(page, label).request == Request("whynot", {"address": "https://example.org/a"})


@pytest.mark.parametrize(("language", "label"), [("en", "Look back a year"), ("es", "Ver un año atrás")])
async def test_an_empty_list_looks_further_back(here: Room, language: str, label: str) -> None:
    page = await here.ask("/latest language:es days:7", reader(language))
    assert button(page, label).request == Request("latest", {"days": "365", "language": "es"})
    assert label not in [one.label for one in (await here.press(page, label, reader(language))).buttons]


@pytest.mark.parametrize("language", ["en", "es"])
async def test_follow_alone_offers_the_concerns_and_the_newest(
    here: Room, told: list[int], language: str
) -> None:
    page = await here.ask("/follow where:here", replace(reader(language, admin=True), channel_id=41))
    assert [one.label for one in page.buttons] == [one.name.in_(language) for one in BRIEF.concerns]
    assert all(one.request.arguments["where"] == "here" for one in page.buttons)
    assert {label for label, _ in offered(page)} == set(HEADLINES)
    done = await here.ask(page.buttons[0].request, replace(reader(language, admin=True), channel_id=41))
    assert done.tone == "good"


async def test_what_a_concern_lists_can_be_opened(here: Room, told: list[int]) -> None:
    for line in ("/concern border_security", "/week border_security"):
        page = await here.ask(line)
        assert {label for label, _ in offered(page)} == set(HEADLINES)


async def test_feeds_are_taken_by_the_names_that_are_shown(here: Room) -> None:
    here.follow("Border-Report", "Border-Patrol")
    page = await here.ask("/feeds pause borderreport", ADMIN)
    assert page.tone == "good" and "Border-Report" in words(page)
    page = await here.ask("/feeds pause border", ADMIN)
    assert {label for label, _ in offered(page)} == {"Border-Report", "Border-Patrol"}


async def test_a_watch_is_completed_and_offered(here: Room) -> None:
    here.follow("Alpha")
    tried = await here.ask('/watch add phrases:"Suchiate" concern:border_security', ADMIN)
    await here.ask(tried.buttons[0].request, ADMIN)
    command = find("watch remove")
    pairs = await asking.complete(here.context, ADMIN, command, command.parameters[0], "suchi")
    assert pairs == [("Suchiate", "Suchiate")]
    page = await here.ask("/watch remove", ADMIN)
    assert [label for label, _ in offered(page)] == ["Suchiate"]


async def test_a_topic_completes_its_concern(here: Room) -> None:
    command = find("latest")
    pairs = await asking.complete(here.context, reader("es"), command, command.parameters[0], "migra")
    assert pairs == [("Seguridad fronteriza", "border_security")]


@pytest.mark.parametrize("language", ["en", "es"])
async def test_asking_where_notices_go_changes_nothing(here: Room, language: str) -> None:
    asker = reader(language, admin=True)
    await here.ask("/settings alerts channel:4", asker)
    page = await here.ask("/settings alerts", asker)
    settings = await here.context.guild_settings(asker.view)
    assert settings.alerts_channel == 4 and page.tone == "plain"
    labels = {one.label: one.request.arguments["channel"] for one in page.buttons}
    assert labels == {"en": {"No notices": "none"}, "es": {"Sin avisos": "none"}}[language]


async def test_a_group_alone_lists_its_commands(here: Room) -> None:
    page = await answer_line(here.context, "/watch")
    assert page.title == "/watch"
    for name in ("add", "test", "list", "remove"):
        assert f"/watch {name}" in words(page)


@pytest.mark.parametrize(
    ("typed", "named"),
    [("follow", "phrase"), ("/follow", "phrase"), ("seguir", "phrase"), ("digest set", "channel")],
)
async def test_help_on_a_command_names_its_options(here: Room, typed: str, named: str) -> None:
    page = await here.ask(f'/help "{typed}"')
    assert named in words(page)


async def test_help_on_a_group_lists_it_and_on_nothing_says_so(here: Room) -> None:
    assert "/digest set" in words(await here.ask("/help digest"))
    assert (await here.ask("/help nonsense")).tone == "problem"


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_admins_help_is_a_screen_and_each_group_can_be_opened(here: Room, language: str) -> None:
    asker = replace(reader(language, admin=True), operator=True)
    page = await here.ask(Request("help", {"show": "admin"}), asker)
    assert len(words(page)) < 1600
    (choice,) = page.choices
    for option in choice.options:
        opened = await here.ask(Request("help", {"command": option.value}), asker)
        assert opened.tone != "problem" and len(opened.blocks) >= 2

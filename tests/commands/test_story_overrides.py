"""Splitting and merging stories: who may, what is asked first, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audience import TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.page import Page, Request
from bot.pages.story_overrides import MOST_AT_ONCE
from bot.settings import Settings
from bot.store import articles, developments, guilds, story_overrides
from tests.pages.making import words
from tests.support.context import GUILD, Room, button, reader

WALL = "Border Patrol agents patrol the border wall in Texas"
TARIFF = "Senate debates tariffs on Mexican steel and cross-border trade with Mexico"
OPERATOR = replace(reader(user=9, admin=True), operator=True)
SPANISH = replace(OPERATOR, language="es")


def choose(page: Page, argument: str, *values: str) -> Request:
    (choice,) = [one for one in page.choices if one.argument == argument]
    assert set(values) <= {option.value for option in choice.options} and len(values) <= choice.most
    return Request(choice.request.command, {**choice.request.arguments, argument: ",".join(values)})


def bring(here: Room) -> tuple[int, list[int]]:
    """A story of three articles, its number first."""
    alpha, beta = here.follow("Alpha", "Beta")
    here.bring(alpha, WALL, ago=timedelta(hours=3))
    (story,) = here.group()
    here.bring(beta, f"{WALL}: more")
    here.bring(alpha, f"{WALL}: yet more")
    here.group(story, ("12",))
    return story, sorted(of(here)[story])


def of(here: Room) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    since = here.clock.now() - timedelta(days=9)
    for document, story in here.database.read_sync(articles.window, since):
        found.setdefault(story, set()).add(document.id)
    return found


async def test_reports_are_chosen_confirmed_split_and_put_back(here: Room) -> None:
    story, (one, two, three) = bring(here)
    page = await here.ask(f"/story {story}", OPERATOR)
    asked = await here.press(page, "Split or merge", OPERATOR)
    confirm = await here.ask(choose(asked, "article", str(two), str(three)), OPERATOR)
    assert confirm.tone == "warning" and f"{WALL}: yet more" in words(confirm)
    assert len(of(here)) == 1, "nothing is done before it is confirmed"
    done = await here.press(confirm, "Split", OPERATOR)
    assert done.tone == "good"
    assert of(here) == {story: {one}, two: {two, three}}
    assert WALL in words(await here.press(done, "The story that it was in", OPERATOR))
    back = await here.press(done, "Undo", OPERATOR)
    assert of(here) == {story: {one, two, three}}
    again = await here.press(done, "Undo", OPERATOR)
    assert again.tone == "problem" and "They are one story already." in words(again)
    assert {pin.together for pin in here.database.read_sync(story_overrides.constraints)} == {True}
    assert button(back, "The story").request.arguments["story"] == str(story)


async def test_two_stories_are_merged_and_parted_again(here: Room) -> None:
    story, ids = bring(here)
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, TARIFF)
    (other,) = here.group()
    asked = await here.ask(f"/stories merge story:{other}", OPERATOR)
    confirm = await here.ask(choose(asked, "into", str(story)), OPERATOR)
    assert confirm.tone == "warning" and TARIFF in words(confirm)
    done = await here.press(confirm, "Merge", OPERATOR)
    assert of(here) == {story: {*ids, other}}
    assert "They are one story now" in words(done)
    parted = await here.press(done, "Undo", OPERATOR)
    assert sorted(map(sorted, of(here).values())) == [ids, [other]]
    assert TARIFF in words(parted)
    again = await here.press(done, "Undo", OPERATOR)
    assert again.tone == "problem"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/stories split story:999", "There is no development 999 here."),
        ("/stories split story:1 article:999", "Not all of these reports are in that story by now."),
        ("/stories split story:1 article:x", "Give reports by their numbers"),
        ("/stories split story:1 article:1,2,3", "At least one report has to stay in the story."),
        ("/stories split story:1 article:1,2,3 confirm:yes", "At least one report has to stay"),
        ("/stories split story:1 undo:7", "That story is no longer there."),
        ("/stories merge story:1 into:1", "They are one story already."),
        ("/stories merge story:1 into:999", "There is no development 999 here."),
    ],
)
async def test_what_makes_no_sense_is_said(here: Room, line: str, sentence: str) -> None:
    story, ids = bring(here)
    assert (story, ids) == (1, [1, 2, 3])
    command, _, rest = line.removeprefix("/").partition(" story:")
    given = dict(part.split(":") for part in f"story:{rest}".split())
    answer = await here.ask(Request(command, given), OPERATOR)
    assert answer.tone == "problem" and sentence in words(answer)
    assert of(here) == {story: set(ids)}


async def test_managing_a_server_is_not_enough(here: Room) -> None:
    story, ids = bring(here)
    for asker in (reader(), reader(admin=True), reader("es", admin=True)):
        page = await here.ask(f"/story {story}", asker)
        assert not {"Split or merge", "Separar o unir"} & {one.label for one in page.buttons}
        for line in (f"/stories split story:{story} article:{ids[1]}", f"/stories merge story:{story}"):
            refused = await here.ask(line, asker)
            assert refused.tone == "problem" and "VIGIA_OPERATORS" in words(refused)
        assert "/stories" not in words(await here.ask(Request("help", {"show": "admin"}), asker))
    assert "/stories split" in words(await here.ask(Request("help", {"show": "admin"}), OPERATOR))


async def test_an_operator_need_not_manage_the_server(here: Room) -> None:
    story, ids = bring(here)
    asker = replace(OPERATOR, admin=False)
    confirm = await here.ask(f"/stories split story:{story} article:{ids[1]}", asker)
    assert (await here.press(confirm, "Split", asker)).tone == "good"


async def test_it_is_in_spanish_and_in_the_terminals_audit(here: Room) -> None:
    story, ids = bring(here)
    asked = await here.ask(f"/stories split story:{story}", SPANISH)
    assert asked.title == "Separar o unir"
    confirm = await here.ask(choose(asked, "article", str(ids[2])), SPANISH)
    done = await here.press(confirm, "Separar", SPANISH)
    await here.press(done, "Deshacer", SPANISH)
    entries = here.database.read_sync(guilds.audit_of, TERMINAL)
    assert [(one.action, one.by) for one in entries] == [
        (story_overrides.MERGED, Member(9)),
        (story_overrides.SPLIT, Member(9)),
    ]
    terminal = replace(SPANISH, user=TERMINAL_USER, view=TERMINAL)
    told = words(await here.ask("/audit", terminal))
    assert "Novedad separada" in told and "Novedades unidas" in told and WALL in told


async def test_a_story_of_one_report_can_only_be_merged(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL)
    (story,) = here.group()
    page = await here.ask(f"/stories split story:{story}", OPERATOR)
    assert page.choices == () and "nothing to split off" in words(page)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("", set()), ("12", {12}), (" 12, 34 ,", {12, 34}), ("9223372036854775807", {2**63 - 1})],
)
def test_operators_are_named_by_their_ids(text: str, ids: set[int]) -> None:
    assert Settings(_env_file=None, operators=text).operator_ids == ids  # type: ignore[call-arg]


@pytest.mark.parametrize("text", ["ana", "12;34", "<@12>", "1 2", "-3", ",,"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="numbers"):
        Settings(_env_file=None, operators=text)  # type: ignore[call-arg]


async def test_more_reports_than_a_button_holds_are_refused(here: Room) -> None:
    first, *others = here.follow(*(f"Paper {n}" for n in range(MOST_AT_ONCE + 2)))
    here.bring(first, WALL)
    (story,) = here.group()
    for feed in others:
        here.bring(feed, f"{WALL} {feed.id}")
    here.group(story)
    numbers = [
        article.id for article in here.database.read_sync(developments.story, story, Server(GUILD)).articles
    ]
    one_too_many = ",".join(map(str, numbers[: MOST_AT_ONCE + 1]))
    refused = await here.ask(f"/stories split story:{story} article:{one_too_many}", OPERATOR)
    assert refused.tone == "problem" and str(MOST_AT_ONCE) in words(refused)

"""/watch: a try first, then a press, then what is found stands in /latest of that server alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.custom_id import BUTTON, Target, encode
from bot.domain.audience import Server
from bot.domain.match import Match
from bot.domain.page import Page, Request
from bot.ingest.watch import look_for_phrases
from bot.store import guilds
from tests.pages.making import words
from tests.support.context import GUILD, Room, button, reader

ADMIN = reader(admin=True)
WALL = "Border Patrol agents patrol the border wall in Texas"
NO_MATCH = Match((), "nothing_found", 0.0)
ADD = '/watch add phrases:"Río Suchiate, balsas" concern:border_security'


def bring(here: Room, *titles: str, ago: float = 1) -> None:
    (alpha,) = here.follow("Alpha")
    for title in titles:
        here.bring(alpha, title, match=NO_MATCH, ago=timedelta(days=ago))


@pytest.mark.parametrize(
    ("language", "found", "difference", "unsaved"),
    [
        (
            "en",
            "In the last 30 days they would have found 2 of 4 entries.",
            "Reports shown under “Border security” in these days: 1; with these phrases: 2 (1 more).",
            "Nothing is saved yet.",
        ),
        (
            "es",
            "En los últimos 30 días habrían encontrado 2 notas de 4.",
            "Notas mostradas bajo «Seguridad fronteriza» en esos días: 1; con estas frases: 2 (1 más).",
            "Aún no se ha guardado nada.",
        ),
    ],
)
async def test_an_addition_is_tried_first(
    here: Room, language: str, found: str, difference: str, unsaved: str
) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, f"{WALL}, far from the rio suchiate")
    here.group()
    bring(here, "Balsas en el SUCHIATE", "Recipes", "Rain")
    page = await here.ask(ADD, reader(language, admin=True))
    for sentence in (found, difference, unsaved):
        assert sentence in words(page)
    lines = words(page).splitlines()
    assert lines.index("Balsas en el SUCHIATE") < lines.index(f"{WALL}, far from the rio suchiate")
    here_said = {"en": "read here", "es": "leída aquí"}[language]
    assert here_said in lines[lines.index("Balsas en el SUCHIATE") + 1], "an entry has no date of its own"
    assert here_said not in lines[lines.index(f"{WALL}, far from the rio suchiate") + 1]
    assert "balsas" not in words(await here.ask("/latest", reader(language))).lower()


@pytest.mark.parametrize(
    ("language", "save", "heading"),
    [
        ("en", "Save “Río Suchiate”", "Found by this server's own phrases"),
        ("es", "Guardar «Río Suchiate»", "Encontrado por las frases de este servidor"),
    ],
)
async def test_once_saved_it_is_shown_to_this_server_alone(
    here: Room, language: str, save: str, heading: str
) -> None:
    admin = reader(language, admin=True)
    bring(here, "Balsas en el Suchiate")
    saved = await here.press(await here.ask(ADD, admin), save, admin)
    assert saved.tone == "good"
    here.clock.advance(minutes=30)
    bring(here, "Crece el río Suchiate", "Recipes", ago=0)
    assert await look_for_phrases(here.context) == 1
    assert await look_for_phrases(here.context) == 0
    for line in ("/latest", "/latest border_security"):
        lines = words(await here.ask(line, reader(language))).splitlines()
        at = lines.index(heading)
        assert [one for one in lines[at:] if "uchiate" in one and "«" not in one and "“" not in one] == [
            "Crece el río Suchiate",
            "Balsas en el Suchiate",
        ]
    assert heading not in words(await here.ask("/latest trade_leverage", reader(language)))
    assert heading not in words(await here.ask("/latest", reader(language, guild=GUILD + 1)))


async def test_the_button_fits_into_a_custom_id(here: Room) -> None:
    long = ", ".join(f"{'palabra' * 3}{n} larga" for n in range(12))
    page = await here.ask(f'/watch add phrases:"{long}" concern:border_security', ADMIN)
    request = next(one.request for one in page.buttons if one.primary)
    assert len(encode(Target(BUTTON, request), 0)) <= 100


async def test_a_try_without_a_concern_saves_nothing(here: Room) -> None:
    bring(here, "Balsas en el Suchiate")
    page = await here.ask("/watch test Suchiate", ADMIN)
    assert "would have found 1 of 1 entries" in words(page)
    assert not any(one.primary for one in page.buttons)


async def test_what_is_listed_can_be_removed_and_brought_back(here: Room) -> None:
    bring(here, "Balsas en el Suchiate")
    await here.press(await here.ask(ADD, ADMIN), "Save “Río Suchiate”", ADMIN)
    listed = await here.ask("/watch list", ADMIN)
    assert "Río Suchiate — Border security · 1 found in 30 days" in words(listed)
    (choice,) = listed.choices
    removed = await here.ask(Request("watch remove", {"watch": choice.options[0].value}), ADMIN)
    assert "No longer active" in words(removed)
    assert "watches for no phrases" in words(await here.ask("/watch list", ADMIN))
    await here.press(removed, "Bring it back", ADMIN)
    assert "1 found in 30 days" in words(await here.ask("/watch list", ADMIN))
    assert "No longer active" in words(await here.ask('/watch remove "rio suchiate"', ADMIN))
    actions = [entry.action for entry in here.database.read_sync(guilds.audit_of, Server(GUILD))]
    assert actions == ["watch_removed", "watch_added", "watch_removed", "watch_added"]


async def test_an_old_button_does_not_save_something_else(here: Room) -> None:
    first = await here.ask(ADD, ADMIN)
    await here.ask('/watch add phrases:"other words" concern:border_security name:"Río Suchiate"', ADMIN)
    pressed = await here.press(first, "Save “Río Suchiate”", ADMIN)
    assert pressed.tone == "problem" and "can no longer be saved" in words(pressed)


async def test_a_name_in_force_is_refused(here: Room) -> None:
    await here.press(await here.ask(ADD, ADMIN), "Save “Río Suchiate”", ADMIN)
    again = await here.ask(ADD, ADMIN)
    assert again.tone == "problem" and "already active" in words(again)


async def test_a_press_twice_is_as_good_as_once(here: Room) -> None:
    page = await here.ask(ADD, ADMIN)
    for _ in range(2):
        assert (await here.press(page, "Save “Río Suchiate”", ADMIN)).tone == "good"


@pytest.mark.parametrize(
    "line",
    [
        "/watch add",
        "/watch add Suchiate",
        "/watch add phrases:de concern:border_security",
        '/watch add phrases:"!!!" concern:border_security',
        '/watch test ", ,"',
        "/watch remove nothing",
        "/watch add candidate:1-0000000000",
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
async def test_what_cannot_be_done_is_said(here: Room, line: str, language: str) -> None:
    page = await here.ask(line, reader(language, admin=True))
    assert page.tone == "problem" and "{" not in words(page)


async def test_only_admins_watch(here: Room) -> None:
    for line in (ADD, "/watch test Suchiate", "/watch list", "/watch remove x"):
        page: Page = await here.ask(line)
        assert page.tone == "problem"


async def test_too_broad_a_phrase_cannot_be_saved(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.watches.TOO_BROAD", 1)
    monkeypatch.setattr("bot.pages.watch.TOO_BROAD", 1)
    bring(here, "Suchiate one", "Suchiate two")
    page = await here.ask("/watch add phrases:Suchiate concern:border_security", ADMIN)
    assert "too much for anybody to read" in words(page)
    assert [one.label for one in page.buttons] == ["Active phrases"]


async def test_the_lists_of_others_stay_as_they_are(here: Room) -> None:
    page = await here.ask("/watch list", ADMIN)
    assert button(await here.ask(ADD, ADMIN), "Active phrases").request == Request("watch list")
    assert "/watch add" in words(page)

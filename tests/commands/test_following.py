"""Following and no longer following, for oneself and for a channel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.spec import Asker
from bot.domain.audience import DEFAULTS, TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.page import Page, Request
from bot.store import follows, guilds, housekeeping
from bot.store.follows import MOST_FOLLOWS, Follow
from tests.support.audience import spot
from tests.support.context import GUILD, Room, reader

ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41)
ME = Member(5)


def of(here: Room, who: str = ME) -> list[Follow]:
    return here.database.read_sync(follows.of_reader, who)


def said(page: Page) -> str:
    return f"{page.title}\n" + "\n".join(str(block) for block in page.blocks)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_concern_a_story_and_phrases_are_followed(here: Room, language: str) -> None:
    (context,) = here.follow("Desk")
    here.bring(context, "Border Patrol agents find a tunnel under the border wall in San Diego")
    (story,) = here.group()
    me = reader(language)
    await here.ask("/follow concern:border_security", me)
    await here.ask(f"/follow story:{story}", me)
    await here.ask('/follow phrase:"Tecún Umán, Suchiate" zone:America/Tijuana', me)
    assert [(one.kind, one.target) for one in of(here)] == [
        ("concern", "border_security"),
        ("story", str(story)),
        ("phrase", "Tecún Umán"),
        ("phrase", "Suchiate"),
    ]
    assert [one.zone for one in of(here)][-1] == "America/Tijuana"
    page = await here.ask("/following", me)
    assert "tunnel" in said(page) and "Suchiate" in said(page)
    assert len(page.choices[0].options) == 4


async def test_following_twice_is_following_once(here: Room) -> None:
    for _ in range(2):
        await here.ask("/follow concern:border_security", reader())
    assert len(of(here)) == 1


async def test_one_press_stops_and_one_brings_it_back(here: Room) -> None:
    page = await here.ask('/follow phrase:"Tecún Umán"', reader())
    gone = await here.press(page, "Stop following")
    assert of(here) == []
    await here.press(gone, "Undo")
    assert [one.target for one in of(here)] == ["Tecún Umán"]


async def test_what_is_taken_back_is_as_it_was_wherever_it_is_pressed(here: Room) -> None:
    await here.ask("/follow concern:border_security where:here zone:America/Tijuana", ADMIN)
    before = of(here, spot(GUILD, 41))
    elsewhere = replace(ADMIN, channel_id=99)
    shown = await here.ask("/following where:channel", elsewhere)
    drop = Request("following", {"drop": shown.choices[0].options[0].value})
    here.clock.advance(hours=2)
    gone = await here.ask(drop, elsewhere)
    assert of(here, spot(GUILD, 41)) == []
    member = Asker(user=Member(5), view=Server(GUILD), language="en", channel_id=41)
    assert (await here.press(gone, "Undo", member)).tone == "problem"
    assert (await here.press(gone, "Undo", elsewhere)).tone == "good"
    assert of(here, spot(GUILD, 41)) == before, "and what waits to be told is still told"
    assert (await here.press(gone, "Undo", elsewhere)).tone == "problem", "it is followed"


async def test_what_was_dropped_goes_for_good_after_a_day(here: Room) -> None:
    page = await here.ask("/follow concern:border_security", reader())
    gone = await here.press(page, "Stop following")
    assert (await here.ask("/following resume:yes", reader())).choices == ()
    here.clock.advance(hours=25)
    here.database.write_sync(housekeeping.prune, here.clock.now())
    assert (await here.press(gone, "Undo")).tone == "problem"
    await here.ask("/follow concern:border_security", reader())
    assert of(here)[0].since == here.clock.now()


async def test_who_follows_all_that_one_may_takes_nothing_back(here: Room) -> None:
    page = await here.ask("/follow phrase:first", reader())
    gone = await here.press(page, "Stop following")
    for number in range(MOST_FOLLOWS):
        await here.ask(f"/follow phrase:town{number}", reader())
    assert (await here.press(gone, "Undo")).tone == "problem"
    assert len(of(here)) == MOST_FOLLOWS


async def test_nobody_drops_what_another_follows(here: Room) -> None:
    page = await here.ask("/follow concern:border_security", reader())
    assert (await here.press(page, "Stop following", reader(user=6))).tone == "problem"
    assert len(of(here)) == 1


async def test_a_reader_follows_so_much_and_no_more(here: Room) -> None:
    for number in range(MOST_FOLLOWS):
        await here.ask(f"/follow phrase:town{number}", reader())
    assert (await here.ask("/follow phrase:onemore", reader())).tone == "problem"
    assert len(of(here)) == MOST_FOLLOWS


async def test_several_are_followed_all_or_none(here: Room) -> None:
    for number in range(MOST_FOLLOWS - 1):
        await here.ask(f"/follow phrase:town{number}", reader())
    for line in ('/follow phrase:"Tecún Umán, Suchiate"', "/follow concern:border_security phrase:Suchiate"):
        assert (await here.ask(line, reader())).tone == "problem"
        assert len(of(here)) == MOST_FOLLOWS - 1
    # What is followed already takes no room.
    assert (await here.ask('/follow phrase:"town1, Suchiate"', reader())).tone == "good"
    assert len(of(here)) == MOST_FOLLOWS


@pytest.mark.parametrize("line", ["/follow phrase:de", "/follow story:99", "/follow phrase:¡!"])
async def test_what_cannot_be_followed_is_told(here: Room, line: str) -> None:
    assert (await here.ask(line, reader())).tone == "problem"
    assert of(here) == []


async def test_only_admins_have_alerts_posted_in_a_channel(here: Room) -> None:
    member = Asker(user=Member(5), view=Server(GUILD), language="en", channel_id=41)
    assert (await here.ask("/follow concern:border_security where:here", member)).tone == "problem"
    page = await here.ask("/follow concern:border_security where:here", ADMIN)
    assert page.tone == "good"
    assert len(of(here, spot(GUILD, 41))) == 1
    assert (await here.ask("/following where:channel", member)).tone == "problem"
    shown = await here.ask("/following where:channel", ADMIN)
    assert (await here.press(page, "Stop following", member)).tone == "problem"
    choice = shown.choices[0]
    await here.ask(Request("following", {"drop": choice.options[0].value}), ADMIN)
    assert of(here, spot(GUILD, 41)) == []
    actions = [one.action for one in here.database.read_sync(guilds.audit_of, Server(GUILD))]
    assert actions == ["follow_removed", "follow_set"]


async def test_what_was_paused_says_why_and_goes_on(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    here.database.write_sync(follows.pause_reader, ME, reason="direct_closed", now=here.clock.now())
    page = await here.ask("/following", reader())
    assert "direct messages" in said(page)
    here.clock.advance(hours=3)
    await here.press(page, "Resume")
    (one,) = of(here)
    assert one.paused_at is None and one.since == here.clock.now()


async def test_following_works_in_direct_messages(here: Room) -> None:
    alone = reader(guild=None)
    assert (await here.ask("/follow concern:border_security", alone)).tone == "good"
    assert of(here)[0].view == DEFAULTS


@pytest.mark.parametrize(("language", "told"), [("en", "2 of the 3 newest"), ("es", "2 de los 3 artículos")])
@pytest.mark.parametrize("command", ["/follow phrase:the", "/watch test phrases:the"])
async def test_a_phrase_of_common_words_is_refused_with_how_often_it_occurs(
    here: Room, language: str, told: str, command: str
) -> None:
    (desk,) = here.follow("Desk")
    here.bring(desk, "Agents find the tunnel at the border wall in Nogales")
    here.bring(desk, "Guard troops arrive at the border bridge in Laredo")
    here.bring(desk, "Agentes hallan túnel bajo el muro fronterizo en Tijuana", language="es")
    page = await here.ask(command, replace(ADMIN, language=language))
    assert told in said(page)
    assert of(here) == []


async def test_who_may_not_stop_a_channels_alerts_is_told_that(here: Room) -> None:
    await here.ask("/follow phrase:Yuma where:here", ADMIN)
    (one,) = here.database.read_sync(follows.of_channels, Server(GUILD))
    page = await here.ask(Request("following", {"drop": str(one.id)}), reader())
    assert page.tone == "problem" and "can change the alerts of its channels" in said(page)
    assert here.database.read_sync(follows.of_channels, Server(GUILD))


async def test_the_terminal_is_promised_no_direct_message(here: Room) -> None:
    page = await here.ask(
        "/follow phrase:Yuma", replace(ADMIN, user=TERMINAL_USER, view=TERMINAL, channel_id=None)
    )
    assert "direct message" not in said(page) and "printed here" in said(page)

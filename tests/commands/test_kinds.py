"""A server leaves out kinds of reports, and no other server is affected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.spec import Asker
from bot.domain.audience import Member, Server
from bot.domain.page import Item, Link, Page
from bot.pages.wording import FORM_NAMES
from bot.store import developments, guilds
from bot.store.visibility import distinct_views
from bot.topics.form import FORMS, MUTABLE
from tests.support.context import GUILD, Room, reader

OTHER = GUILD + 1
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True)

NEWS = "Border Patrol finds 40 migrants in a truck near Laredo"
OPINION = "Opinion | The border wall is a promise to nobody"
#: Nothing but its category says that it is a podcast.
PODCAST = "Migrants wait in Tijuana shelters for a hearing"


@pytest.fixture
def stocked(here: Room) -> Room:
    """A news report, an opinion, and a podcast that only its category tells."""
    (wire,) = here.follow("Wire")
    here.bring(wire, NEWS)
    here.bring(wire, OPINION, ago=timedelta(hours=1))
    here.bring(wire, PODCAST, ago=timedelta(hours=2), categories=("Podcasts",))
    here.group()
    return here


def titles(page: Page) -> set[str]:
    return {
        span.text
        for block in page.blocks
        if isinstance(block, Item)
        for span in block.spans
        if isinstance(span, Link)
    }


async def test_a_muted_kind_is_in_no_list_of_that_server(stocked: Room) -> None:
    page = await stocked.ask("/settings kinds mute:opinion", ADMIN)
    assert page.tone == "good"
    await stocked.press(page, "Leave out: audio or video", ADMIN)
    for command in ("/latest", "/new"):
        assert titles(await stocked.ask(command, reader())) & {OPINION, PODCAST} == set(), command
        assert {OPINION, PODCAST} & titles(await stocked.ask(command, reader(guild=OTHER))), command
    assert titles(await stocked.ask("/latest", reader())) == {NEWS}
    assert titles(await stocked.ask("/latest", reader(guild=OTHER))) == {NEWS, OPINION, PODCAST}


async def test_digests_and_alerts_of_that_server_leave_it_out(stocked: Room) -> None:
    await stocked.ask("/settings kinds mute:opinion", ADMIN)
    views = stocked.database.read_sync(distinct_views)
    assert views == {Server(GUILD): Server(GUILD)}
    since = stocked.clock.now() - timedelta(days=1)
    for view, expected in ((Server(GUILD), {NEWS, PODCAST}), (Server(OTHER), {NEWS, OPINION, PODCAST})):
        found = stocked.database.read_sync(developments.latest, view, since=since, limit=10)
        assert {one.articles[0].title for one in found} == expected
    page = await stocked.ask("/digest preview", ADMIN)
    assert OPINION not in titles(page) and NEWS in titles(page)


async def test_servers_that_mute_the_same_share_one_view(here: Room) -> None:
    now = here.clock.now()
    for guild, muted in ((1, ["opinion", "recap"]), (2, ["recap", "opinion"]), (3, ["live"]), (4, [])):
        here.database.write_sync(guilds.set_settings, Server(guild), muted=muted, now=now)
    views = here.database.read_sync(distinct_views)
    assert views[Server(1)] == views[Server(2)] != views[Server(3)]
    assert Server(4) not in views


async def test_what_is_shown_again_comes_back_and_the_page_says_so(stocked: Room) -> None:
    await stocked.ask("/settings kinds mute:opinion", ADMIN)
    page = await stocked.ask("/settings kinds mute:live", ADMIN)
    assert [button.label for button in page.buttons if button.primary] == [
        "Show: opinion",
        "Show: live coverage",
    ]
    page = await stocked.press(page, "Show: opinion", ADMIN)
    assert OPINION in titles(await stocked.ask("/latest", reader()))
    settings = await stocked.context.guild_settings(Server(GUILD))
    assert settings.muted == ("live",)
    assert "live coverage" in str((await stocked.ask("/settings show", ADMIN)).blocks)
    assert "opinion" in str((await stocked.ask("/audit", ADMIN)).blocks)


async def test_a_form_told_by_the_category_is_labelled(stocked: Room) -> None:
    page = await stocked.ask("/latest", reader())
    (details,) = [
        "".join(span for span in line if isinstance(span, str))
        for block in page.blocks
        if isinstance(block, Item) and PODCAST in str(block.spans)
        for line in block.details[:1]
    ]
    assert details.startswith("audio or video · ")


def test_each_kind_that_may_be_left_out_is_a_form_with_a_name() -> None:
    assert set(MUTABLE) <= set(FORMS) & set(FORM_NAMES)
    assert "correction" not in MUTABLE

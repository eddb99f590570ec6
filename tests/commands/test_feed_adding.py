"""Adding a feed: looked at, confirmed, shown, and asked for exactly once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.commands.asking import ask
from bot.commands.spec import Asker
from bot.context import AppContext
from bot.domain.audience import DEFAULTS, Member, Server
from bot.domain.page import Button, Page, Request
from bot.store import developments, feeds, housekeeping
from bot.store import tables as t
from bot.store.feeds import changing
from bot.store.feeds.changing import MOST_ADDED
from bot.stories.headlines import lead_article
from tests.ingest.test_poll import CHILE, SHELTER, TUNNEL
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, paper, poll, source

ADDRESS = "https://local.example.org/rss"
ADMIN = Asker(user=Member(5), view=Server(77), language="en", admin=True)


def _button(page: Page, label: str) -> Button:
    return next(button for button in page.buttons if button.label == label)


async def _shown(context: AppContext, guild_id: int) -> list[str]:
    found = await context.database.read(developments.latest, Server(guild_id))
    return sorted(lead_article(development, "en").title for development in found)


async def test_a_feed_is_asked_for_once_and_its_entries_are_shown(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with context_in(tmp_path, stand, clock, (source(1),)) as context:
        await poll(context)
        stand.papers[ADDRESS] = paper(clock.now(), TUNNEL, SHELTER, CHILE)
        looked = await ask(context, ADMIN, Request("feeds add", {"address": ADDRESS}))
        assert looked.title == "Add this feed?"
        await poll(context)
        assert await _shown(context, 77) == [], "nothing is shown before it is confirmed"
        added = await ask(context, ADMIN, _button(looked, "Add this feed").request)
        assert added.tone == "good"
        await poll(context)
        assert await _shown(context, 77) == sorted([TUNNEL[1], SHELTER[1]])
        assert await _shown(context, 78) == [], "another server does not read that feed"
        assert [request.url for request in stand.asked].count(ADDRESS) == 1
        clock.advance(days=2)
        await poll(context)
        assert [request.url for request in stand.asked].count(ADDRESS) == 2


async def test_a_preview_alone_changes_nothing(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ADDRESS] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock, (source(1),)) as context:
        page = await ask(context, ADMIN, Request("feeds preview", {"address": ADDRESS}))
        assert page.title == "Preview of a feed"
        for _ in range(3):
            clock.advance(days=1)
            await poll(context)
        assert await _shown(context, 77) == []
        assert [request.url for request in stand.asked].count(ADDRESS) == 1


def _stored(session: Session) -> dict[str, int]:
    tables = (t.article, t.fingerprint, t.sighting, t.guild_feed)
    return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


async def test_a_preview_stores_no_entry_and_its_feed_is_forgotten(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ADDRESS] = paper(clock.now(), TUNNEL, CHILE)
    async with context_in(tmp_path, stand, clock, ()) as context:
        await ask(context, ADMIN, Request("feeds preview", {"address": ADDRESS}))
        assert set((await context.database.read(_stored)).values()) == {0}
        later = clock.now() + timedelta(days=60)
        await context.database.write(housekeeping.prune, later, articles=timedelta(days=730))
        assert await context.database.read(feeds.feed_by_url, ADDRESS, DEFAULTS) is None


async def test_an_old_preview_is_looked_at_again(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ADDRESS] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock, ()) as context:
        looked = await ask(context, ADMIN, Request("feeds add", {"address": ADDRESS}))
        clock.advance(minutes=16)
        page = await ask(context, ADMIN, _button(looked, "Add this feed").request)
        assert page.tone == "problem" and (await context.database.read(_stored))["guild_feed"] == 0
        looked = await ask(context, ADMIN, Request("feeds add", {"address": ADDRESS}))
        assert (await ask(context, ADMIN, _button(looked, "Add this feed").request)).tone == "good"


@pytest.mark.parametrize("command", ["feeds add", "feeds pause", "feeds resume", "feeds remove"])
async def test_another_servers_feed_cannot_be_had_by_its_number(tmp_path: Path, command: str) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ADDRESS] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock, ()) as context:
        looked = await ask(context, ADMIN, Request("feeds add", {"address": ADDRESS}))
        add = _button(looked, "Add this feed").request
        await ask(context, ADMIN, add)
        other = replace(ADMIN, view=Server(78))
        page = await ask(context, other, Request(command, {"feed": add.arguments["feed"]}))
        assert page.tone == "problem" and "local.example" not in str(page)
        assert (await context.database.read(_stored))["guild_feed"] == 1


@pytest.mark.parametrize("number", ["²", "#²", "9" * 40, "-1"])
async def test_what_only_looks_like_a_number_is_no_feed(tmp_path: Path, number: str) -> None:
    async with context_in(tmp_path, Newsstand(), FrozenClock(), ()) as context:
        assert (await ask(context, ADMIN, Request("feeds pause", {"feed": number}))).tone == "problem"


async def test_a_server_has_no_more_feeds_than_one_may(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with context_in(tmp_path, Newsstand(), clock, ()) as context:
        ids = []
        for n in range(MOST_ADDED + 1):
            about = {"publisher": str(n), "title": "", "language": "en"}
            made = await context.database.write(
                feeds.add_candidate, url=f"https://f{n}.example/", now=clock.now(), **about
            )
            ids.append(made.id)
        change = partial(changing.change_feeds, by=Member(5), now=clock.now())
        assert (
            await context.database.write(change, Server(77), ids[:-1], changing.IMPORT)
        ).count == MOST_ADDED
        await context.database.write(change, Server(77), ids[:1], changing.PAUSE)
        with pytest.raises(changing.TooManyFeeds):
            await context.database.write(change, Server(77), ids[-1:], changing.ADD)
        await context.database.write(change, Server(77), ids[:1], changing.REMOVE)
        assert (await context.database.write(change, Server(77), ids[-1:], changing.ADD)).count == 1


@pytest.mark.parametrize(("typed", "found"), [("local.example.org/rss", True), (ADDRESS, False)])
async def test_a_site_without_https_is_read_by_http_where_no_scheme_was_typed(
    tmp_path: Path, typed: str, found: bool
) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with context_in(tmp_path, stand, clock, (source(1),)) as context:
        stand.papers[ADDRESS.replace("https", "http")] = paper(clock.now(), TUNNEL)
        page = await ask(context, ADMIN, Request("feeds add", {"address": typed}))
        assert (page.tone != "problem") is found
        assert ("by http" in str(page.blocks)) is found


@pytest.mark.parametrize("command", ["feeds pause", "feeds remove"])
async def test_a_number_that_no_feed_has_means_no_other_feed(tmp_path: Path, command: str) -> None:
    clock, stand = FrozenClock(), Newsstand()
    horas = replace(source(1), publisher="24 Horas", title="24 Horas")
    async with context_in(tmp_path, stand, clock, (horas, source(2))) as context:
        for named in ("24", "#24", "24444"):
            page = await ask(context, ADMIN, Request(command, {"feed": named}))
            assert page.tone == "problem"
            assert "24 Horas" in [option.label for choice in page.choices for option in choice.options]
        known = await context.database.read(feeds.feeds_of, ADMIN.owner)
        assert all(feed.active for feed in known)
        page = await ask(context, ADMIN, Request(command, {"feed": "24 horas"}))
        assert page.tone == "good"


async def test_a_feed_that_is_not_here_is_asked_back_with_those_that_are(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with context_in(tmp_path, stand, clock, (source(1), source(2))) as context:
        page = await ask(context, ADMIN, Request("feeds pause", {"feed": "nowhere at all"}))
        assert len(page.choices[0].options) == 2 and page.choices[0].argument == "feed"

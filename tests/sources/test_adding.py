"""An official source that a member adds by its address is known for what it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.commands.asking import ask
from bot.commands.spec import Asker
from bot.domain.audience import Member, Server
from bot.domain.page import Request
from bot.pages.codec import dump_page
from bot.store import feeds
from tests.sources.cases import CASES, CHALLENGE, NOW
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, poll

GAZETTE = next(one for one in CASES if one.kind == "dof")
ARCHIVE = next(one for one in CASES if one.kind == "gob_mx")
ADMIN = Asker(user=Member(5), view=Server(77), language="en", admin=True)


async def test_an_address_with_a_day_is_shown_explained_added_and_polled(tmp_path: Path) -> None:
    clock, stand = FrozenClock(NOW), Newsstand()
    today, tomorrow = f"{GAZETTE.url}/28-11-2026", f"{GAZETTE.url}/29-11-2026"
    stand.papers |= {today: GAZETTE.body, tomorrow: GAZETTE.empty()}
    async with context_in(tmp_path, stand, clock, ()) as context:
        looked = await ask(context, ADMIN, Request("feeds add", {"address": GAZETTE.url}))
        page = dump_page(looked)
        assert "An official source." in page and "loses days" in page and GAZETTE.first in page
        add = next(button for button in looked.buttons if button.label == "Add this feed")
        await ask(context, ADMIN, add.request)
        (feed,) = await context.database.read(feeds.feeds_of, Server(77))
        assert (feed.kind, feed.url, feed.publisher) == (
            "dof",
            GAZETTE.url,
            "Diario Oficial de la Federación",
        )
        clock.advance(hours=25)
        await poll(context)
        assert [request.url for request in stand.asked] == [today, today], (
            "the day is asked for once it is over"
        )
        clock.advance(hours=4)
        await poll(context)
        assert stand.asked[-1].url == tomorrow


async def test_a_check_for_robots_is_said_to_be_one(tmp_path: Path) -> None:
    stand = Newsstand()
    stand.papers[ARCHIVE.url] = CHALLENGE
    async with context_in(tmp_path, stand, FrozenClock(NOW - timedelta(days=1)), ()) as context:
        page = dump_page(await ask(context, ADMIN, Request("feeds preview", {"address": ARCHIVE.url})))
        assert "a check for robots" in page

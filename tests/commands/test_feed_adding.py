"""Adding a feed: looked at, confirmed, shown, and asked for exactly once."""

from __future__ import annotations

from pathlib import Path

from bot.commands.asking import ask
from bot.commands.desk import Desk
from bot.commands.spec import Asker
from bot.pages.page import Button, Page, Request
from bot.store import developments
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, desk_in, paper, poll, source
from tests.worker.test_poll import CHILE, SHELTER, TUNNEL

ADDRESS = "https://local.example.org/rss"
ADMIN = Asker(user_id=5, guild_id=77, language="en", admin=True)


def _button(page: Page, label: str) -> Button:
    return next(button for button in page.buttons if button.label == label)


async def _shown(desk: Desk, guild_id: int) -> list[str]:
    found = await desk.database.read(developments.latest, guild_id)
    return sorted(development.lead("en").title for development in found)


async def test_a_feed_is_asked_for_once_and_its_entries_are_shown(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with desk_in(tmp_path, stand, clock, (source(1),)) as desk:
        await poll(desk)
        stand.papers[ADDRESS] = paper(clock.now(), TUNNEL, SHELTER, CHILE)
        looked = await ask(desk, ADMIN, Request("feeds add", {"address": ADDRESS}))
        assert looked.title == "Add this feed?"
        await poll(desk)
        assert await _shown(desk, 77) == [], "nothing is shown before it is confirmed"
        added = await ask(desk, ADMIN, _button(looked, "Add this feed").request)
        assert added.tone == "good"
        await poll(desk)
        assert await _shown(desk, 77) == sorted([TUNNEL[1], SHELTER[1]])
        assert await _shown(desk, 78) == [], "another server does not read that feed"
        assert [request.url for request in stand.asked].count(ADDRESS) == 1
        clock.advance(days=2)
        await poll(desk)
        assert [request.url for request in stand.asked].count(ADDRESS) == 2


async def test_a_preview_alone_changes_nothing(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ADDRESS] = paper(clock.now(), TUNNEL)
    async with desk_in(tmp_path, stand, clock, (source(1),)) as desk:
        page = await ask(desk, ADMIN, Request("feeds preview", {"address": ADDRESS}))
        assert page.title == "Preview of a feed"
        for _ in range(3):
            clock.advance(days=1)
            await poll(desk)
        assert await _shown(desk, 77) == []
        assert [request.url for request in stand.asked].count(ADDRESS) == 1

"""Official documents as readers see them: first, by their number, and counted as their own kind of source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.feeds import Feed
from bot.feeds.catalog import FeedSource
from bot.ingest.group import Grouping
from bot.pages.codec import dump_page
from bot.publishing.composer import gather
from bot.store import feeds
from tests.support.context import Room, reader, room

TITLE = "Closure of the San Luis Crossing in Arizona at Night"
SUMMARY = (
    "U.S. Customs and Border Protection closes the San Luis border crossing. FR Doc. 2026-23817 · 91 FR 70112"
)
NEWS = "U.S. closes San Luis border crossing in Arizona at night, stranding migrants"
BILL = "A bill to end police aid to Mexico and build the border wall", "H.R. 7120 · 119th Congress"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def _official(opened: Room, kind: str = "federal_register") -> Feed:
    source = FeedSource(
        url=f"https://{kind}.example/feed",
        publisher="Federal Register",
        title=kind,
        language="en",
        kind=kind,
        region="united_states",
    )
    wire = FeedSource("https://wire.example/feed", "Wire", "Wire", "en", "news", "border")
    opened.database.write_sync(feeds.sync_catalog, [source, wire], opened.clock.now())
    known = opened.database.read_sync(feeds.feeds_of, reader().view)
    return next(feed for feed in known if feed.kind == kind)


def _wire(opened: Room) -> Feed:
    known = opened.database.read_sync(feeds.feeds_of, reader().view)
    return next(feed for feed in known if feed.kind == "news")


async def test_the_document_is_shown_first_and_counted_by_itself(rooms: Room) -> None:
    register = _official(rooms)
    rooms.bring(_wire(rooms), NEWS, ago=timedelta(hours=2))
    rooms.bring(register, TITLE, SUMMARY, ago=timedelta(hours=5))
    await Grouping(rooms.context).run()
    latest = dump_page(await rooms.ask("/latest"))
    assert "Official:" in latest and "2026-23817" in latest
    assert latest.count(NEWS) >= 1 and f'"{TITLE}"' not in latest
    story = dump_page(await rooms.ask("/story 2"))
    assert story.index(TITLE) < story.index("Wire")
    assert "One source: Wire" in story and "1 official document" in story
    spanish = dump_page(await rooms.ask("/latest", reader("es")))
    assert "Oficial:" in spanish


async def test_a_document_without_news_is_a_development_by_itself(rooms: Room) -> None:
    rooms.bring(_official(rooms), TITLE, SUMMARY)
    await Grouping(rooms.context).run()
    latest = dump_page(await rooms.ask("/latest"))
    assert TITLE in latest and "official document" in latest and "Official:" not in latest


async def test_a_digest_names_the_document_of_an_earlier_day(rooms: Room) -> None:
    rooms.bring(_official(rooms), TITLE, SUMMARY)
    await Grouping(rooms.context).run()
    told = rooms.clock.now() + timedelta(hours=1)
    rooms.clock.advance(hours=12)
    rooms.bring(_wire(rooms), NEWS)
    await Grouping(rooms.context).run()
    until = rooms.clock.now() + timedelta(minutes=1)
    material = await rooms.database.read(gather, reader().view, told, until)
    ((development, _),) = material.found
    assert [one.title for one in development.reports] == [NEWS]
    assert [one.title for one in development.documents] == [TITLE]


@pytest.mark.parametrize("words", ["2026-23817", "91 FR 70112", "H.R. 7120", "HR 7120", "hr7120"])
async def test_search_finds_numbers(rooms: Room, words: str) -> None:
    register = _official(rooms)
    rooms.bring(register, TITLE, SUMMARY)
    rooms.bring(register, *BILL)
    rooms.bring(register, "Notice on migrants at the border wall in Laredo", "FR Doc. 2026-99999 · 91 FR 1")
    await Grouping(rooms.context).run()
    found = dump_page(await rooms.ask(f"/search {words}"))
    wanted = BILL[0] if "7120" in words else TITLE
    assert wanted in found and "Laredo" not in found

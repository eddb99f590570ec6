"""A digest that is changed while it runs: whatever an admin does, every report is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.spec import Asker
from bot.domain.audience import Member, Server
from bot.domain.digests import DigestSubscription
from bot.domain.page import Item, Link, Page, When
from bot.pages.codec import load_page
from bot.publishing.digests import DigestPlanner
from bot.store import digests, outbox
from tests.pages.making import words
from tests.support.context import GUILD, Room, room

CHANNEL = 41
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=CHANNEL)
#: 07:00 in Mexico City, 06:00 in Tijuana.
START = datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
HALF_AN_HOUR, REPORTS = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, START) as opened:
        yield opened


class Day:
    """Runs the clock on, with a report every twelve hours, and keeps what was posted where."""

    def __init__(self, here: Room) -> None:
        self.here = here
        self.brought: list[str] = []
        self.told: list[tuple[int, str]] = []
        (self._feed,) = here.follow("Alpha")

    async def until(self, moment: datetime) -> None:
        while self.here.clock.now() < moment:
            if (self.here.clock.now() - START) % REPORTS == timedelta(0):
                title = f"Border Patrol agents patrol the border wall in Texas {len(self.brought)}"
                self.here.bring(self._feed, title)
                self.here.group()
                self.brought.append(title)
            self.here.clock.move_to(self.here.clock.now() + HALF_AN_HOUR)
            await self.tick()

    async def tick(self) -> int:
        now, database = self.here.clock.now(), self.here.database
        planned = await DigestPlanner(self.here.context).plan_due()
        for message in await database.write(
            outbox.claim, now=now, owner="t", lease=timedelta(minutes=1), limit=100
        ):
            await database.write(outbox.mark_sent, message.id, owner="t", now=now, message_id=message.id)
            self.told += [(message.to.id, title) for title in headlines(load_page(message.body))]
        return planned


def headlines(page: Page) -> list[str]:
    spans = [span for block in page.blocks if isinstance(block, Item) for span in block.spans]
    return [span.text for span in spans if isinstance(span, Link) and "example" in span.url]


def of(here: Room) -> DigestSubscription:
    (one,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    return one


def promised(page: Page) -> datetime:
    spans = [span for block in page.blocks if isinstance(block, Item) for span in block.spans]
    return next(span.at for span in spans if isinstance(span, When))


CHANGES = [
    ["/digest set time:20:00"],
    ["/digest set time:07:30"],
    ["/settings timezone America/Tijuana"],
    ["/settings timezone Asia/Tokyo"],
    ["/settings timezone Pacific/Honolulu"],
    ["/digest remove confirm:yes", "/digest set time:20:00"],
    ["/digest pause", "/digest set time:20:00", "/digest resume"],
    ["/setup channel:42", "/setup channel:41 time:20:00"],
    ["/digest set time:20:00 days:weekdays"],
]


@pytest.mark.parametrize("lines", CHANGES, ids=" then ".join)
@pytest.mark.parametrize("hours", [0.5, 1.5, 9.5, 22])
async def test_a_change_loses_no_report_and_tells_none_twice(
    here: Room, lines: list[str], hours: float
) -> None:
    day = Day(here)
    await here.ask("/settings timezone America/Mexico_City", ADMIN)
    await here.ask("/digest set time:08:00", ADMIN)
    await day.until(START + timedelta(days=1, hours=hours))
    for line in lines:
        assert (await here.ask(line, ADMIN)).tone != "problem"
    await day.until(START + timedelta(days=5))
    cut = of(here).covered_until
    assert cut is not None and cut > START + timedelta(days=2)
    counts = Counter(title for _, title in day.told)
    brought = [title for number, title in enumerate(day.brought) if START + number * REPORTS <= cut]
    assert counts == Counter(brought)


@pytest.mark.parametrize(
    "line", ["/digest set time:20:00", "/digest set time:09:30", "/settings timezone America/Los_Angeles"]
)
async def test_the_next_digest_is_posted_when_it_was_promised(here: Room, line: str) -> None:
    day = Day(here)
    await here.ask("/settings timezone America/Mexico_City", ADMIN)
    await here.ask("/digest set time:08:00", ADMIN)
    await day.until(START + timedelta(hours=1.5))
    page = await here.ask(line, ADMIN)
    due = promised(page)
    assert due == of(here).next_due_at
    assert due.date() > START.date(), "today's was posted"
    here.clock.move_to(due)
    assert await day.tick() == 1


async def test_why_a_changed_digest_waits_is_said(here: Room) -> None:
    day = Day(here)
    await here.ask("/digest set time:08:00", ADMIN)
    before = await here.ask("/digest set time:10:00", ADMIN)
    await day.until(START + timedelta(hours=10))
    after = await here.ask("/digest set time:23:00", ADMIN)
    reason = "Today's digest has been posted"
    assert reason not in words(before) and reason in words(after)


async def test_a_digest_that_is_due_at_this_moment_is_still_posted(here: Room) -> None:
    day = Day(here)
    await here.ask("/settings timezone America/Mexico_City", ADMIN)
    await here.ask("/digest set time:08:00", ADMIN)
    due = START + timedelta(hours=1)
    for line in (
        "/settings timezone America/Mexico_City",
        "/settings timezone America/New_York",
        "/digest set time:07:00",
        "/digest resume",
    ):
        here.clock.move_to(due + timedelta(seconds=20))
        await here.ask(line, ADMIN)
        assert of(here).next_due_at == due
    assert await day.tick() == 1


async def post(here: Room, settle: Callable[..., object], **more: object) -> list[str]:
    """Plan what is due and settle it so; the headlines."""
    await DigestPlanner(here.context).plan_due()
    now, found = here.clock.now(), []
    for message in here.database.write_sync(outbox.claim, now=now, owner="t", lease=HALF_AN_HOUR):
        here.database.write_sync(settle, message.id, owner="t", now=now, **more)  # type: ignore[arg-type]
        found += headlines(load_page(message.body))
    return found


async def test_what_could_not_be_posted_is_told_with_the_next(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    await here.ask("/settings timezone UTC", ADMIN)
    await here.ask("/digest set time:14:00", ADMIN)

    async def next_day(number: int, settle: Callable[..., object], **more: object) -> list[str]:
        here.bring(alpha, f"Border Patrol agents patrol the border wall in Texas {number}")
        here.group()
        due = of(here).next_due_at
        assert due is not None
        here.clock.move_to(due + timedelta(seconds=20))
        return [title[-1] for title in await post(here, settle, **more)]

    sent = {"message_id": 1}
    assert await next_day(1, outbox.mark_failed, error="forbidden") == ["1"]
    assert await next_day(2, outbox.mark_skipped, error="too_late") == ["2", "1"]
    assert await next_day(3, outbox.mark_sent, **sent) == ["3", "2", "1"]
    assert await next_day(4, outbox.mark_unknown, error="silence") == ["4"], "it may well be there"
    assert await next_day(5, outbox.mark_sent, **sent) == ["5"]


async def test_what_failed_after_the_next_was_planned_is_not_told_twice(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    await here.ask("/settings timezone UTC", ADMIN)
    await here.ask("/digest set time:14:00", ADMIN)
    for number in (1, 2):
        here.bring(alpha, f"Border Patrol agents patrol the border wall in Texas {number}")
        here.group()
        due = of(here).next_due_at
        assert due is not None
        here.clock.move_to(due)
        await DigestPlanner(here.context).plan_due()
    before = of(here)
    first, second = here.database.write_sync(
        outbox.claim, now=here.clock.now(), owner="t", lease=HALF_AN_HOUR
    )
    here.database.write_sync(outbox.mark_failed, first.id, owner="t", now=here.clock.now(), error="x")
    assert of(here) == before
    here.database.write_sync(outbox.mark_failed, second.id, owner="t", now=here.clock.now(), error="x")
    assert of(here).covered_until == first.due_at


async def test_the_same_zone_again_changes_nothing(here: Room) -> None:
    await here.ask("/digest set time:08:00", ADMIN)
    await here.ask("/settings timezone America/Tijuana", ADMIN)
    before = of(here)
    page = await here.ask("/settings timezone America/Tijuana", ADMIN)
    assert of(here) == before and "keeps its hour" not in words(page)


async def test_a_digest_set_again_goes_on_where_the_last_one_ended(here: Room) -> None:
    day = Day(here)
    await here.ask("/digest set time:08:00", ADMIN)
    await day.until(START + timedelta(days=1, hours=4))
    before = of(here)
    await here.ask("/digest remove confirm:yes", ADMIN)
    await here.ask("/digest set time:08:00", ADMIN)
    assert of(here).covered_until == before.covered_until and of(here).next_due_at == before.next_due_at
    other = replace(ADMIN, channel_id=77)
    await here.ask("/digest set time:08:00", other)
    known = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert [one.covered_until for one in known] == [before.covered_until, None]


async def test_one_that_is_moved_off_a_channel_that_is_gone_goes_on(here: Room) -> None:
    await here.ask("/setup channel:41 time:08:00 zone:UTC language:en", ADMIN)
    here.database.write_sync(digests.pause, of(here).id, reason="channel_missing", now=here.clock.now())
    await here.ask("/setup channel:42", ADMIN)
    assert of(here).paused_at is None
    await here.ask("/digest pause", replace(ADMIN, channel_id=42))
    await here.ask("/setup channel:43", ADMIN)
    assert of(here).pause_reason == digests.BY_ADMIN

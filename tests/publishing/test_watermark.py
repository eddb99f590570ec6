"""What becomes known is told once, though it is being stored while a cut is made or the clock is put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ingest.group import Grouping
from bot.publishing.alerts import AlertPlanner
from bot.publishing.digests import DigestPlanner
from bot.store import articles, digests, outbox
from bot.stories.document import Placement
from tests.support.audience import spot
from tests.support.context import GUILD, Room, reader, room

TUNNEL = "Border Patrol finds drug tunnel from Mexico to San Diego under the border wall"
WIRE = "Texas National Guard lays razor wire along the Rio Grande at Eagle Pass"
DAY = timedelta(days=1)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    """A room at 15:00 UTC, in which a digest is due at 16:00 UTC and a member follows a concern."""
    with room(tmp_path) as made:
        now = made.clock.now()
        made.database.write_sync(
            digests.set_subscription,
            spot(GUILD, 41),
            minute_of_day=16 * 60,
            zone="UTC",
            language="en",
            now=now,
        )
        made.feed = made.follow("Desk")[0]  # type: ignore[attr-defined]
        yield made


async def told(here: Room) -> list[str]:
    """What is in the outbox now, digests and alerts; it counts as posted."""
    await DigestPlanner(here.context).plan_due()
    await AlertPlanner(here.context).plan()
    now = here.clock.now()
    messages = here.database.write_sync(
        outbox.claim, now=now, owner="t", lease=timedelta(minutes=1), limit=50
    )
    for message in messages:
        here.database.write_sync(outbox.mark_sent, message.id, owner="t", now=now, message_id=message.id)
    return [message.body for message in messages]


def bring(here: Room, title: str) -> None:
    here.bring(here.feed, title)  # type: ignore[attr-defined]


async def test_what_is_being_stored_while_others_are_told_comes_with_the_next(here: Room) -> None:
    await here.ask("/follow concern:border_security zone:UTC", reader())
    here.clock.advance(hours=1, seconds=1)
    bring(here, TUNNEL)
    (document,) = here.database.read_sync(articles.ungrouped)
    begun = here.clock.now() - timedelta(seconds=5)
    assert not any(TUNNEL in body for body in await told(here))
    # The transaction that was under way is seen now, with the time at which it began.
    here.database.write_sync(articles.place, [(document.id, Placement(None, "new"))], now=begun)
    here.clock.advance(minutes=15)
    assert sum(TUNNEL in body for body in await told(here)) == 1, "by an alert"
    here.clock.advance(hours=24)
    assert sum(TUNNEL in body for body in await told(here)) == 1, "by the digest"


async def test_a_clock_that_is_put_back_loses_nothing_and_repeats_nothing(here: Room) -> None:
    await here.ask("/follow concern:border_security zone:UTC", reader())
    grouping = Grouping(here.context)
    here.clock.advance(minutes=1)
    bring(here, TUNNEL)
    await grouping.run()
    here.clock.advance(hours=1)
    assert sum(TUNNEL in body for body in await told(here)) == 2, "a digest and an alert"
    here.clock.advance(hours=-1)
    bring(here, WIRE)
    await grouping.run()
    bodies = []
    for _ in range(26):
        here.clock.advance(hours=1)
        bodies += await told(here)
    assert sum(WIRE in body for body in bodies) == 2
    assert not any(TUNNEL in body for body in bodies)

"""Digests: once a local day, at the server's own hour, telling what became known since the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.context import AppContext
from bot.domain.audience import DEFAULTS, Server
from bot.domain.digests import OutboxMessage, Posting
from bot.domain.page import Item, Link, Page, Paragraph
from bot.pages.codec import load_page
from bot.publishing.digests import DigestPlanner
from bot.store import articles, digests, feeds, outbox
from bot.store.feeds.changing import REMOVE, change_feeds
from bot.store.visibility import distinct_views
from bot.stories.document import Placement
from tests.ingest.test_poll import SHELTER, TUNNEL
from tests.support.audience import spot
from tests.support.clock import FrozenClock
from tests.support.context import GUILD, room
from tests.support.newsstand import Newsstand, context_in, paper, poll, source

ONE = source(1).url
LATER = ("dog", "Border Patrol finds drug tunnel from Mexico to San Diego under the border wall")


async def _subscribe(
    context: AppContext, guild_id: int, zone: str = "America/Mexico_City", language: str = "en"
) -> None:
    now = context.clock.now()
    await context.database.write(
        digests.set_subscription,
        spot(guild_id, guild_id * 10),
        minute_of_day=8 * 60,
        zone=zone,
        language=language,
        now=now,
    )


async def _posted(context: AppContext) -> list[OutboxMessage]:
    return await context.database.write(
        outbox.claim, now=context.clock.now(), owner="test", lease=timedelta(minutes=1), limit=100
    )


async def _settle(context: AppContext, messages: list[OutboxMessage]) -> None:
    for message in messages:
        await context.database.write(
            outbox.mark_sent, message.id, owner="test", now=context.clock.now(), message_id=message.id
        )


def _headlines(page: Page) -> list[str]:
    """The reports that a digest tells; a quiet day's documents of policies are none."""
    return [
        span.text
        for block in page.blocks
        if isinstance(block, Item)
        for span in block.spans
        if isinstance(span, Link) and "example" in span.url
    ]


async def test_a_digest_tells_what_came_since_the_last_and_nothing_twice(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()  # Monday, 09:00 in Mexico City
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        await _subscribe(context, 11)
        await poll(context)
        assert await DigestPlanner(context).plan_due() == 0, "it is not yet time"
        clock.advance(hours=23, minutes=1)
        assert await DigestPlanner(context).plan_due() == 1
        assert await DigestPlanner(context).plan_due() == 0
        first = await _posted(context)
        assert _headlines(load_page(first[0].body)) == [TUNNEL[1]]
        await _settle(context, first)
        stand.papers[ONE] = paper(clock.now(), SHELTER, TUNNEL)
        clock.advance(hours=3)
        await poll(context)
        clock.advance(hours=21)
        await DigestPlanner(context).plan_due()
        second = await _posted(context)
        assert _headlines(load_page(second[0].body)) == [SHELTER[1]]
        await _settle(context, second)
        clock.advance(days=1)
        await DigestPlanner(context).plan_due()
        empty = load_page((await _posted(context))[0].body)
        assert _headlines(empty) == []
        assert [block for block in empty.blocks if isinstance(block, Paragraph)] == [
            Paragraph(("Nothing new under the concerns that this server follows.",))
        ]


async def test_what_is_committed_after_the_cut_is_told_the_next_day(tmp_path: Path) -> None:
    with room(tmp_path) as here:
        (alpha,) = here.follow("Alpha")
        await _subscribe(here.context, GUILD)
        here.clock.advance(hours=22, minutes=59, seconds=59)
        here.bring(alpha, TUNNEL[1])
        (late,) = here.database.read_sync(articles.ungrouped)
        stamped = here.clock.now()
        here.clock.advance(seconds=2)
        assert await DigestPlanner(here.context).plan_due() == 1
        # The write that was stamped before the cut waits its turn until the digest has been planned.
        here.database.write_sync(articles.place, [(late.id, Placement(None, "new"))], now=stamped)
        first = await _posted(here.context)
        await _settle(here.context, first)
        here.clock.advance(days=1)
        await DigestPlanner(here.context).plan_due()
        (second,) = await _posted(here.context)
        assert _headlines(load_page(first[0].body)) == []
        assert _headlines(load_page(second.body)) == [TUNNEL[1]]


async def test_each_server_at_its_own_hour_and_in_its_language(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        await _subscribe(context, 11, "America/Mexico_City", "es")
        await _subscribe(context, 12, "America/Tijuana", "en")
        await poll(context)
        clock.advance(hours=23, minutes=30)  # 08:30 in Mexico City, 06:30 in Tijuana
        await DigestPlanner(context).plan_due()
        first = await _posted(context)
        assert [message.to.owner.id for message in first] == [11]
        assert "3 de marzo" in load_page(first[0].body).title
        await _settle(context, first)
        clock.advance(hours=2)
        await DigestPlanner(context).plan_due()
        assert [message.to.owner.id for message in await _posted(context)] == [12]


async def test_a_late_digest_says_so_and_a_very_late_one_is_skipped(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        await _subscribe(context, 11)
        await poll(context)
        clock.advance(hours=25)
        await DigestPlanner(context).plan_due()
        messages = await _posted(context)
        assert "late" in messages[0].body
        await _settle(context, messages)
        clock.advance(days=3, hours=-2 + 8)  # three days later, in the afternoon
        await DigestPlanner(context).plan_due()
        assert await _posted(context) == []
        clock.advance(hours=18)
        await DigestPlanner(context).plan_due()
        assert len(await _posted(context)) == 1


async def test_a_day_has_one_digest_also_if_its_hour_is_put_off_while_it_is_due(tmp_path: Path) -> None:
    with room(tmp_path) as here:
        await _subscribe(here.context, GUILD)
        here.clock.advance(hours=23, minutes=1)  # Tuesday, 08:01 in Mexico City
        here.database.write_sync(
            digests.set_subscription,
            spot(GUILD, GUILD * 10),
            minute_of_day=20 * 60,
            zone="America/Mexico_City",
            language="en",
            now=here.clock.now(),
        )
        assert await DigestPlanner(here.context).plan_due() == 1
        (mine,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
        assert mine.next_due_at == here.clock.now().replace(minute=0) + timedelta(hours=36), (
            "Wednesday, 20:00"
        )


async def test_a_digest_that_cannot_be_made_does_not_hold_up_the_others(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        await _subscribe(context, 11)
        await _subscribe(context, 12)
        await poll(context)
        await context.database.write(_run, "UPDATE digest_subscription SET days = 0 WHERE guild_id = 11")
        clock.advance(hours=24)
        assert await DigestPlanner(context).plan_due() == 1
        assert [message.to.owner.id for message in await _posted(context)] == [12]
        await context.database.write(_run, "UPDATE digest_subscription SET days = 127 WHERE guild_id = 11")
        clock.advance(minutes=11)
        assert await DigestPlanner(context).plan_due() == 1


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


async def test_equal_orders_are_composed_once(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, LATER)
    async with context_in(tmp_path, stand, clock) as context:
        for guild in range(11, 61):
            await _subscribe(context, guild)
        await poll(context)
        clock.advance(hours=24)
        assert await DigestPlanner(context).plan_due() == 50
        assert await context.database.read(_bodies) == 1, "one text for all fifty"


def _bodies(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM outbox_body")).scalar_one())


async def test_servers_that_read_the_same_feeds_share_one_digest(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        for guild in (11, 12, 13, 14):
            await _subscribe(context, guild)
        await poll(context)
        (feed,) = [one for one in await context.database.read(feeds.feeds_of, DEFAULTS) if one.url == ONE]
        for guild in (12, 13):
            await context.database.write(change_feeds, Server(guild), [feed.id], REMOVE, now=clock.now())
        assert await context.database.read(distinct_views) == {
            Server(12): Server(12),
            Server(13): Server(12),
        }
        clock.advance(hours=24)
        assert await DigestPlanner(context).plan_due() == 4
        bodies = {message.to.owner.id: message.body for message in await _posted(context)}
        assert bodies[11] == bodies[14] and bodies[12] == bodies[13] != bodies[11]


async def test_a_day_without_news_is_a_line_or_silence_as_was_chosen(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with context_in(tmp_path, stand, clock) as context:
        for guild, empty in ((11, "line"), (12, "silence")):
            now = clock.now()
            await context.database.write(
                digests.set_subscription,
                spot(guild, guild * 10),
                minute_of_day=480,
                zone="America/Mexico_City",
                language="en",
                empty_day=empty,
                now=now,
            )
        clock.advance(hours=24)
        assert await DigestPlanner(context).plan_due() == 1
        (message,) = await _posted(context)
        assert message.to == spot(11, 110)
        (quiet,) = await context.database.read(digests.subscriptions_of, Server(12))
        assert quiet.next_due_at is not None and quiet.next_due_at > clock.now()
        assert quiet.covered_until is not None
        stand.papers[ONE] = paper(clock.now(), TUNNEL)
        await poll(context)
        clock.advance(hours=24)
        assert await DigestPlanner(context).plan_due() == 2


async def test_only_the_first_part_wakes_a_role_and_all_are_quiet(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock) as context:
        now = clock.now()
        await context.database.write(
            digests.set_subscription,
            spot(11, 10),
            minute_of_day=480,
            zone="America/Mexico_City",
            language="en",
            options={"role": "77", "silent": True},
            now=now,
        )
        await poll(context)
        clock.advance(hours=24)
        context = replace(context, pieces=lambda page: (page, page))
        assert await DigestPlanner(context).plan_due() == 2
        first, second = sorted(await _posted(context), key=lambda message: message.part)
        assert first.posting == Posting(role=77, silent=True)
        assert second.posting == Posting(silent=True)

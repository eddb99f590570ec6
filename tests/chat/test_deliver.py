"""From the outbox to a channel: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text

from bot.chat.deliver import LEASE, Delivery
from bot.domain.audience import Server
from bot.domain.digests import OutboxDraft
from bot.domain.page import Page
from bot.pages.codec import dump_page
from bot.store import digests, outbox
from bot.store.errors import DiskFull
from tests.chat.conftest import Stage
from tests.chat.pages import digest
from tests.support.audience import spot
from tests.support.discord import POST_MESSAGE, Channel, Fault

DAY = date(2026, 3, 2)


async def plan(stage: Stage, page: Page, *, channel: Channel | None = None, kind: str = "daily") -> int:
    """Put ``page`` into the outbox for a channel; returns in how many parts."""
    where = channel or stage.channel
    drafts = stage.context.drafts(spot(where.guild_id, where.id), kind, DAY, page, stage.clock.now())
    return await stage.context.database.write(outbox.enqueue, drafts, now=stage.clock.now())


async def states(stage: Stage) -> dict[str, int]:
    return await stage.context.database.read(outbox.counts)


async def subscribe(stage: Stage) -> None:
    await stage.context.database.write(
        digests.set_subscription,
        spot(stage.guild.id, stage.channel.id),
        minute_of_day=480,
        zone="America/Tijuana",
        language="en",
        now=stage.clock.now(),
    )


async def subscription(stage: Stage):
    return (await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id)))[0]


async def test_a_digest_is_posted_once_with_its_nonce_and_no_mentions(stage: Stage) -> None:
    await plan(stage, digest(3, title="@everyone <@1>"))
    delivery = stage.delivery
    assert await delivery.send_due() == 1
    assert await delivery.send_due() == 0
    (posted,) = stage.channel.messages
    assert posted.nonce == outbox.nonce(spot(stage.guild.id, stage.channel.id), "daily", DAY, 0)
    assert posted.pings == () and "@everyone" not in posted.text
    assert posted.request["allowed_mentions"]["parse"] == []
    assert await states(stage) == {"sent": 1}


async def test_a_long_digest_arrives_in_order(stage: Stage) -> None:
    count = await plan(stage, digest(40))
    assert count > 3
    assert await stage.delivery.send_due() == count
    assert [f"({n}/{count})" in message.text for n, message in enumerate(stage.channel.messages, 1)] == [
        True
    ] * count


async def test_buttons_of_a_posted_digest_answer_privately(stage: Stage) -> None:
    await plan(stage, digest(1))
    await stage.delivery.send_due()
    answer = await stage.discord.press(stage.channel.messages[0], "Latest", stage.ana)
    assert answer.ephemeral and "Tijuana" in answer.text
    assert len(stage.channel.messages) == 1


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_reset_at_either_side_of_a_post_leaves_one_message(stage: Stage, kind: str) -> None:
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault(kind), POST_MESSAGE)
    delivery = stage.delivery
    assert await delivery.send_due() == 0
    assert await states(stage) == {"pending": 1}
    stage.clock.advance(seconds=6)
    assert await delivery.send_due() == 1
    assert len(stage.channel.messages) == 1 and await states(stage) == {"sent": 1}


@pytest.mark.parametrize(
    "refusal",
    [
        Fault("limited", via=False),
        Fault("limited", retry_after=90.0),
        *(Fault("status", status=s) for s in (401, 403)),
    ],
    ids=["limited", "limited_long", "token", "refused"],
)
async def test_a_refusal_says_nothing_of_an_earlier_try(stage: Stage, refusal: Fault) -> None:
    """The first try posted, the second was refused, and the nonce is forgotten by the third."""
    await plan(stage, digest(1))
    delivery = stage.delivery
    stage.discord.faults.add(Fault("reset_after"), POST_MESSAGE)
    await delivery.send_due()
    stage.clock.advance(seconds=6)
    stage.discord.faults.add(refusal, POST_MESSAGE)
    await delivery.send_due()
    assert await states(stage) == {"pending": 1}
    stage.clock.advance(seconds=700)
    assert await delivery.send_due() == 1
    assert len(stage.channel.messages) == 1 and await states(stage) == {"sent": 1}


async def test_a_refusal_says_nothing_of_a_request_that_was_repeated(stage: Stage) -> None:
    """discord.py repeats a request after a server error, here after one that was carried out."""
    await plan(stage, digest(1))
    delivery = stage.delivery
    stage.discord.faults.add(Fault("status_after", status=502), POST_MESSAGE)
    stage.discord.faults.add(Fault("limited", via=False), POST_MESSAGE)
    await delivery.send_due()
    assert await states(stage) == {"pending": 1} and len(stage.discord.posts()) == 2
    stage.clock.advance(seconds=700)
    assert await delivery.send_due() == 1
    assert len(stage.channel.messages) == 1 and await states(stage) == {"sent": 1}


@pytest.mark.parametrize("posted", [True, False])
async def test_after_ninety_seconds_of_doubt_the_channel_is_read_first(stage: Stage, posted: bool) -> None:
    stage.discord.world.nonce_seconds = 60
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("reset_after" if posted else "reset_before"), POST_MESSAGE)
    delivery = stage.delivery
    await delivery.send_due()
    stage.clock.advance(seconds=100)
    before = len(stage.discord.posts())
    assert await delivery.send_due() == 1
    assert len(stage.channel.messages) == 1 and await states(stage) == {"sent": 1}
    assert len(stage.discord.posts()) - before == (0 if posted else 1)


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_is_set_while_a_post_is_in_doubt(stage: Stage, hours: int) -> None:
    """The bot was killed after a post, was away for longer than a nonce lasts, and its clock was set."""
    stage.discord.world.nonce_seconds = 0
    discords_time = stage.clock.now()
    stage.discord.world.now = lambda: discords_time.timestamp()
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("reset_after"), POST_MESSAGE)
    claimed = await stage.context.database.write(
        outbox.claim, now=stage.clock.now(), owner="killed", lease=LEASE, limit=1
    )
    assert (await stage.delivery._deliver(claimed[0], stage.clock.now())).reason == "connection_lost"
    stage.clock.advance(hours=hours)
    discords_time += timedelta(minutes=10)
    assert await stage.delivery.send_due() == 1
    assert len(stage.channel.messages) == 1 and await states(stage) == {"sent": 1}


async def test_a_store_that_fails_under_one_message_lets_the_others_arrive(stage: Stage) -> None:
    for name in ("one", "two", "three"):
        await plan(stage, digest(1), channel=stage.discord.world.add_channel(stage.guild, name))
    database = stage.context.database
    full = "CREATE TRIGGER full BEFORE UPDATE OF state ON outbox WHEN NEW.id = 2 BEGIN {} END".format(
        "SELECT RAISE(ABORT, 'database or disk is full');"
    )
    database.write_sync(lambda session: session.execute(text(full)))
    with pytest.raises(DiskFull):
        await stage.delivery.send_due()
    assert await states(stage) == {"pending": 1, "sent": 2}
    database.write_sync(lambda session: session.execute(text("DROP TRIGGER full")))
    stage.clock.advance(seconds=61)
    assert await stage.delivery.send_due() == 1
    assert [len(channel.messages) for channel in stage.guild.channels[1:]] == [1, 1, 1]


async def test_without_the_history_a_doubt_is_not_sent_again(stage: Stage) -> None:
    stage.guild.bot_permissions &= ~(1 << 16)
    await stage.discord.gateway.dispatch(
        "GUILD_ROLE_UPDATE",
        {"guild_id": str(stage.guild.id), "role": stage.guild.wire(stage.discord.world.bot)["roles"][0]},
        stage.guild.id,
    )
    stage.channel.history_hidden = True
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("reset_after"), POST_MESSAGE)
    await stage.delivery.send_due()
    stage.clock.advance(seconds=100)
    await stage.delivery.send_due()
    assert len(stage.channel.messages) == 1 and await states(stage) == {"unknown": 1}


async def test_a_forbidden_channel_pauses_its_digest_and_says_why_once(stage: Stage) -> None:
    await subscribe(stage)
    stage.channel.trouble = "forbidden"
    await plan(stage, digest(40))
    await stage.delivery.send_due()
    assert set(await states(stage)) == {"failed"}
    assert len(stage.discord.posts()) == 1
    paused = await subscription(stage)
    assert paused.paused_at == stage.clock.now() and paused.pause_reason == "forbidden"


async def test_trouble_of_discords_own_with_a_code_pauses_nothing_and_passes(stage: Stage) -> None:
    await subscribe(stage)
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("status", status=403, code=40333), POST_MESSAGE, times=20)
    for _ in range(20):
        assert await stage.delivery.send_due() == 0
        stage.clock.advance(minutes=11)
    assert (await subscription(stage)).paused_at is None and await states(stage) == {"pending": 1}
    assert await stage.delivery.send_due() == 1
    assert len(stage.channel.messages) == 1


async def test_a_missing_channel_is_asked_again_before_that_is_believed(stage: Stage) -> None:
    await subscribe(stage)
    stage.channel.trouble = "missing"
    await plan(stage, digest(1))
    for _ in range(3):
        await stage.delivery.send_due()
        assert await states(stage) == {"pending": 1}
        stage.clock.advance(minutes=11)
    await stage.delivery.send_due()
    assert await states(stage) == {"failed": 1}
    assert (await subscription(stage)).pause_reason == "channel_missing"


async def test_a_channel_that_comes_back_gets_its_digest(stage: Stage) -> None:
    stage.channel.trouble = "missing"
    await plan(stage, digest(1))
    await stage.delivery.send_due()
    stage.channel.trouble = ""
    stage.clock.advance(minutes=11)
    assert await stage.delivery.send_due() == 1
    assert len(stage.channel.messages) == 1


async def test_a_long_wait_that_discord_asks_for_puts_the_message_aside(stage: Stage) -> None:
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("limited", retry_after=300.0, scope="shared"), POST_MESSAGE)
    await stage.delivery.send_due()
    stage.clock.advance(seconds=290)
    assert await stage.delivery.send_due() == 0
    stage.clock.advance(seconds=11)
    assert await stage.delivery.send_due() == 1


async def test_one_without_its_proxy_header_is_no_reason_to_give_up(stage: Stage) -> None:
    await plan(stage, digest(1))
    stage.discord.faults.add(Fault("limited", via=False), POST_MESSAGE)
    await stage.delivery.send_due()
    stage.clock.advance(seconds=61)
    assert await stage.delivery.send_due() == 1


async def test_old_news_is_skipped(stage: Stage) -> None:
    await plan(stage, digest(1))
    stage.clock.advance(hours=7)
    await stage.delivery.send_due()
    assert await states(stage) == {"skipped": 1} and stage.channel.messages == []


async def test_a_page_that_cannot_be_read_fails_alone(stage: Stage) -> None:
    now = stage.clock.now()
    broken = OutboxDraft(spot(stage.guild.id, stage.channel.id), "broken", DAY, 0, '{"v":99}', now)
    await stage.context.database.write(outbox.enqueue, [broken], now=now)
    await plan(stage, digest(1))
    assert await stage.delivery.send_due() == 2
    assert await states(stage) == {"failed": 1, "sent": 1}


async def test_nothing_is_sent_before_the_bot_is_ready(stage: Stage) -> None:
    await plan(stage, digest(1))
    delivery = stage.delivery
    await stage.stop()
    assert await delivery.send_due() == 0
    assert await states(stage) == {"pending": 1}


async def test_closing_finishes_what_is_on_its_way_and_starts_nothing_more(stage: Stage) -> None:
    await plan(stage, digest(1))
    held = stage.discord.faults.add(Fault("hold"), POST_MESSAGE)
    sending = asyncio.create_task(stage.delivery.send_due())
    while not stage.channel.messages:
        await asyncio.sleep(0.005)
    closing = asyncio.create_task(stage.stop())
    await asyncio.sleep(0.02)
    await plan(stage, digest(1), kind="later")
    held.released.set()
    await closing
    assert await sending == 1
    assert await states(stage) == {"sent": 1, "pending": 1}


async def test_faults_on_a_schedule_lose_nothing_and_post_nothing_twice(stage: Stage) -> None:
    """300 digests; any call may be limited, reset on either side of storing, or refused by an upstream."""
    logging.getLogger("discord.http").setLevel(logging.ERROR)
    world, dice = stage.discord.world, Random(7)
    channels = [world.add_channel(stage.guild, f"c{n}") for n in range(300)]
    for channel in channels:
        await stage.discord.gateway.dispatch("CHANNEL_CREATE", channel.wire(), stage.guild.id)
        body = dump_page(digest(1))
        draft = OutboxDraft(spot(stage.guild.id, channel.id), "daily", DAY, 0, body, stage.clock.now())
        await stage.context.database.write(outbox.enqueue, [draft], now=stage.clock.now())
    kinds = ("limited", "reset_before", "reset_after", "status", "fine", "fine", "fine")

    def schedule(method: str, template: str, number: int) -> Fault | None:
        if (method, template) != POST_MESSAGE:
            return None
        kind = dice.choice(kinds)
        scope = dice.choice(("", "user", "shared"))
        return None if kind == "fine" else Fault(kind, status=503, retry_after=0.001, scope=scope)

    stage.discord.faults.schedule = schedule
    delivery = stage.delivery
    for _ in range(60):
        await delivery.send_due()
        if set(await states(stage)) == {"sent"}:
            break
        stage.clock.advance(seconds=dice.choice((6, 6, 20, 100)))
    assert await states(stage) == {"sent": 300}
    assert [len(channel.messages) for channel in channels] == [1] * 300
    assert len(stage.discord.posts()) > 350


async def test_a_fault_of_ours_is_raised_when_the_others_have_been_sent(stage: Stage) -> None:
    """Else their sends would go on behind a round that counts as over, and a second round would meet them."""
    others = [stage.discord.world.add_channel(stage.guild, name) for name in ("two", "three")]
    for channel in (stage.channel, *others):
        await plan(stage, digest(1), channel=channel)
    turns = 0

    async def pace() -> None:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise ZeroDivisionError
        await asyncio.sleep(0.05)

    assert stage.client is not None
    with pytest.raises(ZeroDivisionError):
        await Delivery(stage.context, stage.client, "tester", pace=pace).send_due()
    assert await states(stage) == {"pending": 1, "sent": 2}

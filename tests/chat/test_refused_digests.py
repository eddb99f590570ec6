"""Digests that Discord refuses: who is told, and what; and channels in which nothing may be posted."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from bot.domain.audience import Server
from bot.domain.digests import OutboxDraft
from bot.pages.codec import dump_page
from bot.publishing.notices import NoticePlanner
from bot.store import digests, guilds, outbox
from tests.chat.conftest import Stage
from tests.chat.pages import digest
from tests.chat.test_deliver import subscribe, subscription
from tests.support.audience import spot
from tests.support.discord import POST_MESSAGE, Channel, Fault, Person


def ada(stage: Stage) -> Person:
    """Somebody who manages the server and reads English."""
    known = [one for one in stage.discord.world.people.values() if one.name == "ada"]
    return known[0] if known else stage.discord.world.add_person("ada", admin=True)


async def post_daily(stage: Stage) -> None:
    """One day's digest, as the planner would put it into the outbox, and a try to post it."""
    now = stage.clock.now()
    place = (spot(stage.guild.id, stage.channel.id), "daily", now.date(), 0)
    period = (now - timedelta(days=1), now)
    draft = OutboxDraft(*place, dump_page(digest(1)), now, period=period)
    await stage.context.database.write(outbox.enqueue, [draft], now=now)
    await stage.delivery.send_due()


async def notices(stage: Stage, channel: Channel) -> list[str]:
    await NoticePlanner(stage.context).plan()
    await stage.delivery.send_due()
    return [message.text for message in channel.messages]


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (200000, "blocked", "AutoMod blocked it"),
        (50083, "archived", "The thread is archived"),
        (240000, "links", "takes for harmful"),
        (50035, "Invalid Form Body", "Discord refused it: “Invalid Form Body” (error 50035)"),
        (91234, "No such thing", "Discord refused it: “No such thing” (error 91234)"),
    ],
)
async def test_a_digest_that_is_refused_twice_is_told_with_its_reason(
    stage: Stage, code: int, text: str, words: str
) -> None:
    admins = stage.discord.world.add_channel(stage.guild, "admins")
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", admins.wire(), stage.guild.id)
    await stage.context.database.write(
        guilds.set_notices_channel, Server(stage.guild.id), admins.id, now=stage.clock.now()
    )
    await subscribe(stage)
    refusal = Fault("status", status=400, code=code, message=text)
    stage.discord.faults.add(refusal, POST_MESSAGE, times=9, channel_id=stage.channel.id)
    await post_daily(stage)
    assert await notices(stage, admins) == []
    status = await stage.discord.slash(stage.guild, ada(stage), "digest status", {"channel": stage.channel})
    assert words in status.text and "refused" in status.text
    stage.clock.advance(days=1)
    await post_daily(stage)
    (told,) = await notices(stage, admins)
    assert words in told and "2 times in a row" in told
    assert (await subscription(stage)).paused_at is None
    stage.clock.advance(days=1)
    await post_daily(stage)
    assert len(await notices(stage, admins)) == 1  # told once, until one is posted again
    history = await stage.discord.slash(stage.guild, ada(stage), "digest history")
    assert history.text.count(words) == 3


async def test_without_a_channel_for_notices_who_set_the_digest_is_told_with_the_servers_name(
    stage: Stage,
) -> None:
    await stage.discord.slash(
        stage.guild, ada(stage), "digest set", {"time": "08:00", "channel": stage.channel}
    )
    refusal = Fault("status", status=400, code=200000)
    stage.discord.faults.add(refusal, POST_MESSAGE, times=9, channel_id=stage.channel.id)
    for _ in range(2):
        await post_daily(stage)
        stage.clock.advance(days=1)
    (told,) = await notices(stage, stage.discord.world.direct(ada(stage)))
    assert "Frontera" in told and "AutoMod" in told


async def test_a_digest_that_was_posted_late_says_how_late(stage: Stage) -> None:
    await subscribe(stage)
    stage.discord.faults.add(Fault("status", status=403, code=40333), POST_MESSAGE, times=12)
    await post_daily(stage)
    status = await stage.discord.slash(stage.guild, ada(stage), "digest status", {"channel": stage.channel})
    assert "not posted yet" in status.text and "Discord had trouble of its own" in status.text
    for _ in range(12):
        stage.clock.advance(minutes=11)
        await stage.delivery.send_due()
    history = await stage.discord.slash(stage.guild, ada(stage), "digest history")
    assert "2 hours late" in history.text


@pytest.mark.parametrize("refused", [True, False])
async def test_what_came_of_a_digest_on_request_is_told_in_its_answer(
    stage: Stage, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.front.WAITS", [0.02] * 200)
    if refused:
        fault = Fault("status", status=400, code=200000)
        stage.discord.faults.add(fault, POST_MESSAGE, times=9, channel_id=stage.channel.id)
    answer = await stage.discord.slash(stage.guild, ada(stage), "digest now")
    assert "on its way" in answer.text
    await stage.delivery.send_due()
    words = "AutoMod" if refused else "posted"
    for _ in range(100):
        if words in answer.message.text:
            break
        await asyncio.sleep(0.02)
    assert words in answer.message.text and "on its way" not in answer.message.text


async def test_rights_are_looked_at_where_the_digest_is_set_and_not_where_it_is_asked_for(
    stage: Stage,
) -> None:
    closed = stage.discord.world.add_channel(stage.guild, "closed")
    closed.denied = discord.Permissions(send_messages=True).value
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", closed.wire(), stage.guild.id)
    await stage.context.database.write(
        digests.set_subscription,
        spot(stage.guild.id, closed.id),
        minute_of_day=480,
        zone="UTC",
        language="en",
        now=stage.clock.now(),
    )
    answer = await stage.discord.slash(stage.guild, ada(stage), "digest now")
    assert "Send Messages" in answer.text
    assert await stage.context.database.read(outbox.counts) == {}
    assert (await subscription(stage)).paused_at is None


@pytest.mark.parametrize("command", ["digest set", "digest now", "digest resume", "setup", "settings alerts"])
async def test_a_channel_of_another_server_is_refused(stage: Stage, command: str) -> None:
    other = stage.discord.world.add_guild("Other")
    await stage.discord.gateway.dispatch("GUILD_CREATE", other.wire(stage.discord.world.bot), other.id)
    unknown = Channel(id=999, guild_id=stage.guild.id, name="unknown")
    for channel in (other.channel, unknown):
        stage.clock.advance(seconds=5)
        given = {"channel": channel} | ({"time": "08:00"} if command in ("digest set", "setup") else {})
        answer = await stage.discord.slash(stage.guild, ada(stage), command, given)
        assert "not in this server" in answer.text, answer.text
    assert await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id)) == []


async def test_nothing_is_posted_in_another_servers_channel(stage: Stage) -> None:
    """As after a store was copied, or a channel was taken before it was looked at."""
    other = stage.discord.world.add_guild("Other")
    await stage.discord.gateway.dispatch("GUILD_CREATE", other.wire(stage.discord.world.bot), other.id)
    now = stage.clock.now()
    draft = OutboxDraft(
        spot(stage.guild.id, other.channel.id), "daily", now.date(), 0, dump_page(digest(1)), now
    )
    await stage.context.database.write(outbox.enqueue, [draft], now=now)
    await stage.delivery.send_due()
    assert other.channel.messages == []
    assert await stage.context.database.read(outbox.counts) == {"failed": 1}


async def test_a_thread_that_is_not_in_the_cache_is_asked_for(stage: Stage) -> None:
    thread = stage.discord.world.add_channel(stage.guild, "sleeping")
    draft = OutboxDraft(
        spot(stage.guild.id, thread.id),
        "daily",
        stage.clock.now().date(),
        0,
        dump_page(digest(1)),
        stage.clock.now(),
    )
    await stage.context.database.write(outbox.enqueue, [draft], now=stage.clock.now())
    await stage.delivery.send_due()
    assert len(thread.messages) == 1

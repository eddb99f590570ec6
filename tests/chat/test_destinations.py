"""A channel that cannot be reached: paused and told once where Discord says so, and never for an outage."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

from bot.domain.audience import Server
from bot.publishing.notices import NoticePlanner
from bot.store import digests, guilds
from tests.chat.conftest import Stage
from tests.chat.pages import digest
from tests.chat.test_deliver import plan, states, subscribe, subscription


async def send_all(stage: Stage, tries: int = 6) -> None:
    for _ in range(tries):
        await stage.delivery.send_due()
        stage.clock.advance(minutes=11)


async def test_a_forbidden_channel_is_told_to_the_admins_once_with_the_fix(stage: Stage) -> None:
    alerts = stage.discord.world.add_channel(stage.guild, "admins")
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", alerts.wire(), stage.guild.id)
    await stage.discord.slash(stage.guild, stage.eva, "settings language", {"language": "en"})
    await stage.discord.slash(stage.guild, stage.eva, "settings alerts", {"channel": alerts})
    await subscribe(stage)
    stage.channel.trouble = "forbidden"
    for kind in ("daily", "other"):
        await plan(stage, digest(1), kind=kind)
    await stage.delivery.send_due()
    for _ in range(3):
        await NoticePlanner(stage.context).plan()
        await stage.delivery.send_due()
        stage.clock.advance(hours=30)
    (notice,) = alerts.messages
    assert f"<#{stage.channel.id}>" in notice.text and "Send Messages" in notice.text
    stage.channel.trouble = ""
    resumed = await stage.discord.press(notice, "Resume", stage.eva)
    assert resumed.ephemeral
    assert (await subscription(stage)).paused_at is None


async def test_an_outage_pauses_nothing_and_the_digest_comes_after_it(stage: Stage) -> None:
    await subscribe(stage)
    stage.channel.trouble = "missing"
    await stage.discord.outage(stage.guild)
    await stage.discord.slash(None, stage.ana, "help")  # the outage has been heard of
    await plan(stage, digest(1))
    await send_all(stage)
    assert await states(stage) == {"pending": 1}
    assert (await subscription(stage)).paused_at is None
    stage.channel.trouble = ""
    await stage.discord.join(stage.guild)
    await send_all(stage, 1)
    assert await states(stage) == {"sent": 1}


async def test_a_server_that_removed_the_bot_finds_its_digest_running(stage: Stage) -> None:
    await subscribe(stage)
    await plan(stage, digest(1))
    stage.channel.trouble = "forbidden"
    await stage.discord.leave(stage.guild)
    await stage.discord.slash(None, stage.ana, "help")
    await send_all(stage, 2)
    assert await states(stage) == {"failed": 1}
    assert (await subscription(stage)).paused_at is None
    assert await stage.context.database.read(digests.due, stage.clock.now() + timedelta(days=3)) == []


async def test_a_server_that_joins_while_the_others_are_noted_is_not_taken_for_gone(stage: Stage) -> None:
    assert stage.client is not None
    writer_free = threading.Event()
    holding = asyncio.create_task(stage.context.database.write(lambda session: writer_free.wait(10)))
    await asyncio.sleep(0)
    noting = asyncio.create_task(stage.client.on_ready())
    await asyncio.sleep(0)
    late = stage.discord.world.add_guild("Late")
    await stage.discord.join(late)
    while stage.client.get_guild(late.id) is None:
        await asyncio.sleep(0.005)
    writer_free.set()
    await asyncio.gather(holding, noting)
    while (noted := await stage.context.database.read(guilds.settings_of, Server(late.id))) is None:
        await asyncio.sleep(0.005)
    assert noted.left_at is None


async def test_what_happened_while_the_bot_was_away_is_noted_at_the_start(stage: Stage) -> None:
    gone = 4711
    await stage.context.database.write(guilds.joined, Server(gone), stage.clock.now())
    await stage.stop()
    await stage.start()
    tomorrow = stage.clock.now() + timedelta(days=1)
    # It is noted by the handler of the event that makes the bot ready, which may still be at it.
    while not (left := await stage.context.database.read(guilds.gone_since, tomorrow)):
        await asyncio.sleep(0.005)
    assert left == [Server(gone)]

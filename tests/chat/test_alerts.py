"""Alerts by direct message and in a channel, end to end."""

from __future__ import annotations

from bot.domain.audience import DEFAULTS, Member
from bot.publishing.alerts import AlertPlanner
from bot.store import articles, feeds, follows
from bot.store.entries import save_entries
from bot.stories.document import Placement
from tests.chat.conftest import Stage
from tests.chat.stories import judged
from tests.chat.test_deliver import states

OPEN = ("POST", "/users/@me/channels")


async def news(stage: Stage, number: int, topic: str = "border_security") -> None:
    """One more story."""
    database, now = stage.context.database, stage.clock.now()
    known = {feed.publisher: feed for feed in await database.read(feeds.feeds_of, DEFAULTS)}
    entry = judged(number, "Desk", "en", topic, f"Bridge {number} at Nogales closes", now)
    await database.write(save_entries, known["Desk"], [entry], now)
    waiting = await database.read(articles.ungrouped, 10)
    stage.clock.advance(seconds=2)
    placements = [(one.id, Placement(None, "new")) for one in waiting]
    await database.write(articles.place, placements, now=stage.clock.now())


async def test_a_member_is_told_by_direct_message_and_stops_it_by_a_press(stage: Stage) -> None:
    await stage.discord.slash(stage.guild, stage.ana, "follow", {"concern": "border_security"})
    await news(stage, 900)
    assert await AlertPlanner(stage.context).plan() == 1
    assert await stage.delivery.send_due() == 1
    (message,) = stage.discord.world.direct(stage.ana).messages
    assert "Nogales" in message.text and not stage.channel.messages
    button = next(label for label in message.buttons if label.startswith("Stop: "))
    told = await stage.discord.press(message, button, stage.ana)
    assert "No longer followed" in told.text
    assert await stage.context.database.read(follows.of_reader, Member(stage.ana.id)) == []


async def test_closed_direct_messages_pause_what_is_followed_and_nothing_is_tried_again(stage: Stage) -> None:
    await stage.discord.slash(stage.guild, stage.ana, "follow", {"concern": "border_security"})
    stage.discord.world.direct(stage.ana).trouble = "silent"
    await news(stage, 900)
    await AlertPlanner(stage.context).plan()
    await stage.delivery.send_due()
    assert await states(stage) == {"failed": 1}
    stage.clock.advance(minutes=15)
    await news(stage, 901)
    assert await AlertPlanner(stage.context).plan() == 0
    shown = await stage.discord.slash(stage.guild, stage.ana, "following")
    assert "does not let the bot send direct messages" in shown.text
    stage.discord.world.direct(stage.ana).trouble = ""
    await stage.discord.press(shown.message, "Resume", stage.ana)
    stage.clock.advance(minutes=15)
    await news(stage, 902)
    assert await AlertPlanner(stage.context).plan() == 1


async def test_a_channel_is_told_where_an_admin_wants_it(stage: Stage) -> None:
    await stage.discord.slash(
        stage.guild, stage.eva, "follow", {"concern": "border_security", "where": "here"}
    )
    await news(stage, 900)
    await AlertPlanner(stage.context).plan()
    await stage.delivery.send_due()
    (message,) = stage.channel.messages
    assert "Nogales" in message.text
    refused = await stage.discord.press(
        message, next(label for label in message.buttons if label.startswith("Stop: ")), stage.ana
    )
    assert "manage this server" in refused.text


async def test_alerts_are_not_set_where_the_bot_cannot_post(stage: Stage) -> None:
    stage.guild.bot_permissions &= ~(1 << 11)
    told = await stage.discord.slash(
        stage.guild, stage.eva, "follow", {"concern": "border_security", "where": "here"}
    )
    assert "Enviar mensajes" in told.text or "Send Messages" in told.text
    assert await stage.context.database.read(follows.active) == []

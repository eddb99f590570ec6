"""Setting up a server in Discord: one message that changes with each choice."""

from __future__ import annotations

import pytest

from bot.domain.audience import Server
from bot.store import digests
from tests.chat.conftest import Stage


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_new_server_is_set_up_in_one_message(stage: Stage, language: str) -> None:
    admin = stage.discord.world.add_person(
        "ada", admin=True, locale="es-419" if language == "es" else "en-US"
    )
    answer = await stage.discord.slash(stage.guild, admin, "setup")
    message = answer.message
    for value in (str(stage.channel.id), "08:00", "America/Tijuana", "es", "organized_crime"):
        stage.clock.advance(seconds=5)
        answer = await stage.discord.select(message, value, admin)
        assert answer.message is message and answer.callback == 6
    (made,) = await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id))
    assert (made.place.id, made.concerns) == (stage.channel.id, ("organized_crime",))
    assert f"<#{stage.channel.id}>" in message.text
    preview = await stage.discord.press(message, "Preview" if language == "en" else "Vista previa", admin)
    assert "Reynosa" in preview.text


async def test_a_channel_where_the_bot_cannot_post_is_named_with_what_is_missing(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.eva, "setup")
    stage.guild.bot_permissions &= ~(1 << 11)
    await stage.discord.gateway.dispatch(
        "GUILD_ROLE_UPDATE",
        {"guild_id": str(stage.guild.id), "role": stage.guild.wire(stage.discord.world.bot)["roles"][0]},
        stage.guild.id,
    )
    told = await stage.discord.select(answer.message, str(stage.channel.id), stage.eva)
    assert told.ephemeral and told.message is not answer.message
    assert await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id)) == []


async def test_members_cannot_set_up(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.eva, "setup")
    refused = await stage.discord.select(answer.message, str(stage.channel.id), stage.ana)
    assert "Manage Server" in refused.text
    assert await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id)) == []

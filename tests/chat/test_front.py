"""Members and admins use the bot, end to end over the loopback Discord."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.chat.custom_id import BUTTON, Target, encode
from bot.chat.login import WrongToken
from bot.chat.pace import MOST_COMPLETIONS
from bot.commands.registry import COMMANDS
from bot.commands.spec import Command
from bot.domain.audience import Server
from bot.domain.page import Request
from bot.locale import translator
from bot.store import developments, guilds, kept_requests
from bot.store import tables as t
from tests.chat.conftest import Stage
from tests.support.discord import CALLBACK, Fault

READING = [command for command in COMMANDS if not command.admin]
VALUES = {
    "concern": "border_security",
    "story": "1",
    "text": "Tijuana",
    "part": "",
    "feed": "1",
    "zone": "UTC",
    "policy": "Remain in Mexico",
}


def needed(command: Command) -> dict[str, str]:
    """The least that a command can be asked with; /follow wants one of three."""
    least = {one.name: VALUES[one.kind] for one in command.parameters if one.required}
    return least or ({"concern": VALUES["concern"]} if command.name == "follow" else {})


async def test_login_asks_for_guilds_only_and_notes_the_servers(stage: Stage) -> None:
    (identify,) = stage.discord.gateway.identifies
    assert identify["intents"] == 1
    assert not await stage.context.database.write(guilds.joined, Server(stage.guild.id), stage.clock.now())


async def test_commands_are_sent_once_and_again_only_when_they_change(stage: Stage) -> None:
    assert len(stage.discord.world.syncs) == 1
    await stage.stop()
    await stage.start()
    assert len(stage.discord.world.syncs) == 1
    await stage.stop()
    stage.remembered.append("an older hash")
    await stage.start()
    assert len(stage.discord.world.syncs) == 2


@pytest.mark.parametrize("locale", ["en-US", "es-419"])
async def test_every_reading_command_answers_its_asker_alone(stage: Stage, locale: str) -> None:
    reader = stage.discord.world.add_person("reader", locale=locale)
    for place in (stage.guild, None):
        for command in READING:
            stage.clock.advance(seconds=5)
            answer = await stage.discord.slash(place, reader, command.name, needed(command))
            assert answer.ephemeral
            assert answer.text.startswith("## ")
            assert "**That did not work" not in answer.text
            t = translator("es" if locale.startswith("es") else "en")
            assert ("Share" in answer.message.buttons or "Compartir" in answer.message.buttons) == (
                place is not None and not command.personal
            )
            assert t("That did not work") not in answer.text


async def test_hostile_titles_wake_nobody(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    assert r"\<@1\>" in answer.text and "@everyone" not in answer.text
    assert answer.message.pings == ()
    shared = await stage.discord.press(answer.message, "Share", stage.ana)
    assert shared.message.pings == ()


async def test_sharing_shows_the_page_to_everyone_in_the_servers_language(stage: Stage) -> None:
    await stage.discord.slash(stage.guild, stage.eva, "settings language", {"language": "es"})
    answer = await stage.discord.slash(stage.guild, stage.ana, "concerns")
    shared = await stage.discord.press(answer.message, "Share", stage.ana)
    assert not shared.ephemeral
    assert stage.channel.messages == [shared.message]
    assert translator("es")("Concerns") in shared.text or "preocup" in shared.text.lower()
    assert "Share" not in shared.message.buttons


async def test_what_an_admin_shares_has_no_buttons_for_admins(stage: Stage) -> None:
    listed = await stage.context.database.read(developments.latest, Server(stage.guild.id), limit=1)
    asked = {"story": str(listed[0].story_id)}
    answer = await stage.discord.slash(stage.guild, stage.eva, "story", asked)
    wrong = translator("es")("Wrong topic")
    assert wrong in answer.message.buttons
    shared = await stage.discord.press(answer.message, translator("es")("Share"), stage.eva)
    assert not shared.ephemeral and shared.message.buttons
    assert not {wrong, "Wrong topic"} & set(shared.message.buttons)


async def test_sharing_needs_the_right_to_write(stage: Stage) -> None:
    muted = stage.discord.world.add_person("muted")
    muted.permissions &= ~(1 << 11)
    answer = await stage.discord.slash(stage.guild, muted, "concerns")
    refused = await stage.discord.press(answer.message, "Share", muted)
    assert refused.ephemeral and stage.channel.messages == []


async def test_a_button_changes_its_own_private_message_and_answers_others_privately(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    only = await stage.discord.press(answer.message, "Only in English", stage.ana)
    assert only.callback == 7 and only.message is answer.message
    shared = await stage.discord.press(only.message, "Share", stage.ana)
    before = shared.text
    other = await stage.discord.press(shared.message, "Both languages", stage.eva)
    assert other.ephemeral and other.message is not shared.message
    assert shared.message.text == before


async def test_buttons_and_selects_outlive_a_restart(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    await stage.stop()
    await stage.start()
    chosen = await stage.discord.select(answer.message, "organized_crime", stage.ana)
    assert "Reynosa" in chosen.text and "Tijuana" not in chosen.text
    both = await stage.discord.press(chosen.message, "Only in English", stage.ana)
    assert "Reynosa" in both.text


async def test_a_button_of_an_older_form_is_answered_with_a_sentence(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    button = answer.message.buttons["Share"]
    button["custom_id"] = "0-old-form"
    told = await stage.discord.press(answer.message, "Share", stage.ana)
    assert "no longer works" in told.text and re.search(r"Reference: [0-9a-f]{6}", told.text)
    assert told.ephemeral and told.message is not answer.message


async def test_completion_in_the_readers_language(stage: Stage) -> None:
    offered = await stage.discord.autocomplete(stage.guild, stage.eva, "latest", "concern", "fronter")
    assert [choice["value"] for choice in offered] == ["border_security"]
    zones = await stage.discord.autocomplete(stage.guild, stage.eva, "settings timezone", "zone", "tiju")
    assert zones[0]["value"] == "America/Tijuana"
    stories = await stage.discord.autocomplete(stage.guild, stage.ana, "story", "story", "")
    assert stories and all(len(choice["name"]) <= 100 for choice in stories)
    assert await stage.discord.autocomplete(stage.guild, stage.ana, "story", "story", "zzzz") == []


async def test_completion_is_paced_and_takes_nothing_of_the_answers(stage: Stage) -> None:
    for _ in range(MOST_COMPLETIONS):
        assert await stage.discord.autocomplete(stage.guild, stage.eva, "latest", "concern", "fronter")
    assert await stage.discord.autocomplete(stage.guild, stage.eva, "latest", "concern", "fronter") == []
    assert await stage.discord.autocomplete(stage.guild, stage.ana, "latest", "concern", "border")
    assert "too fast" not in (await stage.discord.slash(stage.guild, stage.eva, "concerns")).text
    stage.clock.advance(seconds=11)
    assert await stage.discord.autocomplete(stage.guild, stage.eva, "latest", "concern", "fronter")


async def test_completion_that_fails_offers_nothing(stage: Stage) -> None:
    stage.context.database.close()
    assert await stage.discord.autocomplete(stage.guild, stage.ana, "story", "story", "") == []


async def test_an_admin_command_is_refused_to_members_whatever_discord_hides(stage: Stage) -> None:
    refused = await stage.discord.slash(stage.guild, stage.ana, "settings language", {"language": "es"})
    assert "/settings language" in refused.text and refused.ephemeral
    allowed = await stage.discord.slash(stage.guild, stage.eva, "settings language", {"language": "es"})
    assert "Share" not in allowed.message.buttons
    settings = await stage.context.guild_settings(Server(stage.guild.id))
    assert settings.language == "es"


async def test_an_admin_button_is_refused_to_members(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    forged = encode(Target(BUTTON, Request("settings language", {"language": "es"})), 0)
    answer.message.buttons["Share"]["custom_id"] = forged
    refused = await stage.discord.press(answer.message, "Share", stage.ana)
    assert "Manage Server" in refused.text
    assert (await stage.context.guild_settings(Server(stage.guild.id))).language == "en"


async def test_a_digest_is_not_set_where_the_bot_cannot_post(stage: Stage) -> None:
    stage.guild.bot_permissions &= ~((1 << 11) | (1 << 16))
    refused = await stage.discord.slash(stage.guild, stage.eva, "digest set", {"time": "08:00"})
    t = translator("es")
    assert t("Send Messages") in refused.text and t("Read Message History") in refused.text
    assert t("View Channel") not in refused.text


async def test_the_rights_in_another_channel_are_those_of_that_channel(stage: Stage) -> None:
    news = stage.discord.world.add_channel(stage.guild, "news")
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", news.wire(), stage.guild.id)
    deny = {"id": str(stage.guild.id), "type": 0, "allow": "0", "deny": str(1 << 11)}
    await stage.discord.gateway.dispatch(
        "CHANNEL_UPDATE", {**news.wire(), "permission_overwrites": [deny]}, stage.guild.id
    )
    given = {"time": "08:00", "channel": news}
    refused = await stage.discord.slash(stage.guild, stage.eva, "digest set", given)
    assert translator("es")("Send Messages") in refused.text
    await stage.discord.gateway.dispatch("CHANNEL_UPDATE", news.wire(), stage.guild.id)
    allowed = await stage.discord.slash(stage.guild, stage.eva, "digest set", given)
    assert "08:00" in allowed.text


async def test_a_slow_answer_is_acknowledged_first(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.eva, "digest preview")
    assert answer.deferred and answer.ephemeral
    assert answer.text.startswith("## Vigía")


async def test_an_answer_that_takes_long_is_acknowledged_in_time(stage: Stage, monkeypatch) -> None:
    monkeypatch.setattr("bot.chat.front.PATIENCE_SECONDS", 0.0)
    answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
    assert answer.deferred and "Tijuana" in answer.text
    pressed = await stage.discord.press(answer.message, "Only in English", stage.ana)
    assert pressed.callback == 6 and pressed.message is answer.message
    shared = await stage.discord.press(answer.message, "Share", stage.ana)
    assert shared.callback == 6 and not shared.ephemeral and stage.channel.messages == [shared.message]


async def test_what_a_reader_got_wrong_is_told_and_the_page_stays(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, "story", {"story": "999"})
    assert "999" in answer.text
    page = await stage.discord.slash(stage.guild, stage.ana, "latest")
    page.message.buttons["Share"]["custom_id"] = encode(Target(BUTTON, Request("story", {"story": "999"})), 0)
    told = await stage.discord.press(page.message, "Share", stage.ana)
    assert told.message is not page.message and "Tijuana" in page.text


async def test_an_error_of_ours_is_a_sentence_with_the_logs_reference(stage: Stage) -> None:
    stage.context.database.close()
    with capture_logs() as logged:
        answer = await stage.discord.slash(stage.guild, stage.eva, "latest")
    found = re.search(r"Referencia: ([0-9a-f]{6})", answer.text)
    assert found and answer.ephemeral
    assert [line["reference"] for line in logged if line["event"] == "answer_failed"] == [found[1]]


async def test_a_member_cannot_ask_without_end(stage: Stage) -> None:
    answers = [await stage.discord.slash(stage.guild, stage.ana, "help") for _ in range(14)]
    assert "Too many requests" in answers[-1].text
    assert (await stage.discord.slash(stage.guild, stage.eva, "help")).text.startswith("## ")
    stage.clock.advance(seconds=11)
    assert "Too many requests" not in (await stage.discord.slash(stage.guild, stage.ana, "help")).text


async def test_a_server_error_of_discord_is_tried_again(stage: Stage) -> None:
    stage.discord.faults.add(Fault("limited", retry_after=0.01, scope="user"), CALLBACK)
    answer = await stage.discord.slash(stage.guild, stage.ana, "help")
    assert answer.text.startswith("## ")


async def test_an_expired_interaction_is_left_alone(stage: Stage) -> None:
    stage.discord.faults.add(Fault("status", status=404, code=10062), CALLBACK)
    with capture_logs() as logged:
        expired = await stage.discord.slash(stage.guild, stage.ana, "help", wait=False)
        while not any(call.status == 404 for call in stage.discord.calls):
            await asyncio.sleep(0.005)
        assert not expired.callback
        assert (await stage.discord.slash(stage.guild, stage.ana, "help")).text.startswith("## ")
    assert [line["event"] for line in logged if line["event"] != "ready"] == ["answer_failed"]


async def test_news_that_never_arrived_counts_as_untold(stage: Stage) -> None:
    edit = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
    stage.discord.faults.add(Fault("status", status=404, code=10015), edit)
    await stage.discord.slash(stage.guild, stage.ana, "new", wait=False)
    while not any(call.status == 404 for call in stage.discord.calls):
        await asyncio.sleep(0.005)
    first = await stage.discord.slash(stage.guild, stage.ana, "new")
    assert "New since the last time" in first.text and "Nothing new" not in first.text
    while not await stage.context.database.read(_told):
        await asyncio.sleep(0.005)
    assert "Nothing new" in (await stage.discord.slash(stage.guild, stage.ana, "new")).text


def _told(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(t.ledger)).scalar_one())


async def test_the_gateway_may_drop_resume_and_start_anew(stage: Stage) -> None:
    gateway = stage.discord.gateway
    await gateway.drop()
    missed = await stage.discord.slash(stage.guild, stage.ana, "help")  # replayed after the resume
    assert missed.text.startswith("## ") and gateway.resumes == 1
    await gateway.reconnect()
    assert (await stage.discord.slash(stage.guild, stage.ana, "help")).text.startswith("## ")


async def test_servers_come_and_go_and_an_outage_is_neither(stage: Stage) -> None:
    other = stage.discord.world.add_guild("Other")
    await stage.discord.join(other)
    with capture_logs() as events:
        await stage.discord.outage(stage.guild)
        await stage.discord.leave(other)
        await stage.discord.join(stage.guild)
        answer = await stage.discord.slash(stage.guild, stage.ana, "help")
        assert answer.text.startswith("## ")
        async with asyncio.timeout(10):
            while not any(event["event"] == "server_left" for event in events):
                await asyncio.sleep(0.005)
    assert [event["guild"] for event in events if event["event"] == "server_left"] == [other.id]
    gone = await stage.context.database.read(guilds.gone_since, stage.clock.now().replace(year=2030))
    assert gone == [Server(other.id)]


async def test_in_a_server_that_did_not_add_the_bot_a_reader_has_it_alone(stage: Stage) -> None:
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    elsewhere.member = False
    answer = await stage.discord.slash(elsewhere, stage.eva, "latest")
    assert answer.ephemeral and "Tijuana" in answer.text
    forged = encode(Target(BUTTON, Request("settings language", {"language": "es"})), 0)
    next(iter(answer.message.buttons.values()))["custom_id"] = forged
    refused = await stage.discord.press(answer.message, forged, stage.eva, guild=elsewhere)
    assert "Manage Server" in refused.text or "Gestionar servidor" in refused.text


async def test_a_long_search_can_be_followed_to_its_end_also_after_a_restart(stage: Stage) -> None:
    words = "frontera OR border OR wall OR muro OR shelter OR albergue OR tunnel OR túnel OR Tijuana"
    answer = await stage.discord.slash(stage.guild, stage.ana, "search", {"words": words})
    assert "Search a whole year" in answer.message.buttons and "Share" in answer.message.buttons
    await stage.stop()
    await stage.start()
    year = await stage.discord.press(answer.message, "Search a whole year", stage.ana)
    assert "in the last 365 days" in year.text
    stage.clock.advance(seconds=86_400 * 91)
    await stage.context.database.write(kept_requests.prune, stage.clock.now())
    gone = await stage.discord.press(answer.message, "Share", stage.ana)
    assert "no longer works" in gone.text


async def test_a_token_that_is_reset_while_the_bot_runs_is_called_wrong(stage: Stage) -> None:
    await stage.discord.gateway.drop(4004)
    assert stage._running is not None
    with pytest.raises(WrongToken):
        await asyncio.wait_for(stage._running, 5)

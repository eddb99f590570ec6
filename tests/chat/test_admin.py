"""Every command of those who manage a server, and every control that their answers carry."""

from __future__ import annotations

import pytest

from bot.chat.custom_id import decode
from bot.commands.registry import COMMANDS
from bot.domain.audience import DEFAULTS, Server
from bot.locale import translator
from bot.store import developments, digests
from tests.chat.conftest import Stage
from tests.support.discord import Message, Person

#: What a command is asked with here; an empty dict asks it bare.
ASKED: dict[str, list[dict]] = {
    "digest set": [
        {
            "time": "08:00",
            "days": "weekdays",
            "concerns": "all",
            "role": 77,
            "quiet": "yes",
            "publish": "yes",
        },
        {"empty": "silence"},
    ],
    "settings language": [{"language": "en"}],
    "settings timezone": [{"zone": "America/Tijuana"}],
    "feeds preview": [],  # touches the network; tested on its own
    "feeds add": [],
    "feeds import": [],
    "feeds pause": [{"feed": "1"}, {"which": "all"}],
    "feeds resume": [{"which": "all"}],
    "feeds remove": [{"which": "en"}],
    "watch add": [{"phrases": "Suchiate", "concern": "border_security"}],
    "watch test": [{"phrases": "Tijuana"}],
    "watch remove": [],
    "wrong": [],
    "stories split": [{"story": "1"}],
    "stories merge": [{"story": "1"}],
}
ADMIN = [command for command in COMMANDS if command.admin]
#: Presses from one answer on: a button of a button of an answer.
DEEP = 2


async def press_everything(stage: Stage, admin: Person, message: Message, seen: set[str], depth: int) -> None:
    """Press each button and pick the first of each select, and so on with what they show."""
    if depth == 0:
        return
    controls = [part for part in message.parts if part["type"] in (2, 3, 8) and part.get("custom_id")]
    for part in controls:
        wanted = part["custom_id"][:2] + part["custom_id"][4:]  # the place in the message does not matter
        target = decode(part["custom_id"])
        if wanted in seen or target.kind == "x" or target.request.command in ("feeds add", "feeds preview"):
            continue
        seen.add(wanted)
        stage.clock.advance(seconds=5)
        message.wire["components"] = [{"type": 1, "id": 1, "components": [part]}]
        if part["type"] == 2:
            answer = await stage.discord.press(message, part["custom_id"], admin)
        else:
            value = str(stage.channel.id) if part["type"] == 8 else part["options"][0]["value"]
            answer = await stage.discord.select(message, value, admin)
        assert answer.ephemeral and answer.text.startswith("## "), wanted
        assert "Reference:" not in answer.text and "Referencia:" not in answer.text, (wanted, answer.text)
        await press_everything(stage, admin, answer.message, seen, depth - 1)


@pytest.mark.parametrize("locale", ["en-US", "es-419"])
async def test_every_admin_command_and_every_control_of_its_answer_is_answered(
    stage: Stage, locale: str
) -> None:
    admin = stage.discord.world.add_person("ada", admin=True, locale=locale)
    stage.context.settings.operators = str(admin.id)
    seen: set[str] = set()
    for command in ADMIN:
        for given in ASKED.get(command.name, [{}]):
            stage.clock.advance(seconds=5)
            answer = await stage.discord.slash(stage.guild, admin, command.name, dict(given))
            assert answer.ephemeral and answer.text.startswith("## "), command.name
            assert "Reference:" not in answer.text and "Referencia:" not in answer.text, answer.text
            await press_everything(stage, admin, answer.message, seen, DEEP)
    assert len(seen) > 25


async def test_a_digest_is_set_with_a_role_and_shown(stage: Stage) -> None:
    answer = await stage.discord.slash(
        stage.guild, stage.eva, "digest set", {"time": "8:30 pm", "channel": stage.channel, "role": 77}
    )
    assert f"<#{stage.channel.id}>" in answer.text and "<@&77>" in answer.text
    assert answer.message.pings == ()
    (made,) = await stage.context.database.read(digests.subscriptions_of, Server(stage.guild.id))
    assert made.posting.role == 77


async def test_feeds_come_as_a_file_and_go_in_as_one(stage: Stage) -> None:
    answer = await stage.discord.slash(stage.guild, stage.eva, "feeds export")
    (name,) = answer.message.files
    assert name == "vigia-feeds.opml" and b"desk.example" in answer.message.files[name]


async def test_an_uploaded_list_is_fetched_like_any_other(stage: Stage) -> None:
    answer = await stage.discord.slash(
        stage.guild, stage.eva, "feeds import", {"file": "http://127.0.0.1:9/feeds.opml"}
    )
    assert translator("es")(FAULT) in answer.text


FAULT = "That address is on a private network. Vigía reads public sites only."


async def test_stories_are_split_and_merged_by_operators_only(stage: Stage) -> None:
    manager = stage.discord.world.add_person("ada", admin=True)
    owner = stage.discord.world.add_person("olga")
    stage.context.settings.operators = f"1234, {owner.id}"
    into, other = await stage.context.database.read(developments.latest, DEFAULTS, limit=2)
    given = {"story": str(other.story_id)}
    refused = await stage.discord.slash(stage.guild, manager, "stories split", given)
    assert "Only operators of this bot" in refused.text
    page = await stage.discord.slash(stage.guild, owner, "story", given)
    asked = await stage.discord.press(page.message, "Split or merge", owner)
    confirm = await stage.discord.select(asked.message, str(into.story_id), owner)
    done = await stage.discord.press(confirm.message, "Merge", owner)
    assert "one story now" in done.text
    (kept,) = await stage.context.database.read(developments.stories, [into.story_id], DEFAULTS)
    assert set(kept.articles) > set(into.articles)
    given = {"story": str(into.story_id)}
    asked = await stage.discord.slash(stage.guild, owner, "stories split", given)
    confirm = await stage.discord.select(asked.message, str(other.articles[0].id), owner)
    parted = await stage.discord.press(confirm.message, "Split", owner)
    assert "a story of its own now" in parted.text
    assert await stage.context.database.read(developments.stories, [into.story_id], DEFAULTS) == [into]

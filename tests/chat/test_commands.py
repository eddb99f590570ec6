"""What Discord is told of the commands."""

from __future__ import annotations

import json

import discord
import pytest

from bot.chat.commands import SPANISH, SpanishNames, build_tree, payload_hash
from bot.commands.names import COMMANDS_ES, GROUPS, PARAMETERS_ES
from bot.commands.registry import COMMANDS
from bot.commands.spec import Command, Parameter
from tests.support.discord.document import document
from tests.support.discord.limits import command_faults

TEMPLATE = "/applications/{application_id}/commands"


class Nobody:
    """Answers nothing; the tree is only built."""

    async def command(self, *given: object) -> None: ...

    async def choices(self, *given: object) -> list: ...

    async def report(self, *given: object) -> None: ...


def tree_of(commands):
    client = discord.Client(intents=discord.Intents.none())
    return build_tree(client, Nobody(), commands)


async def payload() -> list[dict]:
    tree, spanish = tree_of(COMMANDS), SpanishNames()
    return [await one.get_translated_payload(tree, spanish) for one in tree.get_commands()]


def options(command: dict):
    for option in command.get("options") or ():
        yield command, option
        yield from options(option)


async def test_discord_takes_them() -> None:
    told = await payload()
    assert document().request_faults("PUT", TEMPLATE, json.loads(json.dumps(told))) == []
    assert command_faults(told) == []


async def test_everything_has_a_name_and_a_description_in_both_languages() -> None:
    for command in await payload():
        for thing in (command, *(option for _, option in options(command))):
            assert thing["description"] not in ("", "…")
            assert set(thing["description_localizations"]) == {locale.value for locale in SPANISH}
            assert set(thing["name_localizations"]) == {locale.value for locale in SPANISH}, thing["name"]
            assert thing["description_localizations"]["es-ES"] != thing["description"]


def test_the_tables_of_names_are_whole() -> None:
    names = {command.name for command in COMMANDS}
    groups = {name.partition(" ")[0] for name in names if " " in name}
    assert (names | groups) <= set(COMMANDS_ES)
    assert groups <= set(GROUPS)
    shown = {one.name for command in COMMANDS for one in command.parameters if not one.hidden}
    assert shown <= set(PARAMETERS_ES)


async def test_admin_commands_are_for_servers_and_their_managers() -> None:
    admin = {command.name.partition(" ")[0] for command in COMMANDS if command.admin}
    for command in await payload():
        if command["name"] in admin:
            assert command["default_member_permissions"] == 32
            assert command["contexts"] == [0] and command["integration_types"] == [0]
        else:
            assert command["default_member_permissions"] is None
            assert command["contexts"] == [0, 1, 2] and command["integration_types"] == [0, 1]


async def test_hidden_parameters_are_not_told() -> None:
    hidden = {(command.name, one.name) for command in COMMANDS for one in command.parameters if one.hidden}
    told = {
        (command["name"], option["name"]) for command in await payload() for _, option in options(command)
    }
    assert hidden and not hidden & told


async def test_each_kind_of_parameter_becomes_the_option_that_fits() -> None:
    async def answer(*given: object) -> None: ...

    parameters = (
        Parameter("a", "A", "text", required=True),
        Parameter("b", "B", "whole", low=1, high=30),
        Parameter("c", "C", "choice", choices=(("x", "English"), ("y", "Spanish"))),
        Parameter("d", "D", "concern"),
        Parameter("e", "E", "channel"),
    )
    tree = tree_of([Command("thing", "Thing", answer, parameters)])
    (command,) = [one.to_dict(tree) for one in tree.get_commands()]
    by_name = {option["name"]: option for option in command["options"]}
    assert {name: option["type"] for name, option in by_name.items()} == {
        "a": 3,
        "b": 4,
        "c": 3,
        "d": 3,
        "e": 7,
    }
    assert (by_name["b"]["min_value"], by_name["b"]["max_value"]) == (1, 30)
    assert [choice["value"] for choice in by_name["c"]["choices"]] == ["x", "y"]
    assert by_name["d"]["autocomplete"] and not by_name["a"].get("autocomplete")
    assert set(by_name["e"]["channel_types"]) == {0, 5, 10, 11, 12}
    assert by_name["a"]["required"] and not by_name["b"]["required"]


async def test_the_hash_changes_with_what_is_told_and_with_nothing_else() -> None:
    whole, part = tree_of(COMMANDS), tree_of(COMMANDS[:-1])
    assert await payload_hash(whole, 1) == await payload_hash(tree_of(COMMANDS), 1)
    assert await payload_hash(whole, 1) != await payload_hash(part, 1)
    assert await payload_hash(whole, 1) != await payload_hash(whole, 2)


@pytest.mark.parametrize("locale", [discord.Locale.french, discord.Locale.american_english])
async def test_other_locales_show_english(locale: discord.Locale) -> None:
    context = discord.app_commands.TranslationContext(
        discord.app_commands.TranslationContextLocation.parameter_name, None
    )
    assert await SpanishNames().translate(discord.app_commands.locale_str("days"), locale, context) is None

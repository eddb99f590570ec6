"""The command tree of Discord, built from what each command says of itself."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.chat.rights import POSTABLE
from bot.commands.names import COMMANDS_ES, GROUPS, PARAMETERS_ES
from bot.commands.spec import Command, Parameter
from bot.locale import translator

#: A Discord text option may hold 6,000 characters; no sentence that we take is longer than this.
LONGEST_TEXT = 1000
#: Completed while the reader types; a concern is completed and not a fixed list, so that it can be given in
#: either language.
COMPLETED = frozenset({"concern", "concerns", "part", "feed", "zone", "story", "watch", "policy"})
SPANISH = (discord.Locale.latin_american_spanish, discord.Locale.spain_spanish)

AnyClient = discord.Client
Interaction = discord.Interaction[AnyClient]
Choices = list[app_commands.Choice[str]]
AnyCommand = app_commands.Command[Any, ..., Any]


class Answering(Protocol):
    """Who answers: bot.chat.front."""

    async def command(self, interaction: Interaction, command: Command, given: dict[str, str]) -> None:
        """Answer a command."""
        ...

    async def choices(
        self, interaction: Interaction, command: Command, parameter: Parameter, typed: str
    ) -> Choices:
        """What completes an argument."""
        ...

    async def report(self, interaction: Interaction, error: BaseException) -> None:
        """Report an error."""
        ...


class Tree(app_commands.CommandTree[AnyClient]):
    """The commands; every error of theirs goes to the one responder."""

    def __init__(self, client: AnyClient, answering: Answering) -> None:
        super().__init__(client)
        self._answering = answering

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer for what went wrong before our own code ran: a stale command, a value of the wrong kind."""
        await self._answering.report(interaction, error)


class SpanishNames(app_commands.Translator):
    """Names and descriptions in Spanish, for both of Discord's Spanish locales."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The Spanish of ``string``; None for other locales, which show English."""
        if locale not in SPANISH:
            return None
        place = app_commands.TranslationContextLocation
        match context.location:
            case place.command_name | place.group_name:
                return COMMANDS_ES.get(context.data.qualified_name)
            case place.parameter_name:
                return PARAMETERS_ES.get(string.message)
            case _:
                return translator("es")(string.message)


class RoleId(app_commands.Transformer[AnyClient]):
    """A role option whose value is the role's id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.role

    async def transform(self, interaction: Interaction, value: Any, /) -> str:
        return str(value.id)


class FileAddress(app_commands.Transformer[AnyClient]):
    """An uploaded file whose value is its address: it is fetched as anything else is, within our bounds."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.attachment

    async def transform(self, interaction: Interaction, value: Any, /) -> str:
        return str(value.url)


class ChannelId(app_commands.Transformer[AnyClient]):
    """A channel option whose value is the channel's id: the channel itself need not be in the cache."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return list(POSTABLE)

    async def transform(self, interaction: Interaction, value: Any, /) -> str:
        return str(value.id)


def build_tree(client: AnyClient, answering: Answering, commands: Sequence[Command]) -> Tree:
    """A tree with every command. Groups whose commands are all for admins are hidden from others."""
    tree = Tree(client, answering)
    groups: dict[str, app_commands.Group] = {}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if not second:
            tree.add_command(_reading(answering, command))
            continue
        if first not in groups:
            members = [one for one in commands if one.name.startswith(f"{first} ")]
            groups[first] = _group(first, members)
            tree.add_command(groups[first])
        groups[first].add_command(_command(answering, command, second))
    return tree


async def payload_hash(tree: Tree, application_id: int | None) -> str:
    """A hash of the commands' payload for Discord, names in Spanish included."""
    spanish = SpanishNames()
    payload = [await one.get_translated_payload(tree, spanish) for one in tree.get_commands()]
    text = json.dumps([application_id, payload], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _group(name: str, members: Sequence[Command]) -> app_commands.Group:
    """A group for servers only. What Discord hides is checked again: server owners can override it."""
    admin = all(one.admin for one in members)
    return app_commands.Group(
        name=name,
        description=GROUPS.get(name, members[0].description),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True) if admin else None,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )


def _reading(answering: Answering, command: Command) -> AnyCommand:
    """A command of its own: for reading, wherever the reader is, with or without the bot in the server."""
    made = _command(answering, command, command.name)
    if command.admin:
        made.default_permissions = discord.Permissions(manage_guild=True)
        made.guild_only = True
        made.allowed_contexts = app_commands.AppCommandContext(guild=True)
        made.allowed_installs = app_commands.AppInstallationType(guild=True)
        return made
    made.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
    made.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
    return made


def _command(answering: Answering, command: Command, name: str) -> AnyCommand:
    shown = [parameter for parameter in command.parameters if not parameter.hidden]

    async def run(interaction: Interaction, **given: object) -> None:
        texts = {name: str(value) for name, value in given.items() if value is not None}
        await answering.command(interaction, command, texts)

    asked = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)
    signature = inspect.Signature([asked, *(_option(parameter) for parameter in shown)])
    run.__signature__ = signature  # type: ignore[attr-defined]
    app_commands.describe(**{parameter.name: parameter.description for parameter in shown})(run)
    fixed = {parameter.name: _choices(parameter) for parameter in shown if parameter.kind == "choice"}
    if fixed:
        app_commands.choices(**fixed)(run)
    made: AnyCommand = app_commands.Command(name=name, description=command.description, callback=run)
    for parameter in shown:
        if parameter.kind in COMPLETED:
            made.autocomplete(parameter.name)(_completing(answering, command, parameter))
    return made


def _option(parameter: Parameter) -> inspect.Parameter:
    annotation: Any
    match parameter.kind:
        case "whole":
            low = parameter.low if parameter.low is not None else 0
            annotation = app_commands.Range[int, low, parameter.high]
        case "channel":
            annotation = app_commands.Transform[str, ChannelId]
        case "role":
            annotation = app_commands.Transform[str, RoleId]
        case "file":
            annotation = app_commands.Transform[str, FileAddress]
        case "choice":
            annotation = str
        case _:
            annotation = app_commands.Range[str, 1, LONGEST_TEXT]
    default = inspect.Parameter.empty if parameter.required else None
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def _choices(parameter: Parameter) -> Choices:
    return [
        app_commands.Choice(name=app_commands.locale_str(label), value=value)
        for value, label in parameter.choices
    ]


def _completing(
    answering: Answering, command: Command, parameter: Parameter
) -> Callable[[Interaction, str], Coroutine[Any, Any, Choices]]:
    async def complete(interaction: Interaction, typed: str) -> Choices:
        return await answering.choices(interaction, command, parameter, typed)

    return complete

"""All commands, in the order in which the help lists them."""

from __future__ import annotations

from bot.commands import (
    accountability,
    cases,
    changes,
    charts,
    concerns,
    digests,
    feed_lists,
    feeds,
    following,
    guild,
    policies,
    reading,
    setup,
    story_overrides,
    watching,
    whynot,
)
from bot.commands.arguments import usage
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.page import Page
from bot.locale import Translator, message, translator
from bot.pages.help import CommandLine, help_page


async def show_help(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What Vigía does, and each command in a line."""
    t = translator(asker.language)
    lines = [line_of(t, command) for command in COMMANDS if asker.operator or not command.operator]
    return help_page(t, lines, admin=given.get("show") == "admin")


def line_of(t: Translator, command: Command) -> CommandLine:
    """A command as the help shows it."""
    return CommandLine(usage(command), t(command.description), command.admin)


COMMANDS: tuple[Command, ...] = (
    *concerns.COMMANDS,
    *reading.COMMANDS,
    *changes.COMMANDS,
    *charts.COMMANDS,
    *policies.COMMANDS,
    *whynot.COMMANDS,
    *following.COMMANDS,
    *accountability.COMMANDS,
    Command(
        "help",
        message("What Vigía does, and all its commands"),
        show_help,
        (Parameter("show", message("Which commands"), hidden=True),),
    ),
    *setup.COMMANDS,
    *feeds.COMMANDS,
    *feed_lists.COMMANDS,
    *cases.COMMANDS,
    *story_overrides.COMMANDS,
    *policies.OPERATOR_COMMANDS,
    *watching.COMMANDS,
    *digests.COMMANDS,
    *guild.COMMANDS,
    *accountability.ADMIN_COMMANDS,
)

_BY_NAME = {command.name: command for command in COMMANDS}


def find(name: str) -> Command:
    """The command of that name. Raises UserFault."""
    if name not in _BY_NAME:
        raise UserFault(
            message("There is no command “{word}”."), message("/help lists all commands."), word=name
        )
    return _BY_NAME[name]

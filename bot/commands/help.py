"""The help: what Vigía does, and its commands."""

from __future__ import annotations

from bot.commands.arguments import fold, usage
from bot.commands.faults import UserFault
from bot.commands.lookup import BY_NAME
from bot.commands.names import GROUPS, command_name, option_name, spanish_name
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.page import Page
from bot.locale import Translator, message, translator
from bot.pages.help import CommandLine, command_page, group_page, help_page


async def show_help(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What Vigía does, and each command in a line."""
    t = translator(asker.language)
    if "command" in given:
        return _help_on(t, given["command"])
    shown = [command for command in BY_NAME.values() if asker.operator or not command.operator]
    lines = [line_of(t, command) for command in shown]
    return help_page(t, lines, GROUPS, admin=given.get("show") == "admin")


def _help_on(t: Translator, typed: str) -> Page:
    """One command with its options, or the commands of a group. Raises UserFault."""
    called = _called(typed)
    if not called:
        raise UserFault(
            message("There is no command “{word}”."), message("/help lists all commands."), word=typed[:40]
        )
    found = [BY_NAME[name] for name in called]
    if len(found) > 1:
        group = command_name(called[0].partition(" ")[0], t.language)
        return group_page(t, group, [line_of(t, command) for command in found])
    options = [
        (option_name(one.name, t.language), t(one.description), one.required)
        for one in found[0].parameters
        if not one.hidden
    ]
    return command_page(t, command_name(called[0], t.language), line_of(t, found[0]), options)


def line_of(t: Translator, command: Command) -> CommandLine:
    """A command as the help shows it."""
    return CommandLine(usage(command), t(command.description), command.admin)


def _called(typed: str) -> list[str]:
    """The commands that are called so, or whose group is, in either language, with its slash or without."""
    wanted = fold(typed).removeprefix("/").strip()
    called = {name: (fold(name), fold(spanish_name(name))) for name in BY_NAME}
    exact = [name for name, names in called.items() if wanted in names]
    within = [name for name, names in called.items() if any(one.startswith(f"{wanted} ") for one in names)]
    return exact or within


COMMANDS = (
    Command(
        "help",
        message("What Vigía does, and all its commands"),
        show_help,
        (
            Parameter("command", message("Which command, such as follow")),
            Parameter("show", message("Which commands"), hidden=True),
        ),
    ),
)

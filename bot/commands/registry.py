"""All commands, in the order in which the help lists them."""

from __future__ import annotations

from bot.commands import digests, feeds, guild, reading
from bot.commands.faults import UserFault
from bot.commands.spec import Command
from bot.locale import message

COMMANDS: tuple[Command, ...] = (
    *reading.COMMANDS,
    *feeds.COMMANDS,
    *digests.COMMANDS,
    *guild.COMMANDS,
)

_BY_NAME = {command.name: command for command in COMMANDS}


def find(name: str) -> Command:
    """The command of that name. Raises UserFault."""
    if name not in _BY_NAME:
        raise UserFault(
            message("There is no command “{word}”."), message("/help lists all commands."), word=name
        )
    return _BY_NAME[name]

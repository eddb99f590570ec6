"""All commands, loaded, in the order in which the help lists them."""

from __future__ import annotations

from bot.commands.lookup import BY_NAME
from bot.commands.spec import Command

COMMANDS: tuple[Command, ...] = tuple(BY_NAME.values())

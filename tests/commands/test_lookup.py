"""Each command is loaded with the module that declares it, and with no other."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import bot.commands
from bot.commands import lookup


def test_every_declared_command_is_found_in_its_module() -> None:
    (folder,) = bot.commands.__path__
    declaring = [path.stem for path in Path(folder).glob("*.py") if "\nCOMMANDS = (" in path.read_text()]
    declared = {
        command.name: name for name in declaring for command in import_module(f"bot.commands.{name}").COMMANDS
    }
    assert declared == lookup._MODULES
    assert {name: lookup.BY_NAME[name].name for name in lookup.BY_NAME} == {name: name for name in declared}

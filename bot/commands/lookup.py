"""Commands by name. The module that declares one is loaded when it is looked up.

A line for the terminal needs one command; all of them with what they answer from take twice as long to load
as the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from bot.commands.faults import UserFault
from bot.commands.spec import Command
from bot.locale import message

#: The module of ``bot/commands`` that declares each command, in the order in which the help lists them.
_MODULES = {
    "concerns": "concerns",
    "concern": "concerns",
    "week": "concerns",
    "article": "concerns",
    "latest": "reading",
    "search": "reading",
    "story": "story",
    "why": "story",
    "sources": "sources",
    "new": "changes",
    "timeline": "charts",
    "trend": "charts",
    "policies": "policies",
    "policy": "policies",
    "whynot": "whynot",
    "follow": "following",
    "following": "following",
    "privacy": "accountability",
    "help": "help",
    "setup": "setup",
    "feeds list": "feeds",
    "feeds preview": "feeds",
    "feeds add": "feeds",
    "feeds pause": "feed_lists",
    "feeds resume": "feed_lists",
    "feeds remove": "feed_lists",
    "feeds undo": "feed_lists",
    "feeds export": "feed_lists",
    "feeds import": "feed_lists",
    "wrong": "cases",
    "stories split": "story_overrides",
    "stories merge": "story_overrides",
    "record review": "policies",
    "watch add": "watching",
    "watch test": "watching",
    "watch list": "watching",
    "watch remove": "watching",
    "digest set": "digests",
    "digest status": "digests",
    "digest history": "digests",
    "digest preview": "digest_now",
    "digest now": "digest_now",
    "digest pause": "digests",
    "digest resume": "digests",
    "digest remove": "digests",
    "settings show": "guild",
    "settings language": "guild",
    "settings timezone": "guild",
    "settings alerts": "guild",
    "settings kinds": "guild",
    "audit": "accountability",
}


class _Commands(Mapping[str, Command]):
    """All commands by name, each loaded with its module's others when it is first looked up."""

    def __init__(self) -> None:
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            declared: tuple[Command, ...] = import_module(f"bot.commands.{_MODULES[name]}").COMMANDS
            self._loaded |= {command.name: command for command in declared}
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


BY_NAME: Mapping[str, Command] = _Commands()


def find(name: str) -> Command:
    """The command of that name. Raises UserFault."""
    if name not in BY_NAME:
        raise UserFault(
            message("There is no command “{word}”."), message("/help lists all commands."), word=name
        )
    return BY_NAME[name]

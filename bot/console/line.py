"""The language of the prompt: ``/latest border_security days:7`` to a request and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.spec import Command, Parameter
from bot.pages.page import Request

_TOKEN = re.compile(r'(\w+[:=])?"([^"]*)"?|(\S+)')
#: What is never several words.
_ONE_WORD = frozenset(("whole", "choice", "channel", "role"))


class LineFault(ValueError):
    """A line that is no command. ``code`` is ``unknown_command`` or ``too_many_words``."""

    def __init__(self, code: str, word: str) -> None:
        super().__init__(f"{code}: {word}")
        self.code = code
        self.word = word


def parse_line(line: str, commands: Sequence[Command]) -> Request:
    """The request that ``line`` asks for.

    Words fill the parameters in their order; ``name:value`` and ``name=value`` fill one by its name; a text
    parameter, and the last one there is, takes all words that are left. Double quotes keep words together.
    Raises LineFault.
    """
    words = [name + quoted + plain for name, quoted, plain in _TOKEN.findall(line.strip())]
    if not words:
        raise LineFault("unknown_command", "")
    command, rest = _find(words, commands)
    named: dict[str, str] = {}
    loose: list[str] = []
    for word in rest:
        parameter, value = _named(word, command.parameters)
        if parameter is None:
            loose.append(word)
        else:
            named[parameter.name] = value
    free = [one for one in command.parameters if not one.hidden and one.name not in named]
    for parameter in free:
        if not loose:
            break
        if parameter.kind == "text" or (parameter is free[-1] and parameter.kind not in _ONE_WORD):
            named[parameter.name] = " ".join(loose)
            loose = []
        else:
            named[parameter.name] = loose.pop(0)
    if loose:
        raise LineFault("too_many_words", loose[0])
    return Request(command.name, named)


def format_line(request: Request) -> str:
    """``request`` as one would type it."""
    words = [f"/{request.command}"]
    for name, value in request.arguments.items():
        words.append(f'{name}:"{value}"' if " " in value else f"{name}:{value}")
    return " ".join(words)


def _find(words: Sequence[str], commands: Sequence[Command]) -> tuple[Command, Sequence[str]]:
    head = words[0].removeprefix("/").lower()
    by_name = {command.name: command for command in commands}
    if len(words) > 1 and (group := by_name.get(f"{head} {words[1].lower()}")):
        return group, words[2:]
    if head in by_name:
        return by_name[head], words[1:]
    raise LineFault("unknown_command", " ".join(words[:2]) if _is_group(head, commands) else words[0])


def _is_group(word: str, commands: Sequence[Command]) -> bool:
    return any(command.name.startswith(f"{word} ") for command in commands)


def _named(word: str, parameters: Sequence[Parameter]) -> tuple[Parameter | None, str]:
    for parameter in parameters:
        for mark in (":", "="):
            if word.lower().startswith(parameter.name + mark):
                return parameter, word[len(parameter.name) + 1 :]
    return None, word

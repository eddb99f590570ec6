"""The language of the prompt: ``/latest border_security days:7`` to a request and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bot.article import Brief
from bot.commands.arguments import choice_named, concerns_named, fold
from bot.commands.names import PARAMETERS_ES, command_name, option_name, spanish_name
from bot.commands.spec import Command, Parameter
from bot.domain.page import Request

_TOKEN = re.compile(r'(\w+[:=])?"([^"]*)"?|(\S+)')
_GIVEN = re.compile(r"(?P<name>\w+(?:-\w+)*)[:=](?P<value>.*)", re.DOTALL)
#: How alike a typing mistake is to what was meant (difflib's ratio), and the fewest letters of one.
_NEAR = 0.75
_SHORTEST_NEAR = 3
#: What is never several words.
_ONE_WORD = frozenset(("whole", "choice", "channel", "role"))


class LineFault(ValueError):
    """A line that is no command.

    ``code`` is ``unknown_command``, ``unknown_option``, ``group`` or ``too_many_words``. ``meant`` is the
    line that was probably meant, empty where nothing is near.
    """

    def __init__(self, code: str, word: str, meant: str = "") -> None:
        super().__init__(f"{code}: {word}")
        self.code = code
        self.word = word
        self.meant = meant


def parse_line(line: str, commands: Mapping[str, Command], brief: Brief) -> Request:
    """The request that ``line`` asks for, of the ``commands`` by name.

    Words fill the parameters in their order; ``name:value`` and ``name=value`` fill one by its name, and the
    words behind may go on with it. A text, and the last parameter there is, takes all words that are left; a
    concern takes those that name it. Double quotes keep words together. Commands and parameters have a
    Spanish name too, with or without its accents. Raises LineFault.
    """
    tokens = _TOKEN.findall(line.strip())
    if not tokens:
        raise LineFault("unknown_command", "")
    command, rest = _find(tokens, commands)
    named: dict[str, str] = {}
    loose: list[str] = []
    begun: list[tuple[Parameter, list[str]]] = []  # what was named without quotes, and the words behind it
    behind = loose
    for name, quoted, plain in rest:
        parameter, value = _named(name + quoted + plain, command.parameters)
        if parameter is None:
            if near := _near_option(name + quoted + plain, command.parameters):
                typed, option = near
                raise LineFault("unknown_option", typed, line.strip().replace(typed, option, 1))
            behind.append(value)
            continue
        named[parameter.name] = value
        behind = loose
        if plain and parameter.kind not in _ONE_WORD:
            behind = [value]
            begun.append((parameter, behind))
    free = [one for one in command.parameters if not one.hidden and one.name not in named]
    for parameter, words in begun:
        taken = max(1, _taken(parameter, free, words, brief))
        named[parameter.name] = " ".join(words[:taken])
        loose += words[taken:]
    for place, parameter in enumerate(free):
        if not loose:
            break
        taken = _taken(parameter, free[place + 1 :], loose, brief)
        if taken:
            named[parameter.name] = " ".join(loose[:taken])
            del loose[:taken]
    if loose:
        raise LineFault("too_many_words", loose[0])
    return Request(command.name, named)


def format_line(request: Request, language: str = "en") -> str:
    """``request`` as one would type it in a language."""
    words = [f"/{command_name(request.command, language)}"]
    for name, value in request.arguments.items():
        called = option_name(name, language)
        words.append(f'{called}:"{value}"' if " " in value else f"{called}:{value}")
    return " ".join(words)


def _taken(parameter: Parameter, later: Sequence[Parameter], loose: Sequence[str], brief: Brief) -> int:
    """How many of the loose words are for ``parameter``, when ``later`` ones are to be filled too."""
    if parameter.kind == "text":
        return len(loose)
    if parameter.kind == "concern":
        lengths = range(len(loose), 0, -1)
        named = next((n for n in lengths if concerns_named(" ".join(loose[:n]), brief)), 0)
        # What names no concern is meant for a text, where there is one: /follow "tren de aragua".
        if named or (not parameter.required and any(one.kind == "text" for one in later)):
            return named
    if parameter.kind == "story" and (loose[0].isdecimal() or "://" in loose[0]):
        return int(loose[0].isdecimal())  # a number is all of it, an address is for what comes later
    meant_later = (n for n, word in enumerate(loose) if any(_fits(one, word) for one in later))
    before = next(meant_later, len(loose))
    if parameter.kind in _ONE_WORD:
        return 1 if _fits(parameter, loose[0]) else min(1, before)
    return before


def _fits(parameter: Parameter, word: str) -> bool:
    """Whether a word without a name surely belongs to a parameter of one word."""
    match parameter.kind:
        case "whole":
            return word.isdecimal()
        case "choice":
            return choice_named(parameter, word) is not None
        case _:
            return False


def _find(
    tokens: Sequence[tuple[str, str, str]], commands: Mapping[str, Command]
) -> tuple[Command, Sequence[tuple[str, str, str]]]:
    first, second = (fold("".join(token)) for token in (*tokens, ("", "", ""))[:2])
    head = first.removeprefix("/")
    called = {fold(spanish_name(name)): name for name in commands} | {name: name for name in commands}
    if group := called.get(f"{head} {second}"):
        return commands[group], tokens[2:]
    if head in called:
        return commands[called[head]], tokens[1:]
    within = next((name for known, name in called.items() if known.startswith(f"{head} ")), None)
    if within is not None:
        raise LineFault("group", within.partition(" ")[0])
    typed = "".join(tokens[0])
    near = get_close_matches(head, [*called, *(known.partition(" ")[0] for known in called)], 1, _NEAR)
    rest = " ".join("".join(token) for token in tokens[1:])
    raise LineFault("unknown_command", typed, f"/{near[0]} {rest}".strip() if near else "")


def _near_option(word: str, parameters: Sequence[Parameter]) -> tuple[str, str] | None:
    """The name in ``name:value`` that is almost an option's, and that option; None for any other word."""
    given = _GIVEN.match(word)
    if given is None or given["value"].startswith("//") or len(given["name"]) < _SHORTEST_NEAR:
        return None
    names = {
        fold(known): known
        for one in parameters
        if not one.hidden
        for known in (one.name, PARAMETERS_ES.get(one.name, one.name))
    }
    typed = fold(given["name"])
    begun = [known for name, known in names.items() if name.startswith(typed)]
    near = begun or [names[name] for name in get_close_matches(typed, names, 1, _NEAR)]
    return (given["name"], near[0]) if near else None


def _named(word: str, parameters: Sequence[Parameter]) -> tuple[Parameter | None, str]:
    if given := _GIVEN.match(word):
        for parameter in parameters:
            spanish = PARAMETERS_ES.get(parameter.name, parameter.name)
            if fold(given["name"]) in (parameter.name, fold(spanish)):
                return parameter, given["value"]
    return None, word

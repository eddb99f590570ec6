"""Arguments as readers give them, checked against what the command says it takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.article import Brief, Concern
from bot.commands.faults import UserFault
from bot.commands.names import option_name
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.commands.zones import zone_named
from bot.domain.audience import Place
from bot.domain.stories import Cursor
from bot.locale import LANGUAGES, Translator, message, translator
from bot.pages.digest import DigestWindow
from bot.pages.wording import topic_name

#: The longest argument that is read at all; Discord's own string options end at 6,000.
LONGEST_ARGUMENT = 2000
#: All concerns, where several can be chosen.
ALL = "all"

_IDENTITY = re.compile(r"(?:<[#@]&?)?([1-9][0-9]{0,18})>?")


def checked(command: Command, raw: Arguments, brief: Brief) -> dict[str, str]:
    """``raw`` with every value in its one spelling. Unknown names are dropped; raises UserFault."""
    values: dict[str, str] = {}
    for parameter in command.parameters:
        value = raw.get(parameter.name, "").strip()[:LONGEST_ARGUMENT]
        if value:
            values[parameter.name] = _value(parameter, value, brief)
        elif parameter.required:
            raise Missing(command, parameter)
    return values


def place_here(asker: Asker) -> Place:
    """Where who asks is, as a place to post. Raises UserFault where that is no channel."""
    if asker.place is None:
        raise UserFault(message("This has to be asked in the channel that is meant."))
    return asker.place


class Missing(UserFault):
    """An argument that a command cannot go without."""

    def __init__(self, command: Command, parameter: Parameter) -> None:
        super().__init__(message("The command needs “{name}”."), name=named(parameter))
        self.command = command
        self.parameter = parameter

    def with_example(self, value: str) -> Missing:
        """The same fault with the command as it would be typed; with no value, that there is none yet."""
        self.advice = message("For example: {example}") if value else message("There is none to choose yet.")
        self.values["example"] = f"/{self.command.name} {value}"
        return self


def named(parameter: Parameter) -> Callable[[Translator], str]:
    """What a parameter is called in the reader's language."""
    return lambda t: option_name(parameter.name, t.language)


def usage(command: Command) -> str:
    """How a command is typed, optional arguments in brackets."""
    words = [f"/{command.name}"]
    words += [
        f"{parameter.name}" if parameter.required else f"[{parameter.name}]"
        for parameter in command.parameters
        if not parameter.hidden
    ]
    return " ".join(words)


def fold(text: str) -> str:
    """``text`` for comparison: no case, no accents, underscores and hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.replace("_", " ").replace("-", " ").split())


def chosen_concerns(value: str) -> tuple[str, ...]:
    """The concerns that a checked argument of the kind ``concerns`` names; none means all of them."""
    return () if value == ALL else tuple(value.split(","))


def cursor(value: str) -> Cursor:
    """Where a page ended, as a button carries it. Raises UserFault."""
    try:
        return Cursor.parse(value)
    except (ValueError, OverflowError, OSError):
        raise UserFault(message("“{value}” is not a place to continue from."), value=value[:40]) from None


def digest_window(value: str) -> DigestWindow:
    """The window of a digest, as its button carries it. Raises UserFault."""
    try:
        return DigestWindow.parse(value)
    except (ValueError, OverflowError, OSError):
        raise UserFault(message("“{value}” is not a place to continue from."), value=value[:40]) from None


def _value(parameter: Parameter, value: str, brief: Brief) -> str:
    match parameter.kind:
        case "whole" | "story":
            return str(_whole(parameter, value))
        case "choice":
            return _choice(parameter, value)
        case "concern":
            return _concern(parameter, value, brief)
        case "concerns":
            return _concerns(parameter, value, brief)
        case "part":
            return _part(parameter, value, brief)
        case "channel" | "role":
            return _identity(parameter, value)
        case "zone":
            return zone_named(parameter, value)
        case _:
            return value


def _whole(parameter: Parameter, value: str) -> int:
    low = parameter.low if parameter.low is not None else 0
    high = parameter.high if parameter.high is not None else 2**63 - 1
    try:
        number = int(value.lstrip("#"))
    except ValueError:
        number = low - 1
    if low <= number <= high:
        return number
    if parameter.high is None:
        raise UserFault(
            message("“{name}” should be a number, not “{value}”."), name=named(parameter), value=value[:40]
        )
    raise UserFault(
        message("“{name}” should be a whole number from {low} to {high}, not “{value}”."),
        name=named(parameter),
        low=low,
        high=high,
        value=value[:40],
    )


def choice_named(parameter: Parameter, value: str) -> str | None:
    """The choice that a word means, by its id or by its label in either language."""
    wanted = fold(value)
    for known, label in parameter.choices:
        if wanted in (fold(known), *(fold(translator(language)(label)) for language in LANGUAGES)):
            return known
    return None


def _choice(parameter: Parameter, value: str) -> str:
    known = choice_named(parameter, value)
    if known is not None:
        return known
    raise UserFault(
        message("“{name}” can be {choices}, not “{value}”."),
        name=named(parameter),
        choices=lambda t: ", ".join(t(label) for _, label in parameter.choices),
        value=value[:40],
    ).offering(parameter.name, lambda t: [(t(label), known) for known, label in parameter.choices])


def concern_spellings(concern: Concern) -> tuple[str, ...]:
    """All that a concern is called: its id and its name in both languages, and those of its topics, folded.

    A topic stands for the concern that it belongs to: "migration" is read under border security.
    """
    own = (concern.id, concern.name.en, concern.name.es)
    topics = (
        name
        for topic in concern.topics
        for name in (topic, *(topic_name(translator(language), topic) for language in LANGUAGES))
    )
    return tuple(dict.fromkeys(fold(name) for name in (*own, *topics)))


def concerns_named(value: str, brief: Brief) -> tuple[str, ...]:
    """The concerns that ``value`` means: the one of that name, else all whose names begin so, else all in
    whose names a word begins so.
    """
    wanted = fold(value)
    names = {concern.id: concern_spellings(concern) for concern in brief.concerns}
    fitting = (
        lambda name: name == wanted,
        lambda name: name.startswith(wanted),
        lambda name: f" {wanted}" in name,
    )
    found = (tuple(id_ for id_ in names if any(map(fits, names[id_]))) for fits in fitting)
    return next(filter(None, found), ())


def _concern(parameter: Parameter, value: str, brief: Brief) -> str:
    found = concerns_named(value, brief)
    if len(found) == 1:
        return found[0]
    meant = [concern for concern in brief.concerns if concern.id in found] or brief.concerns
    sentence = (
        message("Several concerns are called “{value}”.")
        if found
        else message("There is no concern “{value}”.")
    )

    def names(t: Translator) -> list[tuple[str, str]]:
        return [(concern.name.in_(t.language), concern.id) for concern in meant]

    raise UserFault(
        sentence,
        message("The concerns are {choices}."),
        value=value[:60],
        choices=lambda t: ", ".join(name for name, _ in names(t)),
    ).offering(parameter.name, names)


def _concerns(parameter: Parameter, value: str, brief: Brief) -> str:
    if fold(value) in ("all", "todas", "todos"):
        return ALL
    parts = [part for part in value.replace(";", ",").split(",") if part.strip()]
    named = {_concern(parameter, part, brief) for part in parts or [value]}
    wanted = [concern.id for concern in brief.concerns if concern.id in named]
    return ALL if len(wanted) == len(brief.concerns) else ",".join(wanted)


def _part(parameter: Parameter, value: str, brief: Brief) -> str:
    """The part of the article that is meant: by its id, or by words of its title in either language."""
    wanted = fold(value)
    spellings = {id_: (fold(id_), fold(title.en), fold(title.es)) for id_, title in brief.parts}
    exact = [id_ for id_, names in spellings.items() if wanted in names]
    found = exact or [id_ for id_, names in spellings.items() if any(wanted in name for name in names)]
    if len(found) == 1:
        return found[0]

    def titles(t: Translator) -> list[tuple[str, str]]:
        return [(title.in_(t.language), id_) for id_, title in brief.parts]

    raise UserFault(
        message("The article has no part “{value}”."),
        message("Its parts are {choices}."),
        value=value[:60],
        choices=lambda t: ", ".join(title for title, _ in titles(t)),
    ).offering(parameter.name, titles)


def _identity(parameter: Parameter, value: str) -> str:
    """The number in an id, or in a mention such as ``<#123>``. Discord's ids have 63 bits ("Snowflakes").

    Where the parameter has choices, one of them.
    """
    chosen = choice_named(parameter, value)
    if chosen is not None:
        return chosen
    found = _IDENTITY.fullmatch(value)
    if found is None or int(found[1]) >= 2**63:
        raise UserFault(
            message("“{value}” is not an id."),
            message("Choose “{name}” from Discord's list, or give its number."),
            name=named(parameter),
            value=value[:40],
        )
    return found[1]

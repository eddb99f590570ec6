"""Arguments as readers give them, checked against what the command says it takes."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import available_timezones

from bot.article import Brief
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Command, Parameter
from bot.locale import message
from bot.store.views import Cursor

#: The longest argument that is read at all; Discord's own string options end at 6,000.
LONGEST_ARGUMENT = 2000
#: All concerns, where several can be chosen.
ALL = "all"

_IDENTITY = re.compile(r"(?:<[#@]&?)?(\d{1,19})>?")


def checked(command: Command, raw: Arguments, brief: Brief) -> dict[str, str]:
    """``raw`` with every value in its one spelling. Unknown names are dropped; raises UserFault."""
    values: dict[str, str] = {}
    for parameter in command.parameters:
        value = raw.get(parameter.name, "").strip()[:LONGEST_ARGUMENT]
        if value:
            values[parameter.name] = _value(parameter, value, brief)
        elif parameter.required:
            raise UserFault(
                message("The command needs “{name}”."),
                message("Type {usage}."),
                name=parameter.name,
                usage=usage(command),
            )
    return values


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
        raise UserFault(message("“{value}” is not a place to go on from."), value=value[:40]) from None


def matching_zones(typed: str, limit: int = 25) -> list[str]:
    """Time zones whose name holds ``typed``: those of Mexico, the border and Central America first."""
    wanted = fold(typed)
    zones = (*NEAR_ZONES, *sorted(available_timezones().difference(NEAR_ZONES)))
    found = [zone for zone in zones if wanted in fold(zone)]
    # What begins a word of the name is meant before what stands within one: "jua" is Juárez, not Tijuana.
    found.sort(key=lambda zone: not any(word.startswith(wanted) for word in _words(zone)))
    return found[:limit]


def _words(zone: str) -> list[str]:
    name = fold(zone).replace("/", " ").split()
    return [" ".join(name[start:]) for start in range(len(name))]


#: Those of Mexico, of the border and of Central America, and where their newspapers are read.
NEAR_ZONES = (
    "America/Mexico_City",
    "America/Tijuana",
    "America/Ciudad_Juarez",
    "America/Matamoros",
    "America/Monterrey",
    "America/Hermosillo",
    "America/Chihuahua",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Guatemala",
    "America/Tegucigalpa",
    "America/El_Salvador",
    "America/Bogota",
    "Europe/Madrid",
    "UTC",
)


def _value(parameter: Parameter, value: str, brief: Brief) -> str:
    match parameter.kind:
        case "whole" | "story":
            return str(_whole(parameter, value))
        case "choice":
            return _choice(parameter, value)
        case "concern":
            return _concern(value, brief)
        case "concerns":
            return _concerns(value, brief)
        case "channel" | "role":
            return _identity(parameter, value)
        case "zone":
            return _zone(value)
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
            message("“{name}” should be a number, not “{value}”."), name=parameter.name, value=value[:40]
        )
    raise UserFault(
        message("“{name}” should be a whole number from {low} to {high}, not “{value}”."),
        name=parameter.name,
        low=low,
        high=high,
        value=value[:40],
    )


def _choice(parameter: Parameter, value: str) -> str:
    for known, label in parameter.choices:
        if fold(value) in (fold(known), fold(label)):
            return known
    raise UserFault(
        message("“{name}” can be {choices}, not “{value}”."),
        name=parameter.name,
        choices=", ".join(known for known, _ in parameter.choices),
        value=value[:40],
    )


def _concern(value: str, brief: Brief) -> str:
    wanted = fold(value)
    names = {
        concern.id: (fold(concern.id), fold(concern.name.en), fold(concern.name.es))
        for concern in brief.concerns
    }
    exact = [id_ for id_, spellings in names.items() if wanted in spellings]
    begun = [id_ for id_, spellings in names.items() if any(name.startswith(wanted) for name in spellings)]
    found = exact or begun
    if len(found) != 1:
        raise UserFault(
            message("There is no concern “{value}”."),
            message("The concerns are {choices}."),
            value=value[:60],
            choices=", ".join(names),
        )
    return found[0]


def _concerns(value: str, brief: Brief) -> str:
    if fold(value) in ("all", "todas", "todos"):
        return ALL
    named = {_concern(part, brief) for part in value.replace(";", ",").split(",") if part.strip()}
    wanted = [concern.id for concern in brief.concerns if concern.id in named]
    return ALL if len(wanted) == len(brief.concerns) else ",".join(wanted)


def _identity(parameter: Parameter, value: str) -> str:
    """The number in an id, or in a mention such as ``<#123>``."""
    found = _IDENTITY.fullmatch(value)
    if found is None:
        raise UserFault(
            message("“{value}” is not an id."),
            message("Choose “{name}” from Discord's list, or give its number."),
            name=parameter.name,
            value=value[:40],
        )
    return found[1]


def _zone(value: str) -> str:
    zones = available_timezones()
    if value in zones:
        return value
    wanted = fold(value)
    found = [zone for zone in zones if fold(zone) == wanted or fold(zone.rpartition("/")[2]) == wanted]
    if not found:
        near = matching_zones(value, 3) or ["America/Mexico_City", "America/Tijuana"]
        raise UserFault(
            message("There is no time zone “{value}”."),
            message("Try {choices}."),
            value=value[:60],
            choices=", ".join(near),
        )
    return min(found, key=lambda zone: (not zone.startswith("America/"), len(zone)))

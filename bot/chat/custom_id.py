"""A request as the custom id of a button, a select or a form, and back.

All that a press needs is in its id, so that buttons work after a restart and as long as the message lives.
Discord allows 100 characters (API reference, "Component Object"). The form is

    1b0:latest?days=7&concern=border_security     a button
    1s2:latest>concern?days=7                     a select; what is picked becomes ``concern``
    1x0:latest?days=7                             a button that shows the page to everyone
    1f0:feeds add                                 a form; its fields become arguments

The first character is the version of the form, the second the kind, the third keeps two equal requests in one
message apart, as Discord refuses a repeated id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from bot.domain.page import Request

VERSION = "1"
LONGEST = 100

Kind = Literal["b", "s", "x", "f"]
BUTTON: Kind = "b"
SELECT: Kind = "s"
SHARE: Kind = "x"
FORM: Kind = "f"

#: What would be read as part of the form, or might be changed on the way: marks, spaces, control characters.
_UNSAFE = re.compile(r"[%&=?>\s\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """What a press asks for. ``argument`` is the argument that a select fills in, else empty."""

    kind: Kind
    request: Request
    argument: str = ""


class TooLong(ValueError):
    """The request does not fit into a custom id."""


class Unreadable(ValueError):
    """A custom id of an older or unknown form."""


def encode(target: Target, place: int) -> str:
    """The custom id of ``target`` at the ``place``-th control of its message (0 to 35). Raises TooLong."""
    request = target.request
    made = f"{VERSION}{target.kind}{_place(place)}:{_escape(request.command)}"
    if target.argument:
        made += f">{_escape(target.argument)}"
    pairs = [f"{_escape(name)}={_escape(value)}" for name, value in request.arguments.items()]
    if pairs:
        made += "?" + "&".join(pairs)
    if utf16_length(made) > LONGEST:
        raise TooLong(made)
    return made


def decode(custom_id: str) -> Target:
    """The target that ``encode`` wrote. Raises Unreadable."""
    head, colon, rest = custom_id.partition(":")
    if not colon or len(head) != 3 or head[0] != VERSION:
        raise Unreadable(custom_id)
    path, question, query = rest.partition("?")
    command, _, argument = path.partition(">")
    arguments: dict[str, str] = {}
    for pair in query.split("&") if question else ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise Unreadable(custom_id)
        arguments[unquote(name)] = unquote(value)
    request = Request(unquote(command), arguments)
    match head[1]:
        case "b":
            return Target(BUTTON, request, unquote(argument))
        case "s":
            return Target(SELECT, request, unquote(argument))
        case "x":
            return Target(SHARE, request, unquote(argument))
        case "f":
            return Target(FORM, request, unquote(argument))
        case _:
            raise Unreadable(custom_id)


def utf16_length(text: str) -> int:
    """The length of ``text`` as Discord's clients count it: an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _place(place: int) -> str:
    return "0123456789abcdefghijklmnopqrstuvwxyz"[place]


def _escape(text: str) -> str:
    try:
        return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)
    except UnicodeEncodeError:  # a lone surrogate is no text
        raise TooLong(text) from None

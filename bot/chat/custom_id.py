"""A request as the custom id of a button, a select or a form, and back.

All that a press needs is in its id, so that buttons work after a restart and as long as the message lives.
Discord allows 100 characters (API reference, "Component Object"). The form is

    1b0:latest?days=7&concern=border_security     a button
    1s2:latest>concern?days=7                     a select; what is picked becomes ``concern``
    1x0:latest?days=7                             a button that shows the page to everyone
    1f0:feeds add                                 a form; its fields become arguments
    1b0:~0f4c2a9d7be31c5a8e60                     a button whose request is longer; it is kept under that key

The first character is the version of the form, the second the kind, the third keeps two equal requests in one
message apart, as Discord refuses a repeated id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal
from urllib.parse import unquote

from bot.domain.page import Request

VERSION = "1"
LONGEST = 100
#: Stands before a key. No command begins with it.
_KEPT = "~"
_KEY = re.compile(r"(?:(?<=^1[bsxf].:)|^)~([0-9a-f]{20})$")

Kind = Literal["b", "s", "x", "f"]
BUTTON: Kind = "b"
SELECT: Kind = "s"
SHARE: Kind = "x"
FORM: Kind = "f"

#: What would be read as part of the form, or might be changed on the way: marks, spaces, control characters.
_UNSAFE = re.compile(r"[%&=?>~\s\x00-\x1f\x7f]")


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


class Keeper:
    """Makes the custom ids of one message. What does not fit into one is in ``kept``, by its key.

    Whoever sends the message stores that first, and reads it again when the control is used.
    """

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def custom_id(self, target: Target, place: int) -> str:
        """The custom id of ``target``, with its request or with the key of it."""
        try:
            return encode(target, place)
        except TooLong as long:
            head, _, rest = str(long).partition(":")
            return f"{head}:{_KEPT}{self._keep(rest)}"

    def value(self, value: str, longest: int) -> str:
        """The value of an option, or the key of it."""
        return value if utf16_length(value) <= longest else f"{_KEPT}{self._keep(value)}"

    def _keep(self, text: str) -> str:
        key = blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()
        self.kept[key] = text
        return key


def key_in(text: str) -> str | None:
    """The key in a custom id or an option's value that stands for something longer; None if it has none."""
    found = _KEY.search(text)
    return found[1] if found is not None else None


def with_kept(text: str, kept: str) -> str:
    """A custom id or a value with what was kept in the place of its key."""
    return _KEY.sub(lambda _: kept, text)


def decode(custom_id: str) -> Target:
    """The target that ``encode`` wrote. Raises Unreadable, also where what was kept is no longer known."""
    head, colon, rest = custom_id.partition(":")
    if not colon or len(head) != 3 or head[0] != VERSION or rest.startswith(_KEPT):
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
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _place(place: int) -> str:
    return "0123456789abcdefghijklmnopqrstuvwxyz"[place]


def _escape(text: str) -> str:
    # A lone surrogate is no text; Discord would refuse it.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)

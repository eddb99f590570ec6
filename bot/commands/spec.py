"""The declaration of a command, which Discord and the terminal both read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.audience import Defaults, Owner, Place, Server, ServerChannel, Terminal, User, View
from bot.domain.page import Page

if TYPE_CHECKING:
    from bot.context import AppContext

#: What a parameter holds. ``concern``, ``concerns``, ``part``, ``feed``, ``zone``, ``story``, ``watch`` and
#: ``policy`` are completed as the reader types. ``concerns`` are several, separated by commas, or "all";
#: ``channel`` and ``role`` are ids; ``file`` is the address of something that was uploaded.
KINDS = (
    *("text", "whole", "choice", "concern", "concerns", "part", "feed", "zone", "story", "watch", "policy"),
    *("channel", "role", "file"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command. ``description`` is an English message that the catalogues translate.

    ``hidden`` ones are set by buttons only, such as where a next page begins. ``example`` is a value as one
    would type it, where nothing completes it. ``choices`` of a channel or a role are words that are taken
    instead of an id.
    """

    name: str
    description: str
    kind: str = "text"
    required: bool = False
    low: int | None = None
    high: int | None = None
    choices: tuple[tuple[str, str], ...] = ()  # (value, label message)
    hidden: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, from where, and in which language and zone they read.

    ``view`` is whose feeds they read: a server's, the terminal's, or in a direct message the defaults.
    ``admin`` is whether this person may change the server's settings, and ``operator`` whether they run this
    installation and so may change what every server sees; the surface checks both.
    """

    user: User
    view: View
    language: str
    zone: str = "UTC"
    admin: bool = False
    channel_id: int | None = None
    operator: bool = False

    @property
    def owner(self) -> Owner:
        """Whose settings are asked for or changed. Raises NoOwner in a direct message, which has none."""
        if isinstance(self.view, Defaults):
            raise NoOwner
        return self.view

    @property
    def place(self) -> Place | None:
        """Where they ask, as a place of digests; None in a direct message."""
        match self.view:
            case Server() if self.channel_id is not None:
                return ServerChannel(self.view, self.channel_id)
            case Terminal():
                return self.view
            case _:
                return None


class NoOwner(Exception):
    """Settings were asked for in a direct message. ``asking.refusal`` refuses the commands that need them."""


Arguments = Mapping[str, str]
Answer = Callable[["AppContext", Asker, Arguments], Awaitable[Page]]
#: In which channel a command has the bot post, from its checked arguments; None for nowhere.
Destination = Callable[["AppContext", Asker, Arguments], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command. ``name`` is one word, or a group and a word ("feeds add").

    ``slow`` commands touch the network, so that a surface acknowledges before it asks. ``personal`` answers
    depend on who asks, or change what that reader is told next: they are not shown to others.
    ``admin`` commands are for who may manage a server. Those that are ``operator`` commands too change what
    every server sees: they stand among the admin commands, and only operators may use them.
    ``destination`` says where the bot will post because of the command, which a surface looks at first.
    ``asks`` names the parameters for which a surface with forms asks who gave no argument at all; elsewhere
    the command answers with a sentence.
    """

    name: str
    description: str
    answer: Answer
    parameters: tuple[Parameter, ...] = ()
    admin: bool = False
    operator: bool = False
    slow: bool = False
    personal: bool = False
    destination: Destination | None = None
    asks: tuple[str, ...] = ()

    @property
    def may_change(self) -> bool:
        """Whether the command may change what is stored: a server's settings, or what a member is told."""
        return self.admin or self.personal


#: What is given in place of a channel's or a role's id where there is to be none, of ``Parameter.choices``.
NONE = "none"


def given_id(given: Arguments, name: str) -> int | None:
    """The id of the channel or the role that an argument names; None without one, and for ``NONE``."""
    value = given.get(name, NONE)
    return None if value == NONE else int(value)


async def given_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """A ``Destination``: the channel that the command was given."""
    return given_id(given, "channel")

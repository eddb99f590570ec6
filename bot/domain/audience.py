"""Who asks, whose feeds are read, who owns a setting, where a message goes: each case is a type of its own.

``str`` of each is how the log names it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """A Discord server, by its id."""

    id: int

    def __str__(self) -> str:
        return f"server {self.id}"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal of who runs the bot. It has settings, feeds, digests and watches, as a server has."""

    @property
    def owner(self) -> Terminal:
        """Whose digests are printed there."""
        return self

    def __str__(self) -> str:
        return "terminal"


@dataclass(frozen=True, slots=True)
class Defaults:
    """The feeds of the catalogue as nobody changed them: what a direct message reads."""


TERMINAL = Terminal()
DEFAULTS = Defaults()

#: Who can have settings, feeds, digests and watches.
Owner = Server | Terminal
#: Whose feeds decide what may be shown.
View = Server | Terminal | Defaults


@dataclass(frozen=True, slots=True)
class ServerChannel:
    """A channel of a server."""

    owner: Server
    id: int

    def __str__(self) -> str:
        return f"{self.owner}, channel {self.id}"


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """A direct message to a member."""

    user_id: int

    def __str__(self) -> str:
        return f"member {self.user_id}"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of Discord, by their id."""

    id: int

    def __str__(self) -> str:
        return f"member {self.id}"


@dataclass(frozen=True, slots=True)
class TerminalUser:
    """Who sits at the terminal of the bot, and has no id of Discord's."""

    def __str__(self) -> str:
        return "terminal user"


TERMINAL_USER = TerminalUser()

#: Who asks, changes settings, and follows for themselves.
User = Member | TerminalUser
#: Where an owner's digests and notices are posted.
Place = ServerChannel | Terminal
#: Of whom it is kept what they were told.
Reader = User | Place
#: Where any message goes.
Destination = ServerChannel | Terminal | DirectMessage

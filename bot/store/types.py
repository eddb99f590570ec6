"""How values are kept: moments, ids and keys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, assert_never

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, Text, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.domain.audience import (
    TERMINAL,
    TERMINAL_USER,
    Defaults,
    Destination,
    DirectMessage,
    Member,
    Owner,
    Place,
    Reader,
    Server,
    ServerChannel,
    Terminal,
    TerminalUser,
    User,
    View,
)

#: A 64-bit whole number. SQLite wants the word INTEGER for a key that is also the row's number.
Big: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

#: Discord's ids. They need 63 bits.
Snowflake = Big

#: blake2b of 16 bytes: half the index of the text itself, and no collision in the life of the universe.
Key16 = LargeBinary(16)


class Epoch(TypeDecorator[datetime]):
    """A moment, kept as whole seconds since 1970 in UTC.

    SQLite has no type for time and would drop the zone; a whole number sorts, compares and means the
    same in both engines. Fractions are cut off. A datetime without a zone is refused with a ValueError.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else seconds(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """What reads a value, in the place of ``process_result_value``: that is wrapped at twice the cost."""
        return _read_moment


@lru_cache(maxsize=4096)
def _read_moment(value: int | None) -> datetime | None:
    """A stored moment. Thousands of rows share few of them: digests are due at the same hours."""
    return None if value is None else moment(value)


#: What columns and names hold in place of the terminal, of its channel, and of who sits there: no Discord id
#: is 0. Only this module knows of it.
_TERMINAL_KEY = 0
#: What the outbox holds in place of a server for a direct message; its channel is then the member. Discord's
#: ids begin with the time at which they were made, so that none is 1.
_DIRECT_KEY = 1


def owner_key(owner: Owner) -> int:
    """How columns and names hold an owner."""
    match owner:
        case Server(id=id_):
            return id_
        case Terminal():
            return _TERMINAL_KEY
        case _:
            assert_never(owner)


def owner_of(key: int) -> Owner:
    """What ``owner_key`` made a number of."""
    return TERMINAL if key == _TERMINAL_KEY else Server(key)


def destination_key(to: Destination) -> tuple[int, int]:
    """How two columns hold where a message goes: server and channel."""
    match to:
        case ServerChannel(owner=server, id=id_):
            return server.id, id_
        case DirectMessage(user_id=user_id):
            return _DIRECT_KEY, user_id
        case Terminal():
            return _TERMINAL_KEY, _TERMINAL_KEY
        case _:
            assert_never(to)


def destination_of(server: int, channel: int) -> Destination:
    """What ``destination_key`` made two numbers of."""
    return DirectMessage(channel) if server == _DIRECT_KEY else place_of(owner_of(server), channel)


def place_of(owner: Owner, channel: int) -> Place:
    """An owner's channel; the terminal is one place."""
    return TERMINAL if isinstance(owner, Terminal) else ServerChannel(owner, channel)


def _read_owner(value: int | None) -> Owner | None:
    return None if value is None else owner_of(value)


class OwnerKey(TypeDecorator[View]):
    """A column of owners, some of which may be NULL. ``DEFAULTS`` owns nothing: it is kept as NULL, which no
    comparison finds.
    """

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: View | None, dialect: Dialect) -> int | None:
        """An owner as its number."""
        return None if value is None or isinstance(value, Defaults) else owner_key(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], Owner | None]:
        """What reads a number as its owner, unwrapped as that of ``Epoch``."""
        return _read_owner


class UserKey(TypeDecorator[User]):
    """A column of users. NULL where it is the bot itself, or somebody who was forgotten."""

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: User | None, dialect: Dialect) -> int | None:
        """A user as a number."""
        match value:
            case None:
                return None
            case Member(id=id_):
                return id_
            case TerminalUser():
                return _TERMINAL_KEY
            case _:
                assert_never(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> User | None:
        """A number as the user."""
        if value is None:
            return None
        return TERMINAL_USER if value == _TERMINAL_KEY else Member(value)


#: What the readers that are members, or places, begin with, and the reader that is who sits at the terminal.
_MEMBER, _PLACE, _AT_TERMINAL = "m:", "g:", "terminal"


class ReaderKey(TypeDecorator[Reader]):
    """A column of readers: ``m:`` and a member's id, ``g:`` and a server's and a channel's, ``terminal``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Reader | None, dialect: Dialect) -> str | None:
        """A reader as text."""
        match value:
            case None:
                return None
            case Member(id=id_):
                return f"{_MEMBER}{id_}"
            case TerminalUser():
                return _AT_TERMINAL
            case ServerChannel() | Terminal():
                return _PLACE + ":".join(map(str, destination_key(value)))
            case _:
                assert_never(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Reader | None]:
        """What reads a value, in the place of ``process_result_value``: that is wrapped at twice the cost."""
        return _read_reader


@lru_cache(maxsize=4096)
def _read_reader(value: str | None) -> Reader | None:
    """A stored reader. Raises ValueError for a text that is none."""
    if value is None:
        return None
    if value == _AT_TERMINAL:
        return TERMINAL_USER
    if value.startswith(_MEMBER):
        return Member(int(value.removeprefix(_MEMBER)))
    server, _, channel = value.removeprefix(_PLACE).partition(":")
    return place_of(owner_of(int(server)), int(channel))


def is_place_of(column: ColumnElement[Any], owner: Owner) -> ColumnElement[bool]:
    """Whether a column of readers holds a place of that owner."""
    return type_coerce(column, Text).startswith(f"{_PLACE}{owner_key(owner)}:", autoescape=True)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware moment. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be stored: {moment.isoformat()}")
    return int(moment.timestamp() // 1)


def moment(value: int) -> datetime:
    """The moment, aware and in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(value, UTC)


def key16(text: str) -> bytes:
    """The 16 bytes that stand for ``text`` in a unique index."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

"""From the engines' many errors to the store's few."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.store.errors import Corrupt, DiskFull, Locked, StoreError, Unreachable, Unwritable

if TYPE_CHECKING:
    from bot.store.engines import Address

#: SQLite's words, which have been the same for decades. The first that is found decides.
_SQLITE = (
    ("database is locked", Locked),
    ("database table is locked", Locked),
    ("database schema is locked", Locked),
    ("unable to open database", Unwritable),
    ("attempt to write a readonly database", Unwritable),
    ("database or disk is full", DiskFull),
    ("disk i/o error", Unwritable),
    ("file is not a database", Corrupt),
    ("database disk image is malformed", Corrupt),
    ("malformed database schema", Corrupt),
)

#: SQLSTATE classes: connection exceptions, bad authorization, no such database, operator intervention.
_UNREACHABLE = ("08", "28", "3D", "57P")
_DISK_FULL = ("53100",)
_READ_ONLY = ("25006",)


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Raise the StoreError that an engine's error means; errors of our own making pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        fault = _sqlite(error, address)
        if fault is None:
            raise
        raise fault from error
    except DBAPIError as error:
        sqlite = address.kind == "sqlite"
        fault = _sqlite(error.orig, address) if sqlite else _postgresql(error, address)
        if fault is None:
            raise
        raise fault from error


def _sqlite(error: BaseException | None, address: Address) -> StoreError | None:
    words = str(error).lower()
    for phrase, kind in _SQLITE:
        if phrase in words:
            return kind(address.place, str(error))
    return None


def _postgresql(error: DBAPIError, address: Address) -> StoreError | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    problem = address.hide(str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "")
    if state in _DISK_FULL:
        return DiskFull(address.place, problem)
    if state in _READ_ONLY:
        return Unwritable(address.place, problem)
    lost = error.connection_invalidated or (
        not state and isinstance(error, OperationalError | InterfaceError)
    )
    if lost or state.startswith(_UNREACHABLE):
        return Unreachable(address.place, problem)
    return None

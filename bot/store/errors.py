"""What can go wrong with the store, as a small tree of codes and data that pages turn into sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class StoreError(Exception):
    """The store cannot do what it was asked. ``place`` is the file or the address, its password hidden."""

    code: ClassVar[str] = "store_failed"

    def __init__(self, place: str, problem: str = "", **data: str) -> None:
        self.place = place
        self.problem = problem
        self.data: Mapping[str, str] = MappingProxyType({"place": place, "problem": problem, **data})
        super().__init__(f"{self.code}: {place}" + (f": {problem}" if problem else ""))


class BadAddress(StoreError):
    """The database URL is not one that the store understands."""

    code = "bad_url"


class InMemory(BadAddress):
    """A database in memory would lose everything at each start, and each thread would see its own."""

    code = "in_memory"


class DriverMissing(StoreError):
    """PostgreSQL is asked for, but its driver (the extra ``postgres``) is not installed."""

    code = "driver_missing"


class Unwritable(StoreError):
    """The file or its folder cannot be created or written."""

    code = "unwritable"


class DiskFull(StoreError):
    """No room is left for what should be written; nothing of that write was kept."""

    code = "disk_full"


class Locked(StoreError):
    """Another process held the database for longer than the store waits."""

    code = "locked"


class Corrupt(StoreError):
    """The file is not a database, or it is damaged."""

    code = "corrupt"


class NewerSchema(StoreError):
    """The database was written by a newer version; ``data['revision']`` names its schema."""

    code = "newer_schema"


class Foreign(StoreError):
    """The database holds tables that are not ours and none that are."""

    code = "foreign_database"


class Unreachable(StoreError):
    """The database server does not answer, or does not let us in."""

    code = "unreachable"


class Closed(StoreError):
    """The store was used after it was closed."""

    code = "closed"

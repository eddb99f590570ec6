"""Copies of a store: of a SQLite file while it is in use, and from one engine to the other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain, count, zip_longest
from pathlib import Path

from sqlalchemy import Table, func, literal, select, text, tuple_
from sqlalchemy.orm import Session

from bot.store import search
from bot.store import tables as t
from bot.store.database import Database
from bot.store.engines import Address, plain_connection
from bot.store.errors import Corrupt, DiskFull, StoreError, Unwritable
from bot.store.faults import translated
from bot.store.rescue import copy_unwritable
from bot.store.sql import insert_all

_BATCH = 500


class NotSQLite(StoreError):
    """Only a SQLite store is one file; PostgreSQL has its own tool, pg_dump."""

    code = "backup_needs_pg_dump"


class NotEmpty(StoreError):
    """A store is only copied into one that holds nothing yet."""

    code = "copy_target_not_empty"


class CopyDiffers(StoreError):
    """After copying, the tables do not hold the same; ``data['table']`` names the first that differs."""

    code = "copy_differs"


class CopiedFrom(Enum):
    """What a backup was made from."""

    STORE = "store"  # the store as it is used
    FILE = "file"  # its file alone: it can only be read, and has no log
    FILE_AND_LOG = "file_and_log"  # copies of both: it can only be read


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was made. ``size`` is in bytes."""

    size: int
    source: CopiedFrom


def backup(database: Database, target: Path) -> BackupMade:
    """Write one consistent, checked copy of a SQLite store to ``target``.

    Readers and the writer go on meanwhile. ``target`` is replaced only once the copy is whole. A store on a
    disk that can only be read is copied too. Raises NotSQLite, Unwritable, DiskFull, Corrupt, Locked.
    """
    if database.address.path is None:
        raise NotSQLite(database.place)
    target = target.expanduser().absolute()
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
    except OSError as error:
        raise Unwritable(str(target), error.strerror or type(error).__name__) from error
    if not os.access(target.parent, os.W_OK):
        raise Unwritable(str(target), "its folder cannot be written")
    source = CopiedFrom.STORE
    try:
        try:
            with translated(database.address), plain_connection(database.address) as connection:
                connection.execute("VACUUM INTO ?", (str(partial),))
        except Unwritable:
            partial.unlink(missing_ok=True)
            with translated(database.address):
                logged = copy_unwritable(database.address.path, partial)
            source = CopiedFrom.FILE_AND_LOG if logged else CopiedFrom.FILE
        check_file(partial)
        partial.replace(target)
    except DiskFull as error:  # the copy's disk, and not the store's
        raise DiskFull(str(target), error.problem) from error
    except OSError as error:
        raise Unwritable(str(target), error.strerror or type(error).__name__) from error
    finally:
        partial.unlink(missing_ok=True)
    return BackupMade(target.stat().st_size, source)


def restore(copy: Path, address: Address) -> Path | None:
    """Put a backup in the place of a SQLite store that no process has open.

    The copy is checked first. What was there is kept beside it; returned is where, or None if nothing was
    there. Raises Corrupt, Unwritable, DiskFull.
    """
    check_file(copy)
    path = address.path
    assert path is not None, "only SQLite stores have a file"
    partial = path.with_name(path.name + ".partial")
    kept = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with translated(address):
            source, target = sqlite3.connect(copy), sqlite3.connect(partial)
            try:
                source.backup(target)
            finally:
                source.close()
                target.close()
        if path.exists():
            kept = _free_name(path.with_name(path.name + ".before-restore"))
            path.replace(kept)
        for suffix in ("-wal", "-shm"):  # they belong to the file that is gone
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        partial.replace(path)
    except OSError as error:
        raise Unwritable(str(path), error.strerror or type(error).__name__) from error
    finally:
        partial.unlink(missing_ok=True)
    return kept


def _free_name(wanted: Path) -> Path:
    """``wanted``, or with a number behind it: who restores twice still has what was there at first."""
    names = chain([wanted], (wanted.with_name(f"{wanted.name}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


def check_file(path: Path) -> None:
    """Return if the file is a whole SQLite database of ours. Raises Corrupt or Unwritable."""
    if not path.is_file():
        raise Unwritable(str(path), "there is no such file")
    # As a URI: a "#", "?" or "%" in a name would be read as something else (SQLite, "URI Filenames").
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Corrupt(str(path), str(error)) from error
    finally:
        connection.close()
    if found != "ok":
        raise Corrupt(str(path), str(found))


def copied_rows(source: Database) -> int:
    """How many rows a copy of the store has."""
    return sum(source.read_sync(_count, table) for table in _copied_tables())


def copy_store(
    source: Database, target: Database, progress: Callable[[str, int], None] = lambda doing, rows: None
) -> int:
    """Copy all rows of one store into another, empty one, of either engine; how many.

    The search index is made anew, because the engines keep it differently. Every table is compared row by row
    afterwards. Nothing may write to ``source`` meanwhile. ``progress`` is told what is done, and to how many
    rows; each row comes twice: ``copying`` and ``comparing``. Raises NotEmpty, CopyDiffers.
    """
    tables = _copied_tables()
    for table in tables:
        if target.read_sync(_count, table):
            raise NotEmpty(target.place, table=table.name)
    copied = 0
    for table in tables:
        for rows in _pages(source, table):
            target.write_sync(insert_all, table, rows)
            copied += len(rows)
            progress("copying", len(rows))
    target.write_sync(_set_counters)
    progress("indexing", 0)
    target.write_sync(search.rebuild)
    nothing: list[dict[str, object]] = []
    for table in tables:
        for mine, theirs in zip_longest(_pages(source, table), _pages(target, table), fillvalue=nothing):
            if mine != theirs:
                raise CopyDiffers(target.place, table=table.name)
            progress("comparing", len(mine))
    return copied


def _copied_tables() -> list[Table]:
    """All but what says how a store is kept, which is each store's own."""
    return [table for table in t.metadata.sorted_tables if table is not t.meta]


def _pages(database: Database, table: Table) -> Iterator[list[dict[str, object]]]:
    """All rows of a table in the order of its keys, some at a time."""
    after: tuple[object, ...] | None = None
    while rows := database.read_sync(_page, table, after):
        yield rows
        after = tuple(rows[-1][column.name] for column in table.primary_key)


def _page(
    session: Session, table: Table, after: tuple[object, ...] | None, size: int = _BATCH
) -> list[dict[str, object]]:
    """The rows that follow a key, in the order of keys."""
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(size)
    if after is not None:
        values = [literal(value, column.type) for value, column in zip(after, keys, strict=True)]
        query = query.where(tuple_(*keys) > tuple_(*values))
    return [dict(row) for row in session.execute(query).mappings()]


def _count(session: Session, table: Table) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def _set_counters(session: Session) -> None:
    """Let PostgreSQL count ids on from the highest; SQLite does by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in t.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" (SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"
                )
            )

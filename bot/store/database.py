"""The database: one synchronous path behind an async door, for SQLite and for PostgreSQL.

SQLite has one writer: a single connection in a single thread that begins every transaction with
``BEGIN IMMEDIATE``, because a transaction that reads first and then writes fails at once when another
has written in between (171 of 200 here), busy timeout or not. Readers have their own connections, which
cannot write. PostgreSQL has two pools in the same way. On both, all that one call of ``read`` asks sees one
state of the store: what is committed meanwhile is seen by the next call.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.store import engines
from bot.store.errors import Closed, DiskFull, StoreError, Unwritable
from bot.store.faults import translated
from bot.store.migrations.upgrade import upgrade
from bot.store.visibility import ONE_STATE

P = ParamSpec("P")
T = TypeVar("T")

#: Concurrent reads. More threads than this only wait for each other on Python's own lock.
READERS = 4

#: A write that PostgreSQL gave up for another one's sake (40001, 40P01) is simply done again.
_AGAIN = frozenset({"40001", "40P01"})
_ATTEMPTS = 4
#: At the end, nobody waits long for the log to be folded in: it is only tidier so.
_CLOSING_MS = 200


class Database:
    """A store that is open. Close it, or lose a little speed at the next start and nothing else."""

    def __init__(self, address: engines.Address, reader: Engine, writer: Engine) -> None:
        self.address = address
        self._reader = reader
        self._writer = writer
        self._closed = False
        self._full = False
        threads = READERS if address.kind == "postgresql" else 1
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._writing = ThreadPoolExecutor(threads, thread_name_prefix="store-write")

    @classmethod
    def open(cls, url: str) -> Database:
        """The store at ``url``, created if it is not there and brought to the newest schema.

        ``sqlite:///path`` or ``postgresql+psycopg://…`` (also ``postgres://``). Raises StoreError:
        BadAddress, InMemory, DriverMissing, Unwritable, Locked, Corrupt, NewerSchema, Foreign, Unreachable.
        """
        address = engines.parse(url)
        with translated(address):
            engines.prepare(address)
            migrator = engines.migrator(address)
            try:
                upgrade(migrator, address.place)
            finally:
                migrator.dispose()
            reader, writer = engines.pair(address)
        return cls(address, reader, writer)

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.address.kind

    @property
    def place(self) -> str:
        """The file, or the address with its password hidden."""
        return self.address.place

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``fn(session, *args, **kwargs)`` returns, run in a reading thread. Raises StoreError."""
        return await self._in(self._reading, lambda: self.read_sync(fn, *args, **kwargs))

    async def write(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What ``fn(session, *args, **kwargs)`` returns, once its transaction is committed.

        An exception in ``fn`` rolls all of it back. A task that is cancelled meanwhile does not stop the
        transaction. ``fn`` may run again after a deadlock, so it must change nothing but the database.
        """
        return await self._in(self._writing, lambda: self.write_sync(fn, *args, **kwargs))

    def read_sync(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As ``read``, in the calling thread."""
        with translated(self.address):
            try:
                return self._read(fn, *args, **kwargs)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            # The server was away, and the whole pool with it. It may be back.
            return self._read(fn, *args, **kwargs)

    @property
    def full(self) -> bool:
        """Whether a write found no room on the disk, and none succeeded since."""
        return self._full

    def _read(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with Session(self._reader, autoflush=False, info={ONE_STATE: {}}) as session:
            return fn(session, *args, **kwargs)

    def write_sync(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As ``write``, in the calling thread."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with translated(self.address), Session(self._writer) as session, session.begin():
                    done = fn(session, *args, **kwargs)
                self._full = False
                return done
            except DiskFull:
                self._full = True
                raise
            except DBAPIError as error:
                if attempt == _ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Wait for what is running, fold the write-ahead log into the file, and let go of it."""
        if self._closed:
            return
        self._closed = True
        self._reading.shutdown()
        self._writing.shutdown()
        self._reader.dispose()
        self._writer.dispose()
        if self.kind == "sqlite":
            # Another process may be at it; the log is then folded in by whoever closes last. On a disk that
            # can only be read, it stays as it is.
            with contextlib.suppress(Unwritable):
                self.checkpoint(wait_ms=_CLOSING_MS)

    def checkpoint(self, wait_ms: int = engines.BUSY_MS) -> bool:
        """Fold SQLite's log into its file and give back the room it took; nothing to do on PostgreSQL.

        Returns False if readers or writers did not pause for it within ``wait_ms``.
        """
        if self.kind != "sqlite":
            return True
        with translated(self.address), engines.plain_connection(self.address) as connection:
            connection.execute(f"PRAGMA busy_timeout={wait_ms}")
            blocked, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not blocked

    def check(self) -> None:
        """Return if the store answers. Raises StoreError if it does not."""
        self.read_sync(lambda session: session.execute(text("SELECT 1")).scalar_one())

    async def _in(self, executor: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        if self._closed:
            raise Closed(self.place)
        return await asyncio.get_running_loop().run_in_executor(executor, call)


__all__ = ["Database", "StoreError"]

"""Addresses and engines: what is set on a connection, and why."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from bot.store.errors import BadAddress, DriverMissing, InMemory, Unwritable

#: How long a writer waits for a writer of another process.
BUSY_MS = 10_000
#: Twice SQLite's default: an article is some 700 bytes, and larger pages waste less at their ends (4 %).
PAGE_BYTES = 8192
#: Folding the log into the file every 32 MB instead of 4 MB doubled the rows per second.
CHECKPOINT_PAGES = 4096
#: A log that a long read once made large is cut back to this.
JOURNAL_LIMIT = 64 * 1024 * 1024
#: Page cache in KiB. Five connections at SQLAlchemy's usual 64 MB would not fit the machine this runs
#: on; the operating system caches the same pages once for all of them. At 100,000 articles a writer with
#: 16 MB was no faster than one with 4.
READER_CACHE_KIB = 2 * 1024
WRITER_CACHE_KIB = 4 * 1024

#: What stands in the place of a secret.
HIDDEN = "***"
#: Names of a query's parts whose values are secrets: password, sslpassword, passfile, oauth_client_secret.
_SECRET_NAMES = re.compile(r"pass|pwd|secret|token|key$", re.IGNORECASE)

_POOL_READERS = 4
_POSTGRES_POOL = 4
_CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Address:
    """Where the store is. ``path`` is the file on SQLite, else None; ``place`` may be shown to anyone."""

    url: URL
    kind: str
    place: str
    path: Path | None = None

    def hide(self, text: str) -> str:
        """``text`` without the address's passwords."""
        for secret in _secrets(self.url):
            text = text.replace(secret, HIDDEN)
        return text


def secrets_in(url: str) -> tuple[str, ...]:
    """The passwords in an address, as they are and as an address writes them; none in what is no address."""
    try:
        return _secrets(make_url(url))
    except (ArgumentError, ValueError):
        return ()


def _secrets(url: URL) -> tuple[str, ...]:
    values = [url.password] if url.password else []
    for name, value in url.query.items():
        if _SECRET_NAMES.search(name):
            values += [value] if isinstance(value, str) else value
    written = (
        form for value in values if value for form in (value, quote(value, safe=""), quote_plus(value))
    )
    # The longest first: one may stand within another.
    return tuple(sorted(dict.fromkeys(written), key=len, reverse=True))


def _shown(url: URL) -> str:
    """An address as anyone may see it. libpq takes passwords in the query too ("Parameter Key Words")."""
    hidden = {name: HIDDEN if _SECRET_NAMES.search(name) else value for name, value in url.query.items()}
    return url.set(query=hidden).render_as_string(hide_password=True).replace(quote_plus(HIDDEN), HIDDEN)


def parse(url: str) -> Address:
    """The address that ``url`` gives. Raises BadAddress, InMemory or DriverMissing."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The text is not shown: it may hold a password that could not be found in it.
        raise BadAddress("(unreadable)", "it does not read as a database URL") from error
    if "@" in (parsed.host or ""):  # and so a part of the password stands where the host should
        raise BadAddress("(not shown)", "an @ within the password is written %40")
    shown = _shown(parsed)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite_address(url, parsed, shown)
    if backend in ("postgres", "postgresql"):
        driver = parsed.drivername.partition("+")[2]
        if driver not in ("", "psycopg"):
            raise BadAddress(shown, f"the driver {driver} is not supported; psycopg is")
        if find_spec("psycopg") is None:
            raise DriverMissing(shown)
        if not parsed.database:
            raise BadAddress(shown, "it names no database")
        return Address(parsed.set(drivername="postgresql+psycopg"), "postgresql", shown)
    raise BadAddress(shown, f"{backend} is not supported; sqlite and postgresql are")


def _sqlite_address(url: str, parsed: URL, shown: str) -> Address:
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise BadAddress(shown, "the driver is not supported; plain sqlite is")
    if "?" in url and "=" not in url.partition("?")[2]:
        raise BadAddress(shown, "a ? within the path is written %3F")
    if parsed.host:
        raise BadAddress(shown, "a SQLite address has three slashes, or four before an absolute path")
    name = parsed.database or ""
    if name in ("", ":memory:") or name.startswith("file:") or "mode" in parsed.query:
        raise InMemory(shown)
    path = Path(name).expanduser().absolute()
    return Address(URL.create("sqlite", database=str(path)), "sqlite", str(path), path)


def prepare(address: Address) -> None:
    """Create the folder and the file of a SQLite store, in WAL mode. Raises Unwritable."""
    path = address.path
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists() or path.stat().st_size == 0
        with path.open("ab"):
            pass
    except OSError as error:
        raise Unwritable(address.place, error.strerror or type(error).__name__) from error
    with plain_connection(address) as connection:
        if new:
            connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if new or mode != "wal":
            connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def plain_connection(address: Address) -> Iterator[sqlite3.Connection]:
    """A connection of its own to a SQLite store, outside of transactions: for what these forbid."""
    assert address.path is not None, "only SQLite stores have a file"
    connection = sqlite3.connect(address.path, timeout=BUSY_MS / 1000, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def migrator(address: Address) -> Engine:
    """An engine for migrations alone: its transactions hold the write lock, foreign keys are off."""
    if address.kind == "postgresql":
        return create_engine(address.url, poolclass=NullPool, connect_args=_postgres_arguments())
    engine = create_engine(address.url, poolclass=NullPool, connect_args=_sqlite_arguments())
    _on_connect(engine, ("PRAGMA foreign_keys=OFF", f"PRAGMA busy_timeout={6 * BUSY_MS}"))
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def pair(address: Address) -> tuple[Engine, Engine]:
    """The engine to read with and the engine to write with."""
    if address.kind == "postgresql":
        return _postgres_pair(address)
    both = (
        f"PRAGMA busy_timeout={BUSY_MS}",
        "PRAGMA temp_store=MEMORY",
        "PRAGMA synchronous=NORMAL",
    )
    reader = create_engine(
        address.url,
        poolclass=QueuePool,
        pool_size=_POOL_READERS,
        max_overflow=_POOL_READERS,
        connect_args=_sqlite_arguments(),
    )
    _on_connect(reader, (*both, f"PRAGMA cache_size=-{READER_CACHE_KIB}", "PRAGMA query_only=ON"))
    _begin_with(reader, "BEGIN")
    writer = create_engine(
        address.url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=_sqlite_arguments()
    )
    _on_connect(
        writer,
        (
            *both,
            f"PRAGMA cache_size=-{WRITER_CACHE_KIB}",
            f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"PRAGMA journal_size_limit={JOURNAL_LIMIT}",
            "PRAGMA foreign_keys=ON",  # off by default, on every new connection
        ),
    )
    _begin_with(writer, "BEGIN IMMEDIATE")
    return reader, writer


def _postgres_pair(address: Address) -> tuple[Engine, Engine]:
    # An answer's statements see one state of the store. No ping: who reads repeats after a lost connection.
    reader = create_engine(
        address.url,
        pool_size=_POSTGRES_POOL,
        max_overflow=0,
        isolation_level="REPEATABLE READ",
        connect_args=_postgres_arguments("default_transaction_read_only=on"),
    )
    writer = create_engine(
        address.url,
        pool_size=_POSTGRES_POOL,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was restarted is noticed before a write is begun
        connect_args=_postgres_arguments(),
    )
    return reader, writer


def _sqlite_arguments() -> dict[str, Any]:
    # isolation_level None: the driver's own idea of when to begin loses updates (168 of 200 here).
    return {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_MS / 1000}


def _postgres_arguments(*settings: str) -> dict[str, Any]:
    # A plan made without the values is made for the average word; the right one differs by its frequency.
    # To compile a plan takes longer than any question here takes to answer.
    always = ("plan_cache_mode=force_custom_plan", "jit=off")
    options = " ".join(f"-c {setting}" for setting in (*always, *settings))
    return {"connect_timeout": _CONNECT_SECONDS, "application_name": "vigia", "options": options}


def _on_connect(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        for pragma in pragmas:
            connection.execute(pragma)


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # Past SQLAlchemy's own machinery, which would cost as much as a small query.
        connection.connection.driver_connection.execute(statement)

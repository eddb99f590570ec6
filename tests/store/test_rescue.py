"""Backups of a store that can only be read, made by a process that really may not write there."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.operating.database import run_database_command
from bot.settings import Settings
from bot.store import rescue
from bot.store.database import Database
from bot.store.errors import Locked, StoreError

NOBODY = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own may be entered by ours alone."""
    folder = Path(tempfile.mkdtemp(prefix="vigia #% rescue"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


def store_in(folder: Path, *, logged: bool, index: bool = False) -> Path:
    """A store with one row of ours, in its file or still in its log, in a folder that can only be read."""
    folder.mkdir()
    path = folder / "vigia.db"
    Database.open(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("INSERT INTO meta (key, value) VALUES ('rescued', 'yes')")
    if logged:  # as after a crash: a copy of what lies there while the writer is at it
        kept = {name: (folder / name).read_bytes() for name in ("vigia.db", "vigia.db-wal", "vigia.db-shm")}
        connection.close()
        for name, data in kept.items():
            (folder / name).write_bytes(data)
        if not index:
            (folder / "vigia.db-shm").unlink()
        assert (folder / "vigia.db-wal").stat().st_size > 0
    else:
        connection.close()
    for one in folder.iterdir():
        one.chmod(0o444)
    folder.chmod(0o555)
    return path


def as_nobody(work: Callable[[], int], output: Path) -> int:
    """The status that ``work`` ends with in a process without rights over others' files."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(sink, 1)
            os.dup2(sink, 2)
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            with open(1, "w", closefd=False) as sys.stdout, open(2, "w", closefd=False) as sys.stderr:
                try:
                    status = work()
                except StoreError:
                    traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def backed_up(store: Path, target: Path, output: Path) -> int:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{store}")  # type: ignore[call-arg]
    return as_nobody(lambda: asyncio.run(run_database_command(settings, "backup", str(target))), output)


@pytest.mark.parametrize(
    ("logged", "index", "said"),
    [
        (False, False, "its file was copied as it stands"),
        (True, False, "its file and its log were copied"),
        (True, True, ""),  # SQLite may read it by the index that lies there
    ],
)
def test_a_store_that_can_only_be_read_is_backed_up_whole(
    place: Path, logged: bool, index: bool, said: str
) -> None:
    store = store_in(place / "store", logged=logged, index=index)
    before = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    copies = place / "copies"
    copies.mkdir()
    copies.chmod(0o777)
    output = place / "output"
    status = backed_up(store, copies / "copy.db", output)
    told = " ".join(output.read_text(encoding="utf-8").split())
    assert status == 0, told
    assert said in told
    connection = sqlite3.connect(copies / "copy.db")
    assert connection.execute("SELECT value FROM meta WHERE key = 'rescued'").fetchone() == ("yes",)
    connection.close()
    assert {path.name: path.read_bytes() for path in store.parent.iterdir()} == before
    assert [path.name for path in copies.iterdir()] == ["copy.db"], "nothing is left beside the copy"


def test_where_the_copy_cannot_be_written_that_place_is_named(place: Path) -> None:
    store = store_in(place / "store", logged=True)
    output = place / "output"
    assert backed_up(store, store.parent / "copy.db", output) != 0
    assert "copy.db" in output.read_text(encoding="utf-8").replace("\n", "")


def test_a_store_that_changes_meanwhile_is_no_backup(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_in(place / "store", logged=False)

    def written_meanwhile(source: Path, target: Path, mode: str) -> None:
        os.utime(store)

    monkeypatch.setattr(rescue, "_vacuum_into", written_meanwhile)
    with pytest.raises(Locked):
        rescue.copy_unwritable(store, place / "copy.db")

"""A copy of a SQLite store on a disk that can only be read.

SQLite reads a store in WAL mode only where it may write an index beside it ("Write-Ahead Logging", Read-Only
Databases). Elsewhere there are two ways: to read the file alone, which is the whole store if its log is empty
("Immutable Databases"), or to copy the file with its log to where they can be written, and read the copy.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path

from bot.store.errors import Locked

#: What holds writes that are not in the file yet: the write-ahead log, and the journal of a crash.
_LOGS = ("-wal", "-journal")


def copy_unwritable(store: Path, target: Path) -> bool:
    """Write the store at ``store`` to the new file ``target``; whether writes were recovered from its log.

    Nothing is written beside the store. Raises Locked where another process wrote to it meanwhile, OSError,
    and sqlite3's errors.
    """
    before = _state(store)
    logged = any(size for _, size, _ in before[1:])
    if logged:
        with tempfile.TemporaryDirectory(prefix=".rescue-", dir=target.parent) as folder:
            copy = Path(folder) / store.name
            for name, _, _ in before:
                shutil.copyfile(store.with_name(name), copy.with_name(name))
            _vacuum_into(copy, target, "rw")
    else:
        _vacuum_into(store, target, "ro&immutable=1")
    if _state(store) != before:
        raise Locked(str(store), "another process writes to it; only that one can make a backup")
    return logged


def _state(store: Path) -> list[tuple[str, int, int]]:
    """The store's files with size and time of change in nanoseconds, the store itself first."""
    logs = (store.with_name(store.name + suffix) for suffix in _LOGS)
    return [
        (path.name, (found := path.stat()).st_size, found.st_mtime_ns)
        for path in (store, *(log for log in logs if log.exists()))
    ]


def _vacuum_into(source: Path, target: Path, mode: str) -> None:
    connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()

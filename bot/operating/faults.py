"""What stopped the bot from starting, and what the operator can do about it."""

from __future__ import annotations

from bot.article import BriefError
from bot.feeds.catalog import CatalogError
from bot.settings import Settings
from bot.store.errors import StoreError

#: The operator's advice for each code of the store. English: it is read before a language is known.
_ADVICE = {
    "bad_url": "VIGIA_DATABASE_URL should read sqlite:///file.db or postgresql://user:password@host/name.",
    "in_memory": "A database in memory is lost at each start. Give it a file: sqlite:///vigia.db.",
    "driver_missing": "Install its driver, in the bot's folder: .venv/bin/pip install -e '.[postgres]'.",
    "unwritable": "Check that the folder exists and may be written by this user, or set VIGIA_DATABASE_URL.",
    "disk_full": "Free some room; nothing that was stored before is lost.",
    "locked": "Another Vigía or another program holds the database. Stop it, or wait a little.",
    "corrupt": "Restore a backup, `python bot.py db restore FILE`, or move the file away to begin anew.",
    "newer_schema": "A newer Vigía wrote it. Run that version again, or restore a backup from before it.",
    "foreign_database": "This database belongs to something else. Choose another name or file.",
    "no_store": "Start the bot, or run `python bot.py db upgrade`: either makes one.",
    "backup_needs_pg_dump": "PostgreSQL has its own tools: pg_dump and pg_restore.",
    "copy_target_not_empty": "Only an empty database is copied into. Make a new one; nothing was changed.",
    "copy_differs": "The copy is not the same as the original. Use the original, and drop the copy.",
    "unreachable": "Check the address and the password, and that the database server runs.",
}
#: SQLite says the same of a full disk, on which it cannot make its small files, and of one that fails.
_FAILING_DISK = "The disk is full, or it fails: `df -h` and the system's log tell which."


def found_and_fix(fault: StoreError | CatalogError | BriefError) -> tuple[str, str]:
    """What happened, and what to do about it if that is known."""
    if isinstance(fault, StoreError):
        problem = f" ({fault.problem})" if fault.problem else ""
        fix = _FAILING_DISK if "disk I/O" in fault.problem else _ADVICE.get(fault.code, "")
        return f"The database cannot be used: {fault.place}{problem}", fix
    if isinstance(fault, CatalogError):
        return f"The catalogue of feeds cannot be used.\n{fault}", "Correct these lines; nothing was changed."
    return f"The article brief cannot be used: {fault}", ""


def explain(fault: StoreError | CatalogError | BriefError) -> str:
    """What happened and what to do, in a few lines."""
    return "\n".join(filter(None, found_and_fix(fault)))


def explain_taken_port(settings: Settings) -> str:
    """That another process has the health port, and what to do."""
    place = f"{settings.health_host}:{settings.health_port}"
    return f"The health port {place} is taken by another process.\nSet VIGIA_HEALTH_PORT to a free one."

"""Bring a database's schema to the newest revision, under a lock, in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.store.errors import Corrupt, Foreign, NewerSchema
from bot.store.migrations import HEAD
from bot.store.migrations.versions.r0021_plain_verdicts import BEFORE, rewrite_verdicts

#: Any number will do, as long as no other program on the same server locks the same one.
_ADVISORY_LOCK = 0x5649_4749


def current_revision(connection: Connection) -> str | None:
    """The schema's revision; None where nothing of ours has been created yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def upgrade(engine: Engine, place: str, revision: str = "head") -> None:
    """Upgrade to ``revision``. Safe to call from several processes at once: the others wait.

    ``engine`` must begin its transactions with a write lock and have foreign keys off on SQLite: a
    table that Alembic recreates would otherwise take its child rows along. Raises NewerSchema for a
    revision that this version does not know, Foreign for a database of another program.
    """
    with engine.connect() as connection:
        current = current_revision(connection)
    if revision == "head" and current == HEAD:
        return
    if current in BEFORE:
        rewrite_verdicts(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        _upgrade_locked(connection, place, revision)


def _upgrade_locked(connection: Connection, place: str, revision: str) -> None:
    from alembic import command  # imported late: most starts need no migration, and it is slow to load
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = current_revision(connection)
    if current is not None and current not in known:
        raise NewerSchema(place, revision=current)
    if current is None:
        strangers = set(inspect(connection).get_table_names()) - {"alembic_version"}
        if strangers:
            raise Foreign(place, ", ".join(sorted(strangers)[:5]))
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite":
        orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
        if orphan is not None:
            raise Corrupt(place, f"a row of {orphan[0]} refers to a missing row of {orphan[2]}")

"""Small helpers for statements that both engines understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

#: A row of whichever columns were asked for.
AnyRow = Row[*tuple[Any, ...]]

#: SQLite allows 32,766 parameters in a statement and PostgreSQL 65,535; lists are cut far below.
CHUNK = 2000


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def insert(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do on a conflict.

    Never OR REPLACE: it deletes the row first, and with it what refers to it.
    """
    if is_sqlite(session):
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # late: its drivers' modules are 2 MB

    return postgresql.insert(table)


def insert_ignore(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows``; those whose key is there already are left as they are."""
    if rows:
        session.connection().execute(insert(session, table).on_conflict_do_nothing(), list(rows))


def upsert(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows``; where the primary key is there already, the other columns take the new values."""
    if not rows:
        return
    statement = insert(session, table)
    keys = [column.name for column in table.primary_key]
    new = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=new), list(rows))


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows``."""
    if rows:
        session.connection().execute(table.insert(), list(rows))


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterable[list[Any]]:
    """``values`` in lists of at most ``size``."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

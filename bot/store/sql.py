"""Small helpers for statements that both engines understand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, Table, literal, tuple_
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


def insert_many(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """As ``insert_ignore``, for thousands of rows at a third of its cost.

    The values go to the driver as they are: moments as seconds, lists as text. ``names`` are columns.
    """
    if not rows:
        return
    marks = ", ".join(["?" if is_sqlite(session) else "%s"] * len(names))
    columns = ", ".join(table.c[name].name for name in names)
    session.connection().exec_driver_sql(
        f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", list(rows)
    )


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


def in_pages(
    session: Session,
    query: Select[*tuple[Any, ...]],
    at: ColumnElement[datetime],
    id: ColumnElement[int],
    size: int,
) -> Iterator[AnyRow]:
    """The rows of ``query`` by date and id, ``size`` of them in memory at a time.

    Both columns must be among those that ``query`` selects. No cursor stays open in between, which would hold
    a snapshot of the database.
    """
    page = query.order_by(at, id).limit(size)
    rows = session.execute(page).all()
    while rows:
        yield from rows
        if len(rows) < size:
            return
        last = rows[-1]._mapping
        key = tuple_(literal(last[at], at.type), literal(last[id], id.type))
        rows = session.execute(page.where(at >= last[at], tuple_(at, id) > key)).all()

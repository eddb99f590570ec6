"""Small helpers for statements that both engines understand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Result, Table, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

#: A kind of row: its fields have the names and the types of the columns that are selected, in their order.
R = TypeVar("R", bound=NamedTuple)
S = TypeVar("S", bound=NamedTuple)
T = TypeVar("T")

#: SQLite allows 32,766 parameters in a statement and PostgreSQL 65,535; lists are cut far below.
CHUNK = 2000


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def col(attribute: T) -> ColumnElement[T]:
    """The column behind a model's attribute, with its type.

    What is selected by it alone comes back as typed tuples: ``select(col(LedgerRow.reader))`` gives strings.
    """
    column: ColumnElement[T] = attribute.property.columns[0]  # type: ignore[attr-defined]
    return column


def columns(kind: type[NamedTuple], *tables: Table) -> list[ColumnElement[Any]]:
    """The columns that the fields of ``kind`` name, each of the first of ``tables`` that has it.

    Raises KeyError if none has it.
    """
    of_name = {name: column for table in reversed(tables) for name, column in table.c.items()}
    return [of_name[name] for name in kind._fields]


def records(result: Result[*tuple[Any, ...]], kind: type[R]) -> list[R]:
    """The rows as ``kind``. Raises TypeError if the columns are not its fields, in their order."""
    _check(result, kind._fields)
    return [kind._make(row) for row in result.all()]  # fetched at once: row by row costs half as much again


def record(result: Result[*tuple[Any, ...]], kind: type[R]) -> R | None:
    """The first row as ``kind``, None if there is none. Raises TypeError as ``records`` does."""
    _check(result, kind._fields)
    row = result.first()
    return None if row is None else kind._make(row)


def joined(result: Result[*tuple[Any, ...]], one: type[R], other: type[S]) -> list[tuple[R, S]]:
    """The rows of a join: the first columns as ``one``, the rest as ``other``. Raises TypeError."""
    _check(result, one._fields + other._fields)
    cut = len(one._fields)
    return [(one._make(row[:cut]), other._make(row[cut:])) for row in result.all()]


def _check(result: Result[*tuple[Any, ...]], names: tuple[str, ...]) -> None:
    if (found := tuple(result.keys())) != names:
        raise TypeError(f"selected {found}, expected {names}")


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


def among(column: ColumnElement[int], name: str, *, on_sqlite: bool) -> ColumnElement[bool]:
    """Whether ``column`` is one of the numbers in the parameter ``name``, hundreds of them.

    The parameter's value comes from ``listed``. SQLite gets it as one: a parameter for each number takes as
    long to write into the statement as that takes to run.
    """
    if not on_sqlite:
        return column.in_(bindparam(name, expanding=True))
    numbers = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(numbers.c.value))


def listed(numbers: Collection[int], *, on_sqlite: bool) -> str | list[int]:
    """The value of a parameter that ``among`` names."""
    return json.dumps(list(numbers)) if on_sqlite else list(numbers)

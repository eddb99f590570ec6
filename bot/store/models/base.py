"""What all tables share: names of constraints, kinds of columns."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sqlalchemy import MetaData, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from bot.store.types import Big, Epoch

#: Unnamed constraints cannot be dropped by a later migration on SQLite.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: A row keyed by several columns is kept in the key's own tree: one lookup instead of two.
NO_ROWID = {"sqlite_with_rowid": False}
#: Ids are never given twice, so that an id is also an order of arrival, and search may rank the newest.
NEVER_REUSED = {"sqlite_autoincrement": True}


class Table(SQLModel):
    """The base of all tables of the store, with their own metadata.

    A table is called as its class without the suffix ``Row``: ``StoryLinkRow`` is ``story_link``.
    """

    #: Rows are read and written as tuples, never as objects of these classes: nothing validates them.
    model_config = SQLModelConfig(defer_build=True)

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


def own_id() -> Any:
    """A key that the database counts up by itself."""
    return Field(default=None, sa_type=Big, primary_key=True)


def part(**options: Any) -> Any:
    """One column of a key of several columns, which the database never fills by itself."""
    return Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, **options)


def when(**options: Any) -> Any:
    """A moment."""
    return Field(sa_type=Epoch, **options)


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index.

    It is said here to SQLite alone. The migrations, which make the tables, say it to PostgreSQL; here that
    would load all of SQLAlchemy's code for PostgreSQL at every start.
    """
    return {"sqlite_where": text(condition)}

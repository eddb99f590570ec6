"""What autogenerate must leave alone: full-text tables differ by engine and are written by hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

SEARCH_TABLE = "article_search"


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether Alembic may compare this object with the metadata."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", "")
    return not (table or "").startswith(SEARCH_TABLE)


def differences(connection: Connection) -> list[Any]:
    """What the database has and the tables' metadata has not, or the other way round; empty if equal."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from bot.store.tables import metadata

    options = {"include_object": include_object, "compare_type": True, "target_metadata": metadata}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

"""Run by Alembic: migrates over the connection that ``upgrade`` hands in, inside its transaction."""

from __future__ import annotations

from typing import Any

from alembic import context

from bot.store.migrations.compare import include_object
from bot.store.tables import metadata


def run(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=include_object,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=False,
        # SQLite rolls its DDL back too, once the driver no longer commits behind our back.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])

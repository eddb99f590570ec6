"""An index of the messages that were given up, to see which digests are refused day after day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["guild_id", "channel_id", "kind"],
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )

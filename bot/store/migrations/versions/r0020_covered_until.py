"""The column that says up to when a digest or a follow has covered the news is named for it."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for table in ("digest_subscription", "follow"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN told_until TO covered_until")

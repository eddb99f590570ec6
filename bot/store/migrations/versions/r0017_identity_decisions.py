"""Why an entry was taken for a known article or kept apart from one, for /whynot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "identity_decision",
        sa.Column("page_key", sa.LargeBinary(16), nullable=False),
        sa.Column("feed_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("other_feed_id", BIG, nullable=False),
        sa.Column("other_url", sa.Text(), nullable=False),
        sa.Column("other_title", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed.id"], name="fk_identity_decision_feed_id_feed", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_feed_id"],
            ["feed.id"],
            name="fk_identity_decision_other_feed_id_feed",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_key", name="pk_identity_decision"),
        sqlite_with_rowid=False,
    )
    for column in ("feed_id", "other_feed_id", "decided_at"):
        op.create_index(f"ix_identity_decision_{column}", "identity_decision", [column])

"""Which policies of the record an article names, and which step of one it may tell of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "policy_report",
        sa.Column("article_id", BIG, nullable=False, autoincrement=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("proposes", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", BIG, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "policy"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_policy_report_newest", "policy_report", ["policy", "published_at"])
    op.create_index(
        "ix_policy_report_proposed",
        "policy_report",
        ["published_at"],
        sqlite_where=sa.text("proposes IS NOT NULL"),
        postgresql_where=sa.text("proposes IS NOT NULL"),
    )

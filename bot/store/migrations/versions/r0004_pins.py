"""What operators decided about stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "pin",
        sa.Column("one", BIG, nullable=False, autoincrement=False),
        sa.Column("other", BIG, nullable=False, autoincrement=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["one"], ["article.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one", "other"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pin_other"), "pin", ["other"])

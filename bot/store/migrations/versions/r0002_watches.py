"""A server's watches: when each came into force, and what it has found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.add_column("watch", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.create_table(
        "watch_hit",
        sa.Column("watch_id", BIG, nullable=False, autoincrement=False),
        sa.Column("entry_key", sa.LargeBinary(16), nullable=False),
        sa.Column("article_id", BIG, nullable=True),
        sa.Column("feed_id", BIG, nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("watch_id", "entry_key"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_watch_hit_watch_id_at"), "watch_hit", ["watch_id", "at"])
    op.create_index(op.f("ix_watch_hit_feed_id"), "watch_hit", ["feed_id"])

"""What each article is evidence of; the articles that are stored already are judged in batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.add_column("article", sa.Column("evidence", sa.Text(), nullable=True))
    op.create_index(
        "ix_article_unjudged",
        "article",
        ["id"],
        sqlite_where=sa.text("evidence IS NULL"),
        postgresql_where=sa.text("evidence IS NULL"),
    )
    op.create_table(
        "article_question",
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("article_id", BIG, nullable=False, autoincrement=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", "published_at", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_question_article_id", "article_question", ["article_id"])

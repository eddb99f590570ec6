"""An index of evidence by its weight, to find the acts that change an answer among a month's reports."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("ix_article_question_weight", "article_question", ["weight", "published_at"])

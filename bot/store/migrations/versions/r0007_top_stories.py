"""Which story was told of most on a day, kept ready: a timeline asked for it of every article of a year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("concern_span", sa.Column("top_story_id", BIG, nullable=True))
    op.execute(
        "UPDATE concern_span SET top_story_id = (SELECT story_id FROM article_concern AS told"
        " WHERE told.concern_id = concern_span.concern_id AND told.common"
        " AND told.published_at >= start * 86400 AND told.published_at < (start + span) * 86400"
        " GROUP BY story_id ORDER BY COUNT(*) DESC, story_id DESC LIMIT 1)"
    )

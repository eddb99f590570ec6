"""How a message is posted, where a server's admins are told, and how far a follow was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.add_column("outbox", sa.Column("options", sa.Text(), nullable=True))
    op.add_column("guild", sa.Column("alerts_channel", BIG, nullable=True))
    op.add_column("guild", sa.Column("notices", sa.Text(), nullable=True))
    op.add_column("follow", sa.Column("told_until", MOMENT, nullable=True))

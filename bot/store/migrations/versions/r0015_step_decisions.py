"""When an operator decided on a step that a report tells, so that followers are told of what was confirmed.

Decisions that were made before have no moment, and are not told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.add_column("policy_report", sa.Column("decided_at", MOMENT, nullable=True))
    op.create_index(
        "ix_policy_report_decided",
        "policy_report",
        ["decided_at"],
        sqlite_where=sa.text("decided_at IS NOT NULL"),
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )

"""Under which address the operator's list names a feed, which may have moved since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # Filled by the next reading of the list, which every start begins with.
    op.add_column("feed", sa.Column("listed_key", sa.LargeBinary(16), nullable=True))

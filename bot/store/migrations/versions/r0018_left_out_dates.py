"""When an entry that was left out was published, for one that a story takes up later.

Of those that were left out before, only when they were seen is known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # whole seconds since 1970, UTC


def upgrade() -> None:
    op.add_column("fingerprint", sa.Column("published_at", MOMENT, nullable=True))

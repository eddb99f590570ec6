"""What other feeds of a publisher made of an entry that did not match: judged once, and not at each poll."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("fingerprint", sa.Column("other_contents", sa.LargeBinary(), nullable=True))

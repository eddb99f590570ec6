"""What form an entry has, and which forms a server does not want to see.

The forms of articles that are stored already follow from their titles and addresses, until they are judged
anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("article", sa.Column("form", sa.Text, nullable=True))
    op.add_column("guild", sa.Column("muted", sa.Text, nullable=True))

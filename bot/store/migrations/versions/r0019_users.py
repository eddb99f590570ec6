"""Who sits at the terminal is a user of its own: no member 0, and not the one who has been forgotten.

Until now 0 stood for both where it says who made something: whoever has been forgotten is NULL from here on.
What a server keeps was not made at the terminal; whether a pin was cannot be told any more: it is NULL too.
The pins, corrections, feeds and watches themselves stay, and so do the follows of who sits at the terminal,
and what they were told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("labelled_case", "pin"):
        op.add_column(table, sa.Column("added_by", BIG, nullable=True))
        op.execute(f"UPDATE {table} SET added_by = user_id")
        op.drop_column(table, "user_id")
    for table in ("guild_feed", "watch", "labelled_case"):
        op.execute(f"UPDATE {table} SET added_by = NULL WHERE added_by = 0 AND guild_id <> 0")
    op.execute("UPDATE pin SET added_by = NULL WHERE added_by = 0")
    for table in ("ledger", "reader_look", "follow"):
        op.execute(f"UPDATE {table} SET reader = 'terminal' WHERE reader = 'm:0'")

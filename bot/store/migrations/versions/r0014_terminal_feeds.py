"""Feeds that the terminal changed are the terminal's alone; until now they were everyone's who changed none.

What operators and servers chose stays as it is stored. Where the terminal had chosen something, the log says
so: its choice no longer reaches the other servers and direct messages.
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from alembic import op

revision = "0014"
down_revision = "0013"

log = structlog.get_logger()


def upgrade() -> None:
    counts = "SELECT status, COUNT(*) FROM guild_feed WHERE guild_id = 0 GROUP BY status ORDER BY status"
    changed = {row[0]: row[1] for row in op.get_bind().execute(sa.text(counts))}
    if changed:
        log.warning("terminal_feeds_no_longer_for_all", **changed)

"""``python -m tests.support.at MOMENT WORDS…``: ``python bot.py WORDS…`` as if it were MOMENT (ISO 8601).

Feeds that are kept as files have fixed dates, and what a reader is shown depends on how old they are.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from bot.clock import SystemClock
from bot.main import main


def start_at(moment: datetime) -> None:
    """Let this process's clock run on from ``moment``."""
    ahead = moment - datetime.now(UTC)
    SystemClock.now = lambda self: datetime.now(UTC) + ahead  # type: ignore[method-assign]


if __name__ == "__main__":
    start_at(datetime.fromisoformat(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))

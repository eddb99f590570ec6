"""``python -m tests.support.zygote LOG``: bots that start at once: all was imported and loaded before.

Each line on standard input, ``ROLE AHEAD``, forks a bot whose clock is AHEAD seconds before the machine's,
and its process id comes back on standard output. Killing a bot needs no more than that id. The settings come
from the environment, as for ``python bot.py run``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import traceback
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from bot.evidence import EvidenceJudge
from bot.logs import set_up_logs
from bot.operating import roles
from bot.scale.heartbeat import Heartbeat
from bot.settings import Settings
from bot.topics.matcher import Matcher
from bot.topics.policies import PolicyNames

#: Signs of life several times a second, so that a test need not wait half a minute for a rescue.
QUICK = Heartbeat(heartbeat=0.3, gone=1.0, rescue=1, tick=1)


class AheadClock:
    """The machine's clock, set ahead."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run_bot(role: str, ahead: float, log: Path) -> None:
    """Run a bot of that role to its end. Never returns."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(written, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        settings = Settings(_env_file=None)
        set_up_logs(settings.log_level, "json")
        running = roles.run(settings, role, clock=AheadClock(ahead), ready_seconds=0.02, heartbeat=QUICK)
        status = asyncio.run(running)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def main() -> None:
    with contextlib.suppress(ImportError):
        import_module("bot.scale.queue")  # the extra is imported beforehand too, where it is there
    log = Path(sys.argv[1])
    for load in (Matcher.load, EvidenceJudge.shipped, PolicyNames.shipped):
        load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        role, ahead = line.split()
        child = os.fork()
        if not child:
            run_bot(role, float(ahead), log)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

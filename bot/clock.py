"""The one source of time. Nothing else in the package asks the machine what time it is."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

#: When the process began, in the event loop's own seconds: this module is among the first that are read.
PROCESS_STARTED = time.monotonic()


class Clock(Protocol):
    """What the pipelines need of time; tests hand in one that they move themselves."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

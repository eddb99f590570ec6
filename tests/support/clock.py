"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday."""


class FrozenClock:
    """``now`` is moved by hand; ``sleep`` returns at once and moves it by that much.

    Where several tasks sleep at once, each waits its turn: the one with the earliest waking time goes
    first, so time never runs backwards and never past a sleeper.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[datetime] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def move_to(self, moment: datetime) -> None:
        self._now = moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        wake = self._now + timedelta(seconds=seconds)
        self._sleepers.append(wake)
        try:
            await asyncio.sleep(0)
            while min(self._sleepers) < wake:
                await asyncio.sleep(0)
            self._now = max(self._now, wake)
        finally:
            self._sleepers.remove(wake)

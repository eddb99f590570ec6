"""How much of other people's documents is in memory at one time, over all feeds.

Fifty kilobytes on the wire may be seven megabytes of feed, and sixty feeds may be due at once. So a body that
grows past a size waits until there is room, and the room is given back only when its entries are stored.
There are many places for ordinary feeds and one for a large one: a large feed waits for other large ones
alone, and holds no place meanwhile, nor a slot among the polls in flight. What waits is not late: its
deadlines stand still.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Self

FREE = 64 * 1024
"""Bytes of a body that need no place. Most feeds are larger, and what only drips in is not."""

LARGE = 512 * 1024
"""Bytes from which a body is large. Of 2,850 real documents one in thirty is."""

PLACES = 32
"""For bodies that are not large: with their entries some 1 MB each."""


WAITING = 64
"""Bodies that wait for room and give their slot up: half a megabyte each at most. More keep theirs."""


class BodyBudget:
    """The places for bodies, of one process."""

    def __init__(self, places: int = PLACES, waiting: int = WAITING) -> None:
        self._ordinary = asyncio.Semaphore(places)
        self._large = asyncio.Semaphore(1)
        self._waiting = asyncio.Semaphore(waiting)

    def share(self) -> BodyShare:
        """What one feed holds of it; use it as an async context manager around reading and storing."""
        return BodyShare(self._ordinary, self._large, self._waiting)


class BodyShare:
    """One feed's place, taken when its body grows and given back at the end."""

    def __init__(
        self, ordinary: asyncio.Semaphore, large: asyncio.Semaphore, waiting: asyncio.Semaphore
    ) -> None:
        self._ordinary = ordinary
        self._large = large
        self._waiting = waiting
        self._held: asyncio.Semaphore | None = None
        self._slot: asyncio.Semaphore | None = None
        self._deadlines: list[asyncio.Timeout] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    async def grow(self, size: int) -> None:
        """Wait until a body of ``size`` bytes may be held."""
        wanted = self._large if size > LARGE else self._ordinary if size > FREE else None
        if wanted is None or wanted is self._held or self._held is self._large:
            return
        self._release()
        with self._standing_still():
            if wanted.locked() and not self._waiting.locked():
                async with self._waiting:
                    self._leave_slot()
                    await wanted.acquire()
            else:
                await wanted.acquire()
        self._held = wanted

    @asynccontextmanager
    async def slot(self, slots: asyncio.Semaphore) -> AsyncIterator[None]:
        """Hold one of ``slots`` for the block, or until this share has to wait for room.

        It then goes on without one: its place bounds how many do.
        """
        await slots.acquire()
        self._slot = slots
        try:
            yield
        finally:
            self._leave_slot()

    @contextmanager
    def within(self, deadline: asyncio.Timeout) -> Iterator[None]:
        """Let ``deadline`` stand still while this share waits for room."""
        self._deadlines.append(deadline)
        try:
            yield
        finally:
            self._deadlines.remove(deadline)

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        moments = [(deadline, deadline.when()) for deadline in self._deadlines]
        for deadline, _ in moments:
            deadline.reschedule(None)
        try:
            yield
        finally:
            for deadline, moment in moments:
                if moment is not None and not deadline.expired():
                    deadline.reschedule(moment + loop.time() - began)

    def _leave_slot(self) -> None:
        slots, self._slot = self._slot, None
        if slots is not None:
            slots.release()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()

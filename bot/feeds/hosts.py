"""Be gentle to hosts: one request at a time to each, a pause between two, and none while it wants quiet.

Feeds share hosts (ten searches on one news site, a newspaper's sections), so the limits hold for hosts
over all feeds. They also keep one host with many due feeds from starving the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.feeds.addresses import literal_address

SPACING = timedelta(seconds=5)
"""Between the end of one request to a host and the next. Media Cloud polls 180,000 feeds with the same."""

CONCURRENCY = 50
"""Requests in flight over all hosts."""

T = TypeVar("T")


def host_of(url: str) -> str:
    """The host that an address burdens: without port and "www.", in lower case; "" when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removesuffix(".").removeprefix("www.")


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine by its name or its address."""
    address = literal_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


class HostGate:
    """One request in flight per host, ``spacing`` between two, and holds. Keep one for the whole process."""

    def __init__(
        self, clock: Clock, spacing: timedelta = SPACING, *, pause_for_loopback: bool = True
    ) -> None:
        """``pause_for_loopback``: this machine's own feeds burden nobody and may go without the pause."""
        self._clock = clock
        self._pause_for_loopback = pause_for_loopback
        self._spacing = spacing
        self._locks: dict[str, asyncio.Lock] = {}
        self._free_at: dict[str, datetime] = {}
        self._held_until: dict[str, datetime] = {}

    def hold(self, host: str, until: datetime) -> None:
        """Let no request to ``host`` begin before ``until``; a longer hold stays."""
        self._held_until[host] = max(until, self._held_until.get(host, until))

    def held_until(self, host: str) -> datetime | None:
        """The moment until which ``host`` is held; None when it is not."""
        until = self._held_until.get(host)
        if until is not None and until <= self._clock.now():
            del self._held_until[host]
            return None
        return until

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and keep it for the block. Holds are the caller's to ask for."""
        async with self._locks.setdefault(host, asyncio.Lock()):
            wait = (self._free_at.get(host, self._clock.now()) - self._clock.now()).total_seconds()
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                yield
            finally:
                if self._pause_for_loopback or not is_loopback(host):
                    self._free_at[host] = self._clock.now() + self._spacing


async def in_turn(
    items: Iterable[T],
    host: Callable[[T], str],
    work: Callable[[T], Awaitable[datetime | None]],
    gate: HostGate,
    concurrency: int = CONCURRENCY,
) -> list[T]:
    """Do ``work`` for each item under the gate; returns the items left out because their host is held.

    Hosts go side by side, the items of one host one after another. ``work`` returns until when the item's
    host wants to be left alone, or None. The first exception of ``work`` stops everything and is raised.
    """
    by_host: dict[str, list[T]] = {}
    for item in items:
        by_host.setdefault(host(item), []).append(item)
    slots = asyncio.Semaphore(concurrency)
    left: list[T] = []

    async def one_host(name: str, waiting: list[T]) -> None:
        for place, item in enumerate(waiting):
            async with gate.turn(name):
                if gate.held_until(name) is not None:
                    left.extend(waiting[place:])
                    return
                async with slots:
                    until = await work(item)
                if until is not None:
                    gate.hold(name, until)

    try:
        async with asyncio.TaskGroup() as group:
            for name, waiting in by_host.items():
                group.create_task(one_host(name, waiting))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return left

"""Polls without new entries, stored several in one transaction.

Nearly all polls are such, and a transaction costs as much as saving twenty of them. None is delayed for the
batch: what arrives while one transaction is written goes into the next. So an idle bot stores each poll at
once, and a busy one stores them by the dozen.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.feeds import Feed
from bot.feeds.policy import PollPlan
from bot.store import entries
from bot.store.database import Database
from bot.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class _Waiting:
    feed: Feed
    plan: PollPlan
    stored: asyncio.Future[None]


class PollStateBatcher:
    """Stores the feed states of polls without new entries, for one owner of leases."""

    def __init__(self, database: Database, clock: Clock, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def store(self, feed: Feed, plan: PollPlan) -> None:
        """Return once the poll is stored. Raises StoreError, or the exception of this poll alone.

        It is stored even if the caller is cancelled meanwhile; see ``settled``.
        """
        one = _Waiting(feed, plan, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await one.stored

    async def settled(self) -> None:
        """Return when nothing is left to be stored."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        try:
            while batch := self._waiting:
                self._waiting = []
                await self._write_all(batch)
        finally:
            self._writing = None

    async def _write_all(self, batch: list[_Waiting]) -> None:
        polls = [(one.feed, one.plan) for one in batch]
        now = self._clock.now()
        write = self._database.write(entries.store_quiet_polls, polls, now=now, owner=self._owner)
        (fault,) = await asyncio.gather(write, return_exceptions=True)
        if fault is not None and not isinstance(fault, StoreError) and len(batch) > 1:
            for one in batch:  # the fault is one poll's, and must not be the others'
                await self._write_all([one])
            return
        for one in batch:
            if one.stored.done():
                continue  # whoever waited was cancelled
            if fault is None:
                one.stored.set_result(None)
            else:
                one.stored.set_exception(fault)

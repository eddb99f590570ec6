"""Polls without entries are stored together, and each of them as if it were alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import StatementError

from bot.domain.audience import DEFAULTS
from bot.domain.feeds import Feed
from bot.feeds.policy import PollPlan
from bot.ingest.poll_states import PollStateBatcher
from bot.store import feeds
from bot.store.database import Database
from bot.store.errors import Closed
from tests.store.making import NOW, OWNER, source
from tests.support.clock import FrozenClock

DUE = NOW + timedelta(hours=1)
LEASE = timedelta(minutes=10)


def claimed(database: Database, count: int) -> list[Feed]:
    database.write_sync(feeds.sync_catalog, [source(f"paper{number}") for number in range(count)], NOW)
    return database.write_sync(feeds.claim_due, now=NOW, owner=OWNER, lease=LEASE, limit=count)


def plan_of(feed: Feed, due: datetime = DUE) -> PollPlan:
    state = replace(feed.state, health="fresh", polls=1, next_due_at=due)
    return PollPlan(state, due, "not_modified")


def stored(database: Database) -> set[int]:
    return {feed.id for feed in database.read_sync(feeds.feeds_of, DEFAULTS) if feed.next_due_at == DUE}


@pytest.fixture
def quiet(database: Database) -> PollStateBatcher:
    return PollStateBatcher(database, FrozenClock(NOW), OWNER)


@pytest.fixture
def commits() -> Iterator[list[object]]:
    """One element for each transaction that is committed on any engine."""
    seen: list[object] = []
    note = seen.append
    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


async def test_polls_that_end_together_share_a_transaction(
    database: Database, quiet: PollStateBatcher, commits: list[object]
) -> None:
    polled = claimed(database, 30)
    commits.clear()
    await asyncio.gather(*(quiet.store(feed, plan_of(feed)) for feed in polled))
    assert stored(database) == {feed.id for feed in polled}
    assert len(commits) == 1
    assert not database.read_sync(feeds.count_due, NOW + LEASE), "and their leases have ended"


async def test_a_poll_that_ends_alone_waits_for_no_other(database: Database, quiet: PollStateBatcher) -> None:
    for feed in claimed(database, 3):
        await quiet.store(feed, plan_of(feed))
        assert feed.id in stored(database)


async def test_a_fault_that_one_poll_brings_out_is_its_own(
    database: Database, quiet: PollStateBatcher
) -> None:
    polled = claimed(database, 5)
    # A moment without a zone is refused by the store.
    plans = [plan_of(feed, DUE.replace(tzinfo=None) if feed is polled[2] else DUE) for feed in polled]
    came = await asyncio.gather(*map(quiet.store, polled, plans), return_exceptions=True)
    assert [type(one) for one in came] == [type(None), type(None), StatementError, type(None), type(None)]
    assert stored(database) == {feed.id for feed in polled} - {polled[2].id}


async def test_a_store_that_cannot_be_used_is_everybodys_fault(
    database: Database, quiet: PollStateBatcher
) -> None:
    polled = claimed(database, 5)
    database.close()
    came = await asyncio.gather(
        *(quiet.store(feed, plan_of(feed)) for feed in polled), return_exceptions=True
    )
    assert [type(one) for one in came] == [Closed] * 5


async def test_what_an_interruption_leaves_waiting_is_stored_too(
    database: Database, quiet: PollStateBatcher
) -> None:
    polled = claimed(database, 5)
    tasks = [asyncio.create_task(quiet.store(feed, plan_of(feed))) for feed in polled]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await quiet.settled()
    assert stored(database) == {feed.id for feed in polled}
    assert all(task.cancelled() for task in await _ended(tasks))


async def _ended(tasks: list[asyncio.Task[None]]) -> list[asyncio.Task[None]]:
    await asyncio.wait(tasks)
    return tasks

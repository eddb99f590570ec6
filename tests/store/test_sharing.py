"""Feeds shared out among workers: each is polled by one, and none is lost with a worker that dies."""

from __future__ import annotations

from datetime import timedelta

from bot.store import feeds
from bot.store.database import Database
from tests.store.making import NOW, defaults

LEASE = timedelta(minutes=10)


def claim(database: Database, ids: list[int], job: str, attempt: int = 1, now=NOW) -> list[int]:  # type: ignore[no-untyped-def]
    owner = f"{job}{attempt}"
    found = database.write_sync(feeds.claim_these, ids, now=now, job=job, owner=owner, lease=LEASE)
    return [feed.id for feed in found]


def test_announced_feeds_are_not_announced_again_and_can_be_claimed(database: Database) -> None:
    ids = [feed.id for feed in defaults(database, "a", "b", "c", now=NOW)]
    by_host = database.read_sync(feeds.due_by_host, NOW, limit=9)
    assert sorted(feed for some in by_host.values() for feed in some) == ids
    assert database.write_sync(feeds.announce, ids[:2], now=NOW, lease=LEASE) == 2
    assert database.write_sync(feeds.announce, ids, now=NOW, lease=LEASE) == 1
    assert not database.read_sync(feeds.due_by_host, NOW, limit=9)
    assert claim(database, ids, "job:1:") == ids
    assert claim(database, ids, "job:2:") == []
    assert claim(database, ids, "job:1:", 2) == ids, "a second try of the job takes its feeds over"
    later = NOW + LEASE + timedelta(seconds=1)
    assert claim(database, ids, "job:2:", now=later) == ids, "what is not renewed is free"


def test_an_announcement_that_came_to_nothing_runs_out(database: Database) -> None:
    ids = [feed.id for feed in defaults(database, "a", now=NOW)]
    database.write_sync(feeds.announce, ids, now=NOW, lease=LEASE)
    assert database.read_sync(feeds.due_by_host, NOW + LEASE, limit=9)


def test_job_names_do_not_run_into_each_other(database: Database) -> None:
    ids = [feed.id for feed in defaults(database, "a", now=NOW)]
    assert claim(database, ids, "job:12:") == ids
    assert claim(database, ids, "job:1:") == []

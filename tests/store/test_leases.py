"""Leases: one holder at a time, and turns that follow each other."""

from __future__ import annotations

import threading
from datetime import timedelta

from bot.store import leases
from bot.store.database import Database
from bot.store.leases import Taken
from tests.store.making import NOW

TTL = timedelta(seconds=30)


def take(database: Database, owner: str, seconds: int = 0, name: str = "thing") -> Taken:
    return database.write_sync(leases.take, name, owner, now=NOW + timedelta(seconds=seconds), ttl=TTL)


def test_one_at_a_time(database: Database) -> None:
    assert take(database, "a") is Taken.NEW
    assert take(database, "b") is Taken.NO
    assert take(database, "a", 20) is Taken.KEPT
    assert take(database, "b", 40) is Taken.NO, "renewing moved the end"
    assert take(database, "b", 50) is Taken.NEW, "what is not renewed is free"
    assert take(database, "a", 51) is Taken.NO


def test_a_rested_lease_remembers_its_holder(database: Database) -> None:
    take(database, "a")
    database.write_sync(leases.release, "thing", "a", now=NOW)
    assert take(database, "a") is Taken.KEPT
    database.write_sync(leases.release, "thing", "a", now=NOW)
    assert take(database, "b") is Taken.NEW
    database.write_sync(leases.release, "thing", "a", now=NOW)
    assert take(database, "a") is Taken.NO, "only the holder can let it rest"


def test_given_back(database: Database) -> None:
    take(database, "a")
    database.write_sync(leases.remove, "thing", "b")
    assert take(database, "b") is Taken.NO
    database.write_sync(leases.remove, "thing", "a")
    assert take(database, "b") is Taken.NEW


def test_turns_follow_each_other_and_start_anew_after_a_pause(database: Database) -> None:
    def reserve(at: int) -> int:
        now = NOW + timedelta(seconds=at)
        start = database.write_sync(leases.reserve, "budget", now=now, seconds=2, most=10)
        return int((start - NOW).total_seconds())

    assert [reserve(0), reserve(0), reserve(1), reserve(100), reserve(100)] == [0, 2, 4, 100, 102]
    assert [reserve(3700), reserve(104), reserve(104)] == [3700, 104, 106], "nobody waits for a fast clock"


def test_a_lease_from_a_fast_clock_does_not_hold(database: Database) -> None:
    assert take(database, "a", 3600) is Taken.NEW
    assert take(database, "b", 3600) is Taken.NO
    assert take(database, "b") is Taken.NEW, "the clock was put back by an hour"
    assert take(database, "a", 25) is Taken.NO
    assert take(database, "c", -25) is Taken.NO, "two clocks differ by less than a lease"


def test_what_stands_is_listed_by_prefix(database: Database) -> None:
    take(database, "a", name="process:all:a")
    take(database, "b", name="process_x")
    take(database, "c", 100, name="process:worker:c")
    found = database.read_sync(leases.active, "process:", NOW + timedelta(seconds=99))
    assert [lease.owner for lease in found] == ["c"]


def test_many_at_once_get_one_lease_and_different_turns(store_url: str) -> None:
    databases = [Database.open(store_url) for _ in range(4)]
    taken: list[Taken] = []
    turns: list[int] = []

    def contend(database: Database, owner: str) -> None:
        taken.append(take(database, owner))
        for _ in range(5):
            start = database.write_sync(leases.reserve, "budget", now=NOW, seconds=1, most=20)
            turns.append(int((start - NOW).total_seconds()))

    threads = [
        threading.Thread(target=contend, args=(database, f"o{number}"))
        for number, database in enumerate(databases)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    assert sorted(taken) == [Taken.NEW, Taken.NO, Taken.NO, Taken.NO]
    assert sorted(turns) == list(range(20))

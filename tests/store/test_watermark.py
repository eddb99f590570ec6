"""A cut cannot be overtaken, whatever clocks say and whoever commits when."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store import watermark
from bot.store.database import Database
from tests.store.making import NOW, ago


def stamp(database: Database, now: datetime) -> datetime:
    return database.write_sync(watermark.stamp, now)


def test_what_is_stamped_after_a_cut_is_later_than_it(database: Database) -> None:
    assert stamp(database, NOW) == NOW
    assert database.write_sync(watermark.advance, NOW) == NOW
    assert stamp(database, NOW) == NOW + timedelta(seconds=1)
    assert stamp(database, ago(minutes=3)) == NOW + timedelta(seconds=1), "by a clock that is slow"
    assert stamp(database, NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=1)
    database.write_sync(watermark.advance, ago(hours=1))
    assert stamp(database, NOW) == NOW + timedelta(seconds=1), "an earlier cut takes nothing back"


def test_a_clock_that_was_a_year_ahead_for_a_while_silences_nobody(database: Database) -> None:
    database.write_sync(watermark.advance, NOW + timedelta(days=365))
    assert stamp(database, NOW) == NOW
    database.write_sync(watermark.advance, NOW)
    assert stamp(database, NOW) == NOW + timedelta(seconds=1)


def test_nothing_slips_past_a_cut(database: Database) -> None:
    """Four stamp and two cut, their clocks a minute apart: a period that was read stays as it was."""
    read: list[tuple[datetime, int]] = []
    begin = threading.Barrier(6)

    def learn(number: int) -> None:
        random = Random(number)
        begin.wait()
        for step in range(40):
            now = NOW + timedelta(seconds=step + random.randint(-60, 60))
            database.write_sync(_store, f"{number}-{step}", now, random)

    def tell(number: int) -> None:
        random = Random(number)
        begin.wait()
        for step in range(40):
            until = NOW + timedelta(seconds=step + random.randint(-60, 60))
            database.write_sync(watermark.advance, until)
            read.append((until, database.read_sync(_known, until)))

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(learn, number) for number in range(4)]
        done += [pool.submit(tell, number) for number in (4, 5)]
        for one in done:
            one.result()
    assert len(read) == 80
    for until, found in read:
        assert database.read_sync(_known, until) == found


def _store(session: Session, name: str, now: datetime, random: Random) -> None:
    at = watermark.stamp(session, now)
    if random.random() < 0.3:
        session.execute(select(func.count()).select_from(t.host_hold)).scalar_one()
    session.execute(t.host_hold.insert().values(host=name, until=at))


def _known(session: Session, until: datetime) -> int:
    held = t.host_hold
    found = session.scalar(select(func.count()).select_from(held).where(held.c.until <= until))
    return int(found or 0)

"""kill -9 at any moment, a full disk, a database that goes, a clock that jumps: nothing lost, nothing twice.

Nothing is repaired by hand in between. The suite kills a few times, ``benchmarks.kills`` hundreds.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.app import open_context
from bot.context import AppContext
from bot.domain.audience import TERMINAL
from bot.domain.schedule import next_due
from bot.publishing.digests import DigestPlanner
from bot.settings import Settings
from bot.store import developments, digests, feeds
from bot.store.errors import DiskFull, Unreachable
from bot.stories.headlines import lead_article
from tests.support.audience import spot
from tests.support.clock import FrozenClock
from tests.support.crash_harness import Torture
from tests.support.databases import Postgres
from tests.support.invariants import store_faults, stored_addresses
from tests.support.newsstand import Newsstand, paper, poll, source

KILLS = 4

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs many loopback addresses")


@linux
@pytest.mark.timeout(60 + 5 * KILLS)
async def test_killed_at_random_points(tmp_path: Path) -> None:
    async with Torture(tmp_path, f"sqlite:///{tmp_path / 'vigia.db'}", seed=7) as torture:
        while torture.kills.total() < KILLS:
            await torture.round()
        await torture.come_to_rest()
        await torture.check_complete()


TUNNEL = ("tunnel", "Border Patrol agents find tunnel under the border wall near Nogales")
SHELTER = ("shelter", "Migrant shelters in Tijuana are full after U.S. returns asylum seekers to Mexico")


@asynccontextmanager
async def desk_at(url: str, stand: Newsstand, clock: FrozenClock) -> AsyncIterator[AppContext]:
    """A context with one feed, whose only server has a digest at noon UTC."""
    async with open_context(
        Settings(_env_file=None), clock=clock, database_url=url, fetcher=stand, sources=(source(1),)
    ) as context:
        await context.database.write(
            digests.set_subscription,
            spot(3, 2),
            minute_of_day=12 * 60,
            zone="UTC",
            language="en",
            now=clock.now(),
        )
        yield context


async def latest(context: AppContext) -> set[str]:
    found = await context.database.read(developments.latest, TERMINAL, limit=20)
    return {lead_article(development, "en").title for development in found}


async def make_due(context: AppContext) -> None:
    await context.database.write(feeds.make_all_due, context.clock.now())


async def test_a_full_disk_loses_nothing_and_needs_no_repair(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with desk_at(f"sqlite:///{tmp_path / 'vigia.db'}", stand, clock) as context:
        database = context.database
        stand.papers[source(1).url] = paper(clock.now(), TUNNEL)
        await poll(context)

        def limit(session: Session, pages: int) -> None:
            session.execute(text(f"PRAGMA max_page_count = {pages}"))

        used = database.read_sync(lambda session: session.scalar(text("PRAGMA page_count")))
        many = [
            (f"s{n}", f"Border Patrol agents find tunnel {n} near Nogales " + "x" * 400) for n in range(200)
        ]
        stand.papers[source(1).url] = paper(clock.now(), TUNNEL, SHELTER, *many)
        database.write_sync(limit, used)
        await make_due(context)
        with pytest.raises(DiskFull):
            await poll(context)
        assert await latest(context) == {TUNNEL[1]}, "what was stored before still answers"
        database.write_sync(limit, used * 100)
        clock.advance(minutes=11)  # the claim of the poll that failed runs out
        await poll(context)
        assert len(database.read_sync(stored_addresses)) == 202
        assert not database.read_sync(store_faults)


async def test_a_full_disk_under_postgresql_loses_nothing(postgres: Postgres) -> None:
    clock, stand, url = FrozenClock(), Newsstand(), postgres.fresh()
    full = (
        "CREATE FUNCTION full_disk() RETURNS trigger AS "
        "'BEGIN RAISE ''could not extend file: No space left on device'' USING ERRCODE = ''53100''; END' "
        "LANGUAGE plpgsql",
        "CREATE TRIGGER full_disk BEFORE INSERT ON article FOR EACH ROW EXECUTE FUNCTION full_disk()",
    )
    async with desk_at(url, stand, clock) as context:
        stand.papers[source(1).url] = paper(clock.now(), TUNNEL, SHELTER)
        for statement in full:
            context.database.write_sync(lambda session, one: session.execute(text(one)), statement)
        with pytest.raises(DiskFull):
            await poll(context)
        assert not context.database.read_sync(stored_addresses)
        context.database.write_sync(
            lambda session: session.execute(text("DROP TRIGGER full_disk ON article"))
        )
        clock.advance(minutes=11)  # the claim of the poll that failed runs out
        await poll(context)
        assert await latest(context) == {TUNNEL[1], SHELTER[1]}
        assert not context.database.read_sync(store_faults)
    postgres.drop(url)


async def test_a_database_that_goes_away_and_comes_back(postgres: Postgres) -> None:
    clock, stand, url = FrozenClock(), Newsstand(), postgres.fresh()
    name = make_url(url).database
    admin = create_engine(postgres.address, isolation_level="AUTOCOMMIT")

    def gone(away: bool) -> None:
        with admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {not away}"))
            if away:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                    {"name": name},
                )

    try:
        async with desk_at(url, stand, clock) as context:
            stand.papers[source(1).url] = paper(clock.now(), TUNNEL)
            await poll(context)
            stand.papers[source(1).url] = paper(clock.now(), TUNNEL, SHELTER)
            await make_due(context)
            clock.move_to(next_due(clock.now(), 12 * 60, "UTC") + timedelta(minutes=1))
            gone(True)
            for work in (poll(context), DigestPlanner(context).plan_due(), latest(context)):
                with pytest.raises(Unreachable):
                    await work
            gone(False)
            await poll(context)
            assert await latest(context) == {TUNNEL[1], SHELTER[1]}
            assert (
                await DigestPlanner(context).plan_due() == 1 and await DigestPlanner(context).plan_due() == 0
            )
            assert not context.database.read_sync(store_faults)
    finally:
        admin.dispose()
        postgres.drop(url)


async def test_a_clock_that_jumps_back_and_forth(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    async with desk_at(f"sqlite:///{tmp_path / 'vigia.db'}", stand, clock) as context:
        stand.papers[source(1).url] = paper(clock.now(), TUNNEL)
        await poll(context)
        noon = next_due(clock.now(), 12 * 60, "UTC")
        planned = []
        # On time; three hours back; on again; a day back, as after a dead battery; two days on.
        for step in (0, -180, 1, -24 * 60, 2, 24 * 60, 24 * 60 + 1):
            clock.move_to(noon + timedelta(minutes=step))
            stand.papers[source(1).url] = paper(clock.now(), TUNNEL, SHELTER)
            await make_due(context)
            await poll(context)
            planned.append(await DigestPlanner(context).plan_due())
        assert planned == [1, 0, 0, 0, 0, 1, 0], "one for each local day"
        assert await latest(context) == {TUNNEL[1], SHELTER[1]}
        assert not context.database.read_sync(store_faults)

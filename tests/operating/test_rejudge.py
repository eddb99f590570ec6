"""``python bot.py db rejudge``: lists, changes, and goes on where it stopped."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.audience import DEFAULTS, Member
from bot.operating import rejudge as command
from bot.operating.database import run_database_command
from bot.settings import Settings
from bot.store import facts, feeds, rejudge
from bot.store import tables as t
from bot.store.database import Database
from tests.store.making import defaults, group, judged, save
from tests.support.context import room
from tests.support.process import Vigia

TITLES = (
    "Border Patrol agents find tunnel under the border wall near Nogales",
    "National Guard troops deployed to the southern border at El Paso",
    "Recipe: cake with dates",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store whose second article was let in by rules that would not let it in now."""
    with room(tmp_path) as made:
        (feed,) = made.follow("Alpha")
        for title in TITLES[:2]:
            made.bring(feed, title)
        made.group()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")
    with_store(settings, _rename)
    return settings


def _rename(session) -> None:
    session.execute(t.article.update().where(t.article.c.id == 2).values(title=TITLES[2], summary=""))


def with_store(settings: Settings, work):
    database = Database.open(settings.database_url)
    try:
        return database.write_sync(work)
    finally:
        database.close()


def titles(settings: Settings) -> list[str]:
    return with_store(settings, lambda session: [one.title for one in rejudge.articles_after(session, 0, 9)])


async def test_a_dry_run_lists_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_database_command(settings, "rejudge", "", dry_run=True) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "- Recipe: cake with dates" in told and "1 articles would be left out" in told
    assert len(titles(settings)) == 2


async def test_a_run_changes_what_the_dry_run_listed_and_leaves_no_mark(settings: Settings) -> None:
    assert await run_database_command(settings, "rejudge", "") == 0
    assert titles(settings) == [TITLES[0]]
    assert with_store(settings, lambda session: facts.recall(session, rejudge.MARK)) is None


async def test_a_run_goes_on_where_it_stopped_unless_the_rules_changed(settings: Settings) -> None:
    mark = f"{command.rules_digest()} articles 2"
    with_store(settings, lambda session: facts.remember(session, rejudge.MARK, mark))
    assert await run_database_command(settings, "rejudge", "") == 0
    assert len(titles(settings)) == 2, "what stands before the mark was done"
    with_store(settings, lambda session: facts.remember(session, rejudge.MARK, "other articles 2"))
    assert await run_database_command(settings, "rejudge", "") == 0
    assert titles(settings) == [TITLES[0]]


#: Batches that a run has to do, and every so many articles are what the rules let in.
BATCHES, RELEVANT_EVERY = 3, 10
PINNED, TOLD = (11, 12), 13


def _fill(database: Database) -> int:
    """A store in which nine of ten articles were let in by other rules. Returns how many articles it has."""
    (feed,) = defaults(database, "Alpha")
    count = BATCHES * command.BATCH
    entries = [
        judged(
            f"{number}",
            "border_security",
            title=f"Recipe {number}: cake with dates"
            if number % RELEVANT_EVERY
            else f"Border Patrol agents find tunnel {number} under the border wall near Nogales",
        )
        for number in range(1, count + 1)
    ]
    save(database, feed, *entries)
    group(database)

    def decide(session) -> None:
        pin = {
            "one": PINNED[0],
            "other": PINNED[1],
            "together": False,
            "added_by": Member(7),
            "at": entries[0].entry.published,
        }
        session.execute(t.pin.insert().values(pin))
        told = {"reader": Member(7), "story_id": TOLD, "revision": 1, "told_at": entries[0].entry.published}
        session.execute(t.ledger.insert().values(told))

    database.write_sync(decide)
    return count


async def _write(database: Database, written: list[str], stop: asyncio.Event) -> None:
    """What a running bot does meanwhile: new entries, one after the other."""
    (feed,) = database.read_sync(feeds.feeds_of, DEFAULTS)
    while not stop.is_set():
        title = f"Border Patrol agents rescue {len(written) + 3} migrants near Laredo"
        await asyncio.to_thread(save, database, feed, judged(f"new-{len(written)}", "migration", title=title))
        written.append(title)
        await asyncio.sleep(0.01)


@pytest.mark.timeout(120)
async def test_a_run_that_is_killed_goes_on_beside_a_writer_and_loses_nothing(vigia: Vigia) -> None:
    database = Database.open(f"sqlite:///{vigia.folder / 'vigia.db'}")
    stop, written, marks = asyncio.Event(), [], []
    try:
        count = _fill(database)
        texts = select(t.article.c.id, t.article.c.title)
        before = dict(tuple(row) for row in database.read_sync(lambda session: session.execute(texts).all()))
        writer = asyncio.create_task(_write(database, written, stop))
        process = await vigia.start("db", "rejudge")
        while not marks:
            assert process.returncode is None, "the run ended before it could be killed"
            marks = (await database.read(facts.recall, rejudge.MARK) or "").split()
            await asyncio.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
        half = (await database.read(facts.recall, rejudge.MARK) or "").split()
        assert half[1] == command.ARTICLES and 0 < int(half[2]) < count, "killed in the middle"
        process = await vigia.start("db", "rejudge")
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        stop.set()
        await writer
        after = dict(tuple(row) for row in database.read_sync(lambda session: session.execute(texts).all()))
    finally:
        stop.set()
        database.close()
    stands = {id_ for id_ in before if id_ % RELEVANT_EVERY == 0} | {*PINNED, TOLD}
    assert {id_ for id_ in after if id_ <= count} == stands
    assert {title for id_, title in after.items() if id_ > count} == set(written) and len(written) > 3
    again = int(out.split()[0].replace(b",", b""))
    assert again < count - len(stands), "the second run began where the first was killed"
    store = Database.open(f"sqlite:///{vigia.folder / 'vigia.db'}")
    try:
        left_out = select(func.count()).select_from(t.fingerprint)
        assert store.read_sync(lambda session: session.scalar(left_out)) == count - len(stands)
        assert store.read_sync(facts.recall, rejudge.MARK) is None
        assert store.read_sync(lambda session: session.scalar(select(func.count()).select_from(t.pin))) == 1
        assert (
            store.read_sync(lambda session: session.scalar(select(func.count()).select_from(t.ledger))) == 1
        )
    finally:
        store.close()

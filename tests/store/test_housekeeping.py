from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.audience import DEFAULTS, Member
from bot.store import (
    articles,
    backup,
    condition,
    developments,
    engines,
    feeds,
    housekeeping,
    outbox,
    readers,
    search,
)
from bot.store import tables as t
from bot.store.database import Database
from bot.store.errors import Corrupt, Unwritable
from tests.store.making import NOW, OWNER, ago, defaults, group, judged, save, source
from tests.store.test_outbox import draft, enqueue, subscribe
from tests.support.databases import Postgres

YEAR = timedelta(days=365)


def count(database: Database, table) -> int:
    how_many = select(func.count()).select_from(table)
    return database.read_sync(lambda session: session.scalar(how_many))


def test_what_is_past_its_time_is_forgotten_and_the_rest_is_kept(database: Database) -> None:
    (alpha,) = defaults(database, "alpha", now=ago(days=40))
    save(database, alpha, judged("old cake"), now=ago(days=31))
    save(database, alpha, judged("new cake"), judged("wall", "migration"))
    for days, slot in ((8, 1), (6, 2)):
        then = ago(days=days)
        database.write_sync(feeds.claim_due, now=then, owner=OWNER, lease=timedelta(1), limit=9)
        polled = feeds.PollResult(alpha.id, alpha.state, slot=slot, status="ok")
        database.write_sync(feeds.save_polls, [polled], now=then, owner=OWNER)
        database.write_sync(feeds.make_all_due, then)
    database.write_sync(feeds.hold_host, "x.example", ago(days=1))
    enqueue(database, draft(1), draft(2), draft(3))
    first, second, _ = database.write_sync(
        outbox.claim, now=NOW, owner=OWNER, lease=timedelta(seconds=60), limit=3
    )
    then = ago(days=31)
    database.write_sync(outbox.mark_sent, first.id, owner=OWNER, now=then, message_id=1)
    database.write_sync(outbox.mark_sent, second.id, owner=OWNER, now=NOW, message_id=1)
    database.write_sync(readers.mark_read, Member(1), [(1, 1)], ago(days=200))
    database.write_sync(readers.mark_read, Member(1), [(2, 1)], ago(days=20))
    database.write_sync(feeds.add_candidate, url="https://c.example", publisher="c", title="c", language="en",
                        now=ago(days=8))  # fmt: skip
    assert database.write_sync(housekeeping.prune, NOW) == 6
    kept = {
        table.name: count(database, table) for table in (t.fingerprint, t.poll, t.outbox, t.ledger, t.feed)
    }
    assert kept == {"fingerprint": 1, "poll": 1, "outbox": 2, "ledger": 1, "feed": 1}
    assert (count(database, t.article), count(database, t.outbox_body), count(database, t.host_hold)) == (
        1,
        1,
        0,
    )
    database.write_sync(housekeeping.optimize)


def test_an_article_that_is_retired_goes_whole_and_does_not_come_back_as_news(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    old = judged("old wall", "migration", at=ago(days=500))
    save(database, alpha, old, judged("older wall", "migration", at=ago(days=600)), now=ago(days=450))
    save(database, alpha, judged("new wall", "migration"), judged("late wall", "migration", at=ago(days=500)))
    ids = group(database, {"new wall": "old wall"})
    assert database.write_sync(housekeeping.prune, NOW, articles=YEAR) == 2
    assert {hit.article.title for hit in database.read_sync(search.search, DEFAULTS, "wall").best} == {
        "new wall",
        "late wall",
    }
    story = database.read_sync(developments.story, ids["old wall"], DEFAULTS)
    assert [one.title for one in story.articles] == ["new wall"]
    assert database.read_sync(developments.story, ids["older wall"], DEFAULTS) is None
    saved = save(database, alpha, old)
    assert (saved.fresh, saved.matched) == (0, 0)
    assert database.write_sync(housekeeping.prune, NOW + timedelta(days=40), articles=YEAR) == 0
    assert save(database, alpha, old).fresh == 0
    if database.kind == "sqlite":
        from sqlalchemy import text

        check = text("INSERT INTO article_search (article_search) VALUES ('integrity-check')")
        database.write_sync(lambda session: session.execute(check))


def test_what_only_one_feed_brought_can_be_forgotten(database: Database) -> None:
    fill(database)
    alpha, beta = defaults(database, "alpha", "beta")
    assert database.read_sync(housekeeping.carried_alone, alpha.id) == 39, "all but what beta had too"
    assert database.read_sync(housekeeping.carried_alone, beta.id) == 1
    assert database.write_sync(housekeeping.retire_feed, alpha.id, now=NOW, limit=30) == 30
    assert database.write_sync(housekeeping.retire_feed, alpha.id, now=NOW) == 9
    assert database.write_sync(housekeeping.retire_feed, alpha.id, now=NOW) == 0
    found = database.read_sync(search.search, DEFAULTS, "wall", limit=100).best
    assert [hit.article.title for hit in found] == ["wall 3"]
    assert save(database, alpha, judged("wall 5", "migration")).matched == 0, "it does not come back"


def test_a_story_that_loses_an_article_says_what_it_still_has(database: Database) -> None:
    """From when to when it reaches counts for its order and for whether it is shown as news."""
    alpha, beta = defaults(database, "alpha", "beta")
    save(database, alpha, judged("first wall", "migration", at=ago(days=9)))
    save(database, beta, judged("second wall", "migration", at=ago(days=5)))
    save(database, alpha, judged("third wall", "migration", at=ago(days=1)))
    ids = group(database, {"second wall": "first wall", "third wall": "first wall"})
    lead = select(t.article.c.id).where(t.article.c.title == "second wall")
    second = database.read_sync(lambda session: session.scalar(lead))
    assert database.write_sync(housekeeping.retire_feed, alpha.id, now=NOW) == 2
    here = select(t.story).where(t.story.c.id == ids["second wall"])
    story = database.read_sync(lambda session: session.execute(here).one())
    assert (story.articles, story.first_at, story.last_at) == (1, ago(days=5), ago(days=5))
    assert story.lead_article_id == second


def fill(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    save(
        database,
        alpha,
        *(judged(f"wall {n}", "migration", at=ago(hours=n)) for n in range(40)),
        judged("cake"),
    )
    save(database, beta, judged("wall 3", "migration"), judged("muro", "defense_policy", publisher="Beta"))
    group(database, {"wall 1": "wall 2"}, facts=("3 dead",))
    subscribe(database)
    enqueue(database, draft(1), draft(2))
    database.write_sync(readers.mark_read, Member(1), [(1, 1)], NOW)


def test_a_backup_is_whole_while_the_store_is_written(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    fill(database)
    target = tmp_path / "copies" / "v.backup"
    assert backup.backup(database, target).size > 0
    save(database, defaults(database, "alpha")[0], judged("after", "migration"))
    assert backup.backup(database, target).size == target.stat().st_size
    database.close()
    assert [path.name for path in target.parent.iterdir()] == ["v.backup"]
    (tmp_path / "v.db").write_bytes(b"garbage" * 1000)
    address = engines.parse(f"sqlite:///{tmp_path / 'v.db'}")
    assert backup.restore(target, address) == tmp_path / "v.db.before-restore"
    restored = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    assert len(restored.read_sync(articles.ungrouped)) == 1
    assert len(restored.read_sync(search.search, DEFAULTS, "wall", limit=100).best) == 39
    restored.close()
    assert backup.restore(target, address) == tmp_path / "v.db.before-restore-2"
    assert (tmp_path / "v.db.before-restore").read_bytes().startswith(b"garbage")


def test_a_copy_that_is_no_store_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "v.db").write_bytes(b"precious")
    (tmp_path / "bad").write_bytes(b"garbage" * 1000)
    address = engines.parse(f"sqlite:///{tmp_path / 'v.db'}")
    with pytest.raises(Corrupt):
        backup.restore(tmp_path / "bad", address)
    with pytest.raises(Unwritable):
        backup.restore(tmp_path / "missing", address)
    sqlite3.connect(tmp_path / "empty").close()
    shutil.copy(tmp_path / "empty", tmp_path / "other")
    with pytest.raises(Corrupt):
        backup.restore(tmp_path / "other", address)
    assert (tmp_path / "v.db").read_bytes() == b"precious"


def test_a_backup_that_cannot_be_written_is_named(tmp_path: Path, postgres: Postgres) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unwritable):
        backup.backup(database, tmp_path / "file" / "copy")
    database.close()
    url = postgres.fresh()
    other = Database.open(url)
    with pytest.raises(backup.NotSQLite):
        backup.backup(other, tmp_path / "copy")
    other.close()
    postgres.drop(url)


def test_a_store_is_copied_from_sqlite_to_postgresql_row_by_row(tmp_path: Path, postgres: Postgres) -> None:
    here = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    fill(here)
    url = postgres.fresh()
    there = Database.open(url)
    copied = backup.copy_store(here, there)
    counted = there.read_sync(condition.condition).rows
    assert copied == backup.copied_rows(here) > 100
    assert (counted["article"], counted["outbox"]) == (41, 2)
    for words in ("wall", "muro"):
        answers = [
            {hit.article.id for hit in one.read_sync(search.search, DEFAULTS, words, limit=100).best}
            for one in (here, there)
        ]
        assert answers[0] == answers[1] != set()
    latest = [one.read_sync(developments.latest, DEFAULTS, limit=100) for one in (here, there)]
    assert latest[0] == latest[1]
    # New rows get new ids.
    database_feed = defaults(there, "alpha", "beta")[0]
    assert save(there, database_feed, judged("after", "migration")).matched == 1
    there.write_sync(feeds.sync_catalog, [source("alpha"), source("gamma")], NOW)
    with pytest.raises(backup.NotEmpty):
        backup.copy_store(here, there)
    here.close()
    there.close()
    postgres.drop(url)

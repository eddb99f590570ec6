from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.domain.audience import (
    DEFAULTS,
    TERMINAL,
    TERMINAL_USER,
    DirectMessage,
    Member,
    Owner,
    Server,
    User,
    View,
)
from bot.domain.match import Finding, Match, TopicScore
from bot.domain.match_codec import unpack_match
from bot.store import articles, backup, cases, engines, feeds, follows, guilds, privacy, readers, watches
from bot.store import tables as t
from bot.store.database import Database
from bot.store.errors import (
    BadAddress,
    Closed,
    Corrupt,
    Foreign,
    InMemory,
    Locked,
    NewerSchema,
    StoreError,
    Unreachable,
    Unwritable,
)
from bot.store.feeds import changing
from bot.store.migrations import HEAD
from bot.store.migrations.compare import differences
from bot.store.migrations.versions import r0021_plain_verdicts
from bot.store.sql import upsert
from tests.store.making import NOW, defaults, judged, save
from tests.support.databases import Postgres


def put(session: Session, key: str, value: str) -> None:
    upsert(session, t.meta, [{"key": key, "value": value}])


def get(session: Session, key: str) -> str | None:
    return session.scalar(select(t.meta.c.value).where(t.meta.c.key == key))


def test_migrations_from_nothing_make_the_tables_that_the_code_knows(database: Database) -> None:
    assert database.read_sync(lambda session: differences(session.connection())) == []
    assert (
        database.read_sync(lambda session: session.scalar(text("SELECT version_num FROM alembic_version")))
        == HEAD
    )


#: What takes revision 0020 back.
_BEFORE_COVERED_UNTIL = tuple(
    f"ALTER TABLE {table} RENAME COLUMN covered_until TO told_until"
    for table in ("digest_subscription", "follow")
)
#: What takes revision 0019 back, with what it reads: 0 for the terminal and for who was forgotten.
_BEFORE_USERS = (
    *_BEFORE_COVERED_UNTIL,
    *(
        statement.format(table=table)
        for table in ("labelled_case", "pin")
        for statement in (
            "ALTER TABLE {table} ADD COLUMN user_id BIGINT NOT NULL DEFAULT 0",
            "UPDATE {table} SET user_id = COALESCE(added_by, 0)",
            "ALTER TABLE {table} DROP COLUMN added_by",
        )
    ),
    *(f"UPDATE {table} SET added_by = COALESCE(added_by, 0)" for table in ("watch", "guild_feed")),
    *(
        f"UPDATE {table} SET reader = 'm:0' WHERE reader = 'terminal'"
        for table in ("ledger", "reader_look", "follow")
    ),
)


def _run(database: Database, statements: Iterable[str]) -> None:
    for statement in statements:
        database.write_sync(lambda session, sql=statement: session.execute(text(sql)))


def _makers(session: Session) -> list[set[User | None]]:
    """Who made watches, and changed feeds."""
    return [set(session.scalars(select(one))) for one in (t.watch.c.added_by, t.guild_feed.c.added_by)]


def test_who_made_what_is_known_after_the_upgrade(database: Database, store_url: str) -> None:
    """Who sits at the terminal keeps what is theirs; who was forgotten in a server is not taken for them."""
    (feed,) = defaults(database, "Desk")
    save(database, feed, judged("wall", "migration"))
    article = database.read_sync(articles.article, 1)
    assert article is not None
    made: tuple[tuple[Owner, User], ...] = (
        (TERMINAL, TERMINAL_USER),
        (Server(7), Member(9)),
        (Server(8), Member(5)),
    )
    for owner, by in made:
        database.write_sync(cases.label, owner, article, ("trade_leverage",), by=by, now=NOW)
        database.write_sync(changing.change_feeds, owner, [feed.id], changing.PAUSE, by=by, now=NOW)
        database.write_sync(
            watches.propose, owner, name="w", concern="migration", phrases=["x y z"], by=by, now=NOW
        )
        to = DirectMessage(by.id) if isinstance(by, Member) else TERMINAL
        wanted = [(follows.CONCERN, "border_security")]
        database.write_sync(follows.follow, to, wanted, view=owner, language="en", zone="UTC", by=by, now=NOW)
        database.write_sync(readers.mark_read, by, [(1, 2)], NOW)
        database.write_sync(readers.look, by, NOW)
    database.write_sync(privacy.forget_user, Member(5))

    def kept(opened: Database) -> list[object]:
        users = (TERMINAL_USER, Member(9), Member(5))
        owners = (TERMINAL, Server(7), Server(8))
        return [
            [opened.read_sync(privacy.user_data, user) for user in users],
            opened.read_sync(_makers),
            [opened.read_sync(guilds.audit_of, owner) for owner in owners],
            opened.read_sync(follows.of_reader, TERMINAL_USER),
        ]

    before = kept(database)
    _run(database, (*_BEFORE_USERS, "UPDATE alembic_version SET version_num = '0018'"))
    database.close()
    with closing(Database.open(store_url)) as upgraded:
        assert kept(upgraded) == before
        terminal, member, forgotten = (upgraded.read_sync(privacy.user_data, by) for _, by in made)
        assert (terminal.follows, terminal.looks, terminal.told, terminal.cases) == (1, 1, 1, 1)
        assert (member.own, member.cases, forgotten.own, forgotten.cases) == (3, 1, 0, 0)
        assert upgraded.read_sync(_makers) == [{TERMINAL_USER, Member(9), None}] * 2


def test_what_the_terminal_chose_is_its_own_after_the_upgrade(database: Database, store_url: str) -> None:
    desk, sol = defaults(database, "Desk", "Sol")
    pause = changing.PAUSE
    chosen = ((TERMINAL, desk, changing.REMOVE), (TERMINAL, sol, pause), (Server(7), sol, pause))
    for owner, feed, action in chosen:
        database.write_sync(changing.change_feeds, owner, [feed.id], action, now=NOW)

    def kept(opened: Database) -> dict[View, list[str]]:
        views: tuple[View, ...] = (TERMINAL, Server(7), Server(8), DEFAULTS)
        return {view: [one.scope for one in opened.read_sync(feeds.feeds_of, view)] for view in views}

    before = kept(database)
    older = (  # what 0014 and the revisions after it brought is taken back
        *_BEFORE_USERS,
        "DROP TABLE identity_decision",
        "DROP INDEX ix_policy_report_decided",
        "ALTER TABLE policy_report DROP COLUMN decided_at",
        "ALTER TABLE article DROP COLUMN form",
        "ALTER TABLE guild DROP COLUMN muted",
        "ALTER TABLE fingerprint DROP COLUMN published_at",
        "UPDATE alembic_version SET version_num = '0013'",
    )
    _run(database, older)
    database.close()
    with capture_logs() as said:
        upgraded = Database.open(store_url)
    try:
        assert kept(upgraded) == before
        assert before[Server(8)] == before[DEFAULTS] == ["default", "default"]
        counted = {"paused": 1, "removed": 1}
        assert {"event": "terminal_feeds_no_longer_for_all", "log_level": "warning", **counted} in said
    finally:
        upgraded.close()
    with capture_logs() as said:
        Database.open(store_url).close()
    assert not said, "once"


def test_the_newest_revision_is_the_one_that_opening_looks_for() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from bot.store import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_postgresql_store_is_made_from_an_empty_database(postgres: Postgres) -> None:
    url = postgres.empty()
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(Database.open, [url] * 4))
    assert opened[0].read_sync(lambda session: differences(session.connection())) == []
    for one in opened:
        one.close()
    postgres.drop(url)


def test_several_processes_may_make_one_sqlite_store_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'vigia.db'}"
    code = "import sys; from bot.store.database import Database; Database.open(sys.argv[1]).close()"
    makers = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(4)]
    assert [maker.wait(60) for maker in makers] == [0, 0, 0, 0]


async def test_what_was_written_is_read_and_what_failed_is_not_there(database: Database) -> None:
    await database.write(put, "a", "1")

    def fails(session: Session) -> None:
        put(session, "b", "2")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await database.write(fails)
    assert await database.read(get, key="a") == "1"
    assert await database.read(get, "b") is None


async def test_a_cancelled_write_is_whole(database: Database) -> None:
    writing = asyncio.ensure_future(database.write(put, "a", "1"))
    await asyncio.sleep(0)
    writing.cancel()
    await database.write(put, "b", "2")
    assert await database.read(get, "b") == "2"


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(Unwritable):
        await database.read(put, "a", "1")
    assert await database.read(get, "a") is None


async def test_a_read_sees_one_state_for_as_long_as_it_lasts(database: Database) -> None:
    await database.write(put, "a", "1")

    def twice(session: Session) -> tuple[str | None, str | None]:
        before = get(session, "a")
        database.write_sync(put, "a", "2")
        return before, get(session, "a")

    assert await database.read(twice) == ("1", "1")
    assert await database.read(get, "a") == "2"


async def test_a_closed_store_says_so(database: Database) -> None:
    database.close()
    database.close()
    with pytest.raises(Closed):
        await database.read(get, "a")


def test_foreign_keys_hold(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        database.write_sync(
            lambda session: session.execute(text("INSERT INTO poll VALUES (9, 1, 'x', 0, 0)"))
        )


def test_eight_threads_that_read_and_then_write_lose_nothing(database: Database) -> None:
    def increment(session: Session) -> None:
        row = session.execute(
            select(t.meta.c.value).where(t.meta.c.key == "n").with_for_update()
        ).scalar_one()
        put(session, "n", str(int(row) + 1))

    database.write_sync(put, "n", "0")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [database.write_sync(increment) for _ in range(25)], range(8)))
    assert database.read_sync(get, "n") == "200"


def test_two_processes_that_write_lose_nothing(store_url: str) -> None:
    Database.open(store_url).close()
    code = """
import sys
from bot.store.database import Database
from sqlalchemy import text
database = Database.open(sys.argv[1])
for n in range(60):
    row = {"k": f"{sys.argv[2]}-{n}"}
    database.write_sync(lambda s: s.execute(text("INSERT INTO meta VALUES (:k, '')"), row))
database.close()
"""
    writers = [subprocess.Popen([sys.executable, "-c", code, store_url, name]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    database = Database.open(store_url)
    assert database.read_sync(lambda session: len(session.execute(select(t.meta)).all())) == 180
    database.close()


def test_kill_9_during_a_write_loses_nothing_that_was_committed(store_url: str) -> None:
    code = """
import sys
from bot.store.database import Database
from sqlalchemy import text
database = Database.open(sys.argv[1])
n = 0
while True:
    rows = [{"k": f"{n}-{part}"} for part in range(50)]
    database.write_sync(lambda s: s.execute(text("INSERT INTO meta VALUES (:k, '')"), rows))
    print(n, flush=True)
    n += 1
"""
    for kill_after in (1, 7, 23):
        writer = subprocess.Popen([sys.executable, "-c", code, store_url], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for line in writer.stdout:
            committed = int(line)
            if committed >= kill_after:
                break
        os.kill(writer.pid, signal.SIGKILL)
        rest = [int(line) for line in writer.stdout.read().split()]
        writer.wait(30)
        committed = max([committed, *rest])
        database = Database.open(store_url)
        found = database.read_sync(lambda session: set(session.scalars(select(t.meta.c.key))))
        assert {f"{n}-{part}" for n in range(committed + 1) for part in range(50)} <= found
        assert len(found) % 50 == 0, "a transaction was kept in part"
        database.write_sync(lambda session: session.execute(t.meta.delete()))
        database.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", BadAddress),
        ("no url", BadAddress),
        ("mysql://me:secret@host/db", BadAddress),
        ("postgresql+asyncpg://me:secret@host/db", BadAddress),
        ("postgresql://me:secret@host", BadAddress),
        ("sqlite://relative.db", BadAddress),
        ("sqlite+aiosqlite:///x.db", BadAddress),
        ("sqlite://", InMemory),
        ("sqlite:///:memory:", InMemory),
        ("sqlite:///file:x?mode=memory&uri=true", InMemory),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str, kind: type) -> None:
    with pytest.raises(kind) as caught:
        Database.open(url)
    assert "secret" not in str(caught.value)
    assert "secret" not in str(dict(caught.value.data))


def test_postgres_addresses_are_understood_and_shown_without_the_password() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        address = engines.parse(f"{scheme}://me:secret@db.example:5433/vigia?sslmode=require")
        assert address.kind == "postgresql"
        assert address.url.drivername == "postgresql+psycopg"
        assert "secret" not in address.place
        assert address.hide("password is secret") == "password is ***"


def test_a_server_that_does_not_answer_is_unreachable() -> None:
    with pytest.raises(Unreachable) as caught:
        Database.open("postgresql://me:secret@127.0.0.1:1/vigia")
    assert caught.value.code == "unreachable"
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_unreachable(postgres: Postgres) -> None:
    url = postgres.address.set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(Unreachable):
        Database.open(url)


def test_a_server_that_came_back_is_used_again(postgres: Postgres) -> None:
    url = postgres.fresh()
    database = Database.open(url)
    database.write_sync(put, "a", "1")
    assert database.read_sync(get, "a") == "1"
    with postgres._admin.connect() as admin:
        admin.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": database.address.url.database},
        )
    assert database.read_sync(get, "a") == "1"
    database.write_sync(put, "b", "2")
    assert database.read_sync(get, "b") == "2"
    database.close()
    postgres.drop(url)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/self").exists(), reason="needs /proc")
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    for path in (blocker / "v.db", Path("/proc/nope/v.db"), tmp_path):
        with pytest.raises(Unwritable) as caught:
            Database.open(f"sqlite:///{path}")
        assert caught.value.place == str(path)


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    text_file = tmp_path / "text.db"
    text_file.write_text("These are notes, and no database at all. " * 100)
    with pytest.raises(Corrupt):
        Database.open(f"sqlite:///{text_file}")
    assert text_file.read_text().startswith("These are notes")
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE recipes (id)")
    connection.close()
    with pytest.raises(Foreign) as caught:
        Database.open(f"sqlite:///{other}")
    assert caught.value.problem == "recipes"


def test_a_store_of_a_newer_version_is_left_alone(database: Database, store_url: str) -> None:
    database.write_sync(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    )
    with pytest.raises(NewerSchema) as caught:
        Database.open(store_url)
    assert caught.value.data["revision"] == "9999"


def test_a_lock_that_is_held_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    url = f"sqlite:///{tmp_path / 'v.db'}"
    database = Database.open(url)
    other = sqlite3.connect(tmp_path / "v.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked):
        database.write_sync(put, "a", "1")
    assert database.read_sync(get, "a") is None
    other.execute("ROLLBACK")
    database.write_sync(put, "a", "1")
    other.close()
    database.close()


def test_a_full_disk_loses_only_what_it_refused(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    database.write_sync(put, "a", "1")
    pages = database.write_sync(lambda session: session.scalar(text("PRAGMA page_count")))
    database.write_sync(lambda session: session.execute(text(f"PRAGMA max_page_count = {pages + 1}")))
    with pytest.raises(StoreError) as caught:
        database.write_sync(put, "b", "x" * 100_000)
    assert caught.value.code == "disk_full"
    assert database.read_sync(get, "a") == "1"
    assert database.read_sync(get, "b") is None
    database.close()


def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'v.db'}")
    database.write_sync(put, "a", "1")
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v.db"]


def test_engines_are_set_as_meant(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'v.db'}")

    def pragma(name: str) -> str:
        return f"PRAGMA {name}"

    def ask(engine: Engine, name: str) -> object:
        with engine.connect() as connection:
            return connection.execute(text(pragma(name))).scalar_one()

    writer = {"foreign_keys": 1, "synchronous": 1, "wal_autocheckpoint": 4096}
    writer |= {"journal_mode": "wal", "page_size": 8192}
    assert {name: ask(database._writer, name) for name in writer} == writer
    assert ask(database._reader, "query_only") == 1
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://vigia@host/db?password=hunter%2B2&connect_timeout=3",
        "postgresql://vigia:hunter%2B2@host/db?sslpassword=hunter%2B2",
        "postgresql://vigia@host/db?sslmode=require&PASSWORD=hunter%2B2",
        "mysql://vigia@host/db?password=hunter%2B2",
    ],
)
def test_a_password_in_an_addresss_query_is_a_secret_too(url: str) -> None:
    for secret in ("hunter+2", "hunter%2B2"):
        assert secret in engines.secrets_in(url)
        try:
            address = engines.parse(url)
        except StoreError as fault:
            assert secret not in str(fault)
        else:
            assert secret not in address.place
            assert secret not in address.hide(f"connection to {url} with {secret} failed")


def test_other_parts_of_a_query_stay_readable() -> None:
    place = engines.parse("postgresql://vigia@host/db?sslmode=require&password=x").place
    assert "sslmode=require" in place and "password=***" in place
    assert engines.secrets_in("no address") == ()


@pytest.mark.parametrize("name", ["a#b", "a?b=c", "a%b", "a%20b", "año nuevo", "a&b;c"])
def test_a_path_may_hold_the_signs_of_addresses(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    opened = Database.open(f"sqlite:///{quote(str(folder / f'{name}.db'))}")
    copy = folder / f"copy {name}.db"
    assert backup.backup(opened, copy).size > 0
    opened.close()
    assert {one.name for one in folder.iterdir()} >= {f"{name}.db", copy.name}
    assert [one.name for one in tmp_path.iterdir()] == [name], "no stray files"
    backup.restore(copy, engines.parse(f"sqlite:///{quote(str(folder / 'other#.db'))}"))
    assert (folder / "other#.db").is_file()


def test_a_question_mark_in_a_path_is_not_cut_off_silently() -> None:
    with pytest.raises(BadAddress) as caught:
        engines.parse("sqlite:////srv/what?.db")
    assert "%3F" in str(caught.value)


#: What the code before revision 0021 stored for the verdict of the test below.
_OLD_VERDICT = bytes.fromhex(
    "018b8e8ec6700cca620da03c34f8a0d51654a3818e890ec4d740a083f0b705d8db302d90ac1a0b0f3100"
)


def test_old_verdicts_are_rewritten_in_batches_and_after_a_kill(
    database: Database, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (feed,) = defaults(database, "Desk")
    save(database, feed, *(judged(f"wall {number}", "migration") for number in range(5)))
    finding = Finding("wall", "muro", "title", 0, 4, "act")
    match = Match(
        (TopicScore("migration", 8.0, "border_wall", (finding,)),), "matched", 8.0, ("wall", "mexico")
    )
    database.write_sync(lambda session: session.execute(update(t.article).values(verdict=_OLD_VERDICT)))
    _run(database, (*_BEFORE_COVERED_UNTIL, "UPDATE alembic_version SET version_num = '0019'"))
    database.close()

    def stored(opened: Database) -> list[bytes]:
        return list(opened.read_sync(lambda session: session.scalars(select(t.article.c.verdict)).all()))

    rewritten = r0021_plain_verdicts._rewritten
    left = [3]

    def killed(verdict: bytes) -> bytes:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return rewritten(verdict)

    monkeypatch.setattr(r0021_plain_verdicts, "BATCH", 2)
    monkeypatch.setattr(r0021_plain_verdicts, "_rewritten", killed)
    with pytest.raises(KeyboardInterrupt):
        Database.open(store_url)
    left[0] = 3  # the first two were committed
    with closing(Database.open(store_url)) as upgraded:
        assert left == [0]
        assert [unpack_match(one) for one in stored(upgraded)] == [match] * 5

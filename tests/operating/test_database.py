"""``python bot.py db``: every action does what it says, refuses what would lose something, and says why."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.audience import DEFAULTS
from bot.main import main
from bot.operating.ask import ask_once
from bot.operating.database import run_database_command
from bot.settings import Settings
from bot.store import backup, condition, search
from bot.store.database import Database
from tests.support.context import room
from tests.support.databases import Postgres

URL = "VIGIA_DATABASE_URL"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store with two articles, one of them grouped."""
    with room(tmp_path) as made:
        (feed,) = made.follow("Alpha")
        made.bring(feed, "Border Patrol agents find tunnel under the border wall near Nogales")
        made.group()
        made.bring(feed, "National Guard troops deployed to the southern border at El Paso")
    return Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")


def words(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    return " ".join((told.out + told.err).split())


async def test_status_tells_what_is_there(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_database_command(settings, "status", "") == 0
    told = words(capsys)
    assert "the newest" in told and "article 2" in told and "not grouped yet 1 articles" in told


async def test_status_does_not_make_a_store(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(condition.NoStore):
        await run_database_command(settings, "status", "")
    assert not list(tmp_path.iterdir())


async def test_upgrade_makes_a_store_and_then_has_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'new.db'}")
    assert await run_database_command(settings, "upgrade", "") == 0
    assert "made new" in words(capsys)
    assert await run_database_command(settings, "upgrade", "") == 0
    assert "Nothing to do" in words(capsys)


async def test_upgrade_mends_an_index_of_another_version(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database.open(settings.database_url)
    database.write_sync(search.ensure)
    database.write_sync(
        lambda session: session.execute(
            text("UPDATE meta SET value = 'of old' WHERE key = 'analyser_version'")
        )
    )
    assert database.read_sync(condition.condition).search_is_old
    database.close()
    assert await run_database_command(settings, "upgrade", "") == 0
    assert "made anew: 2 articles" in words(capsys)


async def test_whatever_opens_a_store_of_another_version_finds_its_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database.open(settings.database_url)
    database.write_sync(search.ensure)
    database.write_sync(lambda session: session.execute(text("DELETE FROM meta")))
    database.write_sync(
        lambda session: session.execute(
            text("INSERT INTO article_search (article_search) VALUES ('delete-all')")
        )
    )
    database.close()
    await ask_once(settings, "/search tunnel days:3650")
    assert "find tunnel under the border wall" in words(capsys)


async def test_a_backup_brings_back_what_was_there(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copies" / "monday.db"
    running = Database.open(settings.database_url)
    assert await run_database_command(settings, "backup", str(copy)) == 0
    running.write_sync(lambda session: session.execute(text("DELETE FROM article")))
    assert await run_database_command(settings, "restore", str(copy)) == 1
    assert "is in use" in words(capsys)
    running.close()
    assert await run_database_command(settings, "restore", str(copy)) == 0
    await run_database_command(settings, "status", "")
    assert "article 2" in words(capsys)
    kept = condition.open_as_is(f"sqlite:///{tmp_path / 'vigia.db.before-restore'}")
    assert kept.read_sync(condition.condition).rows["article"] == 0, "what was replaced is kept, log and all"
    kept.close()


async def test_a_backup_writes_over_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there.db"
    there.write_text("precious")
    assert await run_database_command(settings, "backup", str(there)) == 1
    assert "is there already" in words(capsys) and there.read_text() == "precious"


async def test_a_damaged_store_can_be_restored(settings: Settings, tmp_path: Path) -> None:
    copy, store = tmp_path / "copy.db", tmp_path / "vigia.db"
    assert await run_database_command(settings, "backup", str(copy)) == 0
    store.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    assert await run_database_command(settings, "restore", str(copy)) == 0
    assert await run_database_command(settings, "status", "") == 0


async def test_restore_onto_a_new_machine(settings: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert await run_database_command(settings, "backup", str(copy)) == 0
    new = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'there' / 'vigia.db'}")
    assert await run_database_command(new, "restore", str(copy)) == 0
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["vigia.db"]
    assert await run_database_command(new, "status", "") == 0


async def test_what_a_feed_alone_brought_is_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Border Patrol agents find tunnel {} under the border wall near Nogales"
    with room(tmp_path) as made:
        flood, other = made.follow("Flood", "Other")
        for number in range(3):
            made.bring(flood, title.format(number), url=f"https://flood.example/{number}")
        made.bring(other, title.format(9))
        made.group()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")

    async def forget(address: str, *, sure: bool = False) -> tuple[int, str]:
        return await run_database_command(settings, "forget", address, sure=sure), words(capsys)

    status, told = await forget("https://none.example/feed")
    assert status == 1 and "No feed has the address" in told
    status, told = await forget("https://flood.example/feed")
    assert status == 0 and "alone brought 3 articles" in told and "Nothing was changed" in told
    running = Database.open(settings.database_url)
    running.check()
    status, told = await forget("https://flood.example/feed", sure=True)
    assert status == 1 and "is in use" in told
    running.close()
    status, told = await forget("https://flood.example/feed", sure=True)
    assert status == 0 and "3 articles deleted" in told and "enabled: false" in told
    with closing(Database.open(settings.database_url)) as database:
        assert database.read_sync(condition.condition).rows["article"] == 1
        assert len(database.read_sync(search.search, DEFAULTS, "tunnel", by_story=False).best) == 1
        counted = text("SELECT MAX(articles) FROM concern_span")
        assert database.read_sync(lambda session: session.execute(counted).scalar_one()) == 1


async def test_what_is_no_backup_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, body in (("letter.txt", b"Dear Sir or Madam"), ("none.db", None)):
        copy = tmp_path / name
        if body is not None:
            copy.write_bytes(body)
        assert await run_database_command(settings, "restore", str(copy)) == 1
        assert "Nothing was changed" in words(capsys)
    assert await run_database_command(settings, "status", "") == 0


async def test_a_copy_in_postgresql_answers_the_same(
    settings: Settings, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    target = postgres.empty()
    try:
        assert await run_database_command(settings, "copy", target) == 0
        assert "compared one by one" in words(capsys)
        found = []
        for url in (settings.database_url, target):
            database = Database.open(url)
            hits = database.read_sync(search.search, DEFAULTS, "tunnel")
            found.append([hit.article.title for hit in hits.best])
            database.close()
        assert found[0] == found[1] and len(found[0]) == 1
        with pytest.raises(backup.NotEmpty):
            await run_database_command(settings, "copy", target)
        there = Settings(_env_file=None, database_url=target)
        assert await run_database_command(there, "backup", "somewhere.dump") == 1
        told = words(capsys)
        assert "pg_dump --format=custom --file=somewhere.dump" in told and "***" not in told
        assert await run_database_command(there, "status", "") == 0
        assert "postgresql" in words(capsys)
    finally:
        postgres.drop(target)


def test_a_store_that_is_missing_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(URL, f"sqlite:///{tmp_path / 'none.db'}")
    assert main(["db", "status"]) == 1
    assert "there is no such file yet" in words(capsys)
    with pytest.raises(SystemExit):
        main(["db"])

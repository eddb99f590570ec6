"""``python bot.py check``: it says what the bot would meet at its start, and changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import text

from bot.operating.check import check
from bot.settings import Settings
from bot.store import condition
from bot.store.database import Database

TOKEN = "the.right.token"


@pytest.fixture
async def discord() -> AsyncIterator[str]:
    """An address that knows one token, and nothing else of Discord."""

    async def me(request: web.Request) -> web.Response:
        right = request.headers.get("Authorization") == f"Bot {TOKEN}"
        return web.json_response({"username": "vigia"} if right else {}, status=200 if right else 401)

    app = web.Application()
    app.router.add_get("/users/@me", me)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def installed(tmp_path: Path, **given: object) -> Settings:
    (tmp_path / "feeds.yaml").write_text("feeds: []\n")
    known = {"database_url": f"sqlite:///{tmp_path / 'vigia.db'}", "feeds_file": tmp_path / "feeds.yaml"}
    return Settings(_env_file=None, **{**known, **given})  # type: ignore[arg-type]


async def told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = await check(settings)
    return status, " ".join(capsys.readouterr().out.split())


async def test_before_the_first_start(
    tmp_path: Path, discord: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, words = await told(installed(tmp_path, discord_token=TOKEN, discord_api_base=discord), capsys)
    assert status == 0, words
    assert "the first start makes it" in words and "knows this bot as “vigia”" in words
    assert not (tmp_path / "vigia.db").exists()
    assert "not tried: the catalogue has no feed" in words and TOKEN not in words


async def test_a_wrong_token(tmp_path: Path, discord: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, words = await told(installed(tmp_path, discord_token="wrong", discord_api_base=discord), capsys)
    assert status == 1 and "Discord refuses it" in words and "Reset Token" in words
    away = installed(tmp_path, discord_token=TOKEN, discord_api_base="http://127.0.0.1:9")
    status, words = await told(away, capsys)
    assert status == 1 and "Discord cannot be reached" in words


async def test_an_older_schema_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = installed(tmp_path)
    Database.open(settings.database_url).close()
    for revision, status, fix in (("0001", 0, "db backup"), ("0999", 1, "Run the newer Vigía")):
        database = condition.open_as_is(settings.database_url)
        database.write_sync(
            lambda session, to: session.execute(
                text("UPDATE alembic_version SET version_num = :to"), {"to": to}
            ),
            revision,
        )
        database.close()
        found, words = await told(settings, capsys)
        assert found == status and revision in words and fix in words
        database = condition.open_as_is(settings.database_url)
        assert database.read_sync(condition.revision) == revision
        database.close()


async def test_what_cannot_be_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE customer (id)")
    for url, words_told in (
        (f"sqlite:///{tmp_path / 'other.db'}", "another program"),
        (f"sqlite:///{tmp_path / 'feeds.yaml' / 'vigia.db'}", "this user may not make it"),
        ("postgresql://u:sec@ret@host/name", "written %40"),
        ("mysql://u:secret@host/name", "mysql is not supported"),
    ):
        status, words = await told(installed(tmp_path, database_url=url), capsys)
        assert status == 1 and words_told in words
        assert "ret@" not in words and "secret" not in words

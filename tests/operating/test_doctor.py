"""``python bot.py doctor``: every finding that needs doing says what fixes it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from sqlalchemy import text

from bot.domain.digests import OutboxDraft
from bot.operating import diagnostics, remote
from bot.operating.doctor import doctor
from bot.settings import Settings
from bot.store import condition, digests, engines, leases, outbox
from bot.store.condition import Condition, OverdueWork
from bot.store.database import Database
from bot.store.leases import Lease
from tests.support.audience import spot
from tests.support.clock import START, FrozenClock
from tests.support.context import Room, room

FEEDS = """feeds:
  - {url: "https://a.example/feed", title: A, publisher: A, language: en, kind: news, region: border}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'vigia.db'}",
        feeds_file=tmp_path / "feeds.yaml",
    )


def brought_in(tmp_path: Path, *, grouped: bool = True) -> None:
    with room(tmp_path) as made:
        (feed,) = made.follow("Alpha")
        made.bring(feed, "Border Patrol agents find tunnel under the border wall near Nogales")
        if grouped:
            made.group()
        present(made)


def present(made: Room, role: str = "all", who: str = "here:1", now: datetime = START) -> None:
    ttl = timedelta(minutes=3)
    made.database.write_sync(leases.take, f"process:{role}:{who}", who, now=now, ttl=ttl)


async def examine(
    settings: Settings, capsys: pytest.CaptureFixture[str], now: datetime = START
) -> tuple[int, str]:
    status = await doctor(settings, offline=True, clock=FrozenClock(now))
    return status, " ".join(capsys.readouterr().out.split())


async def test_a_sound_installation(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought_in(tmp_path)
    status, told = await examine(settings, capsys)
    assert status == 0, told
    assert "Nothing needs doing" in told and "here:1 (all)" in told and "nothing is late" in told


async def test_without_a_store(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = await examine(settings, capsys)
    assert status == 1 and "there is no such file yet" in told and "→" in told


async def test_a_damaged_store(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought_in(tmp_path)
    path = tmp_path / "vigia.db"
    whole = bytearray(path.read_bytes())
    whole[8192:12288] = b"\x55" * 4096
    path.write_bytes(whole)
    status, told = await examine(settings, capsys)
    assert status == 1 and "Restore a backup" in told


async def test_an_old_schema_and_articles_that_wait(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought_in(tmp_path, grouped=False)
    status, told = await examine(settings, capsys, START + timedelta(minutes=30))
    assert status == 1 and "1 article unplaced, the first for 30 minutes" in told
    database = condition.open_as_is(settings.database_url)
    database.write_sync(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    )
    database.close()
    status, told = await examine(settings, capsys)
    assert status == 1 and "python bot.py db upgrade" in told


async def test_a_schema_of_a_newer_version_is_not_to_be_upgraded(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought_in(tmp_path)
    database = condition.open_as_is(settings.database_url)
    database.write_sync(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    )
    database.close()
    status, told = await examine(settings, capsys)
    assert status == 1 and "Run the newer Vigía" in told and "db upgrade" not in told


async def test_a_file_of_another_program(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "vigia.db")) as other:
        other.execute("CREATE TABLE customer (id)")
    status, told = await examine(settings, capsys)
    assert status == 1 and "of another program" in told and "VIGIA_DATABASE_URL" in told


async def test_a_file_that_is_no_database_stops_no_other_look(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vigia.db").write_text("Dear Sir or Madam, " * 500)
    status, told = await examine(settings, capsys)
    assert status == 1 and "Restore a backup" in told
    assert "disk" in told and "time zones" in told and "catalogue" in told


async def test_a_store_that_another_program_holds(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    brought_in(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "vigia.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, told = await examine(settings, capsys)
    assert status == 1 and "Another Vigía or another program holds" in told and "nothing is late" in told


async def test_work_that_is_late(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room(tmp_path) as made:
        present(made, now=START + timedelta(hours=1))
        made.database.write_sync(
            digests.set_subscription,
            spot(3, 2),
            minute_of_day=0,
            zone="UTC",
            language="en",
            now=START - timedelta(days=1),
        )
        draft = OutboxDraft(spot(3, 2), "daily", date(2026, 3, 2), 0, "{}", START)
        made.database.write_sync(outbox.enqueue, [draft], now=START)
    status, told = await examine(settings, capsys, START + timedelta(hours=1))
    assert status == 1
    assert "1 digest overdue" in told and "1 message due" in told and "tick_failed" in told


async def test_two_that_do_everything(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room(tmp_path) as made:
        present(made)
        present(made, who="there:2")
    status, told = await examine(settings, capsys)
    assert status == 1 and "Stop all but one" in told
    status, told = await examine(settings, capsys, START + timedelta(minutes=4))
    assert status == 0 and "no Vigía runs on this store" in told


def test_every_diagnostic_has_a_fix() -> None:
    now = START
    waiting = OverdueWork(
        lost_claims=2,
        stuck=1,
        amiss={"failed:forbidden": 1, "unknown:": 2, "failed:what else": 3},
        overdue=1,
        paused={"forbidden": 1, "channel_missing": 2, "": 1},
    )
    old = Condition("1", "2", 1, 1, {}, 0, None, False)
    large = Condition("2", "2", 1, 10**9, {"article": 5}, 3, now - timedelta(days=3), True)
    gateway = [Lease("process:gateway:a:1", "a:1", now)]
    found = [
        *diagnostics.of_store(old, now),
        *diagnostics.of_store(large, now),
        diagnostics.of_room(10**6, 10**9, "/data"),
        diagnostics.of_room(10**9, 10**9, "/data"),
        *diagnostics.of_overdue_work(waiting, running=True),
        *diagnostics.of_overdue_work(waiting, running=False),
        *diagnostics.of_feeds({"http_403": 2, "timeout": 1}, 9),
        *diagnostics.of_feeds({"dns": 9}, 9),
        diagnostics.of_processes([], "sqlite"),
        diagnostics.of_processes(gateway * 2, "sqlite"),
        *diagnostics.of_roles(gateway),
        diagnostics.of_clock(None),
        diagnostics.of_clock(timedelta(minutes=-9)),
        *diagnostics.of_rights({5: ("missing",), 6: ("Send Messages",)}, 2),
    ]
    amiss = [one for one in found if one.state != "ok"]
    assert len(amiss) > 25
    for one in amiss:
        assert one.fix.endswith((".", "`.")), one
    assert {one.what for one in found if one.state == "problem"} >= {"roles", "clock", "channels", "disk"}


def test_zones() -> None:
    mexico = ZoneInfo("America/Mexico_City")
    assert diagnostics.of_zones("2026.1", mexico, START).state == "ok"
    assert diagnostics.of_zones("2021.5", mexico, START).state == "problem"
    # New York stands for a table in which Mexico City still changes its clocks.
    assert diagnostics.of_zones("2026.1", ZoneInfo("America/New_York"), START).state == "problem"


GUILD: dict[str, Any] = {
    "id": "10",
    "owner_id": "1",
    "roles": [
        {"id": "10", "permissions": str(1 << 10)},
        {"id": "11", "permissions": str(1 << 11 | 1 << 16)},
        {"id": "12", "permissions": str(1 << 3)},
    ],
}


@pytest.mark.parametrize(
    ("roles", "overwrites", "missing"),
    [
        (["11"], [], ()),
        ([], [], ("Send Messages", "Read Message History")),
        (["12"], [{"id": "10", "allow": "0", "deny": str(1 << 11)}], ()),
        (["11"], [{"id": "10", "allow": "0", "deny": str(1 << 10)}], ("View Channel",)),
        (
            ["11"],
            [
                {"id": "10", "allow": "0", "deny": str(1 << 10)},
                {"id": "11", "allow": str(1 << 10), "deny": "0"},
            ],
            (),
        ),
        (
            ["11"],
            [
                {"id": "11", "allow": str(1 << 11), "deny": "0"},
                {"id": "7", "allow": "0", "deny": str(1 << 11)},
            ],
            ("Send Messages",),
        ),
    ],
)
def test_permissions_as_discord_works_them_out(roles, overwrites, missing) -> None:  # type: ignore[no-untyped-def]
    member = {"user": {"id": "7"}, "roles": roles}
    channel = {"id": "20", "type": 0, "permission_overwrites": overwrites}
    assert remote.missing_rights(GUILD, member, channel) == missing


@pytest.fixture
async def discord() -> AsyncIterator[str]:
    """A Discord that knows one server, and whose clock is two minutes behind."""
    app = web.Application()
    answers: dict[str, Any] = {
        "/users/@me": {"id": "7", "username": "vigia"},
        "/guilds/10": GUILD,
        "/guilds/10/members/7": {"user": {"id": "7"}, "roles": []},
        "/channels/20": {"id": "20", "type": 0, "permission_overwrites": []},
        "/gateway": {"url": "wss://gateway"},
    }

    async def answer(request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(datetime.now(UTC) - timedelta(minutes=2), usegmt=True)}
        found = answers.get(request.path)
        if found is None:
            return web.json_response({"code": 10003}, status=404, headers=headers)
        return web.json_response(found, headers=headers)

    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_rights_and_time_over_rest(discord: str) -> None:
    lacking, asked = await remote.lacking_rights(discord, "token", {10: [20, 21]})
    assert asked == 2
    assert lacking == {20: ("Send Messages", "Read Message History"), 21: ("missing",)}
    skew = await remote.clock_skew(discord, datetime.now(UTC))
    assert skew is not None and timedelta(seconds=110) < skew < timedelta(seconds=130)
    assert await remote.clock_skew("http://127.0.0.1:9", datetime.now(UTC)) is None


def test_a_store_is_looked_at_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(condition.NoStore):
        condition.open_as_is(f"sqlite:///{tmp_path / 'none.db'}")
    database = Database.open(f"sqlite:///{tmp_path / 'vigia.db'}")
    database.check()
    assert condition.in_use(tmp_path / "vigia.db")
    database.close()
    assert not condition.in_use(tmp_path / "vigia.db")

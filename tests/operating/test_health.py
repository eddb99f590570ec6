"""The health port: alive, ready, and figures in Prometheus's form."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.operating.health import health_endpoint
from bot.store.errors import DiskFull
from tests.ingest.test_poll import TUNNEL
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, paper, poll, source


async def test_alive_ready_and_figures(tmp_path: Path) -> None:
    clock, stand, connected = FrozenClock(), Newsstand(), [False]
    stand.papers[source(1).url] = paper(clock.now(), TUNNEL)
    async with (
        context_in(tmp_path, stand, clock) as context,
        health_endpoint(context, "127.0.0.1", 0, lambda: connected[0]) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        async with session.get("/healthz") as answer:
            assert answer.status == 200
        async with session.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["amiss"] == ["discord_not_connected"]
        connected[0] = True
        await poll(context)
        async with session.get("/readyz") as answer:
            assert answer.status == 200
        async with session.get("/metrics") as answer:
            text = await answer.text()
        assert 'vigia_polls_total{outcome="read"}' in text
        assert 'vigia_feeds{health="fresh"} 1.0' in text
        assert "vigia_poll_lag_seconds 0.0" in text
        clock.advance(days=2)
        async with session.get("/readyz") as answer:
            assert (await answer.json())["amiss"] == ["polling_behind"]
        context.database.close()
        async with session.get("/metrics") as answer:
            text = await answer.text()
        assert "vigia_store_reachable 0.0" in text and 'vigia_polls_total{outcome="read"}' in text
        assert "vigia_feeds{" not in text, "figures of old are none"


async def test_a_full_disk_is_said_until_a_write_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(session: Session) -> None:
        session.execute(text("CREATE TABLE filler (a BLOB)"))
        session.execute(text("INSERT INTO filler VALUES (zeroblob(900000))"))

    def bound(session: Session, pages: int) -> None:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))

    async with (
        context_in(tmp_path, Newsstand(), FrozenClock()) as context,
        health_endpoint(context, "127.0.0.1", 0, lambda: True) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def amiss() -> tuple[int, list[str]]:
            async with session.get("/readyz") as answer:
                return answer.status, (await answer.json())["amiss"]

        await context.database.write(bound, 1)  # SQLite takes this as: no larger than it is
        with pytest.raises(DiskFull):
            await context.database.write(fill)
        assert await amiss() == (503, ["disk_full"])
        await context.database.write(bound, 1_000_000)
        await context.database.write(fill)
        assert await amiss() == (200, [])
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4_096))
        assert await amiss() == (503, ["disk_full"])


async def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    async with (
        context_in(tmp_path, Newsstand(), FrozenClock()) as context,
        health_endpoint(context, "127.0.0.1", None, lambda: True) as port,
    ):
        assert port is None

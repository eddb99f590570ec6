"""The health port: alive, ready, and figures in Prometheus's form."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from bot.operating.health import health_endpoint
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


async def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    async with (
        context_in(tmp_path, Newsstand(), FrozenClock()) as context,
        health_endpoint(context, "127.0.0.1", None, lambda: True) as port,
    ):
        assert port is None

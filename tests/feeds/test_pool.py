from __future__ import annotations

import asyncio
import marshal
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot
from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.parsed import entry_to_plain
from bot.feeds.parser_process import ENTRIES_AT_A_TIME, answer
from bot.feeds.pool import ParserPool
from tests.feeds import samples

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"

# Behind the mismatched end tag expat sees nothing, so that only the time limit stands before feedparser.
HANGING = (
    b"<rss version='2.0'><channel><item><title>x</title></bogus><author>"
    + b"a" * 200_000
    + b"@</author></item></channel></rss>"
)


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(2, time_limit=1.5) as opened:
        yield opened


async def test_feeds_are_parsed_in_parallel_and_come_back_whole(pool: ParserPool) -> None:
    feeds = await asyncio.gather(*(pool.parse(samples.RSS, "text/xml", URL, NOW) for _ in range(8)))
    assert {feed.title for feed in feeds} == {"Diario de la Frontera"}
    assert feeds[0].entries[0].published == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


async def test_refusals_cross_the_pipe_with_their_code_and_data(pool: ParserPool) -> None:
    with pytest.raises(NotAFeed) as refused:
        await pool.parse(samples.rss(["<title>x</title>"] * 5_001), "", URL, NOW)
    assert (refused.value.code, refused.value.data) == ("too_many_entries", {"limit": 5_000})


async def test_a_large_feed_crosses_the_pipe_in_small_frames(pool: ParserPool) -> None:
    longest = "".join(f"<category>{n}{'ñ' * 200}</category>" for n in range(40))
    item = f"{samples.news(1)}<description>{'ñ ' * 2_000}</description>{longest}"
    body = samples.rss([item] * 120)
    head, *frames = answer(body, "", URL, int(NOW.timestamp()))
    assert head[1][-1] == sum(map(len, frames)) == 120
    assert max(map(len, frames)) == ENTRIES_AT_A_TIME
    assert max(len(marshal.dumps(frame)) for frame in frames) < 1_000_000, "all that is read at once"
    feed = await pool.parse(body, "", URL, NOW)
    assert [entry_to_plain(entry) for entry in feed.entries] == [one for frame in frames for one in frame]


async def test_a_parser_that_hangs_is_killed_and_replaced_and_the_loop_runs_on(pool: ParserPool) -> None:
    await pool.parse(samples.RSS, "", URL, NOW)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    hanging = [asyncio.create_task(pool.parse(HANGING, "", URL, NOW)) for _ in range(2)]
    for task in hanging:
        with pytest.raises(ParseFailed) as failed:
            await task
        assert failed.value.code == "parse_timeout"
    ticking.cancel()
    assert ticks > 20
    assert (await pool.parse(samples.RSS, "", URL, NOW)).entries


async def test_a_loop_that_is_held_up_calls_no_document_slow() -> None:
    """The limit is of the CPU that a document takes: a machine under load blames no publisher."""
    async with ParserPool(1, time_limit=0.5) as pool:
        await pool.parse(samples.RSS, "", URL, NOW)
        reading = asyncio.create_task(pool.parse(samples.RSS, "", URL, NOW))
        await asyncio.sleep(0)
        time.sleep(1)
        assert (await reading).entries


async def test_a_parser_that_dies_is_replaced(pool: ParserPool) -> None:
    await pool.parse(samples.RSS, "", URL, NOW)
    for worker in pool._workers:
        if worker._process is not None:
            worker._process.kill()
    with pytest.raises(ParseFailed) as failed:
        await pool.parse(samples.RSS, "", URL, NOW)
    assert failed.value.code == "parser_crashed"
    assert (await pool.parse(samples.RSS, "", URL, NOW)).entries


async def test_a_caller_that_gives_up_leaves_a_working_pool(pool: ParserPool) -> None:
    await pool.parse(samples.RSS, "", URL, NOW)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asyncio.gather(*(pool.parse(HANGING, "", URL, NOW) for _ in range(2)))
    assert (await pool.parse(samples.RSS, "", URL, NOW)).entries


async def test_closing_ends_every_process() -> None:
    async with ParserPool(1) as pool:
        await pool.parse(samples.RSS, "", URL, NOW)
        [worker] = pool._workers
        assert worker._process is not None
        pid = worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_the_parser_does_not_get_the_bots_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIA_TOKEN", "secret")
    async with ParserPool(1) as pool:
        await pool.parse(samples.RSS, "", URL, NOW)
        process = pool._workers[0]._process
        assert process is not None
        environment = f"/proc/{process.pid}/environ"
        if not os.path.exists(environment):
            pytest.skip("no /proc here")
        with open(environment, "rb") as file:
            assert b"secret" not in file.read()


def test_a_script_without_a_main_guard_can_use_the_pool(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio, sys\n"
        f"sys.path.insert(0, {str(Path(bot.__file__).parents[1])!r})\n"
        "from datetime import UTC, datetime\n"
        "from bot.feeds.pool import ParserPool\n"
        "async def run():\n"
        "    async with ParserPool(1) as pool:\n"
        "        body = b'<rss version=\"2.0\"><channel><title>Hola</title></channel></rss>'\n"
        "        print((await pool.parse(body, '', 'https://a.example/', datetime.now(UTC))).title)\n"
        "asyncio.run(run())\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("Hola\n", "")


async def test_a_parser_with_nothing_to_read_is_ended_and_the_next_document_starts_one() -> None:
    async with ParserPool(1, idle_seconds=0.1) as pool:
        await pool.parse(samples.RSS, "text/xml", URL, NOW)
        [worker] = pool._workers
        async with asyncio.timeout(10):
            while worker._process is not None:
                await asyncio.sleep(0)  # so as to come for it while it ends
        feed = await pool.parse(samples.RSS, "text/xml", URL, NOW)
        assert feed.title == "Diario de la Frontera"


async def test_a_second_process_is_started_only_when_one_document_has_waited() -> None:
    async with ParserPool(2, time_limit=3, patience=0.5) as pool:
        for _ in range(3):
            await asyncio.gather(*(pool.parse(samples.RSS, "text/xml", URL, NOW) for _ in range(6)))
        assert sum(worker._process is not None for worker in pool._workers) == 1
        hanging = asyncio.create_task(pool.parse(HANGING, "", URL, NOW))
        feed = await pool.parse(samples.RSS, "text/xml", URL, NOW)
        assert feed.entries and not hanging.done(), "the other process read it"
        with pytest.raises(ParseFailed):
            await hanging

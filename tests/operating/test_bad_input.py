"""Whatever is wrong gets a clear sentence, and what was stored is still there."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support import feed_server as serve
from tests.support.feed_server import FeedServer
from tests.support.process import Vigia

HEADLINES = (
    "Border Patrol agents find tunnel under the border wall near Nogales",
    "National Guard troops deployed to the southern border at El Paso after cartel shooting",
)


def rss(*titles: str, link: str = "https://example.org/news") -> bytes:
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>{title}</title><link>{link}/{number}</link><guid>{link}/{number}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(hours=number + 1))}</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>Border Sample</title>{items}</channel></rss>'.encode()


async def test_a_poll_and_a_second_one(vigia: Vigia) -> None:
    async with FeedServer() as server:
        server.pages["/feed"] = serve.feed(rss(*HEADLINES), etag='"1"')
        vigia.follow(server.url("/feed"))
        first = await vigia.run("poll")
        assert first.status == 0, first.err
        assert "2 entries, 2 of them new, 2 bear on a concern" in first.out
        again = await vigia.run("poll")
        assert "No feed is due" in again.out
        forced = await vigia.run("poll", "--all")
        assert "0 of them new" in forced.out
        assert server.requests[-1].headers["if-none-match"] == '"1"'
    answer = await vigia.run("ask", "/latest")
    assert answer.status == 0
    for headline in HEADLINES:
        assert headline.split(" near ")[0][:40] in " ".join(answer.out.split())


async def test_bad_feeds_are_told_in_one_table_and_harm_no_other(vigia: Vigia) -> None:
    async with FeedServer() as server:
        pages = {
            "/good": serve.feed(rss(*HEADLINES)),
            "/html": serve.html("<html><body>Please enable JavaScript</body></html>"),
            "/empty": serve.feed(b""),
            "/bomb": serve.streamed(
                lambda: [serve.gzip_bomb(300_000_000)],
                {"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"},
            ),
            "/missing": serve.status(404),
            "/reset": serve.reset(),
        }
        server.pages.update(pages)
        # Two names of the machine, so that half as many wait for the pause between two requests.
        hosts = ("127.0.0.1", "localhost")
        vigia.follow(*(server.url(path, hosts[turn % 2]) for turn, path in enumerate(pages)))
        told = await vigia.run("poll")
        words = " ".join(told.out.split())
        assert told.status == 0, told.err
        assert "1 feed read: 2 entries, 2 of them new" in words
        assert "Feeds that could not be read" in words
        assert "web page" in words and "HTTP 404" in words
        assert "Traceback" not in told.err + told.out


async def test_hostile_entries_are_shown_harmless(vigia: Vigia) -> None:
    hostile = rss(
        "@everyone Border Patrol finds tunnel under border wall &lt;script&gt;alert(1)&lt;/script&gt;",
        "Border wall " + "x" * 2_000_000 + " Border Patrol",
        link="javascript:alert(1)//",
    )
    async with FeedServer() as server:
        server.pages["/feed"] = serve.feed(hostile)
        vigia.follow(server.url("/feed"))
        assert await vigia.read_feeds() == 0
        answer = await vigia.run("ask", "/latest")
    assert "javascript:" not in answer.out
    assert "<script>" not in answer.out
    assert len(answer.out) < 20_000


async def test_without_a_network_the_prompt_opens_on_what_is_stored(vigia: Vigia) -> None:
    async with FeedServer() as server:
        server.pages["/feed"] = serve.feed(rss(*HEADLINES))
        vigia.follow(server.url("/feed"))
        await vigia.read_feeds()
    await vigia.read_feeds(every=True)
    told = await vigia.run(typed="/latest\n/sources\n")
    assert told.status == 0, told.err
    assert HEADLINES[0][:40] in told.out
    assert "cannot be reached" in told.out or "cannot be read" in told.out


async def test_private_addresses_are_refused(vigia: Vigia) -> None:
    async with FeedServer() as server:
        server.pages["/feed"] = serve.feed(rss(*HEADLINES))
        vigia.follow(server.url("/feed"))
        vigia.settings["VIGIA_ALLOW_PRIVATE_ADDRESSES"] = "false"
        told = await vigia.run("poll")
        assert told.status == 1
        assert "private network" in " ".join(told.out.split())
        assert server.requests == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"VIGIA_DATABASE_URL": "sqlite:////proc/vigia.db"}, "The database cannot be used"),
        ({"VIGIA_DATABASE_URL": "mysql://nobody@nowhere/db"}, "VIGIA_DATABASE_URL should read"),
        ({"VIGIA_DATABASE_URL": "sqlite://"}, "memory"),
        ({"VIGIA_TIMEZONE": "Mars/Olympus"}, "not an IANA time zone"),
        ({"VIGIA_LANGUAGE": "fr"}, "VIGIA_LANGUAGE"),
        ({"VIGIA_CONTACT": "evil\r\nX-Header: 1"}, "VIGIA_CONTACT"),
        ({"VIGIA_FEEDS_FILE": "/nonexistent/feeds.yaml"}, "cannot be read"),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else None,
)
async def test_settings_that_cannot_work_are_named(
    vigia: Vigia, settings: dict[str, str], sentence: str
) -> None:
    vigia.settings.update(settings)
    told = await vigia.run("poll")
    assert told.status in (1, 2)
    assert sentence in told.err
    assert "Traceback" not in told.err


async def test_a_health_port_that_is_taken_is_named(vigia: Vigia) -> None:
    vigia.follow("http://127.0.0.1:9/feed")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        vigia.settings |= {
            "VIGIA_DISCORD_TOKEN": "a.b.c",
            "VIGIA_DISCORD_API_BASE": f"http://127.0.0.1:{port}",  # listens, and never answers
            "VIGIA_HEALTH_PORT": str(port),
        }
        told = await vigia.run("run")
    assert told.status == 1
    assert "is taken by" in told.err and "Traceback" not in told.err


async def test_an_env_file_that_cannot_be_read(vigia: Vigia) -> None:
    (vigia.folder / ".env").write_bytes(b"VIGIA_LANGUAGE=\xff\xfe\n")
    told = await vigia.run("check")
    assert told.status == 2 and ".env cannot be read" in told.err and "Traceback" not in told.err


async def test_a_broken_catalogue_is_told_with_its_lines(vigia: Vigia) -> None:
    vigia.follow("https://example.org/feed")
    path = vigia.folder / "feeds.yaml"
    path.write_text(path.read_text().replace("language: en", "language: xx"))
    told = await vigia.run("poll")
    assert told.status == 1
    assert "line 5" in told.err and "language" in told.err


async def test_a_file_that_is_no_database_is_left_alone(vigia: Vigia) -> None:
    path = vigia.folder / "vigia.db"
    path.write_bytes(b"my thesis, chapter one" * 100)
    told = await vigia.run("ask", "/concerns")
    assert told.status == 1
    assert "The database cannot be used" in told.err
    assert path.read_bytes().startswith(b"my thesis")


async def test_running_without_a_token_says_what_to_do(vigia: Vigia) -> None:
    told = await vigia.run("run")
    assert told.status == 1
    assert "VIGIA_DISCORD_TOKEN" in told.out + told.err


async def test_check_never_prints_the_token(vigia: Vigia) -> None:
    vigia.follow("http://127.0.0.1:9/feed")
    vigia.settings["VIGIA_DISCORD_TOKEN"] = "a-very-secret-token"
    vigia.settings["VIGIA_DISCORD_API_BASE"] = "http://127.0.0.1:9/api"
    vigia.settings["VIGIA_DATABASE_URL"] = f"sqlite:///{vigia.folder / 'vigia.db'}"
    told = await vigia.run("check")
    assert told.status == 1
    assert "VIGIA_DISCORD_TOKEN" in told.out and "cannot be reached" in told.out
    assert "secret" not in told.out + told.err


async def test_an_interrupted_poll_keeps_what_it_read(vigia: Vigia) -> None:
    async with FeedServer() as server:
        server.pages["/good"] = serve.feed(rss(*HEADLINES))
        server.pages["/slow"] = serve.hang()
        # "localhost" is a second host, so that the slow feed does not hold the good one back.
        vigia.follow(server.url("/good"), server.url("/slow", host="localhost"))
        process = await vigia.start("poll")
        async with asyncio.timeout(60):
            while len(server.requests) < 2:
                await asyncio.sleep(0.05)
            while not await _stored(vigia):
                await asyncio.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    answer = await vigia.run("ask", "/search tunnel")
    assert "tunnel" in answer.out.lower()


async def _stored(vigia: Vigia) -> bool:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{vigia.folder / 'vigia.db'}?mode=ro", uri=True) as database:
            return bool(database.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.OperationalError:
        return False

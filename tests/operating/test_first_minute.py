"""The first minute: what the terminal shows where no publisher, or only one, answers."""

from __future__ import annotations

import asyncio
import io
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from bot.operating import first_minute
from bot.operating.ask import ask_once
from bot.operating.terminal import console
from bot.settings import Settings
from tests.operating.test_terminal import closed_port
from tests.support.process import Vigia

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Desk</title><item><guid>1</guid>
<title>Border Patrol agents find a tunnel under the border wall in San Diego</title>
<link>https://desk.example/1</link></item></channel></rss>"""
NOBODY = "No publisher has answered yet"
INVENTED = "Invented sample:"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_minute, "LEAST_SECONDS", 0.6)
    monkeypatch.setattr(first_minute, "SILENCE_SECONDS", 0.4)


class Piped:
    """Lines that come through a pipe. At a None, ``late`` is called, and what it causes is waited for."""

    def __init__(
        self, screen: io.StringIO, lines: tuple[str | None, ...], late: Callable[[], object], wanted: str
    ) -> None:
        self._screen, self._lines, self._late, self._wanted = screen, iter(lines), late, wanted

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        line = next(self._lines, "")
        if line is not None:
            return line
        self._late()
        while self._wanted not in words(self._screen.getvalue()):
            time.sleep(0.02)
        return self.readline()


def words(text: str) -> str:
    return " ".join(text.split())


def settings_for(folder: Path, *addresses: str, language: str = "en") -> Settings:
    about = "title: News, language: en, kind: news, region: border"
    lines = [f"  - {{url: '{url}', publisher: Paper {n}, {about}}}" for n, url in enumerate(addresses)]
    (folder / "feeds.yaml").write_text("feeds:\n" + "\n".join(lines))
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'vigia.db'}",
        feeds_file=folder / "feeds.yaml",
        allow_private_addresses=True,
        language=language,
    )


@asynccontextmanager
async def publisher(release: asyncio.Event) -> AsyncIterator[int]:
    """A publisher that answers once released; its port. Hosts 127.0.0.N other than .1 never answer."""
    over = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await (release if request.host.startswith("127.0.0.1:") else over).wait()
        return web.Response(text=FEED, content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        over.set()
        release.set()
        await runner.cleanup()


async def printed(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *lines: str | None,
    late: Callable[[], object] = list,
    wanted: str = "",
) -> str:
    """What the terminal prints while these lines come through a pipe."""
    screen = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", Piped(screen, lines, late, wanted))
        patched.setattr(sys, "stdout", screen)
        async with asyncio.timeout(60):
            assert await console(settings) == 0
    return words(screen.getvalue())


@pytest.mark.parametrize("fault", ["no resolver", "refused", "silent", "silent resolver"])
async def test_without_any_answer_the_samples_stand_in(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    over = threading.Event()

    def look_up(*_: object, **__: object) -> None:
        if fault == "silent resolver":
            over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    if "resolver" in fault:
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
    async with publisher(asyncio.Event()) as port:
        to = port if fault == "silent" else closed_port()
        hosts = [f"paper{n}.example" if "resolver" in fault else f"127.0.0.{n}:{to}" for n in range(1, 4)]
        settings = settings_for(tmp_path, *(f"http://{host}/" for host in hosts))
        text = await printed(settings, monkeypatch, "/concerns\n", "/latest\n")
    over.set()
    assert NOBODY in text and text.count(INVENTED) == 2
    # Nothing of the samples is in the bot's own store.
    assert await ask_once(settings, "/latest") == 0
    output = capsys.readouterr()
    assert INVENTED not in output.out and "Nothing is stored yet" in output.err


async def test_a_late_answer_is_said_and_one_command_shows_the_real_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, said = asyncio.Event(), "Ya respondió un medio. /real"
    answer_now = partial(asyncio.get_running_loop().call_soon_threadsafe, release.set)
    async with publisher(release) as port:
        settings = settings_for(tmp_path, f"http://127.0.0.1:{port}/", language="es")
        lines = ("/novedades\n", None, "/real\n", "/novedades\n")
        text = await printed(settings, monkeypatch, *lines, late=answer_now, wanted=said)
    samples, real = text.split(said)
    assert "Ningún medio ha respondido todavía" in samples and samples.count("Ejemplo inventado:") == 1
    assert "Ejemplo inventado:" not in real and "San Diego" in real


async def test_one_that_answers_is_not_held_up_by_the_silent_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asyncio.Event()
    release.set()
    async with publisher(release) as port:
        hosts = [f"http://127.0.0.{n}:{port}/" for n in range(1, 81)]
        settings = settings_for(tmp_path, *hosts)
        text = await printed(settings, monkeypatch, "/latest\n")
    assert "San Diego" in text and NOBODY not in text and INVENTED not in text


async def test_a_mistyped_path_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:9/")
    await ask_once(settings, "/help")
    assert "is new and empty" not in capsys.readouterr().err
    (tmp_path / "notes.db").write_text("not a store")
    mistyped = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'viga.db'}"})
    await ask_once(mistyped, "/help")
    said = "".join(capsys.readouterr().err.split())
    assert "viga.dbisnewandempty" in said and "vigia.db." in said and "notes.db" not in said


async def test_a_pipe_into_an_empty_folder_without_a_network_answers_and_ends(tmp_path: Path) -> None:
    vigia = Vigia(tmp_path)
    vigia.follow("http://no-such-host.invalid/feed", f"http://127.0.0.1:{closed_port()}/feed")
    told = await vigia.run(typed="/concerns\n")
    assert told.status == 0, told.err
    assert NOBODY in words(told.out)
    # Once, as it was asked for: who asks through a pipe is shown no first page before.
    titles = [line for line in told.out.splitlines() if "What the article worries about" in line]
    assert len(titles) == 1 and INVENTED in titles[0]
    with sqlite3.connect(tmp_path / "vigia.db") as store:
        assert store.execute("SELECT count(*) FROM article").fetchone() == (0,)


async def test_an_answer_loads_no_library_that_only_others_need(tmp_path: Path) -> None:
    vigia = Vigia(tmp_path, {"PYTHONPROFILEIMPORTTIME": "1"})
    vigia.follow("http://no-such-host.invalid/feed")
    await vigia.read_feeds()  # an existing store: one that is made now needs the migrations' library
    told = await vigia.run("ask", "/concerns")
    assert told.status == 0, told.err
    loaded = {line.rpartition("|")[2].strip() for line in told.err.splitlines() if "import time:" in line}
    assert "bot.pages.concerns" in loaded
    assert not loaded & {"aiohttp", "feedparser", "discord", "alembic", "prompt_toolkit", "apscheduler"}
    # Nor what other commands answer from.
    assert not loaded & {"bot.topics.matcher", "bot.ingest.poll", "bot.pages.story", "bot.sources.registry"}

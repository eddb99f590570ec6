"""What the terminal prints of a poll."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.app import open_context
from bot.domain.audience import DEFAULTS
from bot.feeds.catalog import FeedSource
from bot.operating.ask import ask_once, digest_once
from bot.operating.terminal import poll_once
from bot.settings import Settings
from bot.store import feeds


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "seems to have no way to the internet"),
        ("es", "parece que este equipo no tiene acceso"),
    ],
)
async def test_where_nothing_can_be_reached_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, sentence: str
) -> None:
    port = closed_port()
    about = "title: News, language: en, kind: news, region: border"
    lines = [f"  - {{url: 'http://127.0.0.{n}:{port}/', publisher: Alpha {n}, {about}}}" for n in (2, 3, 4)]
    (tmp_path / "feeds.yaml").write_text("feeds:\n" + "\n".join(lines))
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'vigia.db'}",
        feeds_file=tmp_path / "feeds.yaml",
        allow_private_addresses=True,
        language=language,
    )
    assert await poll_once(settings, every=False) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert sentence in printed and "bot.py demo" in printed
    assert "Feeds that could not be read" not in printed and "no se pudieron leer" not in printed


async def test_asking_leaves_the_feeds_of_a_running_bot_alone(tmp_path: Path) -> None:
    """Another shell may know nothing of the catalogue that the bot on this store runs with."""
    mine = FeedSource("https://mine.example/feed", "Mine", "Mine", "en", "news", "border")
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")
    async with open_context(settings, sources=(mine,)) as running:
        assert await ask_once(settings, "/concerns") == 0
        assert await digest_once(settings) == 0
        known = await running.database.read(feeds.feeds_of, DEFAULTS)
    assert [(feed.publisher, feed.active) for feed in known] == [("Mine", True)]

"""Which feedparser is patched, and that another one reads too (``pytest --plain-feedparser`` runs all so)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import feedparser
import feedparser.api
import pytest
import structlog

from bot.feeds import pool as pools
from bot.feeds.feedparser_patches import PROVED_ON, apply
from bot.feeds.parse import PATCHED
from bot.feeds.pool import ParserPool
from tests.feeds import samples
from tests.support import other_feedparser
from tests.support.process import ROOT

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"


def test_the_patches_are_in_use_with_the_versions_they_were_proved_on_and_no_other() -> None:
    assert (feedparser.__version__ in PROVED_ON) == PATCHED
    assert feedparser.api.StrictFeedParser.__module__.startswith("bot.") == PATCHED
    assert feedparser.api.LooseFeedParser.__module__.startswith("bot.") == PATCHED


@pytest.mark.parametrize("version", ["6.0.13", "6.0.15", "6.1.0", "7.0", "6.0.14.post1", ""])
def test_an_unproved_version_is_left_as_it_is(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedparser, "__version__", version)
    monkeypatch.setattr(feedparser.api, "StrictFeedParser", strict := object())
    monkeypatch.setattr(feedparser.api, "LooseFeedParser", loose := object())
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", preferred := ["drv_libxml2"])
    assert not apply()
    assert (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser) == (strict, loose)
    assert preferred == ["drv_libxml2"]


def test_a_process_with_an_unproved_version_reads_and_needs_no_module_of_the_patches() -> None:
    program = (
        "import json, sys; sys.path[:] = json.loads(sys.argv.pop())\n"
        "from datetime import UTC, datetime\n"
        "from bot.feeds.parse import PATCHED, read_document\n"
        "read = read_document(sys.stdin.buffer.read(), '', sys.argv.pop(), datetime.now(UTC))\n"
        "inside = [name for name in sys.modules if name.startswith('bot.feeds.feedparser_patches.')]\n"
        "print(json.dumps([PATCHED, read.feed.title, len(read.feed.entries), read.items, inside]))\n"
    )
    paths = [other_feedparser.FOLDER, str(ROOT), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", program, URL, json.dumps(paths)],
        input=samples.RSS,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == [False, "Diario de la Frontera", 2, None, []]


@pytest.mark.parametrize("patched", [False, True])
async def test_the_pool_says_once_that_the_version_is_not_proved(
    patched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "PATCHED", patched)
    with structlog.testing.capture_logs() as logged:
        async with ParserPool(2) as pool:
            for _ in range(2):
                assert (await pool.parse(samples.RSS, "text/xml", URL, NOW)).entries
    expected = {"event": "feedparser_not_tested", "log_level": "warning"}
    expected |= {"version": feedparser.__version__, "proved_on": list(PROVED_ON)}
    assert logged == ([] if patched else [expected])

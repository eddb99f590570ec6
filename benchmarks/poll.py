"""How fast feeds are polled, side by side with other readers, from a server on loopback.

    python -m benchmarks.poll [CORPUS.tar.xz] [--feeds 500] [--delay 0,0] [--readers vigia,bot,reader]

Each reader runs in a process of its own and polls the same feeds three times: cold (all is new), warm (every
answer is a 304) and bare (the same bodies from a server that has stopped offering validators). Printed for
each: seconds of wall time, seconds of CPU of the reader with its child processes, feeds per second of each,
peak memory, and requests as the server counted them.

``vigia`` fetches, parses and decides; ``bot`` is the whole of it, matched and stored in SQLite. ``reader`` is
lemon24/reader (``pip install reader``), which stores in SQLite too; ``feedparser`` is a plain loop of
``feedparser.parse(url)``; ``newsboat`` is the terminal reader, in C++.

Without a corpus, feeds are made up. Linux only: every feed has a loopback address
of its own, so that our pause between two requests to a host does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import contextlib
import json
import logging
import os
import resource
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.clock import SystemClock

PHASES = ("cold", "warm", "bare")
READERS = ("vigia", "bot", "reader", "feedparser", "newsboat")
_NEWSBOAT_FILES = (("url-file", "urls"), ("config-file", "config"), ("cache-file", "cache.db"))
_LEAST_BYTES = 2_048  # smaller documents of a corpus are unit tests and no feeds
_FIRST_ADDRESS = (127, 10, 0, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    reader: str
    phase: str
    feeds: int
    wall: float
    cpu: float
    peak_mb: float
    requests: int = 0
    not_modified: int = 0
    failures: int = 0
    entries: int = 0


class OffsetClock(SystemClock):
    """The machine's clock, set ahead between the phases so that all feeds are due again."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


Poll = Callable[[], tuple[int, int]]  # polls all feeds once; returns (failures, entries)


def addresses(port: int, count: int) -> list[str]:
    a, b, c, d = _FIRST_ADDRESS
    return [f"http://{a}.{b}.{c + n // 250}.{d + n % 250}:{port}/{n}" for n in range(count)]


def vigia(urls: list[str], clock: OffsetClock) -> Poll:
    from bot.feeds.fetch import Fetcher
    from bot.feeds.hosts import HostGate, host_of, in_turn
    from bot.feeds.poll import poll_feed
    from bot.feeds.pool import ParserPool
    from bot.feeds.state import FeedState

    states = dict.fromkeys(urls, FeedState())
    gate = HostGate(clock)

    async def poll() -> tuple[int, int]:
        failures = entries = 0
        async with Fetcher("Vigia/benchmark", allow_private=True) as fetcher, ParserPool() as pool:

            async def one(url: str) -> None:
                nonlocal failures, entries
                polled = await poll_feed(url, states[url], fetcher, pool, clock, Random(0))
                states[url] = polled.plan.state
                failures += not polled.facts.succeeded
                entries += len(polled.entries)

            await in_turn(urls, host_of, one, gate)
        return failures, entries

    return lambda: asyncio.run(poll())


def bot(urls: list[str], clock: OffsetClock) -> Poll:
    import structlog

    from bot.app import open_desk
    from bot.feeds.catalog import FeedSource
    from bot.feeds.fetch import Fetcher
    from bot.feeds.pool import ParserPool
    from bot.settings import Settings
    from bot.worker.poll import Poller

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    folder = tempfile.mkdtemp()
    settings = Settings(_env_file=None, allow_private_addresses=True)  # type: ignore[call-arg]
    sources = tuple(
        FeedSource(url, f"Publisher {n}", f"Feed {n}", "en", "news", "us", True, "")
        for n, url in enumerate(urls)
    )

    # Opened once, as the others are: to load what the matcher knows takes longer than 300 polls.
    opening = open_desk(settings, clock=clock, database_url=f"sqlite:///{folder}/bot.db", sources=sources)
    runner = asyncio.Runner()
    desk = runner.run(opening.__aenter__())
    atexit.register(lambda: runner.run(opening.__aexit__(None, None, None)))

    async def poll() -> tuple[int, int]:
        # A pool for each poll, for the CPU of its processes is counted when they end; and connections, which
        # would not last from one poll to the next.
        async with Fetcher("Vigia/benchmark", allow_private=True) as fetcher, ParserPool() as parsers:
            polling = replace(desk, fetcher=fetcher, parsers=parsers)
            reports = await Poller(polling, "benchmark", Random(0)).poll_due()
        return sum(bool(report.failure) for report in reports), sum(report.fresh for report in reports)

    return lambda: runner.run(poll())


def reader(urls: list[str], clock: OffsetClock) -> Poll:
    from reader import make_reader  # type: ignore[import-not-found]

    opened = make_reader(tempfile.mkdtemp() + "/reader.db")
    for url in urls:
        opened.add_feed(url)

    def poll() -> tuple[int, int]:
        results = list(opened.update_feeds_iter(workers=10, scheduled=False))
        failed = sum(isinstance(result.value, Exception) for result in results)
        return failed, opened.get_entry_counts().total

    return poll


def feedparser(urls: list[str], clock: OffsetClock) -> Poll:
    import feedparser as plain

    def poll() -> tuple[int, int]:
        results = [plain.parse(url) for url in urls]
        return sum(not found.get("status") for found in results), sum(len(found.entries) for found in results)

    return poll


def newsboat(urls: list[str], clock: OffsetClock) -> Poll:
    """Debian's package, where it is installed: it stores in SQLite, and fetches in a thread for each core."""
    folder = Path(tempfile.mkdtemp())
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "config").write_text(f"reload-threads {os.cpu_count() or 1}\ndownload-retries 1\n")
    files = [f"--{name}={folder}/{file}" for name, file in _NEWSBOAT_FILES]

    def poll() -> tuple[int, int]:
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, capture_output=True)
        with contextlib.closing(sqlite3.connect(folder / "cache.db")) as cache:
            return 0, cache.execute("SELECT count(*) FROM rss_item").fetchone()[0]

    return poll


def run_one(name: str, port: int, count: int) -> None:
    """In a reader's own process: poll each time that a line comes, and answer with what it took."""
    clock = OffsetClock()
    makers = {"vigia": vigia, "bot": bot, "reader": reader, "feedparser": feedparser, "newsboat": newsboat}
    poll = makers[name](addresses(port, count), clock)
    print("ready", flush=True)
    for line in sys.stdin:
        clock.ahead += timedelta(hours=26)
        cpu, wall = _cpu(), time.perf_counter()
        failures, entries = poll()
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        measured = Measured(name, line.strip(), count, wall, cpu, _peak(), failures=failures, entries=entries)
        print(json.dumps(asdict(measured)), flush=True)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """Peak of this process plus, for each core, that of its largest child."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + child * len(os.sched_getaffinity(0))) / 1_024


def compare(name: str, port: int, count: int, delay: str) -> Iterator[Measured]:
    """The three phases of one reader."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.poll",
        "--run",
        name,
        "--port",
        str(port),
        "--feeds",
        str(count),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline() != "ready\n":
            return
        for phase in PHASES:
            _ask(port, f"/control?validators={int(phase != 'bare')}&delay={delay}")
            _ask(port, "/count")
            process.stdin.write(phase + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                return
            requests, not_modified = map(int, _ask(port, "/count").split())
            yield Measured(**{**json.loads(line), "requests": requests, "not_modified": not_modified})
        process.stdin.close()


def _ask(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def documents(corpus: Path | None, folder: Path) -> int:
    """Lay the corpus's real feeds, or made-up ones, into ``folder``; returns how many."""
    if corpus is None:
        for number in range(100):
            (folder / f"{number:05}.xml").write_bytes(made_up(number))
        return 100
    number = 0
    with tarfile.open(corpus) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            body = file.read() if file else b""
            if len(body) >= _LEAST_BYTES and not member.name.endswith(".tsv"):
                (folder / f"{number:05}.xml").write_bytes(body)
                number += 1
    return number


def made_up(number: int) -> bytes:
    """A feed like a newspaper's: thirty items with a paragraph of markup each."""
    random = Random(number)
    words = (
        "border",
        "talks",
        "shelter",
        "aduana",
        "frontera",
        "tren",
        "comercio",
        "treaty",
        "ciudad",
        "bridge",
    )
    items = []
    for item in range(30):
        text = " ".join(random.choices(words, k=120))
        link = f"https://f{number}.example/{item}"
        date = f"Mon, 02 Mar 2026 08:{item:02}:00 GMT"
        items.append(
            f"<item><title>{text[:70]}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
            f"<description><![CDATA[<p>{text}</p><p><a href='{link}'>more</a></p>]]></description></item>"
        )
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>Made up</title>"
    return f"{head}<link>https://f{number}.example/</link>{''.join(items)}</channel></rss>".encode()


def report(measured: Measured) -> str:
    return (
        f"{measured.reader:<11}{measured.phase:<6}{measured.wall:>8.2f}{measured.cpu:>8.2f}"
        f"{measured.feeds / measured.wall:>10.0f}{measured.feeds / measured.cpu:>11.0f}"
        f"{measured.peak_mb:>9.0f}"
        f"{measured.requests:>10}{measured.not_modified:>7}{measured.failures:>7}{measured.entries:>9}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--delay", default="0,0", help="milliseconds before an answer, from and to")
    parser.add_argument("--readers", default=",".join(READERS))
    parser.add_argument("--run", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_one(options.run, options.port, options.feeds)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = documents(options.corpus, Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        print(f"{options.feeds} feeds of {found} documents, {size / found / 1_024:.0f} KB each on average")
        print(
            "reader     phase    wall     cpu   feeds/s  feeds/cpus  peak MB  requests    304   fail  entries"
        )
        command = [sys.executable, "-m", "benchmarks.poll_server", folder, str(options.feeds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            try:
                for name in options.readers.split(","):
                    done = 0
                    for measured in compare(name, port, options.feeds, options.delay):
                        print(report(measured), flush=True)
                        done += 1
                    if not done:
                        print(f"{name:<11}is not installed or did not start")
            finally:
                server.kill()


if __name__ == "__main__":
    main()

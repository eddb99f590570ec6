"""Several processes on one PostgreSQL: are feeds polled and digests posted once each, and how fast?

    python -m benchmarks.scale [--feeds 2000] [--workers 4] [--digests 600] [--only feeds|digests]

Feeds: four workers (`run --role worker`) share a PostgreSQL from the ``dev`` extra and poll feeds on loopback
that answer after 50 to 150 ms. Rounds: all entries new; one new article in each feed; one in every tenth, as
between two polls of a real list; both with a worker killed in the middle; all unchanged (304). Printed for
each: seconds, feeds per second, milliseconds of CPU a feed in the workers with their parsers, in PostgreSQL
and in the server of the feeds, the cores that these kept busy, and how often a feed was fetched again. Then
the store is looked through for what is lost or doubled.

Digests: two senders (`run --role sender`) post to a Discord on loopback from one outbox and one budget; one
is killed in the middle. Linux only: every feed has a loopback address of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import poll_server
from benchmarks.memory import catalogue, page
from benchmarks.poll import addresses
from bot.clock import SystemClock
from bot.domain.audience import Server, ServerChannel
from bot.domain.digests import OutboxDraft
from bot.domain.page import Page, Paragraph
from bot.feeds.catalog import load_catalog
from bot.pages.codec import dump_page
from bot.scale.heartbeat import Heartbeat
from bot.store import articles, feeds, leases, outbox
from bot.store.database import Database
from tests.support.databases import own_server
from tests.support.killing import children

ROOT = Path(__file__).resolve().parent.parent
CLOCK = SystemClock()
#: Signs of life more often than in service, so that the kill's cost can be seen in a short run.
PULSE = Heartbeat(heartbeat=2, gone=6, rescue=3, tick=2)
#: Each with how many feeds there are for one that has a new entry; None for none at all, 0 for all of it new.
ROUNDS = {
    "all new": 0,
    "each has one new": 1,
    "each has one new, kill": 1,
    "one in ten has one new": 10,
    "one in ten, kill": 10,
    "unchanged": None,
}
DOCUMENTS = 100
LONGEST = 300.0


class Editions(poll_server.Feeds):
    """The feeds of ``poll_server``, with a new entry in each for every edition asked for."""

    def __init__(self, folder: Path, count: int) -> None:
        super().__init__(folder, count)
        self.packed = list(self.plain)

    def answer(self, target: str, headers: dict[str, str]) -> tuple[bytes, float]:
        if target.startswith("/edition"):
            _, _, edition, every = target.split("/")
            self._print(int(edition), int(every))
            return poll_server._response("200 OK", [], b""), 0
        return super().answer(target, headers)

    def _print(self, edition: int, every: int) -> None:
        """Put one more entry into every so many feeds."""
        for number in range(0, len(self.plain), every):
            page = number % DOCUMENTS
            link = f"https://f{page}.example/edition/{edition}"
            title = f"Border Patrol agents find tunnel {edition} near town {page}"
            item = f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>".encode()
            self.plain[number] = self.plain[number].replace(b"<item>", item + b"<item>", 1)
            # Not packed: the server shares the machine with what it is to measure.
            self.packed[number] = self.plain[number]
            self.etags[number] = f'"{number}-{edition}"'


def serve(folder: Path, count: int) -> None:
    """The feed server's own process."""

    async def run() -> None:
        known = Editions(folder, count)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: poll_server.Connection(known), "0.0.0.0", 0, backlog=4096)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def work(role: str) -> None:
    """A role's own process, with the benchmark's heartbeat."""
    from bot.logs import set_up_logs
    from bot.operating import roles
    from bot.settings import Settings

    set_up_logs("WARNING", "json")
    raise SystemExit(asyncio.run(roles.run(Settings(_env_file=None), role, heartbeat=PULSE)))


class Process:
    """A role that runs, and the CPU that it took."""

    def __init__(self, role: str, environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.scale", "--role", role],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
            )

    def cpu(self) -> float:
        """Seconds so far, with its parsers."""
        return cpu_of(self._process.pid)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.kill()


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and those that it started, those that have ended included."""
    seconds = 0.0
    with contextlib.suppress(OSError):
        cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds = sum(map(int, cells[11:15])) / os.sysconf("SC_CLK_TCK")
    return seconds + sum(cpu_of(child) for child in children(pid))


def ask(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def polled(session: Session, slot: int) -> int:
    return session.execute(text("SELECT COUNT(*) FROM poll WHERE slot = :slot"), {"slot": slot}).scalar_one()


def poll_feeds(given: argparse.Namespace, url: str, postgres: int, folder: Path) -> bool:
    pages = folder / "pages"
    pages.mkdir()
    for number in range(DOCUMENTS):
        (pages / f"{number:05}.xml").write_bytes(page(number))
    command = [sys.executable, "-m", "benchmarks.scale", "--serve", str(pages), str(given.feeds)]
    good = True
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        catalogue(addresses(port, given.feeds), folder / "feeds.yaml")
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ},
            "HOME": str(folder),
            "VIGIA_DATABASE_URL": url,
            "VIGIA_FEEDS_FILE": str(folder / "feeds.yaml"),
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "true",
            "VIGIA_PARSER_PROCESSES": "1",
        }
        database = Database.open(url)
        workers: list[Process] = []
        try:
            ask(port, "/control?validators=1&delay=50,150")
            database.write_sync(feeds.sync_catalog, load_catalog(folder / "feeds.yaml"), CLOCK.now())
            database.write_sync(_not_due)
            workers = [Process("worker", environment, folder / "log") for _ in range(given.workers)]
            _wait(lambda: _present(database) == given.workers, 60)
            print(f"{'':42}  CPU ms a feed: {'post-':>8}{'feed':>7}")
            print(
                f"{'round':24}{'seconds':>9}{'feeds/s':>9}{'workers':>17}{'gres':>8}{'server':>7}"
                f"{'cores':>7}{'twice':>7}{'lost':>6}"
            )
            slots = []
            for number, (name, every) in enumerate(ROUNDS.items()):
                if every:
                    ask(port, f"/edition/{number}/{every}")
                ask(port, "/count")
                slots.append(_make_due(database))
                beside = (postgres, server.pid)
                good &= _round(name, given, database, workers, beside, environment, folder, port, slots[-1])
            _wait(lambda: database.read_sync(articles.ungrouped, 1) == [], 60)
        finally:
            for worker in workers:
                worker.stop()
            server.kill()
        good &= _looked_through(database, given.feeds, slots)
        database.close()
    _complaints(folder / "log")
    return good


def _round(
    name: str,
    given: argparse.Namespace,
    database: Database,
    workers: list[Process],
    beside: tuple[int, int],
    environment: dict[str, str],
    folder: Path,
    port: int,
    slot: int,
) -> bool:
    used = sum(worker.cpu() for worker in workers)
    others = [cpu_of(pid) for pid in beside]
    start = time.monotonic()
    if name.endswith("kill"):
        _wait(lambda: database.read_sync(polled, slot) >= given.feeds // 3, LONGEST)
        used -= workers[0].cpu()
        workers[0].kill()
    done = _wait(lambda: database.read_sync(polled, slot) == given.feeds, LONGEST)
    seconds = time.monotonic() - start
    used = sum(worker.cpu() for worker in workers) - used
    others = [cpu_of(pid) - before for pid, before in zip(beside, others, strict=True)]
    cores = (used + sum(others)) / seconds
    each = [1000 * cpu / given.feeds for cpu in (used, *others)]
    requests, _ = map(int, ask(port, "/count").split())
    lost = given.feeds - database.read_sync(polled, slot)
    print(
        f"{name:24}{seconds:9.1f}{given.feeds / seconds:9.0f}{each[0]:17.1f}{each[1]:8.1f}{each[2]:7.1f}"
        f"{cores:7.1f}{max(0, requests - given.feeds):7}{lost:6}",
        flush=True,
    )
    if name.endswith("kill"):
        workers[0] = Process("worker", environment, folder / "log")
    return done and lost == 0


def _not_due(session: Session) -> None:
    session.execute(text("UPDATE feed SET next_due_at = :then"), {"then": 2**33})


def _present(database: Database) -> int:
    return len(database.read_sync(leases.active, "process:worker:", CLOCK.now()))


def _make_due(database: Database) -> int:
    now = CLOCK.now()
    database.write_sync(feeds.make_all_due, now)
    return int(now.timestamp())


def _looked_through(database: Database, count: int, slots: list[int]) -> bool:
    """Print what is lost or doubled in the store; True if nothing is."""

    def look(session: Session) -> dict[str, int]:
        def number(query: str) -> int:
            return int(session.execute(text(query)).scalar_one())

        added = sum(len(range(0, count, every)) for every in ROUNDS.values() if every)
        known = number("SELECT (SELECT COUNT(*) FROM article) + (SELECT COUNT(*) FROM fingerprint)")
        return {
            "polls missing": count * len(slots) - number("SELECT COUNT(*) FROM poll"),
            "entries missing": count * 30 + added - known,
            "entries counted twice": number("SELECT COALESCE(SUM(new_items), 0) FROM poll") - known,
            "both article and fingerprint": number(
                "SELECT COUNT(*) FROM article JOIN fingerprint USING (guid_key)"
            ),
            "articles not grouped": number("SELECT COUNT(*) FROM article WHERE story_id IS NULL"),
            "stories with a wrong count": number(
                "SELECT COUNT(*) FROM story s WHERE merged_into IS NULL AND articles <>"
                " (SELECT COUNT(*) FROM article a WHERE a.story_id = s.id)"
            ),
            "feeds still claimed": number("SELECT COUNT(*) FROM feed WHERE lease_owner IS NOT NULL"),
        }

    found = database.read_sync(look)
    print("  ".join(f"{name}: {value}" for name, value in found.items()))
    return not any(found.values())


def post_digests(given: argparse.Namespace, url: str, folder: Path) -> bool:
    database = Database.open(url)
    command = [sys.executable, "-m", "tests.support.discord", "--guilds", str(given.digests)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ},
            "HOME": str(folder),
            "VIGIA_DATABASE_URL": url,
            "VIGIA_FEEDS_FILE": str(folder / "feeds.yaml"),
            "VIGIA_DISCORD_TOKEN": told["token"],
            "VIGIA_DISCORD_API_BASE": told["api"],
            "VIGIA_DISCORD_GATEWAY_URL": told["gateway"],
        }
        if not (folder / "feeds.yaml").exists():
            catalogue(["http://127.0.0.1:9/none"], folder / "feeds.yaml")
        body = dump_page(Page("Digest", (Paragraph(("What became known.",)),)))
        now = CLOCK.now()
        drafts = [
            OutboxDraft(
                ServerChannel(Server(guild["id"]), guild["channel"]), "daily", date(2026, 3, 2), 0, body, now
            )
            for guild in told["guilds"]
        ]
        database.write_sync(outbox.enqueue, drafts, now=now)
        senders = [Process("sender", environment, folder / "log") for _ in range(2)]
        try:
            done = lambda: database.read_sync(outbox.counts).get("sent", 0)  # noqa: E731
            _wait(lambda: done() > 0, 60)
            start, before = time.monotonic(), done()
            _wait(lambda: done() >= given.digests // 3, LONGEST)
            rate = (done() - before) / (time.monotonic() - start)
            senders[random.Random(7).randrange(2)].kill()
            whole = _wait(lambda: done() == given.digests, LONGEST)
            seconds = time.monotonic() - start
        finally:
            for sender in senders:
                sender.stop()
        messages = json.loads(ask_url(told["api"].partition("/api")[0] + "/control/messages"))
        state = json.loads(ask_url(told["api"].partition("/api")[0] + "/control/state"))
        server.kill()
    per_channel = Counter(message["channel_id"] for message in messages)
    lost = given.digests - len(per_channel)
    doubled = sum(count - 1 for count in per_channel.values())
    print(
        f"{given.digests} digests, two senders, one killed: {rate:.0f} a second before the kill, "
        f"{seconds:.0f} s in all; lost {lost}, doubled {doubled}, tries {state['posts']}, "
        f"states {database.read_sync(outbox.counts)}"
    )
    database.close()
    _complaints(folder / "log")
    return whole and not lost and not doubled and not state["refused"]


def ask_url(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def _wait(condition, seconds: float) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _complaints(log: Path) -> None:
    lines = log.read_text().splitlines() if log.exists() else []
    told = [json.loads(line) for line in lines if line.startswith("{")]
    odd = Counter(f"{one.get('event', '')} {one.get('problem', '')}".strip() for one in told)
    for event, count in odd.most_common():
        if (
            event.split()[0] not in ("feed_polled", "job_rescued")
            and "voice" not in event
            and "skipped" not in event
        ):
            print(f"  the log says {count} times: {event[:160]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--digests", type=int, default=600)
    parser.add_argument("--only", choices=("feeds", "digests"))
    parser.add_argument("--role", help=argparse.SUPPRESS)
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(Path(given.serve[0]), int(given.serve[1]))
        return
    if given.role:
        work(given.role)
        return
    good = True
    with own_server() as server, tempfile.TemporaryDirectory() as folder:
        url = server.get_uri()
        if given.only != "digests":
            good &= poll_feeds(given, url, server.get_pid(), Path(folder))
        if given.only != "feeds":
            good &= post_digests(given, url, Path(folder))
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()

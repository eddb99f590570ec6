"""What feeds that mean harm cost: the memory of all processes, and how long the event loop stands still.

    python -m benchmarks.hostile [--feeds 64] [--only NAME]

``feeds``: so many due feeds of 7.3 MB that are some 50 KB on the wire, and one ordinary feed: the peak of the
process tree (proportional set size) and when the ordinary feed's entry was stored. ``preview``: a feed of
2,400 entries looked at by a member. ``punycode``, ``page``: pages on which feeds are looked for. For these
the longest time in which the event loop ran nothing else. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.memory import ROOT, catalogue, pss, tree
from bot.ingest.preview import preview_feed
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in

SIZE = 7_300_000
TEXT = "Agentes de la Patrulla Fronteriza aseguran fentanilo en el puente de Laredo, Texas, dijo la CBP. "


def feed(number: int, entries: int, size: int) -> bytes:
    """A feed of ``size`` bytes in so many entries."""
    now = format_datetime(datetime.now(UTC))
    body = TEXT * max(size // entries // len(TEXT) - 2, 1)
    items = "".join(
        f"<item><title>Nota {number} {item}</title><link>https://f{number}.example/{item}</link>"
        f"<pubDate>{now}</pubDate><description>{body}</description></item>"
        for item in range(entries)
    )
    return f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


class _Handler(BaseHTTPRequestHandler):
    bodies: tuple[bytes, ...] = ()

    def do_GET(self) -> None:
        body = self.bodies[0 if "ordinary" not in self.path else 1]
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


def many_feeds(count: int) -> None:
    """Poll them all by the command line, and print what that took."""
    _Handler.bodies = (gzip.compress(feed(1, 40, SIZE)), gzip.compress(feed(2, 1, 500)))
    server = ThreadingHTTPServer(("0.0.0.0", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = [f"http://127.20.0.{number + 1}:{server.server_port}/{number}" for number in range(count)]
    urls.append(f"http://127.20.1.1:{server.server_port}/ordinary")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogue(urls, folder / "feeds.yaml")
        environment = {
            key: os.environ[key] for key in ("PATH", "LANG", "VIRTUAL_ENV") if key in os.environ
        } | {
            "HOME": name,
            "PYTHONPATH": str(ROOT),
            "VIGIA_DATABASE_URL": f"sqlite:///{folder / 'vigia.db'}",
            "VIGIA_FEEDS_FILE": str(folder / "feeds.yaml"),
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        began = time.time()
        command = [sys.executable, str(ROOT / "bot.py"), "poll", "--all"]
        peak, stored = 0.0, 0.0
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE) as bot:
            while bot.poll() is None and time.time() - began < 600:
                peak = max(peak, sum(map(pss, tree(bot.pid))))
                time.sleep(0.2)
                if not stored and _ordinary_is_stored(folder / "vigia.db"):
                    stored = time.time() - began
                    print(f"ordinary feed stored after {stored:.1f} s, peak so far {peak:.0f} MB", flush=True)
            bot.kill()
        print(
            f"{count} feeds of {SIZE / 1e6:.1f} MB ({len(_Handler.bodies[0]) // 1024} KB on the wire): "
            f"peak {peak:.0f} MB, ordinary feed stored after {stored:.1f} s, "
            f"all after {time.time() - began:.0f} s",
            flush=True,
        )
    server.shutdown()


def _ordinary_is_stored(path: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.1) as database:
            asked = "SELECT count(*) FROM {} WHERE url = 'https://f2.example/0'"
            return any(
                database.execute(asked.format(table)).fetchone()[0] for table in ("article", "fingerprint")
            )
    except sqlite3.Error:
        return False


async def longest_stall(name: str, answer: bytes) -> None:
    """Look at an address that gives ``answer``, and print how long the loop stood still at most."""
    stand = Newsstand()
    stand.papers["https://harm.example.org/x"] = answer
    with tempfile.TemporaryDirectory() as folder:
        async with context_in(Path(folder), stand, FrozenClock(), ()) as context:
            context.load_judges()
            longest, done = 0.0, False

            async def watch() -> None:
                nonlocal longest
                before = time.perf_counter()
                while not done:
                    await asyncio.sleep(0.001)
                    now = time.perf_counter()
                    longest, before = max(longest, now - before), now

            watching = asyncio.create_task(watch())
            await asyncio.sleep(0.05)
            longest, began = 0.0, time.perf_counter()
            await preview_feed(context, "https://harm.example.org/x")
            took, done = time.perf_counter() - began, True
            await watching
            print(f"{name}: longest stall {longest * 1000:.0f} ms, answered after {took:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=64)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    if given.only in ("", "feeds"):
        many_feeds(given.feeds)
    links = b"<p>texto</p><a href='/nota'>nota</a>" * 28_000
    for name, answer in (
        ("preview", feed(3, 2_400, 2_400_000)),
        ("punycode", b"<html><meta charset=punycode><body>-" + b"a" * 250_000),
        ("page", b"<html><head><title>x</title></head><body>" + links),
    ):
        if given.only in ("", name):
            asyncio.run(longest_stall(name, answer))


if __name__ == "__main__":
    main()

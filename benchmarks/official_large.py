"""What a large document of each official source costs: the event loop's longest stall, and memory.

    python -m benchmarks.official_large [--items 4000]

Each fixture of ``tests/sources`` is served on loopback with its first item so many times and polled as the
bot does it: fetched, read in a parser process, checked. Prints a line for each source: how large the document
was, how long the poll took, the longest time in which the loop ran nothing else, and the most memory that the
parser process held. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import threading
import time
from pathlib import Path
from random import Random

from benchmarks.memory import tree
from bot.domain.feed_state import FeedState
from bot.feeds.fetch import Fetcher, user_agent
from bot.feeds.poll import poll_feed
from bot.feeds.pool import ParserPool
from bot.sources import registry
from tests.sources.cases import CASES, NOW, Format
from tests.support import feed_server as serve
from tests.support.clock import FrozenClock
from tests.support.feed_server import FeedServer


class Watch:
    """The longest time in which the loop ran nothing else, in seconds, since it was last asked; and the most
    memory that a process of ours held, in MB.
    """

    def __init__(self) -> None:
        self._longest, self._task = 0.0, asyncio.create_task(self._run())
        self.held, self._stopped = 0.0, threading.Event()
        threading.Thread(target=self._weigh, daemon=True).start()

    def _weigh(self) -> None:
        while not self._stopped.wait(0.05):
            self.held = max([self.held, *(peak_mb(pid) for pid in tree(os.getpid())[1:])])

    async def _run(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self._longest, before = max(self._longest, now - before), now

    def longest(self) -> float:
        found, self._longest = self._longest, 0.0
        return found

    def stop(self) -> None:
        self._task.cancel()
        self._stopped.set()


def peak_mb(pid: int) -> float:
    """The most memory that a process held so far (VmHWM), 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


async def measure(case: Format, items: int) -> None:
    """Poll the source of a case once with a large document, and print what it cost."""
    body = case.repeated(items)
    async with (
        FeedServer() as server,
        Fetcher(user_agent("1.0", "mailto:ops@example.org"), allow_private=True) as fetcher,
        ParserPool(1) as pool,
    ):
        page = serve.feed(body, content_type=case.content_type)
        server.pages["/source"] = server.pages[f"/source/{NOW:%d-%m-%Y}"] = page
        small = serve.feed(case.body, content_type=case.content_type)
        server.pages["/warm"] = server.pages[f"/warm/{NOW:%d-%m-%Y}"] = small
        form, clock = registry.form_of(case.kind), FrozenClock(NOW)

        async def poll(path: str) -> str:
            polled = await poll_feed(
                server.url(path), FeedState(), fetcher, pool, clock, Random(1), form=form
            )
            return f"{polled.plan.reason}, {len(polled.entries)} entries"

        await poll("/warm")
        watch = Watch()
        await asyncio.sleep(0.05)
        watch.longest()
        began = time.perf_counter()
        outcome = await poll("/source")
        took, stall = time.perf_counter() - began, watch.longest()
        watch.stop()
    cost = f"{took:5.2f} s  stall {stall * 1000:4.0f} ms  parser {watch.held:4.0f} MB"
    print(f"{case.fixture:22} {len(body) / 1e6:5.1f} MB  {outcome:28} {cost}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=4_000)
    given = parser.parse_args()
    for case in CASES:
        asyncio.run(measure(case, given.items))


if __name__ == "__main__":
    main()

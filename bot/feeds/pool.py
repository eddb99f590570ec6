"""Parser processes that can be killed.

A hostile feed can hold the regular-expression engine, and with it the whole interpreter, for minutes: a
thread does not help, and ``ProcessPoolExecutor`` cannot end one task. So each worker is a process of its
own behind two pipes; one that takes too long is killed and another takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import marshal
import os
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import feedparser
import structlog

from bot.domain.entry import Entry
from bot.feeds.addresses import without_credentials
from bot.feeds.errors import EXHAUSTED, NotAFeed, ParseFailed, is_exhausted
from bot.feeds.feedparser_patches import PROVED_ON
from bot.feeds.feedparser_patches.incremental import ItemMemory, cut, merge
from bot.feeds.parse import PATCHED
from bot.feeds.parsed import FeedReading, ParsedFeed, entry_from_plain, from_plain
from bot.feeds.parser_process import HEADER, OUT_OF_TIME, Frame

log = structlog.get_logger()

TIME_LIMIT = 10.0
"""CPU seconds for one document. The slowest of 2,850 real ones takes half a second."""

_WALL_FACTOR = 4  # times the limit pass on the clock before a process that gets no CPU is given up

_START_LIMIT = 30.0  # seconds for a process to start, on a loaded machine; 0.1 is usual
_END_LIMIT = 1.0  # seconds for a process that has closed its pipes to end
_MAX_FRAME = 16 * 1024 * 1024
_PIECE = 65_536  # bytes of a document that go into the pipe at a time, which is as many as it takes
PATIENCE = 2.5
"""Seconds that a document waits before another process is started: 64 that arrive at once take less."""

IDLE_SECONDS = 30.0
"""A process that had nothing to read for so long is ended: most answers are unchanged and need none."""

_RETIRE_AFTER = 500  # documents; a new process gives back what the last left fragmented
_RETIRE_BYTES = 2 * 1024 * 1024  # of one document, for which a process grows by a hundred megabytes

# -c with the parent's path: the child finds the package the way the parent did, installed or not. It opens no
# connection and signs nothing; without OpenSSL it is a tenth smaller.
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "sys.modules.update(ssl=None, _hashlib=None); "
    "from bot.feeds.parser_process import main; main()"
)


class ParserPool:
    """At most ``workers`` parser processes; use it as an async context manager.

    The first is started when it is needed, and another when a document has waited too long for the ones there
    are: one keeps up with hundreds of feeds, unless a hostile one holds it.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        time_limit: float = TIME_LIMIT,
        patience: float = PATIENCE,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._size = workers or _cores()
        self._time_limit = time_limit
        self._patience = patience
        self._idle_seconds = idle_seconds
        self._memory = ItemMemory()
        self._resting: asyncio.Task[None] | None = None
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers: list[_Worker] = []
        self._spare: list[_Worker] = []

    async def __aenter__(self) -> Self:
        if not PATCHED:
            log.warning("feedparser_not_tested", version=feedparser.__version__, proved_on=list(PROVED_ON))
        self._workers = [_Worker(self._time_limit) for _ in range(self._size)]
        self._spare = list(self._workers)
        self._resting = asyncio.create_task(self._end_idle())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._resting is not None:
            self._resting.cancel()
            await asyncio.gather(self._resting, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._workers.clear()
        self._spare.clear()

    async def parse(
        self, body: bytes, content_type: str, url: str, now: datetime, reader: str = ""
    ) -> ParsedFeed:
        """What ``parse.parse_document`` returns and raises, and ``ParseFailed`` when the process was ended.

        ``reader`` names the module of ``bot.sources`` that reads the document, if the ordinary parser does
        not.

        Waits for a free worker; the event loop is not held meanwhile. Items that were there the last time
        are not read again (``feedparser_patches.incremental``).
        """
        document = cut(body, content_type) if PATCHED and not reader else None
        if document is None:
            return (await self._read(body, content_type, url, now, reader)).feed
        known = self._memory.recall(document, url, now)
        if known and (rest := document.without(known)) is not None:
            try:
                merged = merge(document, known, await self._read(rest, content_type, url, now))
            except NotAFeed:
                merged = None
            if merged is not None:
                self._memory.keep(document, url, merged, now)
                return merged.feed
        read = await self._read(body, content_type, url, now)
        self._memory.keep(document, url, read, now)
        return read.feed

    async def _read(
        self, body: bytes, content_type: str, url: str, now: datetime, reader: str = ""
    ) -> FeedReading:
        worker = await self._take()
        try:
            answer = await worker.ask(body, content_type, url, int(now.timestamp()), reader)
        finally:
            self._free.put_nowait(worker)
        if answer.code == "parser_failed":
            log.error("parser_failed", url=without_credentials(url), **dict(answer.data))
        return _reading(answer)

    async def _take(self) -> _Worker:
        if self._free.empty() and len(self._spare) == self._size:
            return self._spare.pop()
        while True:
            try:
                async with asyncio.timeout(self._patience if self._spare else None):
                    return await self._free.get()
            except TimeoutError:
                if self._spare:
                    return self._spare.pop()

    async def _end_idle(self) -> None:
        """Give back the memory of processes that nobody needs."""
        while True:
            await asyncio.sleep(self._idle_seconds / 2)
            long_ago = asyncio.get_running_loop().time() - self._idle_seconds
            free = [self._free.get_nowait() for _ in range(self._free.qsize())]
            idle = [worker for worker in free if worker.last_asked < long_ago]
            for worker in reversed(free):
                if worker not in idle:
                    self._free.put_nowait(worker)
            ending = [worker.stop() for worker in idle]  # at once: a document may come for one of them now
            self._spare += idle
            await asyncio.gather(*ending)


@dataclass(frozen=True, slots=True)
class _Answer:
    code: str
    data: Any
    entries: list[Entry]


def _reading(answer: _Answer) -> FeedReading:
    if answer.code == "ok":
        feed, items, _ = answer.data
        return FeedReading(from_plain(feed, answer.entries), items)
    if answer.code in ("parse_memory", "parse_timeout", "parser_crashed", "parser_failed"):
        raise ParseFailed(answer.code, **dict(answer.data))
    raise NotAFeed(answer.code, **dict(answer.data))


class _Worker:
    """One process, or the place for one."""

    def __init__(self, time_limit: float) -> None:
        self._time_limit = time_limit
        self._process: asyncio.subprocess.Process | None = None
        self._asked = 0
        self.last_asked = 0.0  # the event loop's time

    async def ask(self, body: bytes, *about: str | int) -> _Answer:
        """The process's answer; raises ``ParseFailed``. Whatever interrupts it, no process is left behind."""
        try:
            process = self._process or await self._start()
            # By the clock alone, a machine under load would call its publishers slow.
            async with asyncio.timeout(self._time_limit * _WALL_FACTOR):
                answer = await _exchange(process, body, about)
        except TimeoutError as error:
            await self.stop()
            raise ParseFailed("parse_timeout", seconds=int(self._time_limit)) from error
        except (OSError, EOFError) as error:
            out_of_time = await self._ended_by(OUT_OF_TIME)
            await self.stop()
            if out_of_time:
                raise ParseFailed("parse_timeout", seconds=int(self._time_limit)) from error
            ours = isinstance(error, OSError) and is_exhausted(error)
            raise ParseFailed(EXHAUSTED if ours else "parser_crashed") from error
        except asyncio.CancelledError:
            await self.stop()
            raise
        self.last_asked = asyncio.get_running_loop().time()
        self._asked += 1
        if self._asked >= _RETIRE_AFTER or len(body) > _RETIRE_BYTES:
            await self.stop()
        return answer

    async def _ended_by(self, code: int | None) -> bool:
        """Whether the process has ended by itself, with that code.

        To be asked before it is killed: ``Popen.send_signal`` polls first, and takes the code for itself.
        """
        if self._process is None:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_LIMIT):
                return await self._process.wait() == code
        return False

    def stop(self) -> Awaitable[None]:
        """Be the place for another process from now on; await the end of this one."""
        process, self._process, self._asked = self._process, None, 0
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return _ended(process)

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _PROGRAM, str(self._time_limit), str(_WALL_FACTOR), json.dumps(sys.path)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,  # the process that reads strangers' documents has no need of the token
        )
        async with asyncio.timeout(_START_LIMIT):
            await _read(self._process)
        return self._process


async def _ended(process: asyncio.subprocess.Process | None) -> None:
    if process is None:
        return
    await process.wait()
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()  # asyncio leaves the pipes of a killed process to the garbage collector


_PASSED_ON = frozenset(
    ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "TZ")
)


async def _exchange(
    process: asyncio.subprocess.Process, body: bytes, about: tuple[str | int, ...]
) -> _Answer:
    """Piece by piece in both directions, so that no feed holds the event loop (``parser_process``)."""
    assert process.stdin is not None
    question = marshal.dumps((len(body), *about))
    process.stdin.write(HEADER.pack(len(question)) + question)
    document = memoryview(body)
    for start in range(0, len(body), _PIECE):
        process.stdin.write(document[start : start + _PIECE])
        await process.stdin.drain()
    code, data = await _read(process)
    entries: list[Entry] = []
    while code == "ok" and len(entries) < data[-1]:
        entries += map(entry_from_plain, await _read(process))
        await asyncio.sleep(0)  # what is in the pipe already is read without waiting
    return _Answer(code, data, entries)


async def _read(process: asyncio.subprocess.Process) -> Frame:
    """The next frame."""
    assert process.stdout is not None
    (length,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    if length > _MAX_FRAME:
        raise EOFError("frame too long")
    frame: Frame = marshal.loads(await process.stdout.readexactly(length))
    return frame


def _cores() -> int:
    """The cores this process may use, which in a container are fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1

"""What runs in a parser process: read a document from standard input, parse it, write plain values back.

Started by ``pool`` with the parent's module path as argument. It imports the parsing rooms and nothing of
the bot's entry point, so it is small, and needs no guard in the script that started the bot.

A frame is four bytes of length and a marshalled tuple; both sides are one interpreter, and marshal can carry
plain values only. A question is a frame, and behind it the document as it is. An answer is a frame, and after
"ok" as many more as it takes for the entries, some in each: marshal holds the interpreter's lock while it
reads, so that the whole of a large feed would hold up the parent, even from a thread.
"""

from __future__ import annotations

import importlib
import marshal
import os
import signal
import struct
import sys
from datetime import UTC, datetime
from typing import Any, BinaryIO

from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.parse import Reader, read_document
from bot.feeds.parsed import entry_to_plain

MEMORY_LIMIT = 1024 * 1024 * 1024
"""Bytes of address space. A parser at rest has some 150 MB of it; the largest feed allowed adds 250 MB."""

_ALARM_SLACK = 5  # seconds after the parent's limit at which an orphan ends itself

OUT_OF_TIME = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None
"""How a process ends whose document took more CPU than it may; None where the system does not count it."""
HEADER = struct.Struct("!I")
ENTRIES_AT_A_TIME = 50
"""In a frame. The longest entries that there can be are 30 KB, so a frame is read in a millisecond or two."""

Frame = tuple[Any, ...]


def main() -> None:
    """Serve one parent until it closes the pipe."""
    cpu_seconds = float(sys.argv[1])
    seconds = int(cpu_seconds * float(sys.argv[2])) + _ALARM_SLACK
    # Frames go to the pipe that standard output was; whatever a library prints goes to standard error.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    questions = sys.stdin.buffer
    _write(answers, ())  # ready: the time limit of the first document need not cover the start
    while header := questions.read(HEADER.size):
        question = marshal.loads(questions.read(*HEADER.unpack(header)))
        document = questions.read(question[0])
        # Both signals are left at their default, which ends even a loop inside the re engine.
        if OUT_OF_TIME is not None:
            signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
            signal.alarm(seconds)
        frames = answer(document, *question[1:])
        if OUT_OF_TIME is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)
        for frame in frames:
            _write(answers, frame)
        if frames[0][0] == "parse_memory":
            return


def answer(document: bytes, content_type: str, url: str, now: int, reader: str = "") -> list[Frame]:
    """("ok", (feed, items, how many entries)) and those entries, or (code, data) of the error."""
    try:
        moment = datetime.fromtimestamp(now, UTC)
        read = read_document(document, content_type, url, moment, _reader(reader) if reader else None)
        entries = [entry_to_plain(entry) for entry in read.feed.entries]
    except (NotAFeed, ParseFailed) as error:
        return [(error.code, tuple(error.data.items()))]
    except MemoryError:
        return [("parse_memory", ())]
    except RecursionError:
        return [("too_deep", ())]
    starts = range(0, len(entries), ENTRIES_AT_A_TIME)
    return [
        ("ok", (read.feed.to_plain(), read.items, len(entries))),
        *(tuple(entries[start : start + ENTRIES_AT_A_TIME]) for start in starts),
    ]


def _reader(module: str) -> Reader:
    """The reader of a kind of source. Imported here, for most documents need none."""
    read: Reader = importlib.import_module(f"bot.sources.{module}").read
    return read


def _write(stream: BinaryIO, frame: Frame) -> None:
    data = marshal.dumps(frame)
    stream.write(HEADER.pack(len(data)) + data)
    stream.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ValueError, OSError):
        return  # macOS refuses; the time limit and the cap on the body remain


if __name__ == "__main__":
    main()

"""What runs in a parser process: read a document from standard input, parse it, write plain values back.

Started by ``pool`` with the parent's module path as argument. It imports the parsing rooms and nothing of
the bot's entry point, so it is small, and needs no guard in the script that started the bot.

A message is four bytes of length and a marshalled tuple; both sides are one interpreter, and marshal can
carry plain values only.
"""

from __future__ import annotations

import marshal
import os
import signal
import struct
import sys
from datetime import UTC, datetime
from typing import Any, BinaryIO

from bot.feeds.errors import NotAFeed
from bot.feeds.parse import read_document

MEMORY_LIMIT = 1024 * 1024 * 1024
"""Bytes of address space. A parser at rest has some 150 MB of it; the largest feed allowed adds 250 MB."""

_ALARM_SLACK = 5  # seconds after the parent's limit at which an orphan ends itself
HEADER = struct.Struct("!I")


def main() -> None:
    """Serve one parent until it closes the pipe."""
    seconds = int(float(sys.argv[1])) + _ALARM_SLACK
    # Frames go to the pipe that standard output was; whatever a library prints goes to standard error.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    questions = sys.stdin.buffer
    _write(answers, b"")  # ready: the time limit of the first document need not cover the start
    while message := _read(questions):
        if hasattr(signal, "alarm"):
            signal.alarm(seconds)  # left at its default, which ends even a loop inside the re engine
        answer = _answer(message)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        _write(answers, marshal.dumps(answer))
        if answer[0] == "parse_memory":
            return


def _answer(message: bytes) -> tuple[str, Any]:
    """("ok", (feed, items)) or (code, data) of the error; plain values all."""
    body, content_type, url, now = marshal.loads(message)
    try:
        read = read_document(body, content_type, url, datetime.fromtimestamp(now, UTC))
        return ("ok", (read.feed.to_plain(), read.items))
    except NotAFeed as error:
        return (error.code, tuple(error.data.items()))
    except MemoryError:
        return ("parse_memory", ())
    except RecursionError:
        return ("too_deep", ())


def _read(stream: BinaryIO) -> bytes | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    return stream.read(length)


def _write(stream: BinaryIO, data: bytes) -> None:
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

"""Read a document of which the parser cannot read every item: without those that it fails on.

No document should cost more than its faulty items, and a parser's own fault is nobody's malice. The items are
read in halves, and halves of halves, so that one bad item in a thousand takes some twenty readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.feeds.parsed import ParsedFeed

_ITEM = re.compile(rb"<!\[CDATA\[|<(/?)(?:item|entry)(?=[\s>])[^<>]*>", re.IGNORECASE)
_MOST_READINGS = 200


def without_faulty_items(body: bytes, read: Callable[[bytes], ParsedFeed]) -> ParsedFeed | None:
    """What ``read`` makes of ``body`` without the items at which it raises; None where nothing can be read.

    ``read`` may raise any exception; that it raises for the whole body is taken as known. The feed's
    problems name ``malformed``.
    """
    spans = _item_spans(body)
    if not spans:
        return None
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]
    found: list[ParsedFeed] = []
    waiting = [spans[len(spans) // 2 :], spans[: len(spans) // 2]]
    readings = 0
    while waiting and readings < _MOST_READINGS:
        some = waiting.pop()
        if not some:
            continue
        readings += 1
        try:
            found.append(read(b"".join((head, *(body[start:end] for start, end in some), tail))))
        except Exception:  # noqa: BLE001  whatever the parser raises is what is looked for
            if len(some) > 1:
                waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    if not found:
        return None
    entries = tuple(entry for feed in found for entry in feed.entries)
    problems = dict.fromkeys((*found[0].problems, "malformed"))
    return replace(found[0], entries=entries, problems=tuple(problems))


def _item_spans(body: bytes) -> list[tuple[int, int]]:
    """Where the items begin and end; what lies between them is left out."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    place = 0
    while found := _ITEM.search(body, place):
        place = found.end()
        if found[1] is None:  # tags in CDATA are text
            place = body.find(b"]]>", place)
            if place < 0:
                break
        elif not found[1]:
            start = found.start() if start is None else start
        elif start is not None:
            spans.append((start, found.end()))
            start = None
    return spans

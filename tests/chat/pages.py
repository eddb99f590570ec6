"""Pages for the tests of this room, and strategies that make wild ones."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.domain.page import (
    Button,
    Choice,
    Code,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Picture,
    Request,
    Strong,
    When,
)

NOON = datetime(2026, 2, 22, 18, 0, tzinfo=UTC)


def png(width: int = 8, height: int = 8) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def development(number: int, title: str = "Shelters in Tijuana are full") -> Item:
    """A story as pages set it."""
    url = f"https://news.example/{number}"
    return Item(
        (Link(f"{title} {number}", url),),
        (("El Sol · ", When(NOON, relative=True)), ("also: ", Link("The Desk", f"{url}/en"))),
    )


def digest(stories: int, parts: int = 5, title: str = "Shelters in Tijuana are full") -> Page:
    """A digest with ``parts`` concerns of ``stories`` each."""
    blocks: list = []
    for part in range(parts):
        if blocks:
            blocks.append(Divider())
        blocks.append(Heading(f"Concern {part}"))
        blocks += [development(part * 1000 + number, title) for number in range(stories)]
    buttons = (Button("Latest", Request("latest"), primary=True), Button("Concerns", Request("concerns")))
    return Page("Vigía · February 22, 2026", tuple(blocks), buttons, private=False)


texts = st.text(max_size=400)
spans = st.one_of(
    texts,
    st.builds(Link, texts, st.one_of(texts, texts.map(lambda tail: "https://a.example/" + tail))),
    st.builds(Strong, texts),
    st.builds(When, st.datetimes(timezones=st.just(UTC)), st.booleans()),
    st.builds(Code, texts),
)
lines = st.lists(spans, max_size=4).map(tuple)
blocks = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, lines),
    st.builds(Item, lines, st.lists(lines, max_size=3).map(tuple)),
    st.builds(Note, lines),
    st.just(Divider()),
    st.builds(Picture, st.just(png()), texts),
)
requests = st.builds(
    Request, st.sampled_from(["latest", "feeds add"]), st.dictionaries(st.just("words"), texts)
)
options = st.builds(Option, texts, texts, texts, st.booleans())
pages = st.builds(
    Page,
    texts,
    st.lists(blocks, max_size=60).map(tuple),
    st.lists(st.builds(Button, texts, requests, st.booleans(), st.booleans()), max_size=14).map(tuple),
    st.lists(
        st.builds(Choice, texts, requests, st.just("concern"), st.lists(options, max_size=40).map(tuple)),
        max_size=5,
    ).map(tuple),
    st.booleans(),
    st.sampled_from(["plain", "good", "warning", "problem", "unknown"]),
)

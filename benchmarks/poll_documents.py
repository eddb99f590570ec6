"""The documents that ``benchmarks.poll`` serves: a corpus's real feeds or made-up ones, and news in them."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from zlib import crc32

_LEAST_BYTES = 2_048  # smaller documents of a corpus are unit tests and no feeds
_FIRST_ITEM = re.compile(rb"<(item|entry)[\s>]")
_WORDS = (
    "border",
    "talks",
    "shelter",
    "aduana",
    "frontera",
    "tren",
    "comercio",
    "treaty",
    "ciudad",
    "bridge",
)


def documents(corpus: Path | None, sizes: tuple[int, int] = (0, 1 << 30)) -> Iterator[bytes]:
    """The corpus's real feeds of so many bytes, from and to; or a hundred made-up ones."""
    if corpus is None:
        yield from map(made_up, range(100))
        return
    with tarfile.open(corpus) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            body = file.read() if file else b""
            real = len(body) >= _LEAST_BYTES and not member.name.endswith(".tsv")
            if real and sizes[0] <= len(body) <= sizes[1]:
                yield body


def made_up(number: int) -> bytes:
    """A feed like a newspaper's: thirty items with a paragraph of markup each."""
    random = Random(number)
    items = "".join(_item(f"https://f{number}.example/{item}", item, random) for item in range(30))
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>Made up</title>"
    return f"{head}<link>https://f{number}.example/</link>{items}</channel></rss>".encode()


def with_news(body: bytes, edition: int) -> bytes:
    """``body`` with ``edition`` new entries before its first; as it is where it has none."""
    found = _FIRST_ITEM.search(body)
    if found is None:
        return body
    write = _item if found[1] == b"item" else _entry
    site = f"https://f{crc32(body)}.example"
    news = (write(f"{site}/new/{n}", n, Random(n)) for n in range(edition, 0, -1))
    return body[: found.start()] + "".join(news).encode() + body[found.start() :]


def _item(link: str, minute: int, random: Random) -> str:
    text = " ".join(random.choices(_WORDS, k=120))
    date = f"Mon, 02 Mar 2026 08:{minute:02}:00 GMT"
    return (
        f"<item><title>{text[:70]}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
        f"<description><![CDATA[<p>{text}</p><p><a href='{link}'>more</a></p>]]></description></item>"
    )


def _entry(link: str, minute: int, random: Random) -> str:
    text = " ".join(random.choices(_WORDS, k=120))
    return (
        f"<entry><title>{text[:70]}</title><link href='{link}'/><id>{link}</id>"
        f"<updated>2026-03-02T08:{minute:02}:00Z</updated><summary>{text}</summary></entry>"
    )

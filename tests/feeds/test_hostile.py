"""Feeds that mean harm, made here, through the real parser processes: bounded in time and in memory.

Sizes are those at which feedparser alone takes from seconds to hours (measured: 100,000 attributes 103 s, a
megabyte of author about an hour).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.parsed import ParsedFeed
from bot.feeds.pool import ParserPool
from bot.feeds.text import MAX_TITLE
from tests.feeds import samples

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"
MB = 1_000_000


def broken(inside: bytes) -> bytes:
    """``inside`` behind a fault, where only feedparser's loose parser reads on and no check looks first."""
    return b"<rss version='2.0'><channel><item><title>x</title></wrong>" + inside + b"</item></channel></rss>"


def entities(declared: str, title: str) -> bytes:
    item = f"<item><title>{title}</title></item>"
    return f'<!DOCTYPE r [{declared}]><rss version="2.0"><channel>{item}</channel></rss>'.encode()


def summary(markup: str) -> str:
    return f"<description><![CDATA[{markup}]]></description>"


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FLOODS = {
    "attributes": samples.rss(["<title " + " ".join(f"a{n}='>'" for n in range(100_000)) + ">x</title>"]),
    "categories": samples.rss(["<title>x</title>" + "<category>c</category>" * 40_000]),
    "author": samples.rss(["<title>x</title><author>" + "a" * MB + "@</author>"]),
    "entries": samples.rss(["<title>x</title>"] * 100_000),
    "depth": samples.rss(["<b>" * 100_000]),
    "billion laughs": entities(LAUGHS, "&l9;"),
    "quadratic entity": entities(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 2_000),
    "entity under the threshold": entities(f'<!ENTITY a "{"x" * 70_000}">', "&a;" * 100),
    "entity declarations": entities("".join(f'<!ENTITY e{n} "x">' for n in range(200_000)), "x"),
    "foreign file": entities('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"),
    "foreign parameter": entities('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;', "x"),
    "title of 7 MB": samples.rss([f"<title>{'x' * 7 * MB}</title>"]),
    "summary of 7 MB of markup": samples.rss(["<title>x</title>" + summary("<p><b>" * MB)]),
    "comments": samples.rss(["<title>x</title>" + summary("<!--" * MB)]),
    "attribute of 7 MB": samples.rss([f"<title a='{'x' * 7 * MB}'>x</title>"]),
    "broken author": broken(b"<author>" + b"a" * 300_000 + b"@</author>"),
    "broken categories": broken(b"<category>c</category>" * 30_000),
    "broken attributes": broken(b"<b " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b">"),
    "open CDATA": samples.rss(["<title><![CDATA[" * 100_000]),
    "ampersands": samples.rss([f"<title>{'&' * MB}</title>"]),
    "deep JSON": b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * MB,
    "long number": b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + b"9" * MB + b"}]}",
    "sitemap": b"<urlset>" + b"<url><loc>x</loc></url>" * 50_000 + b"</urlset>",
    "noise": bytes(range(256)) * 20_000,
}  # fmt: skip


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(1, time_limit=2) as opened:
        yield opened


@pytest.mark.parametrize("name", FLOODS)
async def test_a_hostile_feed_is_bounded_and_harms_no_other(pool: ParserPool, name: str) -> None:
    feed: ParsedFeed | None = None
    async with asyncio.timeout(20):
        try:
            feed = await pool.parse(FLOODS[name], "application/rss+xml", URL, NOW)
        except (NotAFeed, ParseFailed) as refused:
            assert refused.code
    if feed is not None:
        assert len(feed.entries) <= 5_000
        assert all(len(entry.title) <= MAX_TITLE for entry in feed.entries)
        assert all("root:" not in entry.title for entry in feed.entries)
    process = pool._workers[0]._process
    if process is not None:
        assert _peak_megabytes(process.pid) < 230  # 200 over the 25 of a parser at rest
    assert len((await pool.parse(samples.RSS, "", URL, NOW)).entries) == 2


def _peak_megabytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1_024 for line in lines if line.startswith("VmHWM")), 0)

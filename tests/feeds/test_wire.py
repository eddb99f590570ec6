"""Answers that are not quite HTTP, as servers send them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random

import pytest

from bot.domain.feed_state import FeedState
from bot.feeds.fetch import Fetcher, FetchRequest, FetchResult, Limits
from bot.feeds.poll import Polled, breaks_off, poll_feed
from bot.feeds.pool import ParserPool
from bot.feeds.wire import MOST_HEAD
from tests.support.clock import FrozenClock

ITEMS = "".join(
    f"<item><title>Nota {n} de la frontera – año</title><link>https://nota.example.mx/{n}</link></item>"
    for n in range(3)
)
FEED = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Peña</title>{ITEMS}</channel></rss>".encode()
CHUNKED = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nTransfer-Encoding: chunked\r\n\r\n'


class Raw:
    """Answers each connection with the same bytes, in the pieces given, and closes or keeps it open."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.keep_open = False
        self.requests: list[bytes] = []
        self.connections = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                for piece in self.pieces:
                    writer.write(piece)
                    await writer.drain()
                    if len(self.pieces) > 1:
                        await asyncio.sleep(0.001)
                if not self.keep_open:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def raw() -> AsyncIterator[Raw]:
    one = Raw()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    yield one
    server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher("Test", limits=Limits(deadline=1.0), allow_private=True) as opened:
        yield opened


def plain(*fields: str, body: bytes = FEED) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *fields, "", ""]).encode() + body


def chunks(*sizes: tuple[int, bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (size, data) for size, data in sizes)


LENGTH = f"Content-Length: {len(FEED)}"
WHOLE: dict[str, bytes] = {
    "an honest answer": plain(LENGTH, 'ETag: "1"'),
    "until it closes": plain(),
    "chunks": CHUNKED + chunks((20, FEED[:20]), (len(FEED) - 20, FEED[20:])) + b"0\r\n\r\n",
    "chunks with extensions and trailers": CHUNKED
    + b"%X;a=b\r\n%s\r\n0;x\r\nServer-Timing: 1\r\n\r\n" % (len(FEED), FEED),
    "chunk sizes with 0x, spaces and bare line feeds": CHUNKED + b" 0x%x \n%s\n0\n\n" % (len(FEED), FEED),
    "a long field": plain(LENGTH, "Content-Security-Policy: " + "img-src https://a.example.mx; " * 1_000),
    "many fields": plain(LENGTH, *(f"X-Trace-{n}: {n}" for n in range(400))),
    "large cookies": plain(LENGTH, *(f"Set-Cookie: a{n}={'x' * 4_000}" for n in range(20))),
    "bare line feeds": plain(LENGTH).replace(b"\r\n", b"\n", 3),
    "no reason, early hints": b"HTTP/1.1 103\r\nLink: </a>\r\n\r\nHTTP/1.1 200\r\n" + plain(LENGTH)[17:],
    "shoutcast": b"ICY 200 OK\r\n\r\n" + FEED,
    "lines that are no fields": plain(
        LENGTH, "no colon here", ": no name", "X-Odd Name\t: \x00\x07", "A: b\r\n c"
    ),
    "bytes that are no UTF-8": plain(LENGTH).replace(b"200 OK", b"200 D\xe9j\xe0 vu", 1),
    "the length twice": plain(LENGTH, LENGTH),
    "lengths that differ": plain(LENGTH, "Content-Length: 12"),
    "a length that is none": plain("Content-Length: many"),
    "a negative length": plain("Content-Length: -1"),
    "a length beside chunks": plain("Content-Length: 7", "Transfer-Encoding: chunked", body=b"")
    + chunks((len(FEED), FEED))
    + b"0\r\n\r\n",
    "a transfer coding that is none": plain(LENGTH, "Transfer-Encoding: identity"),
    "fields twice": plain(
        LENGTH, "Content-Type: text/xml", "Content-Type: text/html", "Server: a", "Server: b"
    ),
    **{
        f"Content-Encoding: {coding}": plain(LENGTH, f"Content-Encoding: {coding}")
        for coding in (
            "UTF-8",
            "none",
            "aws-chunked",
            "binary",
            "8bit",
            "gzip",
            "deflate",
            "br",
            "utf-8, gzip",
            '""',
        )
    },
    "gzip under another name": plain("Content-Encoding: utf-8", body=gzip.compress(FEED)),
    "padding behind gzip": plain("Content-Encoding: gzip", body=gzip.compress(FEED) + b"\0" * 30),
    "lines before the document": plain("Content-Encoding: utf-8", body=b"\xef\xbb\xbf\r\n\n" + FEED),
}


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("pieces", [1, 60])
async def test_an_odd_answer_is_read_whole(raw: Raw, fetcher: Fetcher, answer: bytes, pieces: int) -> None:
    size = -(-len(answer) // pieces)
    raw.pieces = [answer[start : start + size] for start in range(0, len(answer), size)]
    result = await fetcher.fetch(FetchRequest(raw.url))
    assert result.failure is None
    assert result.status == 200
    assert result.body is not None and result.body.removeprefix(b"\xef\xbb\xbf").lstrip() == FEED
    assert result.cut is None


packed = gzip.compress(FEED)
CUT: dict[str, bytes] = {
    "a length in characters": plain(
        f"Content-Length: {len(FEED.decode())}", "Connection: close", 'ETag: "1"'
    ),
    "a length in characters, kept open": plain(f"Content-Length: {len(FEED.decode())}", 'ETag: "1"'),
    "a length that is too long": plain(f"Content-Length: {len(FEED) + 100}", 'ETag: "1"'),
    "cut in its third item": plain(LENGTH, 'ETag: "1"', body=FEED[:-60]),
    "cut by a proxy that counts anew": plain(
        f"Content-Length: {len(FEED) - 60}", 'ETag: "1"', body=FEED[:-60]
    ),
    "cut without a length": plain('ETag: "1"', body=FEED[:-60]),
    "chunks without end": CHUNKED + chunks((len(FEED), FEED)),
    "a chunk that breaks off": CHUNKED + chunks((len(FEED), FEED))[:-80],
    "a chunk counted in characters": CHUNKED + chunks((len(FEED) - 9, FEED)) + b"0\r\n\r\n",
    "chunks counted in characters": CHUNKED + chunks((95, FEED[:100]), (99, FEED[100:])) + b"0\r\n\r\n",
    "not in chunks at all": CHUNKED + FEED,
    "a size that is none": CHUNKED + chunks((len(FEED) - 10, FEED[:-10])) + b"zz\r\n" + FEED[-10:],
    "gzip that breaks off": plain('ETag: "1"', "Content-Encoding: gzip", body=packed[:-20]),
    "gzip cut in its checksum": plain('ETag: "1"', "Content-Encoding: gzip", body=packed[:-4]),
}


async def poll(url: str, fetcher: Fetcher, state: FeedState | None = None) -> Polled:
    clock = FrozenClock(datetime(2026, 11, 29, tzinfo=UTC))
    async with ParserPool(workers=1) as pool:
        return await poll_feed(url, state or FeedState(), fetcher, pool, clock, Random(1))


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
async def test_what_came_is_read_and_its_validators_are_not_kept(
    raw: Raw, fetcher: Fetcher, answer: bytes
) -> None:
    raw.pieces = [answer]
    polled = await poll(raw.url, fetcher, FeedState(etag='"0"', last_modified="yesterday"))
    assert polled.plan.reason == "changed"
    assert len(polled.entries) >= 2
    state = polled.plan.state
    assert (state.etag, state.last_modified, state.failures, state.cuts) == (None, None, 0, 1)
    wait = polled.plan.next_due_at - datetime(2026, 11, 29, tzinfo=UTC)
    assert wait.total_seconds() < 4_500, "a connection that was lost once is no reason to wait for a day"


async def test_chunks_that_never_end_do_not_take_the_feed_with_them(raw: Raw) -> None:
    raw.pieces, raw.keep_open = [CHUNKED + chunks((len(FEED), FEED))], True
    async with Fetcher("Test", limits=Limits(deadline=0.3), allow_private=True) as fetcher:
        polled = await poll(raw.url, fetcher)
    assert polled.plan.reason == "changed" and len(polled.entries) == 3
    assert polled.plan.state.etag is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "reset"),
        (b"HTTP/1.1 200 OK\r\nServer: a\r\n", "reset"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "bad_response"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "bad_response"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (MOST_HEAD + 10), "bad_response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", "truncated"),
        (CHUNKED, "truncated"),
    ],
)
async def test_what_is_no_answer_has_a_code(raw: Raw, fetcher: Fetcher, answer: bytes, code: str) -> None:
    raw.pieces = [answer]
    assert (await fetcher.fetch(FetchRequest(raw.url))).failure == code


async def test_a_cut_answer_without_an_entry_is_a_failure(raw: Raw, fetcher: Fetcher) -> None:
    raw.pieces = [plain(LENGTH, body=FEED[:70])]
    polled = await poll(raw.url, fetcher)
    assert (polled.plan.reason, polled.plan.state.failures) == ("truncated", 1)


async def test_a_connection_is_used_again_only_after_an_honest_answer(raw: Raw, fetcher: Fetcher) -> None:
    async def ask() -> FetchResult:
        return await fetcher.fetch(FetchRequest(raw.url))

    raw.keep_open = True
    raw.pieces = [plain(LENGTH)]
    for _ in range(3):
        assert (await ask()).body == FEED
    assert raw.connections == 1
    raw.pieces = [plain(LENGTH, body=FEED + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")]
    for _ in range(2):
        assert (await ask()).body == FEED
    assert raw.connections == 2, "what came behind an answer is no answer to the next request"


async def test_an_unchanged_answer_has_no_body(raw: Raw, fetcher: Fetcher) -> None:
    raw.keep_open = True
    raw.pieces = [b'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nETag: "1"\r\n\r\n']
    for _ in range(2):
        result = await fetcher.fetch(FetchRequest(raw.url, etag='"1"'))
        assert result.not_modified and result.body is None
    assert raw.connections == 1


@pytest.mark.parametrize(
    ("document", "broken"),
    [
        (FEED, False),
        (FEED + b"\n<!-- cached at 12:00 -->\n", False),
        (FEED[:-2], True),
        (FEED[:-40], True),
        (b"<?xml version='1.0'?><rdf:RDF></rdf:RDF >", False),
        (b"<FEED></FEED>", False),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', True),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}\n', False),
        ("<rss></rss>".encode("utf-16"), False),
    ],
)
def test_a_document_that_breaks_off_is_seen(document: bytes, broken: bool) -> None:
    assert breaks_off(document) is broken

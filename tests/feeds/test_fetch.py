from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.feeds.errors import EXHAUSTED
from bot.feeds.fetch import FEED_ACCEPT, Fetcher, FetchRequest, Limits, failure_code, user_agent
from tests.support import feed_server as serve
from tests.support.feed_server import FeedServer

BODY = b"<rss version='2.0'><channel><title>Frontera</title></channel></rss>" * 20
AGENT = user_agent("1.0", "mailto:ops@example.org")


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    limits = Limits(deadline=0.6, wire=200_000, body=400_000)
    async with Fetcher(AGENT, limits=limits, allow_private=True) as opened:
        yield opened


def test_the_user_agent_says_who_and_where_to_complain() -> None:
    assert AGENT == "Vigia/1.0 (+mailto:ops@example.org)"
    assert user_agent("1.0", "") == "Vigia/1.0"
    assert user_agent("1.0", "a\r\nX: y)") == "Vigia/1.0 (+aX: y)"


async def test_a_plain_answer(server: FeedServer, fetcher: Fetcher) -> None:
    server.pages["/rss"] = serve.feed(
        BODY,
        etag='W/"a"',
        last_modified="Mon, 02 Mar 2026 15:00:00 GMT",
        headers={"Cache-Control": "max-age=60"},
    )
    result = await fetcher.fetch(FetchRequest(server.url("/rss?b=%2F&a=1+2")))
    assert (result.status, result.failure, result.body) == (200, None, BODY)
    assert (result.etag, result.last_modified) == ('W/"a"', "Mon, 02 Mar 2026 15:00:00 GMT")
    assert result.cache_seconds == 60
    assert result.body_hash and len(result.body_hash) == 64
    [asked] = server.requests
    assert asked.target == "/rss?b=%2F&a=1+2"
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept"] == FEED_ACCEPT
    assert set(asked.headers) == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/rss?q=a b", "/rss?q=a+b"),
        ("/rss?q=ñ", "/rss?q=%C3%B1"),
        ("/rss?q=1 HTTP/1.1\r\nX-Injected: yes", "/rss?q=1+HTTP/1.1X-Injected:+yes"),
        ("/rss?q=1\nx", "/rss?q=1x"),
    ],
)
async def test_an_address_cannot_break_out_of_its_line(
    server: FeedServer, fetcher: Fetcher, path: str, target: str
) -> None:
    server.pages |= {"/rss": serve.feed(BODY), "/go": serve.redirect("/rss?q=a b", 302)}
    assert (await fetcher.fetch(FetchRequest(server.url(path)))).status == 200
    assert "x-injected" not in server.requests[0].headers
    assert server.requests[0].target == target
    assert (await fetcher.fetch(FetchRequest(server.url("/go")))).status == 200


async def test_validators_go_out_as_they_came(server: FeedServer, fetcher: Fetcher) -> None:
    server.pages["/rss"] = serve.feed(BODY, etag='W/""')
    request = FetchRequest(server.url("/rss"), etag='W/""', last_modified="yesterday, or so")
    result = await fetcher.fetch(request)
    assert result.not_modified and result.conditional and result.body is None
    assert server.requests[0].headers["if-none-match"] == 'W/""'
    assert server.requests[0].headers["if-modified-since"] == "yesterday, or so"


async def test_looking_like_a_browser_changes_what_is_accepted_and_not_who_asks(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.pages["/rss"] = serve.feed(BODY)
    await fetcher.fetch(FetchRequest(server.url("/rss"), browser_like=True))
    assert server.requests[0].headers["accept"].startswith("text/html")
    assert server.requests[0].headers["user-agent"] == AGENT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw-deflate"])
async def test_compressed_bodies_are_inflated(server: FeedServer, fetcher: Fetcher, coding: str) -> None:
    server.pages["/rss"] = serve.feed(BODY, coding=coding)
    result = await fetcher.fetch(FetchRequest(server.url("/rss")))
    assert result.body == BODY
    assert 0 < result.wire_bytes < len(BODY)


async def test_a_false_gzip_label_and_an_unlabelled_gzip_file_are_read(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.pages["/plain"] = serve.streamed(lambda: [BODY], {"Content-Encoding": "gzip"})
    server.pages["/file"] = serve.streamed(lambda: [serve.gzip.compress(BODY)], {})
    server.pages["/short"] = serve.streamed(lambda: [b"x"], {})
    server.pages["/empty"] = serve.feed(b"")
    for path, body in (("/plain", BODY), ("/file", BODY), ("/short", b"x"), ("/empty", b"")):
        assert (await fetcher.fetch(FetchRequest(server.url(path)))).body == body


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (serve.hang(), "timeout"),
        (serve.reset(), "reset"),
        (serve.streamed(lambda: [serve.gzip.compress(BODY)[:20] + b"x" * 99], {}), "bad_encoding"),
        (serve.streamed(lambda: [b"\x1b\xfa\x03" * 30], {"Content-Encoding": "br"}), "bad_encoding"),
        (
            serve.streamed(lambda: [serve.zlib.compress(BODY)], {"Content-Encoding": "compress"}),
            "bad_encoding",
        ),
        (serve.streamed(lambda: [serve.gzip.compress(b"") * 2_000], {}), "bad_encoding"),
        (serve.feed(b"x" * 300_000), "too_large"),
        (serve.streamed(lambda: (b"x" * 10_000 for _ in range(1_000)), {}), "too_large"),
        (serve.feed(b"<item>" * 60_000 + b"y" * 200_000, coding="gzip"), "bomb"),
        (serve.redirect("/rss", 302), "redirect_loop"),
        (serve.redirect("", 302), "bad_redirect"),
        (serve.redirect("javascript:alert(1)", 301), "bad_redirect"),
        (serve.redirect("file:///etc/passwd", 301), "bad_redirect"),
        (serve.redirect("http://[::1", 301), "bad_redirect"),
        (serve.redirect("http://u:p@example.org/", 301), "credentials"),
    ],
    ids=lambda value: value if isinstance(value, str) else "page",
)
async def test_what_goes_wrong_has_a_code(
    server: FeedServer, fetcher: Fetcher, page: serve.Page, code: str
) -> None:
    server.pages["/rss"] = page
    result = await fetcher.fetch(FetchRequest(server.url("/rss")))
    assert (result.failure, result.status, result.body) == (code, None, None)


async def test_a_gzip_bomb_of_300_mb_stops_at_the_cap(server: FeedServer) -> None:
    bomb = serve.gzip_bomb(300 * 1024 * 1024)
    server.pages["/rss"] = serve.streamed(lambda: [bomb], {"Content-Encoding": "gzip"})
    async with Fetcher(AGENT, allow_private=True) as fetcher:
        result = await fetcher.fetch(FetchRequest(server.url("/rss")))
    assert result.failure == "bomb"


async def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound but not listening
        url = f"http://127.0.0.1:{held.getsockname()[1]}/rss"
        assert (await fetcher.fetch(FetchRequest(url))).failure == "connect"


async def test_plain_http_behind_https_is_a_tls_failure(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.url("/rss").replace("http:", "https:")
    assert (await fetcher.fetch(FetchRequest(url))).failure == "tls"


async def test_status_codes_are_answers_and_not_failures(server: FeedServer, fetcher: Fetcher) -> None:
    server.pages["/rss"] = serve.status(503, {"Retry-After": "120"}, "busy")
    result = await fetcher.fetch(FetchRequest(server.url("/rss")))
    assert (result.status, result.failure, result.retry_after, result.body) == (503, None, 120, None)


async def test_redirects_are_followed_and_the_permanent_part_is_told(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.pages |= {
        "/a": serve.redirect("/b#top", 301),
        "/b": serve.redirect(server.url("/c", "localhost"), 308),
        "/c": serve.redirect("d", 302),
        "/d": serve.feed(BODY, etag='"d"'),
    }
    result = await fetcher.fetch(FetchRequest(server.url("/a")))
    assert (result.status, result.hops) == (200, 3)
    assert result.url == server.url("/d", "localhost")
    assert result.permanent_url == server.url("/c", "localhost")


async def test_a_temporary_redirect_first_makes_nothing_permanent(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.pages |= {
        "/a": serve.redirect("/b", 302),
        "/b": serve.redirect("/c", 301),
        "/c": serve.feed(BODY),
    }
    assert (await fetcher.fetch(FetchRequest(server.url("/a")))).permanent_url is None


async def test_more_than_five_redirects_are_too_many(server: FeedServer, fetcher: Fetcher) -> None:
    for step in range(7):
        server.pages[f"/{step}"] = serve.redirect(f"/{step + 1}", 302)
    result = await fetcher.fetch(FetchRequest(server.url("/0")))
    assert result.failure == "too_many_redirects"
    assert len(server.requests) == 6


async def test_validators_are_sent_only_to_the_address_that_gave_them(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.pages |= {"/a": serve.redirect("/b", 302), "/b": serve.feed(BODY, etag='"b"')}
    bound = FetchRequest(server.url("/a"), etag='"b"', validators_url=server.url("/b"))
    assert (await fetcher.fetch(bound)).not_modified
    unbound = FetchRequest(server.url("/a"), etag='"b"')
    result = await fetcher.fetch(unbound)
    assert result.status == 200 and not result.conditional
    assert [request.conditional for request in server.requests] == [False, True, True, False]


class Rebinding(AbstractResolver):
    """A name server that changes its mind."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        address = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
async def test_a_name_that_leads_inside_is_refused_at_the_dial(server: FeedServer, address: str) -> None:
    server.pages["/rss"] = serve.feed(BODY)
    async with Fetcher(AGENT, resolver=Rebinding(address)) as fetcher:
        url = server.url("/rss", "feeds.example.org")
        for _ in range(2):
            assert (await fetcher.fetch(FetchRequest(url))).failure == "private_address"
    assert server.requests == []


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
    ],
)
async def test_each_hop_is_checked(target: str) -> None:
    async with Fetcher(AGENT) as fetcher:
        result = await fetcher.fetch(FetchRequest(target))
    assert result.failure == "private_address"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "bad_scheme"),
        ("http://" + "a" * 70 + ".example.org/", "bad_address"),
        ("https://ana:clave@example.org/", "credentials"),
        ("", "bad_scheme"),
    ],
)
async def test_addresses_that_cannot_be_fetched(fetcher: Fetcher, url: str, code: str) -> None:
    assert (await fetcher.fetch(FetchRequest(url))).failure == code


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.ENOBUFS, "No buffer space available"),
        OSError("Multiple exceptions: [Errno 24] Too many open files, [Errno 101] Network is unreachable"),
    ],
)
def test_a_machine_without_open_files_is_our_fault(error: OSError) -> None:
    assert failure_code(error) == EXHAUSTED
    wrapped = aiohttp.ClientOSError()
    wrapped.__cause__ = error
    assert failure_code(wrapped) == EXHAUSTED
    assert failure_code(OSError(errno.ECONNRESET, "Connection reset by peer")) == "reset"

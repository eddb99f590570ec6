from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from random import Random

import pytest

from bot.domain.feed_state import FeedState
from bot.feeds.fetch import Fetcher
from bot.feeds.poll import Polled, poll_feed
from bot.feeds.pool import ParserPool
from tests.feeds import samples
from tests.support import feed_server as serve
from tests.support.clock import FrozenClock
from tests.support.feed_server import FeedServer


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        yield running


async def poll(server: FeedServer, state: FeedState | None = None, **options: bool) -> Polled:
    async with Fetcher("test", allow_private=True) as fetcher, ParserPool(1) as pool:
        return await poll_feed(
            server.url("/rss"), state or FeedState(), fetcher, pool, FrozenClock(), Random(1), **options
        )


async def test_a_feed_comes_with_its_entries_facts_and_plan(server: FeedServer) -> None:
    server.pages["/rss"] = serve.feed(samples.RSS, etag='"1"')
    polled = await poll(server)
    assert polled.feed is not None and polled.feed.language == "es"
    assert [entry.guid for entry in polled.entries] == ["nota-1", "https://diario.example.mx/nota/2"]
    assert (polled.facts.entries, polled.facts.undated, polled.facts.ttl_seconds) == (2, 1, 5_400)
    assert (polled.plan.reason, polled.plan.state.health) == ("changed", "fresh")


@pytest.mark.parametrize(
    ("page", "reason", "health"),
    [
        (serve.html(), "html", "not_a_feed"),
        (serve.feed(b""), "empty", "not_a_feed"),
        (serve.status(204), "empty", "not_a_feed"),
        (serve.status(304), "unasked_304", "failing"),
        (serve.status(403), "http_403", "blocked"),
        (serve.feed(samples.rss(["<title>x</title>"] * 5_001)), "too_many_entries", "not_a_feed"),
    ],
    ids=["html", "empty", "204", "304", "403", "flood"],
)
async def test_what_is_no_feed_is_a_failure_with_a_reason(
    server: FeedServer, page: serve.Page, reason: str, health: str
) -> None:
    server.pages["/rss"] = page
    polled = await poll(server)
    assert (polled.plan.reason, polled.plan.state.health, polled.entries) == (reason, health, ())


async def test_the_same_bytes_are_not_even_inflated_and_other_bytes_are_read(server: FeedServer) -> None:
    packed = gzip.compress(samples.RSS, mtime=0)
    label = {"Content-Encoding": "gzip"}
    server.pages["/rss"] = serve.streamed(lambda: [packed], label)
    first = await poll(server)
    again = await poll(server, first.plan.state)
    assert (again.plan.reason, again.facts.same_body, again.feed) == ("unchanged", True, None)
    server.pages["/rss"] = serve.streamed(lambda: [gzip.compress(samples.RSS, mtime=1)], label)
    repacked = await poll(server, again.plan.state)
    assert (repacked.plan.reason, repacked.plan.state.body_hash) == ("unchanged", again.plan.state.body_hash)
    assert repacked.plan.state.wire_hash != again.plan.state.wire_hash
    server.pages["/rss"] = serve.feed(samples.ATOM)
    assert (await poll(server, repacked.plan.state)).plan.reason == "changed"


async def test_a_failure_keeps_what_was_known(server: FeedServer) -> None:
    server.pages["/rss"] = serve.feed(samples.RSS, etag='"1"')
    state = (await poll(server)).plan.state
    server.pages["/rss"] = serve.html()
    failed = (await poll(server, state)).plan.state
    assert (failed.etag, failed.body_hash, failed.entries_hash) == (
        '"1"',
        state.body_hash,
        state.entries_hash,
    )
    server.pages["/rss"] = serve.feed(samples.RSS, etag='"1"')
    assert (await poll(server, failed)).plan.reason == "not_modified"


async def test_a_site_that_wants_a_browser_gets_its_accept_headers(server: FeedServer) -> None:
    server.pages["/rss"] = serve.feed(samples.RSS)
    await poll(server, browser_like=True)
    assert server.requests[0].headers["accept"].startswith("text/html")

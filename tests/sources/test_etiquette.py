"""The etiquette of polling, for each official source: real requests to a server on loopback.

``pytest -k etiquette -v`` reads as the list. The numbers are those of ``tests/feeds/test_etiquette.py``,
which holds all lines for ordinary feeds; here are those that a source's own address or reader could break.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from importlib import import_module
from random import Random

import pytest

from bot.domain.feed_state import FeedState
from bot.feeds.fetch import Fetcher, Limits, user_agent
from bot.feeds.parse import read_document
from bot.feeds.parsed import ParsedFeed
from bot.feeds.poll import Polled, poll_feed
from bot.feeds.schedule import LEAST_WITHOUT_VALIDATORS
from bot.feeds.survey import MAX_ENTRIES
from bot.sources import registry
from tests.sources.cases import CASES, NOW, Format
from tests.support import feed_server as serve
from tests.support.clock import FrozenClock
from tests.support.feed_server import FeedServer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ETAG, DATE = 'W/"a-1"', "Fri, 27 Nov 2026 14:00:00 GMT"

each_source = pytest.mark.parametrize("case", CASES, ids=str)


class Inline:
    """Reads documents as the parser processes do, in this one: they have tests of their own."""

    async def parse(
        self, body: bytes, content_type: str | None, url: str, now: datetime, reader: str = ""
    ) -> ParsedFeed:
        read = import_module(f"bot.sources.{reader}").read if reader else None
        return read_document(body, content_type, url, now, read).feed


class Adapter:
    """The source of a case, polled at a server on loopback; what it is to answer is set for all its days."""

    def __init__(self, case: Format, server: FeedServer, fetcher: Fetcher) -> None:
        self.case, self.server, self.fetcher = case, server, fetcher
        self.clock, self.random, self.state = FrozenClock(NOW), Random(1), FeedState()
        self.url = server.url("/source")

    async def poll(self, page: serve.Page | None = None) -> Polled:
        if page is not None:
            self.server.pages["/source"] = page
            for day in range(-8, 40):
                self.server.pages[f"/source/{NOW + timedelta(days=day):%d-%m-%Y}"] = page
        form = registry.form_of(self.case.kind)
        polled = await poll_feed(
            self.url, self.state, self.fetcher, Inline(), self.clock, self.random, form=form
        )
        self.state = FeedState.load(polled.plan.state.dump())
        return polled

    async def poll_when_due(self, page: serve.Page | None = None) -> Polled:
        assert self.state.next_due_at is not None
        self.clock.move_to(max(self.state.next_due_at, self.clock.now()))
        return await self.poll(page)

    def answer(self, body: bytes | None = None, **options: str) -> serve.Page:
        return serve.feed(
            self.case.body if body is None else body, content_type=self.case.content_type, **options
        )

    def wait_of(self, polled: Polled) -> timedelta:
        return polled.plan.next_due_at - self.clock.now()


@pytest.fixture
async def adapter(case: Format) -> AsyncIterator[Adapter]:
    agent = user_agent("1.0", "mailto:ops@example.org")
    limits = Limits(deadline=5, wire=300_000, body=600_000)
    async with (
        FeedServer() as server,
        Fetcher(agent, limits=limits, allow_private=True) as fetcher,
    ):
        yield Adapter(case, server, fetcher)


@each_source
async def test_etiquette_01_to_06_one_get_then_the_validators_and_the_same_body_is_no_news(
    adapter: Adapter, case: Format
) -> None:
    polled = await adapter.poll(adapter.answer(etag=ETAG, last_modified=DATE))
    [asked] = adapter.server.requests
    assert (asked.method, asked.conditional, len(polled.entries)) == ("GET", False, case.items)
    assert asked.headers["user-agent"] == "Vigia/1.0 (+mailto:ops@example.org)"
    assert adapter.wait_of(polled) >= MINUTE * 15
    first = asked.target
    polled = await adapter.poll_when_due()
    asked = adapter.server.requests[-1]
    # Another day of the gazette is another address, and gets no validators of this one.
    assert asked.conditional == (asked.target == first)
    if asked.conditional:
        assert (asked.headers["if-none-match"], asked.headers["if-modified-since"]) == (ETAG, DATE)
        assert (polled.plan.reason, polled.entries) == ("not_modified", ())
    adapter.state = FeedState()
    await adapter.poll(adapter.answer())
    polled = await adapter.poll(adapter.answer())
    assert polled.entries == () and polled.facts.succeeded


@each_source
async def test_etiquette_07_without_validators_it_is_asked_every_few_hours_at_most(
    adapter: Adapter, case: Format
) -> None:
    waits = [adapter.wait_of(await adapter.poll(adapter.answer()))]
    waits += [adapter.wait_of(await adapter.poll_when_due()) for _ in range(4)]
    assert all(LEAST_WITHOUT_VALIDATORS <= wait <= 1.25 * DAY for wait in waits)


@each_source
@pytest.mark.parametrize("status", [429, 503])
async def test_etiquette_11_to_13_it_waits_as_it_is_told_and_backs_off_by_itself(
    adapter: Adapter, case: Format, status: int
) -> None:
    await adapter.poll(adapter.answer(etag=ETAG))
    polled = await adapter.poll_when_due(serve.status(status, {"Retry-After": "28800"}))
    assert 8 * HOUR <= adapter.wait_of(polled) <= 8 * HOUR + 10 * MINUTE
    adapter.state = FeedState()
    waits = [adapter.wait_of(await adapter.poll(serve.status(503)))]
    waits += [adapter.wait_of(await adapter.poll_when_due()) for _ in range(4)]
    assert all(HOUR * 2**n <= wait <= 1.1 * HOUR * 2**n for n, wait in enumerate(waits))


@each_source
async def test_etiquette_15_and_16_gone_is_gone_and_a_redirect_is_followed(
    adapter: Adapter, case: Format
) -> None:
    adapter.server.pages["/elsewhere"] = adapter.answer()
    polled = await adapter.poll(serve.redirect("/elsewhere"))
    assert len(polled.entries) == case.items and polled.plan.new_url is None
    await adapter.poll_when_due(serve.status(410))
    assert adapter.state.health == "gone"


@each_source
async def test_etiquette_19_too_much_is_refused_and_the_next_answer_is_read(
    adapter: Adapter, case: Format
) -> None:
    endless = serve.streamed(lambda: (b"x" * 9_999 for _ in range(99)), {"Content-Type": case.content_type})
    polled = await adapter.poll(endless)
    assert (polled.plan.reason, polled.entries) == ("too_large", ())
    adapter.state = FeedState()
    assert len((await adapter.poll(adapter.answer())).entries) == case.items


@each_source
def test_etiquette_19_a_list_without_end_is_refused(case: Format) -> None:
    many = case.repeated(MAX_ENTRIES + 1)
    with pytest.raises(Exception, match="too_many_entries") as caught:
        case.read(many)
    assert getattr(caught.value, "code", "") == "too_many_entries"

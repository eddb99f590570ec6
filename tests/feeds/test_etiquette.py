"""The etiquette checklist, line by line: a real fetch from a loopback server, a clock moved by hand.

``pytest -k etiquette -v`` reads as the list. ``docs/polling.md`` says why each line is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.domain.feed_state import NEVER, FeedState
from bot.feeds.fetch import Fetcher, Limits, user_agent
from bot.feeds.hosts import HostGate, host_of, in_turn
from bot.feeds.policy import request_for
from bot.feeds.poll import Polled, poll_feed
from bot.feeds.pool import ParserPool
from bot.feeds.schedule import DEFAULT_INTERVAL
from tests.feeds import samples
from tests.support import feed_server as serve
from tests.support.clock import START, FrozenClock
from tests.support.feed_server import FeedServer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGENT = user_agent("1.0", "mailto:ops@example.org")
ETAG, DATE = 'W/"a-1"', "Mon, 02 Mar 2026 14:00:00 GMT"
OLD = "Sun, 01 Mar 2026 10:00:00 GMT"

BODY = samples.rss([samples.news(1, OLD)])
NEXT_BODY = samples.rss([samples.news(2, OLD), samples.news(1, OLD)])


class Reader:
    """One feed's reader: polls, and keeps the state only when the entries were 'committed'."""

    def __init__(self, server: FeedServer, fetcher: Fetcher, pool: ParserPool) -> None:
        self.server, self.fetcher, self.pool = server, fetcher, pool
        self.clock = FrozenClock()
        self.random = Random(1)
        self.state = FeedState()
        self.url = server.url("/rss")
        self.interval = DEFAULT_INTERVAL

    async def poll(self, page: serve.Page | None = None, *, commit: bool = True) -> Polled:
        if page is not None:
            self.server.pages["/rss"] = page
        polled = await poll_feed(
            self.url, self.state, self.fetcher, self.pool, self.clock, self.random, interval=self.interval
        )
        if commit:
            self.state = FeedState.load(polled.plan.state.dump())  # as the store keeps it
        return polled

    async def poll_when_due(self, page: serve.Page | None = None) -> Polled:
        assert self.state.next_due_at is not None
        self.clock.move_to(max(self.state.next_due_at, self.clock.now()))
        return await self.poll(page)

    def wait_of(self, polled: Polled) -> timedelta:
        return polled.plan.next_due_at - self.clock.now()

    @property
    def last_headers(self) -> dict[str, str]:
        return dict(self.server.requests[-1].headers)


@pytest.fixture(scope="module")
def limits() -> Limits:
    return Limits(deadline=0.5, wire=300_000, body=600_000)


@pytest.fixture
async def reader(limits: Limits) -> AsyncIterator[Reader]:
    async with (
        FeedServer() as server,
        Fetcher(AGENT, limits=limits, allow_private=True) as fetcher,
        ParserPool(1, time_limit=2) as pool,
    ):
        yield Reader(server, fetcher, pool)


async def test_etiquette_01_the_first_fetch_is_one_unconditional_get(reader: Reader) -> None:
    polled = await reader.poll(serve.feed(BODY, etag=ETAG, last_modified=DATE))
    assert len(polled.entries) == 1
    [asked] = reader.server.requests
    assert (asked.method, asked.target, asked.conditional) == ("GET", "/rss", False)


@pytest.mark.parametrize("etag", ['"plain"', 'W/"weak"', "bare", '"with \\" quote"'])
async def test_etiquette_02_the_etag_goes_back_byte_for_byte(reader: Reader, etag: str) -> None:
    await reader.poll(serve.feed(BODY, etag=etag))
    polled = await reader.poll_when_due()
    assert reader.last_headers["if-none-match"] == etag
    assert polled.plan.reason == "not_modified"


@pytest.mark.parametrize("date", [DATE, "Mon, 2 Mar 2026 14:00:00 +0000", "garbage, but theirs"])
async def test_etiquette_03_last_modified_goes_back_byte_for_byte_and_is_never_made_up(
    reader: Reader, date: str
) -> None:
    await reader.poll(serve.feed(BODY, last_modified=date))
    await reader.poll_when_due()
    assert reader.last_headers["if-modified-since"] == date
    assert "if-none-match" not in reader.last_headers
    reader.state = FeedState()
    await reader.poll(serve.feed(BODY, etag=ETAG, headers={"Date": DATE}))
    await reader.poll_when_due()
    assert "if-modified-since" not in reader.last_headers


async def test_etiquette_04_no_validators_no_conditions_and_none_for_another_address(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY))
    await reader.poll_when_due()
    assert not reader.server.requests[-1].conditional
    await reader.poll_when_due(serve.feed(BODY, etag=ETAG))
    reader.server.pages["/other"] = serve.feed(BODY, etag=ETAG)
    reader.url = reader.server.url("/other")
    await reader.poll_when_due()
    assert not reader.server.requests[-1].conditional


async def test_etiquette_05_a_304_is_a_success_that_may_renew_the_validators(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    await reader.poll_when_due(serve.status(500))
    assert reader.state.failures == 1
    renewed = serve.status(304, {"ETag": '"b-2"', "Last-Modified": DATE})
    polled = await reader.poll_when_due(renewed)
    assert (polled.entries, polled.feed, polled.facts.parsed) == ((), None, False)
    assert polled.plan.reason == "not_modified"
    assert (reader.state.failures, reader.state.etag, reader.state.last_modified) == (0, '"b-2"', DATE)
    await reader.poll_when_due()
    assert reader.last_headers["if-none-match"] == '"b-2"'


async def test_etiquette_06_the_same_body_is_no_news_and_validators_follow_the_commit(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG, last_modified=DATE))
    polled = await reader.poll_when_due(serve.feed(BODY, etag='"b-2"'))
    assert (polled.plan.reason, polled.entries, polled.facts.parsed) == ("unchanged", (), False)
    assert (reader.state.etag, reader.state.last_modified) == ('"b-2"', None)
    # A crash between fetch and commit: the state is not saved, so the same entries come again.
    lost = await reader.poll(serve.feed(NEXT_BODY, etag='"c-3"'), commit=False)
    again = await reader.poll()
    assert len(lost.entries) == len(again.entries) == 2
    assert [asked.headers["if-none-match"] for asked in reader.server.requests[-2:]] == ['"b-2"', '"b-2"']


async def test_etiquette_07_an_hour_with_validators_a_day_without_never_under_15_minutes(
    reader: Reader,
) -> None:
    assert HOUR <= reader.wait_of(await reader.poll(serve.feed(BODY, etag=ETAG))) <= HOUR + 10 * MINUTE
    assert DAY <= reader.wait_of(await reader.poll_when_due(serve.feed(NEXT_BODY))) <= DAY + 10 * MINUTE
    reader.interval = timedelta(seconds=1)
    polled = await reader.poll_when_due(serve.feed(BODY, etag=ETAG))
    assert 15 * MINUTE <= reader.wait_of(polled) <= 17 * MINUTE
    # A restart reads the due time from the store; it is the one that was planned.
    assert FeedState.load(reader.state.dump()).next_due_at == reader.state.next_due_at
    assert abs(polled.plan.next_due_at - reader.state.next_due_at) < timedelta(seconds=1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({"Cache-Control": "max-age=7200"}, 2 * HOUR),
        ({"Cache-Control": "max-age=60"}, HOUR),
        ({"Expires": "Mon, 02 Mar 2026 18:00:00 GMT", "Date": "Mon, 02 Mar 2026 15:00:00 GMT"}, 3 * HOUR),
        ({"Expires": "Mon, 02 Mar 2026 09:00:00 GMT", "Date": "Mon, 02 Mar 2026 05:00:00 GMT"}, 4 * HOUR),
        ({"Cache-Control": "no-cache, max-age=7200"}, HOUR),
        ({"Cache-Control": "no-store"}, HOUR),
        ({"Cache-Control": "max-age=31536000"}, DAY),
        ({"Expires": "0"}, HOUR),
    ],
)
async def test_etiquette_08_the_servers_freshness_is_waited_for_on_200_and_304(
    reader: Reader, headers: dict[str, str], least: timedelta
) -> None:
    for page in (serve.feed(BODY, etag=ETAG, headers=headers), None):
        polled = await (reader.poll(page) if page else reader.poll_when_due())
        assert least <= reader.wait_of(polled) <= least + 10 * MINUTE
    assert polled.plan.reason == "not_modified"


async def test_etiquette_08_so_is_the_feeds_ttl_also_when_a_304_says_nothing(reader: Reader) -> None:
    body = samples.rss([samples.news(1)], head="<ttl>180</ttl>")
    for _ in range(2):
        page = serve.feed(body, etag=ETAG, headers={"Cache-Control": "max-age=60"})
        polled = await reader.poll(page)
        assert 3 * HOUR <= reader.wait_of(polled) <= 3 * HOUR + 10 * MINUTE


@pytest.mark.parametrize(
    ("head", "least"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6 * HOUR),
        ("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>0.1</sy:updateFrequency>", DAY),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency/>", DAY),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", DAY),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>3600</sy:updateFrequency>", HOUR),
        ("<sy:updatePeriod>whenever</sy:updatePeriod><sy:updateFrequency>-1</sy:updateFrequency>", HOUR),
        ("<sy:updatePeriod></sy:updatePeriod>", HOUR),
    ],
)
async def test_etiquette_09_the_syndication_module_is_honoured_and_clamped(
    reader: Reader, head: str, least: timedelta
) -> None:
    body = samples.rss([samples.news(1)], head=head).replace(
        b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    )
    polled = await reader.poll(serve.feed(body, etag=ETAG))
    assert least <= reader.wait_of(polled) <= least + 10 * MINUTE


async def test_etiquette_10_excluded_hours_and_days_are_left_out_in_gmt(reader: Reader) -> None:
    # It is Monday, 15:00 GMT: 16 and 17 are excluded, so 18; hour 24 is midnight.
    hours = "<skipHours><hour>16</hour><hour>17</hour><hour>24</hour></skipHours>"
    await reader.poll(serve.feed(samples.rss([samples.news(1)], head=hours), etag=ETAG))
    assert reader.state.next_due_at is not None and reader.state.next_due_at.hour == 18
    assert reader.state.skip_hours == (0, 16, 17)
    days = "<skipDays><day>Tuesday</day><day>wednesday</day><day>Someday</day></skipDays>"
    reader.clock.move_to(reader.clock.now().replace(hour=23))
    await reader.poll(serve.feed(samples.rss([samples.news(2)], head=days), etag='"2"'))
    assert reader.state.next_due_at is not None
    assert (reader.state.next_due_at.strftime("%A"), reader.state.next_due_at.hour) == ("Thursday", 0)
    all_hours = "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>"
    polled = await reader.poll(serve.feed(samples.rss([samples.news(3)], head=all_hours), etag='"3"'))
    assert reader.wait_of(polled) <= HOUR + 10 * MINUTE


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "least", "reason"),
    [
        ("7200", 2 * HOUR, "retry_after"),
        ("Mon, 02 Mar 2026 12:00:00 GMT", 5 * HOUR, "retry_after"),  # against the Date below
        ("99999999", 30 * DAY, "retry_after_capped"),
    ],
)
async def test_etiquette_11_retry_after_is_kept_to(
    reader: Reader, status: int, value: str, least: timedelta, reason: str
) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    headers = {"Retry-After": value, "Date": "Mon, 02 Mar 2026 07:00:00 GMT"}
    polled = await reader.poll_when_due(serve.status(status, headers))
    assert least <= reader.wait_of(polled) <= least + 10 * MINUTE
    assert polled.plan.reason == (reason if status == 429 else "http_503")


async def test_etiquette_11_garbage_in_retry_after_is_no_wait(reader: Reader) -> None:
    polled = await reader.poll(serve.status(503, {"Retry-After": "soon"}))
    assert HOUR <= reader.wait_of(polled) <= 1.1 * HOUR


async def test_etiquette_12_a_bare_429_holds_the_host_for_hours_and_is_no_failure(reader: Reader) -> None:
    gate = HostGate(reader.clock)
    polled = await reader.poll(serve.status(429))
    assert 4 * HOUR <= reader.wait_of(polled) <= 5 * HOUR
    assert (polled.plan.reason, reader.state.failures) == ("throttled", 0)
    assert polled.plan.hold_host_until == polled.plan.next_due_at
    gate.hold("127.0.0.1", polled.plan.hold_host_until)

    async def never(url: str) -> None:
        raise AssertionError("the host is held")

    urls = [reader.server.url("/a"), reader.server.url("/b")]
    assert await in_turn(urls, host_of, never, gate) == urls
    waits = [reader.wait_of(await reader.poll_when_due()) for _ in range(20)]
    assert reader.state.failures == 0 and reader.state.next_due_at != NEVER
    assert max(waits) <= 1.25 * DAY and len(set(waits)) == len(waits)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (serve.status(500), "http_500"),
        (serve.status(502), "http_502"),
        (serve.reset(), "reset"),
        (serve.hang(), "timeout"),
    ],
    ids=["500", "502", "reset", "timeout"],
)
async def test_etiquette_13_trouble_backs_off_with_jitter_to_a_day(
    reader: Reader, page: serve.Page, code: str
) -> None:
    waits = []
    polled = await reader.poll(page)
    for _ in range(7 if code != "timeout" else 2):
        waits.append(reader.wait_of(polled))
        assert polled.plan.reason == code
        polled = await reader.poll_when_due()
    for number, wait in enumerate(waits):
        expected = min(HOUR * 2**number, DAY)
        assert expected <= wait <= 1.1 * expected
    assert len(set(waits)) == len(waits)


async def test_etiquette_13_an_unknown_host_is_not_asked_more_often_than_usual(reader: Reader) -> None:
    reader.url = "http://feeds.invalid.example.test./rss".replace("example.", "")
    polled = await reader.poll()
    assert polled.plan.reason in ("dns", "connect", "timeout")
    assert reader.wait_of(polled) >= HOUR


@pytest.mark.parametrize("status", [404, 403])
async def test_etiquette_14_hard_failures_are_probed_ever_more_rarely_and_never_dropped(
    reader: Reader, status: int
) -> None:
    told = []
    polled = await reader.poll(serve.feed(BODY, etag=ETAG))
    start = reader.clock.now()
    waits = []
    while reader.clock.now() - start < 400 * DAY:
        polled = await reader.poll_when_due(serve.status(status))
        waits.append(reader.wait_of(polled))
        told += [polled.plan.health_changed] if polled.plan.worth_telling else []
    assert all(wait >= HOUR for wait in waits)
    assert all(wait >= DAY for wait in waits[3:])
    assert 30 * DAY <= waits[-1] <= 33 * DAY
    assert len(waits) < 65
    assert [new for _, new in told] == ["blocked" if status == 403 else "failing"]
    polled = await reader.poll_when_due(serve.feed(BODY, etag=ETAG))
    assert reader.state.failures == 0
    assert polled.plan.worth_telling


async def test_etiquette_14_a_tls_failure_is_a_hard_failure(reader: Reader) -> None:
    reader.url = reader.url.replace("http:", "https:")
    reader.state = FeedState(failures=5)
    polled = await reader.poll()
    assert polled.plan.reason == "tls" and reader.wait_of(polled) >= DAY


async def test_etiquette_15_gone_means_gone(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    polled = await reader.poll_when_due(serve.status(410))
    assert (polled.plan.reason, polled.plan.next_due_at) == ("gone", NEVER)
    assert polled.plan.health_changed is not None and polled.plan.health_changed[1] == "gone"
    assert polled.plan.worth_telling
    assert reader.state.last_new_entry_at is not None  # its history stays
    assert FeedState.load(reader.state.dump()).next_due_at == NEVER


@pytest.mark.parametrize("code", [301, 308])
async def test_etiquette_16_a_permanent_redirect_is_saved_when_it_has_stood_a_day(
    reader: Reader, code: int
) -> None:
    target = reader.server.url("/new")
    reader.server.pages["/new"] = serve.feed(BODY, etag=ETAG)
    start, saved = reader.clock.now(), None
    polled = await reader.poll(serve.redirect("/new", code))
    for _ in range(40):
        saved = polled.plan.new_url
        if saved:
            break
        polled = await reader.poll_when_due()
    assert saved == target
    assert reader.clock.now() - start >= DAY
    assert reader.state.moved_to is None


@pytest.mark.parametrize("code", [302, 303, 307])
async def test_etiquette_16_a_temporary_redirect_is_never_saved(reader: Reader, code: int) -> None:
    reader.server.pages["/new"] = serve.feed(BODY, etag=ETAG)
    polled = await reader.poll(serve.redirect("/new", code))
    for _ in range(30):
        polled = await reader.poll_when_due()
        assert polled.plan.new_url is None and reader.state.moved_to is None


async def test_etiquette_16_a_redirect_that_changes_its_mind_or_leads_to_a_page_starts_anew(
    reader: Reader,
) -> None:
    reader.server.pages |= {"/a": serve.feed(BODY, etag=ETAG), "/b": serve.feed(BODY, etag=ETAG)}
    for number in range(40):
        polled = await reader.poll(serve.redirect("/a" if number % 3 else "/b", 301))
        assert polled.plan.new_url is None
        reader.clock.advance(hours=1)
    reader.server.pages["/a"] = serve.html()
    reader.state = FeedState()
    for _ in range(5):
        polled = await reader.poll(serve.redirect("/a", 301))
        assert (polled.plan.new_url, polled.plan.reason) == (None, "html")
        reader.clock.advance(days=1)


async def test_etiquette_16_loops_long_chains_and_private_targets_are_failures(
    reader: Reader, limits: Limits
) -> None:
    assert (await reader.poll(serve.redirect("/rss", 301))).plan.reason == "redirect_loop"
    for step in range(7):
        reader.server.pages[f"/{step}"] = serve.redirect(f"/{step + 1}", 301)
    assert (await reader.poll(serve.redirect("/0", 301))).plan.reason == "too_many_redirects"
    async with Fetcher(AGENT, limits=limits) as guarded:
        reader.fetcher = guarded
        assert (await reader.poll()).plan.reason == "private_address"


async def test_etiquette_17_one_request_at_a_time_and_a_pause_for_each_host(reader: Reader) -> None:
    gate = HostGate(reader.clock)
    began: list[tuple[str, float]] = []
    start = reader.clock.now()
    reader.server.pages |= {f"/{n}": serve.slow(serve.feed(BODY, etag=ETAG), 0.01) for n in range(4)}
    urls = [reader.server.url(f"/{n}") for n in range(4)]
    urls.append(reader.server.url("/0", "localhost"))

    async def work(url: str) -> None:
        began.append((host_of(url), (reader.clock.now() - start).total_seconds()))
        await poll_feed(url, FeedState(), reader.fetcher, reader.pool, reader.clock, reader.random)

    # Two ticks of the worker that overlap share the gate.
    await asyncio.gather(in_turn(urls, host_of, work, gate), in_turn(urls[:2], host_of, work, gate))
    for host, count in (("127.0.0.1", 6), ("localhost", 1)):
        times = sorted(at for name, at in began if name == host)
        assert len(times) == count
        assert all(later - sooner >= 5 for sooner, later in pairwise(times))
    assert reader.server.most_in_flight <= 2


async def test_etiquette_17_a_host_with_many_feeds_starves_no_other() -> None:
    big = [f"https://big.example/{n}" for n in range(200)]
    begun: list[str] = []

    async def work(url: str) -> None:
        begun.append(host_of(url))
        await asyncio.sleep(0)

    await in_turn(
        [*big, "https://small.example/rss", "https://third.example/"], host_of, work, HostGate(FrozenClock())
    )
    assert set(begun[:3]) == {"big.example", "small.example", "third.example"}


async def test_etiquette_18_honest_headers_and_no_others(reader: Reader) -> None:
    reader.url += "?section=frontera"
    cookie = {"Set-Cookie": "visitor=1; Path=/"}
    await reader.poll(serve.feed(BODY, etag=ETAG, coding="gzip", headers=cookie))
    await reader.poll_when_due()
    for asked in reader.server.requests:
        assert asked.method == "GET" and asked.target == "/rss?section=frontera"
        assert asked.headers["user-agent"] == "Vigia/1.0 (+mailto:ops@example.org)"
        assert asked.headers["accept-encoding"] == "gzip, deflate"
        assert "application/rss+xml" in asked.headers["accept"]
        allowed = {"host", "user-agent", "accept", "accept-encoding", "if-none-match"}
        assert set(asked.headers) <= allowed
    assert len(reader.server.requests) == 2


@pytest.mark.parametrize(
    ("page", "codes"),
    [
        (serve.drip(BODY, 0.01), {"timeout"}),
        (serve.hang(), {"timeout"}),
        (serve.streamed(lambda: (b"x" * 9_999 for _ in range(999)), {}), {"too_large"}),
        (serve.streamed(lambda: [serve.gzip_bomb(32 * 2**20)], {"Content-Encoding": "gzip"}), {"bomb"}),
        (
            serve.feed(
                b'<!DOCTYPE r [<!ENTITY a "' + b"ha" * 5_000 + b'">]><rss><channel><item><title>'
                + b"&a;" * 60_000 + b"</title></item></channel></rss>"
            ),
            {"changed", "parse_timeout", "parse_memory", "unknown_format"},
        ),
    ],
    ids=["drip", "hang", "endless", "gzip-bomb", "xml-bomb"],
)  # fmt: skip
async def test_etiquette_19_bombs_and_drips_end_within_bounds_and_count_once(
    reader: Reader, page: serve.Page, codes: set[str]
) -> None:
    polled = await reader.poll(page)
    assert polled.plan.reason in codes
    assert reader.state.failures <= 1
    assert polled.facts.status is None or polled.facts.status == 200
    assert sum(len(entry.title) for entry in polled.entries) <= 300
    # The next feed is none the worse for it.
    reader.state = FeedState()
    assert (await reader.poll(serve.feed(BODY))).plan.reason == "changed"


async def test_etiquette_20_a_hub_is_not_subscribed_to_and_the_feed_is_polled_daily_at_least(
    reader: Reader,
) -> None:
    # A bot behind no public address cannot be called back, so WebSub is not used: no call to a hub, ever.
    address = reader.server.url("/hub")
    hub = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{address}"/>'
    page = serve.feed(samples.rss([samples.news(1)], head=hub), headers={"Link": '</hub>; rel="hub"'})
    await reader.poll(page)
    polled = await reader.poll_when_due()
    assert {asked.target for asked in reader.server.requests} == {"/rss"}
    assert reader.wait_of(polled) <= DAY + 10 * MINUTE


async def test_etiquette_21_every_20th_poll_checks_that_304_means_the_same(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    # The honest server: asked unconditionally once in 20 polls, and trusted on.
    for _ in range(40):
        await reader.poll_when_due()
    unconditional = [n for n, asked in enumerate(reader.server.requests) if not asked.conditional]
    assert unconditional[0] == 0 and len(unconditional) == 2 and unconditional[1] >= 20
    assert reader.state.validators_trusted
    # The liar: new entries under the old validator.
    reader.server.pages["/rss"] = serve.feed(NEXT_BODY, etag=ETAG, always_304=True)
    for _ in range(45):
        polled = await reader.poll_when_due()
        if polled.plan.reason == "lying_validators":
            break
        assert polled.plan.reason == "not_modified"
    assert len(polled.entries) == 2
    assert polled.plan.health_changed is not None and polled.plan.health_changed[1] == "lying_validators"
    for _ in range(3):
        await reader.poll_when_due()
        assert not reader.server.requests[-1].conditional


async def test_etiquette_21_a_server_that_says_304_to_anything_is_found_out_by_its_dates(
    reader: Reader,
) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    hidden = samples.rss([samples.news(2, "Mon, 02 Mar 2026 16:00:00 GMT"), samples.news(1, OLD)])
    for number in range(60):
        polled = await reader.poll_when_due(serve.feed(hidden, etag=f'"{number}"', always_304=True))
        if polled.plan.reason != "not_modified":
            break
    assert polled.plan.reason == "lying_validators"


async def test_etiquette_21_news_that_came_just_now_is_no_lie(reader: Reader) -> None:
    await reader.poll(serve.feed(BODY, etag=ETAG))
    while request_for(reader.url, reader.state, reader.state.next_due_at or START).conditional:
        await reader.poll_when_due()
    assert reader.state.next_due_at is not None
    reader.clock.move_to(reader.state.next_due_at)
    fresh = samples.news(2, (reader.clock.now() - MINUTE).strftime("%a, %d %b %Y %H:%M:%S GMT"))
    polled = await reader.poll(serve.feed(samples.rss([fresh, samples.news(1, OLD)]), etag='"new"'))
    assert not reader.server.requests[-1].conditional
    assert (polled.plan.reason, reader.state.validators_trusted) == ("changed", True)

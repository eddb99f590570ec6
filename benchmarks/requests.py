"""How often feeds are asked, and how soon what they publish is seen: our policy beside two other habits.

    python -m benchmarks.requests [--feeds 300] [--days 7] [--seed 1]

Nothing is fetched: servers are models of what servers answer, and the clock is moved from one due time to the
next. ``vigia`` is the policy's own code, from the headers on. ``reader`` is lemon24/reader 3.26 with its
scheduled update run every minute, modelled by its rule: the next full hour, or where ``max-age``, or the
``Retry-After`` of a 429 or 503, asks for more, the full hour after that, but 31 days at most; conditional
requests; redirects followed each time. ``loop`` asks for each feed once an hour and remembers nothing, like
``feedparser.parse(url)`` in a loop.

The mixture of servers is ours (``_MIXTURE``); no census of feeds tells it. Bytes are those of requests,
headers and packed bodies, without TLS. Every reader meets the same feeds, entries and limits.
"""

from __future__ import annotations

import argparse
import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles

from multidict import CIMultiDict

from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.feeds import headers as read
from bot.feeds.facts import facts_of
from bot.feeds.fetch import FetchResult
from bot.feeds.parsed import ParsedFeed
from bot.feeds.policy import decide, request_for

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_SPACING = timedelta(seconds=5)
_SHOWN = 20  # entries that a feed shows at a time
_REQUEST_BYTES, _HEAD_BYTES = 350, 450
_BODY_BYTES = (14_000, 1.46)  # the median of 136 real feeds, packed, and the spread that gives their mean
_LIMIT = 4  # requests in an hour that a host which limits them answers


@dataclass(frozen=True, slots=True)
class Habit:
    """What a kind of server does, and its share of the feeds in percent."""

    share: float
    validators: bool = True
    cache: str = ""
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    fault: str = ""


_MIXTURE = (
    Habit(33),  # a weblog's software as it is installed
    Habit(16, cache="max-age=300"),
    Habit(8, cache="max-age=900"),
    Habit(7, cache="max-age=3600"),
    Habit(6, cache="no-cache, must-revalidate"),
    Habit(1, cache="max-age=31536000"),  # served as a static file
    Habit(3, ttl=3_600),
    Habit(1, ttl=18_000),
    Habit(2, skip_hours=(3, 4, 5, 6, 7, 8, 9, 10)),
    Habit(8, validators=False),
    Habit(2, validators=False, cache="max-age=1800"),
    Habit(2, fault="moved"),
    Habit(2, fault="404"),
    Habit(1, fault="410"),
    Habit(1, fault="403"),
    Habit(2, fault="500"),
    Habit(3, fault="limited"),  # feeds of one host, which says 429 and how long
    Habit(2, fault="limited without a word"),
)
_DEAD = ("404", "410", "403")
#: Entries a day, and the share of feeds that publish so many, in percent.
_PACE = ((40, 20), (10, 35), (2, 30), (0.2, 15))


@dataclass(slots=True)
class Site:
    """A feed as its server has it."""

    number: int
    host: str
    habit: Habit
    body: int
    published: list[datetime]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    version: int = 0  # entries published so far
    body: bool = False
    hops: int = 0


class Servers:
    """All servers, as one reader meets them: they count its requests, and limit them."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = sites
        self.requests = self.wire = self.refused = self.failed = self.whole = 0
        self.delays: dict[bool, list[timedelta]] = {True: [], False: []}  # by: the feed has validators
        self.missed = 0
        self._told = [bisect_right(site.published, START) for site in sites]
        self._asked: defaultdict[str, list[datetime]] = defaultdict(list)

    def ask(self, site: Site, now: datetime, etag: str | None, moved: bool = False) -> Answer:
        """What the site answers. ``moved``: the reader asks at the new address of one that has moved."""
        answer = self._answer(site, now, etag, moved)
        self.requests += 1 + answer.hops
        self.wire += (1 + answer.hops) * (_REQUEST_BYTES + _HEAD_BYTES) + answer.body * site.body
        self.refused += answer.status == 429
        self.failed += answer.status >= 400 and answer.status != 429
        self.whole += answer.body
        if answer.body:
            self._tell(site, answer.version, now)
        return answer

    def unseen(self, end: datetime) -> int:
        """Entries that were gone before they were seen, or not seen a day after they were published."""
        late = 0
        for site in self.sites:
            if site.habit.fault not in _DEAD:
                late += max(bisect_right(site.published, end - DAY) - self._told[site.number], 0)
        return self.missed + late

    def _answer(self, site: Site, now: datetime, etag: str | None, moved: bool) -> Answer:
        habit = site.habit
        if habit.fault in _DEAD:
            return Answer(int(habit.fault))
        if habit.fault == "500" and (now - START) % (3 * DAY) > 2.5 * DAY:
            return Answer(500)  # half a day in three
        if habit.fault.startswith("limited") and self._over_the_limit(site.host, now):
            wait = {"Retry-After": "3600"} if habit.fault == "limited" else {}
            return Answer(429, CIMultiDict(wait))
        hops = int(habit.fault == "moved" and not moved)
        version = bisect_right(site.published, now)
        headers = CIMultiDict[str]()
        if habit.cache:
            headers["Cache-Control"] = habit.cache
        if habit.validators:
            headers["ETag"] = f'"{version}"'
            if etag == headers["ETag"]:
                return Answer(304, headers, version, hops=hops)
        return Answer(200, headers, version, body=True, hops=hops)

    def _over_the_limit(self, host: str, now: datetime) -> bool:
        recent = [at for at in self._asked[host] if now - at < HOUR]
        over = len(recent) >= _LIMIT
        self._asked[host] = recent if over else [*recent, now]
        return over

    def _tell(self, site: Site, version: int, now: datetime) -> None:
        first = self._told[site.number]
        shown = max(first, version - _SHOWN)
        self.missed += shown - first
        self.delays[site.habit.validators] += [now - at for at in site.published[shown:version]]
        self._told[site.number] = version


#: Asks a site, or does not if its host wants quiet; returns when to come again, and whether it asked.
Reader = Callable[[Site, datetime], tuple[datetime, bool]]


def vigia(servers: Servers, random: Random) -> Reader:
    states = defaultdict[int, FeedState](FeedState)
    moved: set[int] = set()
    free_at: dict[str, datetime] = {}
    held: dict[str, datetime] = {}

    def poll(site: Site, now: datetime) -> tuple[datetime, bool]:
        wait = max(free_at.get(site.host, now), held.get(site.host, now))
        if wait > now:
            return wait, False
        free_at[site.host] = now + _SPACING
        state = states[site.number]
        url = f"https://{site.host}/{site.number}" + "/new" * (site.number in moved)
        request = request_for(url, state, now)
        answer = servers.ask(site, now, request.etag, site.number in moved)
        result = _result(url, request.conditional, answer, now)
        feed = _document(site, answer) if result.body_hash not in (None, state.body_hash) else None
        plan = decide(state, facts_of(state, result, feed, None, now), now, random)
        states[site.number] = plan.state
        if plan.new_url:
            moved.add(site.number)
        if plan.hold_host_until:
            held[site.host] = plan.hold_host_until
        return _next_tick(plan.next_due_at), True

    return poll


def reader(servers: Servers, random: Random) -> Reader:
    etags: dict[int, str | None] = {}

    def poll(site: Site, now: datetime) -> tuple[datetime, bool]:
        answer = servers.ask(site, now, etags.get(site.number))
        if answer.status == 200:
            etags[site.number] = answer.headers.get("ETag")
        asked = read.cache_lifetime(answer.headers, now) or 0
        if answer.status == 429:
            asked = max(asked, read.retry_after(answer.headers, now) or 0)
        due, wished = _next_hour(now), now + timedelta(seconds=asked)
        return (min(_next_hour(wished), now + timedelta(days=31)) if wished > due else due), True

    return poll


def loop(servers: Servers, random: Random) -> Reader:
    def poll(site: Site, now: datetime) -> tuple[datetime, bool]:
        servers.ask(site, now, None)
        return now + HOUR, True

    return poll


def _result(url: str, conditional: bool, answer: Answer, now: datetime) -> FetchResult:
    """The answer as ``fetch`` gives it."""
    return FetchResult(
        requested_url=url,
        url=url + "/new" * answer.hops,
        status=answer.status,
        permanent_url=url + "/new" if answer.hops else None,
        conditional=conditional,
        etag=read.validator(answer.headers, "ETag"),
        retry_after=read.retry_after(answer.headers, now),
        cache_seconds=read.cache_lifetime(answer.headers, now),
        body_hash=str(answer.version) if answer.body else None,
        hops=answer.hops,
    )


def _document(site: Site, answer: Answer) -> ParsedFeed:
    shown = range(max(answer.version - _SHOWN, 0), answer.version)
    entries = tuple(Entry(f"{one}", "", "", "", site.published[one]) for one in shown)
    habit = site.habit
    return ParsedFeed("", "", "", "rss20", entries, habit.ttl, habit.skip_hours)


def _next_tick(at: datetime) -> datetime:
    """The bot looks once a minute for what is due."""
    tick = at.replace(second=0, microsecond=0)
    return tick if tick == at else tick + timedelta(minutes=1)


def _next_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + HOUR


def world(count: int, days: int, random: Random) -> list[Site]:
    """Sites whose habits are those of the mixture, some of them on common hosts."""
    habits = [habit for habit in _MIXTURE for _ in range(round(habit.share * count / 100))]
    habits += [_MIXTURE[0]] * (count - len(habits))
    sites = []
    for number, habit in enumerate(habits[:count]):
        # Feeds that are limited share a host; of the others, one in three has a few neighbours.
        host = (
            habit.fault
            if "limited" in habit.fault
            else f"host{number if random.random() < 0.67 else number // 20}"
        )
        pace = random.choices([pace for pace, _ in _PACE], [share for _, share in _PACE])[0]
        body = int(random.lognormvariate(0, _BODY_BYTES[1]) * _BODY_BYTES[0])
        sites.append(Site(number, host.replace(" ", "-"), habit, body, _moments(pace, days, random)))
    return sites


def _moments(a_day: float, days: int, random: Random) -> list[datetime]:
    """When entries appear, from three weeks before the start; half as often at night."""
    at, moments = START - timedelta(days=21), []
    while at < START + days * DAY:
        at += DAY * random.expovariate(a_day * 4 / 3)
        by_day = at.hour >= 13 or at.hour < 1  # from seven to seven in Mexico
        if by_day or random.random() < 0.5:
            moments.append(at)
    return moments


def run(poll: Reader, sites: Sequence[Site], end: datetime) -> None:
    """Let a reader ask from the start to ``end``; all feeds are due at first."""
    queue = [(START, START, site.number) for site in sites]
    while queue[0][0] < end:
        now, due, number = heapq.heappop(queue)
        at, asked = poll(sites[number], now)
        heapq.heappush(queue, (at, at if asked else due, number))  # who has waited longest is next


def report(name: str, servers: Servers, days: int, end: datetime) -> str:
    counts = (servers.requests, servers.whole, servers.failed, servers.refused)
    columns = [f"{count / days:>10.0f}" for count in counts]
    columns.append(f"{servers.wire / days / 1e6:>8.1f}")
    for delays in (servers.delays[True], servers.delays[False]):
        minutes = [delay / HOUR * 60 for delay in delays] or [0.0, 0.0]
        columns.append(f"{median(minutes):>9.0f}{quantiles(minutes, n=20)[-1]:>7.0f}")
    return f"{name:<8}{''.join(columns)}{servers.unseen(end):>9}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sites = world(options.feeds, options.days, Random(options.seed))
    end = START + options.days * DAY
    print(f"{len(sites)} feeds on {len({site.host for site in sites})} hosts, {options.days} days; a day:")
    print("                                                         delay in minutes")
    print("                                                         validators     none offered")
    print("          requests     whole    failed   refused      MB   median    p95   median    p95   unseen")
    for make in (vigia, reader, loop):
        servers = Servers(sites)
        run(make(servers, Random(options.seed)), sites, end)
        print(report(make.__name__, servers, options.days, end))


if __name__ == "__main__":
    main()

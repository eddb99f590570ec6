"""The policy as a pure function: whatever happened before and whatever a server says, some things hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entry import Entry
from bot.domain.feed_state import NEVER, FeedState
from bot.feeds.errors import EXHAUSTED
from bot.feeds.facts import PollFacts, facts_of
from bot.feeds.fetch import FetchResult
from bot.feeds.health import TROUBLED, assess, is_hard, silence
from bot.feeds.parsed import ParsedFeed
from bot.feeds.policy import decide, request_for, revived
from bot.feeds.schedule import allowed_from, normal_interval

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://diario.example.mx/rss"
READ = PollFacts(
    URL,
    status=200,
    etag='"1"',
    body_hash="b",
    parsed=True,
    entries=3,
    entries_hash="e",
    newest_at=NOW - timedelta(hours=1),
)

moments = st.none() | st.integers(0, 100 * 86_400).map(lambda ago: NOW - timedelta(seconds=ago))
states = st.builds(
    FeedState,
    etag=st.none() | st.just('"1"'),
    validators_trusted=st.booleans(),
    not_modified_streak=st.integers(0, 40),
    last_unconditional_at=moments,
    ttl_seconds=st.none() | st.integers(0, 2**40),
    skip_hours=st.lists(st.integers(0, 23), unique=True).map(tuple),
    skip_days=st.lists(st.integers(0, 6), unique=True).map(tuple),
    failures=st.integers(0, 5_000),
    failing_since=moments,
    throttles=st.integers(0, 5_000),
    health=st.sampled_from(["new", "fresh", *sorted(TROUBLED)]),
    last_polled_at=moments,
    last_success_at=moments,
    last_new_entry_at=moments,
    moved_to=st.none() | st.just("https://new.example/"),
    moved_polls=st.integers(0, 9),
    moved_since=moments,
)
facts = st.builds(
    PollFacts,
    url=st.just(URL),
    status=st.none() | st.sampled_from([200, 204, 304, 400, 403, 404, 410, 418, 429, 500, 503]),
    failure=st.none() | st.sampled_from(["timeout", "dns", "html", "bomb", "tls"]),
    permanent_url=st.none() | st.just("https://new.example/"),
    etag=st.none() | st.just('"2"'),
    retry_after=st.none() | st.integers(0, 2**31),
    cache_seconds=st.none() | st.integers(0, 2**31),
    parsed=st.booleans(),
    entries=st.integers(0, 50),
    undated=st.integers(0, 50),
    skip_hours=st.lists(st.integers(0, 23), unique=True).map(tuple),
    hidden_entries=st.integers(0, 3),
)


@given(states, facts, st.integers(), st.timedeltas(timedelta(), timedelta(days=2)))
def test_whatever_happens_a_feed_is_asked_again_and_never_too_soon(
    state: FeedState, found: PollFacts, seed: int, interval: timedelta
) -> None:
    plan = decide(state, found, NOW, Random(seed), interval)
    if found.status == 410:
        assert plan.next_due_at == NEVER
    else:
        assert NOW + timedelta(minutes=15) <= plan.next_due_at <= NOW + timedelta(days=38)
    assert plan.reason and plan.state.next_due_at == plan.next_due_at
    assert plan.state.health == (plan.health_changed[1] if plan.health_changed else state.health)
    # What is saved is what was planned, to the second.
    assert FeedState.load(plan.state.dump()) == FeedState.load(FeedState.load(plan.state.dump()).dump())
    # The same poll plans the same.
    assert decide(state, found, NOW, Random(seed), interval) == plan


@given(states)
def test_a_request_never_carries_what_was_not_given(state: FeedState) -> None:
    request = request_for(URL, state, NOW)
    assert request.etag in (None, state.etag)
    assert request.last_modified in (None, state.last_modified)
    if not state.validators_trusted:
        assert not request.conditional


@given(states, st.integers())
def test_excluded_hours_are_left_out(state: FeedState, seed: int) -> None:
    due = allowed_from(NOW, state, Random(seed))
    assert due >= NOW
    if len(state.skip_hours) < 24 and len(state.skip_days) < 7:
        assert due.hour not in state.skip_hours and due.weekday() not in state.skip_days


@pytest.mark.parametrize(
    ("code", "hard"),
    [
        ("http_404", True),
        ("http_403", True),
        ("http_408", False),
        ("http_500", False),
        ("timeout", False),
        ("dns", False),
        ("tls", True),
        ("html", True),
        ("bomb", True),
        ("unasked_304", False),
    ],
)
def test_which_failures_waiting_seldom_mends(code: str, hard: bool) -> None:
    assert is_hard(code) is hard


def after(
    *found: PollFacts, state: FeedState | None = None, step: timedelta = DAY
) -> tuple[FeedState, list[str]]:
    """The state after polls a step apart, and the healths that an admin was told."""
    state = state or FeedState()
    told = []
    for number, one in enumerate(found):
        plan = decide(state, one, NOW + number * step, Random(0))
        state = plan.state
        told += [state.health] if plan.worth_telling else []
    return state, told


def test_changes_are_told_and_repeats_are_not() -> None:
    down = PollFacts(URL, status=500)
    state, told = after(READ, down, down, down, down, down, READ, READ, step=timedelta(hours=2))
    assert told == ["failing", "fresh"]
    assert state.health == "fresh"


def test_one_bad_answer_is_no_news_but_a_new_feed_that_fails_is() -> None:
    assert after(READ, PollFacts(URL, status=404))[0].health == "fresh"
    assert after(READ, *[PollFacts(URL, status=404)] * 2)[0].health == "failing"
    assert after(PollFacts(URL, failure="timeout"))[0].health == "failing"
    assert after(PollFacts(URL, status=200, failure="html"))[0].health == "not_a_feed"
    assert after(PollFacts(URL, status=403))[0].health == "blocked"
    assert after(READ, *[PollFacts(URL, status=429)] * 3)[0].health == "blocked"


def test_a_feed_in_trouble_changes_its_trouble_at_once() -> None:
    state, told = after(*[PollFacts(URL, status=403)] * 2, PollFacts(URL, status=200, failure="html"))
    assert (state.health, told) == ("not_a_feed", ["blocked", "not_a_feed"])


def test_silence_is_measured_by_the_feeds_own_pace() -> None:
    daily = replace(READ, pace_seconds=6 * 3_600)
    monthly = replace(READ, pace_seconds=30 * 86_400)
    same = PollFacts(URL, status=304, conditional=True)
    assert after(daily, same, step=4 * DAY)[0].health == "quiet"
    assert after(daily, same, step=31 * DAY)[0].health == "stale"
    assert after(monthly, same, step=60 * DAY)[0].health == "fresh"
    assert after(monthly, same, step=200 * DAY)[0].health == "quiet"
    state, _ = after(daily, same, step=4 * DAY)
    assert silence(state, NOW + 5 * DAY) == 5 * DAY + timedelta(hours=1)
    assert silence(FeedState(), NOW) is None


def test_an_old_feed_is_stale_from_its_first_poll() -> None:
    state, told = after(replace(READ, newest_at=NOW - 700 * DAY))
    assert (state.health, told) == ("stale", ["stale"])


def test_undated_and_empty_feeds() -> None:
    undated = replace(READ, newest_at=None, undated=3)
    assert after(undated)[0].health == "undated"
    empty = replace(READ, newest_at=None, entries=0, undated=0)
    assert after(empty)[0].health == "quiet"


def test_an_undated_feed_is_as_new_as_its_last_change() -> None:
    first = replace(READ, newest_at=None, undated=3)
    state, _ = after(first, replace(first, entries_hash="f"), first)
    assert state.last_new_entry_at == NOW + 2 * DAY


def test_a_revived_feed_is_due_and_new() -> None:
    gone = decide(FeedState(etag='"1"'), PollFacts(URL, status=410), NOW, Random(0)).state
    again = revived(gone, NOW)
    assert (again.next_due_at, again.health, again.failures) == (None, "new", 0)
    assert assess(decide(again, READ, NOW, Random(0)).state, NOW) == "fresh"


def test_a_304_to_a_question_without_conditions_is_a_failure() -> None:
    result = FetchResult(URL, URL, status=304)
    found = facts_of(FeedState(), result, None, None, NOW)
    assert (found.failure, found.succeeded) == ("unasked_304", False)


def test_a_state_of_an_older_version_is_read() -> None:
    assert FeedState.load("") == FeedState()
    assert FeedState.load('{"etag": "x", "no_longer_known": 1, "skip_hours": [1]}') == FeedState(
        etag="x", skip_hours=(1,)
    )


@pytest.mark.parametrize(
    ("spans", "hours"),
    [(None, 24), (30 * 3_600, 15), (9 * 3_600, 4.5), (3_600, 3), (90 * 86_400, 24)],
)
def test_without_validators_a_list_is_fetched_before_half_of_it_is_gone(
    spans: int | None, hours: float
) -> None:
    state = FeedState(last_success_at=NOW, span_seconds=spans)
    assert normal_interval(state, timedelta(hours=1)) == timedelta(hours=hours)
    assert normal_interval(replace(state, etag='"1"'), timedelta(hours=1)) == timedelta(hours=1)


def test_a_short_list_says_nothing_of_how_fast_it_goes_by() -> None:
    def span(count: int) -> int | None:
        entries = tuple(Entry(f"{n}", "", "", "", NOW - timedelta(minutes=30 * n)) for n in range(count))
        feed = ParsedFeed("", "", "", "rss20", entries)
        result = FetchResult(URL, URL, status=200, body_hash="b")
        return facts_of(FeedState(), result, feed, None, NOW).span_seconds

    assert span(9) is None
    assert span(20) == 19 * 1_800


def test_a_machine_without_open_files_blames_no_publisher() -> None:
    for state in (FeedState(), FeedState(failures=2, health="fresh", last_success_at=NOW, etag='"1"')):
        plan = decide(state, PollFacts(URL, failure=EXHAUSTED), NOW, Random(1))
        assert plan.reason == EXHAUSTED and plan.worth_telling
        assert plan.state == replace(state, last_polled_at=NOW, next_due_at=plan.next_due_at)
        assert timedelta(minutes=15) <= plan.next_due_at - NOW <= timedelta(minutes=30)

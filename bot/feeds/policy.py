"""The polling policy: from what we know of a feed and what a poll found to when to ask next, and how.

Pure: it takes data, the moment and a source of chance, opens nothing, and gives a plan with its reason. The
worker saves the plan's state only after the poll's entries are committed: a crash in between asks again
for what was not stored (line 6). ``docs/polling.md`` goes through the lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.domain.feed_state import NEVER, FeedState
from bot.feeds import schedule
from bot.feeds.errors import EXHAUSTED
from bot.feeds.exchange import FetchRequest
from bot.feeds.facts import PollFacts
from bot.feeds.health import TROUBLED, assess, is_hard
from bot.feeds.receive import LastBody
from bot.feeds.schedule import DEFAULT_INTERVAL

HONESTY_STREAK = 19
HONESTY_AGE = timedelta(days=1)
"""Line 21. After so many 304s in a row, and at most once in so long, the next poll asks for everything."""

MOVED_POLLS = 3
MOVED_AGE = timedelta(days=1)
"""Line 16. A permanent redirect is believed when it has stood this often and this long: sites in maintenance
and stolen domains redirect "permanently" too."""


Changes = dict[str, Any]
"""Fields of a ``FeedState`` with their new values."""


@dataclass(frozen=True, slots=True)
class PollPlan:
    """What follows from a poll.

    ``reason`` is one of ``not_modified``, ``unchanged``, ``changed``, ``lying_validators``, ``gone``,
    ``throttled``, ``retry_after``, ``retry_after_capped``, or the failure's code (``http_404``, ``html``, …;
    ``machine_exhausted`` is ours and changes nothing that is known of the feed).
    ``hold_host_until``: ask no feed of this host before. ``new_url``: save this as the feed's address.
    ``health_changed`` is (old, new), or None.
    """

    state: FeedState
    next_due_at: datetime
    reason: str
    hold_host_until: datetime | None = None
    health_changed: tuple[str, str] | None = None
    new_url: str | None = None

    @property
    def worth_telling(self) -> bool:
        """Whether an admin should hear of it: the feed fell into trouble, got out of it, or changed in it."""
        if self.reason == EXHAUSTED:
            return True
        return self.health_changed is not None and not TROUBLED.isdisjoint(self.health_changed)


def request_for(url: str, state: FeedState, now: datetime, *, browser_like: bool = False) -> FetchRequest:
    """How to ask for a feed now: with its validators, unless they lie, or it is time to check on them."""
    last = LastBody(state.body_hash, state.wire_hash) if state.body_hash and state.wire_hash else None
    if not state.validators_trusted or _honesty_check_due(state, now):
        return FetchRequest(url, browser_like=browser_like, last=last)
    return FetchRequest(
        url, state.etag, state.last_modified, state.validators_url, browser_like=browser_like, last=last
    )


def decide(
    state: FeedState,
    facts: PollFacts,
    now: datetime,
    random: Random,
    interval: timedelta = DEFAULT_INTERVAL,
) -> PollPlan:
    """The plan after a poll at ``now``. ``interval`` is the operator's wish, raised to what is polite."""
    polled = replace(state, polls=state.polls + 1, last_polled_at=now, last_status=facts.status)
    if facts.status == 410:
        plan = _gone(polled)
    elif facts.status == 429:
        plan = _throttled(polled, facts, now, random, interval)
    elif facts.failure == EXHAUSTED:
        wait = schedule.LEAST_INTERVAL.total_seconds() * random.uniform(1, 2)
        due = now + timedelta(seconds=wait)
        return PollPlan(replace(state, last_polled_at=now, next_due_at=due), due, EXHAUSTED)
    elif facts.succeeded:
        plan = _succeeded(polled, facts, now, random, interval)
    else:
        plan = _failed(polled, facts, now, random, interval)
    return _with_health(state, plan, now)


def revived(state: FeedState, now: datetime) -> FeedState:
    """``state`` of a feed that an admin wants polled again whatever it did: due now, its faults forgotten."""
    return replace(
        state,
        failures=0,
        failing_since=None,
        throttles=0,
        validators_trusted=True,
        not_modified_streak=0,
        health="new",
        health_since=now,
        last_reason="",
        next_due_at=None,
    )


def _honesty_check_due(state: FeedState, now: datetime) -> bool:
    seen = state.last_unconditional_at
    return state.not_modified_streak >= HONESTY_STREAK and (seen is None or now - seen >= HONESTY_AGE)


def _succeeded(
    state: FeedState, facts: PollFacts, now: datetime, random: Random, interval: timedelta
) -> PollPlan:
    moved, new_url = _moving(state, facts, now)
    reason, learnt = _after_304(state, facts) if facts.status == 304 else _after_200(state, facts, now)
    # One copy of the state: for an unchanged feed the copies would cost as much as the request.
    state = replace(
        state, failures=0, failing_since=None, throttles=0, last_success_at=now, **moved, **learnt
    )
    due = now + timedelta(seconds=schedule.success_wait(state, interval, random))
    due = schedule.allowed_from(due, state, random)
    return PollPlan(state, due, reason, new_url=new_url)


def _after_304(state: FeedState, facts: PollFacts) -> tuple[str, Changes]:
    """Line 5. RFC 9111 section 4.3.4: headers of a 304 replace the stored ones, those it lacks stay."""
    return "not_modified", Changes(
        etag=facts.etag or state.etag,
        last_modified=facts.last_modified or state.last_modified,
        cache_seconds=state.cache_seconds if facts.cache_seconds is None else facts.cache_seconds,
        not_modified_streak=state.not_modified_streak + 1,
    )


def _after_200(state: FeedState, facts: PollFacts, now: datetime) -> tuple[str, Changes]:
    """Line 6: both validators are replaced, a missing one by nothing. An answer that is cut has none."""
    learnt = Changes(
        etag=facts.etag,
        last_modified=facts.last_modified,
        validators_url=facts.url,
        cache_seconds=facts.cache_seconds,
        body_hash=facts.body_hash,
        wire_hash=facts.wire_hash,
        cuts=state.cuts + 1 if facts.cut else 0,
        not_modified_streak=0,
        last_unconditional_at=now,
    )
    if not facts.parsed:
        return "unchanged", learnt
    news = facts.entries_hash != state.entries_hash and facts.entries > 0
    learnt |= Changes(
        entries=facts.entries,
        entries_hash=facts.entries_hash,
        newest_entry_at=facts.newest_at,
        # A dated feed is as fresh as its newest entry; an undated one as its last change.
        last_new_entry_at=facts.newest_at or (now if news else state.last_new_entry_at),
        pace_seconds=facts.pace_seconds or state.pace_seconds,
        span_seconds=facts.span_seconds,
        undated=facts.entries > 0 and facts.undated == facts.entries,
        ttl_seconds=facts.ttl_seconds,
        skip_hours=facts.skip_hours,
        skip_days=facts.skip_days,
    )
    if facts.hidden_entries:
        return "lying_validators", learnt | Changes(validators_trusted=False)
    return "changed", learnt


def _moving(state: FeedState, facts: PollFacts, now: datetime) -> tuple[Changes, str | None]:
    """Line 16: count how long a permanent redirect to one target has stood; the target when that is enough.

    Called for successes only, so the target is known to be a feed.
    """
    target = facts.permanent_url
    if target is None:
        return Changes(moved_to=None, moved_polls=0, moved_since=None), None
    if target != state.moved_to:
        return Changes(moved_to=target, moved_polls=1, moved_since=now), None
    polls, since = state.moved_polls + 1, state.moved_since or now
    if polls < MOVED_POLLS or now - since < MOVED_AGE:
        return Changes(moved_polls=polls, moved_since=since), None
    return Changes(moved_to=None, moved_polls=0, moved_since=None), target


def _gone(state: FeedState) -> PollPlan:
    """Line 15."""
    return PollPlan(replace(state, failures=state.failures + 1), NEVER, "gone")


def _throttled(
    state: FeedState, facts: PollFacts, now: datetime, random: Random, interval: timedelta
) -> PollPlan:
    """Lines 11 and 12. It is our doing and not the feed's fault, so it counts as no failure."""
    state = replace(state, throttles=state.throttles + 1)
    reason = "throttled"
    wait = schedule.throttled_wait(state.throttles, random)
    if facts.retry_after is not None:
        reason, wait = _retry_after(facts.retry_after)
    hold = now + timedelta(seconds=min(wait, schedule.MOST_HOST_HOLD))
    normal = schedule.normal_interval(state, interval).total_seconds()
    return PollPlan(state, now + timedelta(seconds=max(wait, normal)), reason, hold_host_until=hold)


def _failed(
    state: FeedState, facts: PollFacts, now: datetime, random: Random, interval: timedelta
) -> PollPlan:
    """Lines 11, 13 and 14."""
    code = facts.failure or f"http_{facts.status}"
    state = replace(state, failures=state.failures + 1, failing_since=state.failing_since or now)
    wait = schedule.failure_wait(state, interval, is_hard(code), now, random)
    if facts.retry_after is not None:
        wait = max(wait, _retry_after(facts.retry_after)[1])
    return PollPlan(state, now + timedelta(seconds=wait), code)


def _retry_after(seconds: int) -> tuple[str, float]:
    if seconds > schedule.MOST_RETRY_AFTER:
        return "retry_after_capped", float(schedule.MOST_RETRY_AFTER)
    return "retry_after", float(seconds)


def _with_health(before: FeedState, plan: PollPlan, now: datetime) -> PollPlan:
    state = replace(plan.state, last_reason=plan.reason, next_due_at=plan.next_due_at)
    health = assess(state, now)
    if health == before.health:
        return replace(plan, state=state)
    state = replace(state, health=health, health_since=now)
    return replace(plan, state=state, health_changed=(before.health, health))

"""How long to wait: the arithmetic of the polling policy. Waits are in seconds unless they are timedeltas.

Each constant says why it has its value; the numbers of lines are those of ``docs/polling.md``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bot.domain.feed_state import FeedState

MINUTE, HOUR, DAY = 60, 3_600, 86_400

DEFAULT_INTERVAL = timedelta(hours=1)
"""Line 7. A digest a day and alerts within the hour need no more."""

LEAST_INTERVAL = timedelta(minutes=15)
"""Line 7. Whatever the configuration says."""

WITHOUT_VALIDATORS = timedelta(hours=24)
"""Line 7. A server without validators sends the whole feed each time, so it is asked once a day."""

LEAST_WITHOUT_VALIDATORS = timedelta(hours=3)
"""Line 7. However fast such a feed's list goes by: each poll costs its server all of it."""

CUT_TRIES = 2
"""Line 7. Answers in a row that broke off before the feed counts as one without validators: a connection that
was lost once is no reason to wait for a day."""

LIAR_INTERVAL = timedelta(hours=6)
"""Line 21. One whose 304s hid entries sends everything too, but it did offer; a day is long for news."""

MOST_ASKED = DAY
"""Line 8. Feeds served as static files say a year; nobody means that their feed be read once a year."""

MOST_RETRY_AFTER = 30 * DAY
"""Line 11. Longer is a mistake in a header, and no feed may die of one."""

MOST_HOST_HOLD = DAY
"""Line 12. What one feed's answer may cost the other feeds of its host."""

THROTTLED = 4 * HOUR
"""Line 12. After a 429 that does not say how long."""

MOST_BACKOFF = DAY
"""Line 13."""

HARD_TRIES = 3
"""Line 14. Failures of a kind that does not fix by itself before the feed is asked once a day at most."""

WEEKLY_AFTER, MONTHLY_AFTER = timedelta(days=30), timedelta(days=90)
"""Line 14. Time of failing after which a feed is probed once a week, and once in 30 days. Never less."""


def normal_interval(state: FeedState, interval: timedelta) -> timedelta:
    """The time between two polls when all is well and the feed itself asks for nothing."""
    least = max(interval, LEAST_INTERVAL)
    if not state.validators_trusted:
        return max(least, LIAR_INTERVAL)
    offers_none = state.last_success_at is not None and not (state.etag or state.last_modified)
    if not offers_none or 0 < state.cuts <= CUT_TRIES:
        return least
    return max(least, _without_validators(state))


def _without_validators(state: FeedState) -> timedelta:
    """A day, or half of what the list spans: one that is gone within the day would be lost in part."""
    if state.span_seconds is None:
        return WITHOUT_VALIDATORS
    half = timedelta(seconds=state.span_seconds / 2)
    return min(max(half, LEAST_WITHOUT_VALIDATORS), WITHOUT_VALIDATORS)


def success_wait(state: FeedState, interval: timedelta, random: Random) -> float:
    """Lines 7 to 9: the longest of our own interval, the caching headers and the feed's own wish, and a bit.

    The bit spreads feeds that were added together; it is never negative.
    """
    asked = min(max(state.cache_seconds or 0, state.ttl_seconds or 0), MOST_ASKED)
    wait = max(normal_interval(state, interval).total_seconds(), asked)
    return wait + random.uniform(0, min(wait / 10, 10 * MINUTE))


def failure_wait(state: FeedState, interval: timedelta, hard: bool, now: datetime, random: Random) -> float:
    """Lines 13 and 14: doubling from the normal interval to a day; later ever more rarely, but never not."""
    normal = normal_interval(state, interval).total_seconds()
    failing_for = now - state.failing_since if state.failing_since else timedelta()
    if hard and failing_for > MONTHLY_AFTER:
        wait = 30.0 * DAY
    elif failing_for > WEEKLY_AFTER:
        wait = 7.0 * DAY
    elif hard and state.failures > HARD_TRIES:
        wait = float(DAY)
    else:
        wait = min(normal * 2 ** min(state.failures - 1, 10), max(MOST_BACKOFF, normal))
    return max(wait, normal) + random.uniform(0, wait / 10)


def throttled_wait(throttles: int, random: Random) -> float:
    """Line 12: four hours, doubling to a day, and up to a quarter more, so that feeds return one by one."""
    wait = min(THROTTLED * 2.0 ** min(throttles - 1, 10), DAY)
    return wait + random.uniform(0, wait / 4)


def allowed_from(moment: datetime, state: FeedState, random: Random) -> datetime:
    """Line 10: ``moment``, or a little after the beginning of the next hour that the feed does not exclude.

    Hours and days are in GMT. A feed that excludes the whole week is not believed.
    """
    if not state.skip_hours and not state.skip_days:
        return moment
    hour = moment.replace(minute=0, second=0, microsecond=0)
    for ahead in range(7 * 24):
        start = hour + timedelta(hours=ahead)
        if start.hour not in state.skip_hours and start.weekday() not in state.skip_days:
            return moment if ahead == 0 else start + timedelta(seconds=random.uniform(0, 10 * MINUTE))
    return moment

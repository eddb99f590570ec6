"""How a feed is, in one word, and when the word changes. The pages say what an admin can do about each."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.feed_state import FeedState

QUIET_AFTER = timedelta(days=3)
STALE_AFTER = timedelta(days=30)
"""Silence that is unusual for any newspaper, at least."""

_QUIET_PACES, _STALE_PACES = 6, 30
"""… and for this one: so many times its own usual time between two entries. A think tank posts monthly."""

SOFT_LIMIT, HARD_LIMIT = 3, 2
"""Failures in a row before an admin is told: sites restart and have maintenance pages. 404s are surer."""

TROUBLED = frozenset(("stale", "failing", "blocked", "gone", "lying_validators", "undated", "not_a_feed"))
"""The states that an admin can do something about."""

_BLOCKED = frozenset(("http_401", "http_402", "http_403", "http_406", "http_451", "challenge_page"))
_NOT_A_FEED = frozenset(
    (
        *("empty", "html", "unknown_format", "sitemap_index", "broken_json", "too_many_entries", "too_deep"),
        "changed_form",
        *("attribute_flood", "category_flood", "author_flood", "parse_timeout", "parse_memory"),
    )
)
_SOFT = frozenset(
    (
        *("timeout", "dns", "connect", "reset", "truncated", "bad_response", "unasked_304"),
        *("parser_crashed", "parser_failed"),
    )
)


def is_hard(code: str) -> bool:
    """Whether a failure is one that waiting seldom fixes: most of 4xx, TLS, a body that is no feed."""
    if code.startswith("http_"):
        return code.startswith("http_4") and code not in ("http_408", "http_425")
    return code not in _SOFT


def assess(state: FeedState, now: datetime) -> str:
    """The health of a feed whose last poll is already in ``state``."""
    if state.last_reason == "gone":
        return "gone"
    if state.failures:
        limit = HARD_LIMIT if is_hard(state.last_reason) else SOFT_LIMIT
        # A feed that has never worked is told of at once: somebody has just added it.
        if state.failures >= limit or state.last_success_at is None or state.health in TROUBLED:
            return _trouble(state.last_reason)
        return state.health
    if state.throttles:
        return "blocked" if state.throttles >= SOFT_LIMIT else state.health
    if not state.validators_trusted:
        return "lying_validators"
    if state.undated:
        return "undated"
    return _by_silence(state, now)


def silence(state: FeedState, now: datetime) -> timedelta | None:
    """How long the feed has brought nothing new; None when it never brought anything."""
    return None if state.last_new_entry_at is None else max(now - state.last_new_entry_at, timedelta())


def _by_silence(state: FeedState, now: datetime) -> str:
    silent = silence(state, now)
    if silent is None:
        return "quiet"
    pace = timedelta(seconds=state.pace_seconds or 0)
    if silent > max(STALE_AFTER, _STALE_PACES * pace):
        return "stale"
    return "quiet" if silent > max(QUIET_AFTER, _QUIET_PACES * pace) else "fresh"


def _trouble(code: str) -> str:
    if code in _BLOCKED:
        return "blocked"
    return "not_a_feed" if code in _NOT_A_FEED else "failing"

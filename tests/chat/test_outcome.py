"""What is decided about a message of the outbox, case by case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.chat.limits import Unsendable
from bot.chat.outcome import (
    MOST_TRIES,
    Action,
    Membership,
    SendOutcome,
    Step,
    after_error,
    after_look,
    before,
)
from bot.domain.digests import OutboxMessage
from bot.pages.codec import UnreadablePage
from tests.support.audience import spot

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def message(
    *, first: timedelta | None = timedelta(0), attempts: int = 1, due: timedelta = timedelta(0)
) -> OutboxMessage:
    """A message claimed NOW, first tried ``first`` ago and due ``due`` ago."""
    return OutboxMessage(
        id=1,
        to=spot(2, 3),
        kind="daily",
        local_date=date(2026, 3, 2),
        part=0,
        body="",
        nonce="0123456789abcdef",
        due_at=NOW - due,
        attempts=attempts,
        first_attempt_at=None if first is None else NOW - first,
        lease_until=NOW + timedelta(seconds=60),
    )


def http(kind: type[discord.HTTPException], status: int, code: int = 0) -> discord.HTTPException:
    return kind(SimpleNamespace(status=status, reason=""), {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("first", "due", "step", "reason"),
    [
        (None, timedelta(0), Step.SEND, "first_try"),
        (timedelta(0), timedelta(hours=5), Step.SEND, "first_try"),
        (timedelta(0), timedelta(hours=7), Step.SKIP, "too_late"),
        (timedelta(seconds=30), timedelta(0), Step.SEND, "same_nonce"),
        (timedelta(seconds=91), timedelta(0), Step.LOOK, "nonce_may_be_forgotten"),
        (timedelta(seconds=-3), timedelta(0), Step.SEND, "same_nonce"),
        (timedelta(hours=-1), timedelta(0), Step.LOOK, "nonce_may_be_forgotten"),
        (timedelta(hours=8), timedelta(hours=8), Step.LOOK, "nonce_may_be_forgotten"),
    ],
)
def test_before_a_try(first: timedelta | None, due: timedelta, step: Step, reason: str) -> None:
    plan = before(message(first=first, due=due), NOW)
    assert (plan.step, plan.reason) == (step, reason)


@pytest.mark.parametrize(
    ("error", "action", "reason", "unsent"),
    [
        (http(discord.Forbidden, 403, 50013), Action.FAIL_AND_PAUSE, "forbidden", True),
        (http(discord.NotFound, 404, 10003), Action.POSTPONE, "channel_missing", True),
        (http(discord.NotFound, 404, 10008), Action.SENT, "deleted_after_posting", False),
        (http(discord.Forbidden, 403), Action.POSTPONE, "refused_403_0", True),
        (http(discord.NotFound, 404), Action.POSTPONE, "refused_404_0", True),
        (http(discord.NotFound, 404, 10004), Action.POSTPONE, "refused_404_10004", True),
        (http(discord.HTTPException, 400, 50035), Action.FAIL, "refused_400_50035: no", True),
        (http(discord.HTTPException, 401), Action.POSTPONE, "token_refused", True),
        (http(discord.HTTPException, 429), Action.POSTPONE, "rate_limited", True),
        (discord.RateLimited(120.0), Action.POSTPONE, "rate_limited", True),
        (http(discord.DiscordServerError, 502), Action.POSTPONE, "server_error_502", False),
        (TimeoutError(), Action.POSTPONE, "timed_out", False),
        (aiohttp.ServerDisconnectedError(), Action.POSTPONE, "connection_lost", False),
        (ConnectionResetError(104, "reset"), Action.POSTPONE, "connection_lost", False),
        (Unsendable(["4001 characters"]), Action.FAIL, "unsendable: 4001 characters", True),
        (UnreadablePage("page version 9"), Action.FAIL, "unreadable: page version 9", True),
    ],
)
def test_after_an_error(error: Exception, action: Action, reason: str, unsent: bool) -> None:
    outcome = after_error(message(), error, NOW)
    assert (outcome.action, outcome.reason, outcome.unsent) == (action, reason, unsent)
    assert not after_error(message(), error, NOW, in_doubt=True).unsent
    assert (outcome.until is not None) == (action is Action.POSTPONE)


def test_a_wait_that_discord_names_is_kept_within_reason() -> None:
    assert after_error(message(), discord.RateLimited(120.0), NOW).until == NOW + timedelta(seconds=120)
    assert after_error(message(), discord.RateLimited(99999.0), NOW).until == NOW + timedelta(hours=1)
    assert after_error(message(), discord.RateLimited(0.1), NOW).until == NOW + timedelta(seconds=1)


def test_doubtful_tries_come_soon_while_the_nonce_holds_and_then_slower() -> None:
    waits = [after_error(message(attempts=n), TimeoutError(), NOW).until - NOW for n in (1, 2, 3, 4, 8, 30)]
    assert waits == [timedelta(seconds=s) for s in (5, 5, 5, 10, 160, 600)]


def test_a_missing_channel_is_believed_after_half_an_hour() -> None:
    gone = http(discord.NotFound, 404, 10003)
    assert after_error(message(attempts=3), gone, NOW).until == NOW + timedelta(minutes=10)
    assert after_error(message(attempts=4), gone, NOW).action is Action.FAIL_AND_PAUSE


@pytest.mark.parametrize(
    "error", [http(discord.Forbidden, 403, 50001), http(discord.NotFound, 404, 10003)], ids=["403", "404"]
)
def test_a_server_that_is_out_of_reach_is_no_reason_to_pause(error: discord.HTTPException) -> None:
    late = message(attempts=9)
    out = after_error(late, error, NOW, Membership.UNAVAILABLE)
    assert (out.action, out.reason) == (Action.POSTPONE, "server_unavailable")
    away = after_error(late, error, NOW, Membership.LEFT)
    assert (away.action, away.reason) == (Action.FAIL, "not_in_server")
    assert after_error(late, error, NOW, Membership.PRESENT).action is Action.FAIL_AND_PAUSE


def test_nothing_is_tried_for_ever() -> None:
    last = message(attempts=MOST_TRIES)
    assert after_error(last, TimeoutError(), NOW).action is Action.UNKNOWN
    assert after_error(last, discord.RateLimited(60.0), NOW).action is Action.FAIL


def test_after_a_look_into_the_channel() -> None:
    told = message(first=timedelta(seconds=100))
    assert after_look(told, 77, NOW, readable=True) == SendOutcome(
        Action.SENT, "found_in_history", message_id=77
    )
    assert after_look(told, None, NOW, readable=True) is None
    assert after_look(told, None, NOW, readable=False).action is Action.UNKNOWN
    old = message(first=timedelta(hours=7), due=timedelta(hours=7))
    assert after_look(old, None, NOW, readable=True).action is Action.SKIP

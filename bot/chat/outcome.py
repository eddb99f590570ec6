"""What to do with a message of the outbox: before an attempt to send it, and after Discord's response. Pure.

A message must not be lost and must not appear twice. Discord forgets a nonce after "a few minutes", so there
are three ways on from a failed try:

- Discord surely does not have it (429, 403, 404, and no earlier try of unknown end): wait and send again, or
  give up.
- It may have it (a reset, a time-out, a server error): send the same nonce again soon, and Discord answers
  with the first message if there is one.
- It may have it and the nonce may be forgotten: look into the channel first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import aiohttp
import discord

from bot.chat.error_codes import Cause, cause_of
from bot.chat.limits import Unsendable
from bot.domain.digests import OutboxMessage
from bot.pages.codec import UnreadablePage

#: A nonce is sure to be remembered for this long; the lease of 60 s ends before it.
NONCE_HOLDS = timedelta(seconds=90)
#: The store keeps whole seconds.
SAME_MOMENT = timedelta(seconds=2)
#: What could not be tried for this long is old news.
TOO_LATE = timedelta(hours=6)
#: Waits between tries that may have succeeded: short at first, while the nonce holds.
SOON = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
#: Tries at a channel that Discord does not know, ten minutes apart, before that is believed.
MISSING_TRIES = 4
MISSING_WAIT = timedelta(minutes=10)
#: Tries before giving up; with the waits above, some five hours.
MOST_TRIES = 40


class Membership(Enum):
    """Whether the bot is in the server that a message goes to."""

    PRESENT = "present"
    UNAVAILABLE = "unavailable"  # an outage at Discord: what it answers about the server means nothing
    LEFT = "left"  # the server has removed the bot


class Step(Enum):
    """What a sender does next with a message that it holds."""

    SEND = "send"
    LOOK = "look"  # into the channel's history, then send or settle
    SKIP = "skip"


class Action(Enum):
    """How a message is settled or put aside."""

    SENT = "sent"
    POSTPONE = "postpone"
    FAIL = "fail"
    SKIP = "skip"
    FAIL_AND_PAUSE = "fail_and_pause"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Plan:
    """The next step with a message, and why. ``in_doubt``: an earlier try may have posted it."""

    step: Step
    reason: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The result of an attempt. ``until``: when to try again; ``unsent``: no try can have posted it."""

    action: Action
    reason: str
    until: datetime | None = None
    unsent: bool = False
    message_id: int | None = None


#: What a request to Discord raises where Discord refused it or could not be reached.
ASK_ERRORS = (
    discord.HTTPException,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,  # TimeoutError is one
)
#: The same for sending a message. Any other exception is a bug and is not caught.
SEND_ERRORS = (
    *ASK_ERRORS,
    Unsendable,
    UnreadablePage,
)


def before(message: OutboxMessage, claimed_at: datetime) -> Plan:
    """What to do with a message that was just claimed.

    ``first_attempt_at`` is the first try since Discord last surely refused it; earlier than this claim, a try
    has an unknown end. Later than this claim, the clock has been put back, and how long ago that was is
    anybody's guess.
    """
    first = message.first_attempt_at
    if first is None or timedelta(0) <= claimed_at - first < SAME_MOMENT:
        if claimed_at - message.due_at > TOO_LATE:
            return Plan(Step.SKIP, "too_late")
        return Plan(Step.SEND, "first_try")
    if abs(claimed_at - first) > NONCE_HOLDS:
        return Plan(Step.LOOK, "nonce_may_be_forgotten", in_doubt=True)
    return Plan(Step.SEND, "same_nonce", in_doubt=True)


def after_error(
    message: OutboxMessage,
    error: BaseException,
    now: datetime,
    membership: Membership = Membership.PRESENT,
    *,
    in_doubt: bool = False,
) -> SendOutcome:
    """What to do after a try ended with ``error``, one of ``SEND_ERRORS``.

    ``in_doubt``: an earlier request may have posted the message. A refusal speaks for its own request alone.

    A channel is given up only for what Discord itself says of it, with a code that means lost access: neither
    trouble of Discord's own, whatever its code, nor an upstream's page nor a server that is out of reach is a
    reason, and a server that comes back finds its digest running.
    """
    if isinstance(error, Unsendable):
        return SendOutcome(Action.FAIL, f"unsendable: {error}", unsent=not in_doubt)
    if isinstance(error, UnreadablePage):
        return SendOutcome(Action.FAIL, f"unreadable: {error}", unsent=not in_doubt)
    if isinstance(error, discord.RateLimited):
        wait = timedelta(seconds=error.retry_after)
        return _later(message, now, "rate_limited", wait, unsent=not in_doubt)
    if isinstance(error, discord.DiscordServerError):
        return _later(message, now, f"server_error_{error.status}", _backoff(message.attempts), unsent=False)
    if isinstance(error, discord.HTTPException):
        return _refused(message, error, now, membership, unsent=not in_doubt)
    reason = "timed_out" if isinstance(error, TimeoutError) else "connection_lost"
    return _later(message, now, reason, _backoff(message.attempts), unsent=False)


def after_look(
    message: OutboxMessage, found: int | None, now: datetime, *, readable: bool
) -> SendOutcome | None:
    """What the channel's history says; ``found`` is the id of our message there. None: send it.

    An unreadable history leaves only a guess, and a digest that is missing is better than one that comes
    twice.
    """
    if found is not None:
        return SendOutcome(Action.SENT, "found_in_history", message_id=found)
    if not readable:
        return SendOutcome(Action.UNKNOWN, "history_unreadable")
    return SendOutcome(Action.SKIP, "too_late", unsent=True) if now - message.due_at > TOO_LATE else None


def elsewhere(message: OutboxMessage) -> SendOutcome:
    """What becomes of a message for a channel of another server: nothing is posted there."""
    return SendOutcome(_stop(message), "other_server", unsent=True)


def _refused(
    message: OutboxMessage,
    error: discord.HTTPException,
    now: datetime,
    membership: Membership,
    *,
    unsent: bool,
) -> SendOutcome:
    """After an answer with a status from 400 to 499: Discord did not carry out the request."""
    cause = cause_of(error.status, error.code)
    if cause is Cause.DELETED:
        return SendOutcome(Action.SENT, "deleted_after_posting")
    if isinstance(error, (discord.Forbidden, discord.NotFound)):
        if membership is Membership.LEFT:
            return SendOutcome(Action.FAIL, "not_in_server", unsent=unsent)
        if membership is Membership.UNAVAILABLE:
            return _later(message, now, "server_unavailable", LONGEST_WAIT, unsent=unsent)
    match cause:
        case Cause.LOST_ACCESS | Cause.DIRECT_CLOSED:
            return SendOutcome(_stop(message), "forbidden", unsent=unsent)
        case Cause.GONE if message.attempts < MISSING_TRIES:
            return SendOutcome(Action.POSTPONE, "channel_missing", now + MISSING_WAIT, unsent=unsent)
        case Cause.GONE:
            return SendOutcome(_stop(message), "channel_missing", unsent=unsent)
        case Cause.BLOCKED | Cause.INVALID:
            return SendOutcome(
                Action.FAIL, f"refused_{error.status}_{error.code}: {error.text}", unsent=unsent
            )
        case Cause.TOKEN:
            return _later(message, now, "token_refused", LONGEST_WAIT, unsent=unsent)
        case _ if error.status == 429:
            return _later(message, now, "rate_limited", timedelta(seconds=60), unsent=unsent)
        case _:
            reason = f"refused_{error.status}_{error.code}"
            return _later(message, now, reason, LONGEST_WAIT, unsent=unsent)


def _stop(message: OutboxMessage) -> Action:
    """Give up what cannot be posted; what comes there by itself pauses with it."""
    return Action.FAIL if message.once else Action.FAIL_AND_PAUSE


def _later(
    message: OutboxMessage, now: datetime, reason: str, wait: timedelta, *, unsent: bool
) -> SendOutcome:
    if message.attempts >= MOST_TRIES:
        return SendOutcome(Action.FAIL if unsent else Action.UNKNOWN, f"gave_up: {reason}", unsent=unsent)
    bounded = min(max(wait, timedelta(seconds=1)), timedelta(hours=1))
    return SendOutcome(Action.POSTPONE, reason, now + bounded, unsent=unsent)


def _backoff(attempts: int) -> timedelta:
    """5 s, 5 s, 5 s, then doubling: the first tries fall into the time that the nonce holds."""
    doubled: timedelta = SOON * (2 ** min(max(attempts - 3, 0), 8))
    return min(doubled, LONGEST_WAIT)

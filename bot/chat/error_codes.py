"""What Discord's error codes mean for a message that the bot posts. Pure.

Codes are those of Discord's reference ("Opcodes and Status Codes", JSON error codes); ``docs/discord.md``
shows what comes of each. A code says more than the HTTP status beside it: Discord answers 403 both where the
bot has lost a permission and where its own network is in trouble.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why Discord refused a request."""

    LOST_ACCESS = "lost_access"  # the bot may no longer post there: only a person can change that
    GONE = "gone"  # the channel or the member is unknown; an outage can look the same for a while
    DIRECT_CLOSED = "direct_closed"  # the member takes no direct messages from the bot
    BLOCKED = "blocked"  # the channel or its moderation does not take this message
    INVALID = "invalid"  # the message has a form that Discord does not take, which is a fault of ours
    DELETED = "deleted"  # the message was posted, and someone has deleted it
    TOKEN = "token"  # the bot's token is refused
    TROUBLE = "trouble"  # Discord's own trouble or a limit: it passes
    EXPIRED = "expired"  # the interaction is over, and nobody waits for its answer
    ANSWERED = "answered"  # the interaction has its answer already


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code by the name that Discord gives it."""

    name: str
    cause: Cause


CODES: dict[int, KnownCode] = {
    10003: KnownCode("Unknown channel", Cause.GONE),
    10004: KnownCode("Unknown guild", Cause.TROUBLE),
    10008: KnownCode("Unknown message", Cause.DELETED),
    10013: KnownCode("Unknown user", Cause.GONE),
    10015: KnownCode("Unknown webhook", Cause.EXPIRED),
    10062: KnownCode("Unknown interaction", Cause.EXPIRED),
    20009: KnownCode("Explicit content cannot be sent to the desired recipient", Cause.BLOCKED),
    20016: KnownCode("This action cannot be performed due to slowmode rate limit", Cause.TROUBLE),
    20028: KnownCode("The write action you are performing on the channel has hit the limit", Cause.TROUBLE),
    20029: KnownCode("The write action you are performing on the server has hit the limit", Cause.TROUBLE),
    40001: KnownCode("Unauthorized", Cause.TOKEN),
    40003: KnownCode("You are opening direct messages too fast", Cause.TROUBLE),
    40005: KnownCode("Request entity too large", Cause.INVALID),
    40006: KnownCode("This feature has been temporarily disabled server-side", Cause.TROUBLE),
    40060: KnownCode("Interaction has already been acknowledged", Cause.ANSWERED),
    40333: KnownCode("Internal network error", Cause.TROUBLE),
    50001: KnownCode("Missing access", Cause.LOST_ACCESS),
    50006: KnownCode("Cannot send an empty message", Cause.INVALID),
    50007: KnownCode("Cannot send messages to this user", Cause.DIRECT_CLOSED),
    50008: KnownCode("Cannot send messages in a non-text channel", Cause.BLOCKED),
    50013: KnownCode("You lack permissions to perform that action", Cause.LOST_ACCESS),
    50014: KnownCode("Invalid authentication token provided", Cause.TOKEN),
    50024: KnownCode("Cannot execute action on this channel type", Cause.BLOCKED),
    50027: KnownCode("Invalid webhook token provided", Cause.EXPIRED),
    50035: KnownCode("Invalid form body", Cause.INVALID),
    50083: KnownCode("Thread is archived", Cause.BLOCKED),
    50109: KnownCode("The request body contains invalid JSON", Cause.INVALID),
    50278: KnownCode("Cannot send messages to this user, as you have no mutual guilds", Cause.DIRECT_CLOSED),
    110001: KnownCode("Application not yet available", Cause.TROUBLE),
    130000: KnownCode("API resource is currently overloaded", Cause.TROUBLE),
    160005: KnownCode("Thread is locked", Cause.BLOCKED),
    160006: KnownCode("Maximum number of active threads reached", Cause.BLOCKED),
    200000: KnownCode("Message was blocked by automatic moderation", Cause.BLOCKED),
    200001: KnownCode("Title was blocked by automatic moderation", Cause.BLOCKED),
    240000: KnownCode("Message blocked by harmful links filter", Cause.BLOCKED),
}


def cause_of(status: int, code: int) -> Cause:
    """Why Discord refused, by its code; where that is not in ``CODES``, by the HTTP status.

    Code 0 is no code of Discord's: an upstream such as Cloudflare answered with a page of its own. A 403 or
    404 whose code is unknown here is taken for trouble that passes, as nothing says that access was lost.
    """
    known = CODES.get(code)
    if known is not None:
        return known.cause
    if status == 401:
        return Cause.TOKEN
    if code and status in (400, 413):
        return Cause.BLOCKED
    return Cause.TROUBLE

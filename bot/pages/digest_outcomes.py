"""The outcomes of digests in words: whether one was posted, when, and why not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.audience import Place
from bot.domain.digests import DeliveryState, DigestOutcome
from bot.domain.page import Block, Button, Item, Note, Page, Paragraph, Request, Span, When
from bot.domain.schedule import LATE
from bot.locale import Translator, message
from bot.pages.wording import place_name

_REFUSED = re.compile(r"refused_(\d+)_(\d+)(?:: (.*))?", re.DOTALL)

#: Discord's error codes, as far as there is something that a server's admins can do.
_CODES = {
    20009: message("Discord takes it for explicit content."),
    50008: message("That channel takes no messages."),
    50024: message("That channel takes no messages."),
    50083: message("The thread is archived: open it again, or choose another channel."),
    160005: message("The thread is locked: unlock it, or choose another channel."),
    160006: message("The server has as many active threads as Discord allows."),
    200000: message(
        "The server's AutoMod blocked it: its rules can leave out the bot's role or the channel."
    ),
    200001: message(
        "The server's AutoMod blocked it: its rules can leave out the bot's role or the channel."
    ),
    240000: message("Discord blocked it for a link that it takes for harmful."),
}

#: Reasons of the sender; those that are not here are Discord's own trouble.
_REASONS = {
    "forbidden": message("Discord does not let the bot post in that channel."),
    "channel_missing": message("The channel is no longer there."),
    "other_server": message("That channel belongs to another server."),
    "not_in_server": message("The bot was not in this server."),
    "too_late": message(
        "It would have come more than six hours late; the next one tells what it had to tell."
    ),
    "earlier_part": message("A part before it could not be posted."),
    "history_unreadable": message(
        "Discord's answer was lost, and the bot may not read the channel's history to look for it."
    ),
    "token_refused": message("Discord refuses the bot's token; who runs the bot has to renew it."),
    "timed_out": message("Discord did not answer."),
    "connection_lost": message("Discord could not be reached."),
    "unsendable": message("Discord would not take its form. That is a fault of the bot's."),
    "unreadable": message("Discord would not take its form. That is a fault of the bot's."),
}


def why(t: Translator, error: str) -> str:
    """Why a message was not posted, from what the sender noted."""
    if error.startswith("gave_up: "):
        return t("It was tried for hours.") + " " + why(t, error.removeprefix("gave_up: "))
    found = _REFUSED.match(error)
    if found is None or found[3] is None:
        return t(_REASONS.get(error.partition(":")[0], message("Discord had trouble of its own.")))
    known = _CODES.get(int(found[2]))
    if known is not None:
        return t(known)
    return t(
        "Discord refused it: “{text}” (error {code}).", text=" ".join(found[3].split())[:200], code=found[2]
    )


def outcome_spans(t: Translator, outcome: DigestOutcome) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """What became of a digest, in a line, and why in another, which may be empty."""
    at = outcome.settled_at
    reason: tuple[Span, ...] = (why(t, outcome.error),) if outcome.error else ()
    match outcome.state:
        case DeliveryState.SENT if at is not None and not outcome.on_request and at - outcome.due_at > LATE:
            late = t.duration(at - outcome.due_at)
            return (t("posted"), " ", When(at), " · ", t("{time} late", time=late)), ()
        case DeliveryState.SENT if at is not None:
            return (t("posted"), " ", When(at)), ()
        case DeliveryState.PENDING if outcome.next_try is not None:
            return (t("not posted yet; tried again"), " ", When(outcome.next_try, True)), reason
        case DeliveryState.PENDING:
            return (t("on its way"),), ()
        case DeliveryState.PARTLY:
            return (t("posted in part"),), reason
        case DeliveryState.UNKNOWN:
            return (t("perhaps posted"),), reason
        case DeliveryState.SKIPPED:
            return (t("left out"),), reason
        case _:
            return (t("refused"),), reason


def history_page(t: Translator, outcomes: Sequence[DigestOutcome], more: Request | None) -> Page:
    """A server's digests of the last 30 days. ``more`` asks for older ones."""
    blocks: list[Block] = []
    for one in outcomes:
        line, reason = outcome_spans(t, one)
        asked = (" · ", t("on request")) if one.on_request else ()
        spans: tuple[Span, ...] = (When(one.due_at), " · ", place_name(t, one.place), *asked)
        blocks.append(Item(spans, (line, reason) if reason else (line,)))
    if not blocks:
        blocks.append(Paragraph((t("No digest has been due here in the last 30 days."),)))
    else:
        blocks.append(Note((t("When each was due, and what came of it. Kept for 30 days."),)))
    buttons = [Button(t("How it is set"), Request("digest status"))]
    if more is not None:
        buttons.insert(0, Button(t("Older"), more, primary=True))
    return Page(t("Digests so far"), tuple(blocks), tuple(buttons))


def request_page(t: Translator, place: Place, outcome: DigestOutcome | None, awaiting: Request) -> Page:
    """The outcome of a digest that an admin requested; while it waits, ``awaiting`` requests the rest."""
    where = Item((t("Where:"), " ", place_name(t, place)))
    pending = outcome is None or outcome.state is DeliveryState.PENDING
    blocks: list[Block] = [where]
    if outcome is None or (pending and outcome.next_try is None):
        blocks.insert(0, Paragraph((t("The digest is on its way. This answer says what comes of it."),)))
    else:
        line, reason = outcome_spans(t, outcome)
        blocks.append(Item((t("Digest:"), " ", *line)))
        if reason:
            blocks.append(Paragraph(reason))
    tone = "plain" if pending else "good" if outcome and outcome.state is DeliveryState.SENT else "warning"
    buttons = (Button(t("Look again"), awaiting),) if pending else ()
    return Page(t("Digest"), tuple(blocks), buttons, tone=tone, awaiting=awaiting if pending else None)

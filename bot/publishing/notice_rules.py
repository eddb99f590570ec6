"""Which notices about feeds and digests in trouble a server gets, and when. Pure.

The state that was reported last is compared with the present one: a change is reported once, and not at all
if it was undone before a notice was due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audience import DirectMessage
from bot.domain.digests import DigestSubscription, RefusedDigest
from bot.store.notices import NoticeRecipient, NoticeState

#: At most one notice in this time: later changes are reported with the next.
BETWEEN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NoticeDecision:
    """Whether a server gets a notice now, and what it reports: feeds by their number, pauses and refusals.

    ``reason`` is ``news``, ``nothing_new``, ``first_check`` or ``sent_today``; only the first is sent.
    ``state`` is to be stored if ``changed``.
    """

    reason: str
    state: NoticeState
    changed: bool
    fell: tuple[int, ...] = ()
    recovered: tuple[int, ...] = ()
    paused: tuple[DigestSubscription, ...] = ()
    refused: tuple[RefusedDigest, ...] = ()


def decide(server: NoticeRecipient, troubled: frozenset[int], now: datetime) -> NoticeDecision:
    """The decision for one server now. ``troubled`` are all feeds in trouble, whoever reads them."""
    state = server.state
    keys = {_key(one): one for one in server.paused}
    refusals = {_refusal_key(one): one for one in server.refused}
    after = NoticeState(server.troubled, frozenset((*keys, *refusals)), state.at, known=True)
    paused = tuple(one for key, one in keys.items() if key not in state.pauses)
    refused = tuple(one for key, one in refusals.items() if key not in state.pauses)
    fell: Sequence[int] = ()
    recovered: Sequence[int] = ()
    if state.known and server.to is not None and not isinstance(server.to, DirectMessage):
        fell = sorted(server.troubled - state.feeds)
        # A feed that an admin removed has not recovered.
        recovered = sorted(state.feeds - troubled)
    if not (fell or recovered or paused or refused):
        reason = "nothing_new" if state.known else "first_check"
        return NoticeDecision(reason, after, changed=after != state)
    if state.at is not None and now - state.at < BETWEEN:
        return NoticeDecision("sent_today", state, changed=False)
    sent = NoticeState(after.feeds, after.pauses, now, known=True)
    return NoticeDecision("news", sent, True, tuple(fell), tuple(recovered), paused, refused)


def _key(subscription: DigestSubscription) -> str:
    """The key of one pause of one digest: the next pause of the same digest is reported again."""
    since = int(subscription.paused_at.timestamp()) if subscription.paused_at else 0
    return f"{subscription.id}@{since}"


def _refusal_key(refused: RefusedDigest) -> str:
    """The key of a digest's consecutive refusals, reported once until a digest has been posted again."""
    return f"{refused.subscription.id}!{refused.since.isoformat()}"

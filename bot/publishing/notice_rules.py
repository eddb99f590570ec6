"""What a server's admins are told of trouble, and when. Pure.

What was told is compared with how things are: a state that changed is told once, and one that changed back
before anyone was told is not told at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audience import DirectMessage
from bot.domain.digests import DigestSubscription, RefusedDigest
from bot.store.notices import Listening, Memory

#: At most one notice in this: what happens meanwhile is told with the next.
BETWEEN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell a server's admins: feeds by their number, pauses and refusals as they are.

    ``reason`` is ``news``, ``nothing_new``, ``first_look`` or ``told_today``; only the first is told.
    ``memory`` is what counts as told from then on, and is to be kept if ``changed``.
    """

    reason: str
    memory: Memory
    changed: bool
    fell: tuple[int, ...] = ()
    recovered: tuple[int, ...] = ()
    paused: tuple[DigestSubscription, ...] = ()
    refused: tuple[RefusedDigest, ...] = ()


def decide(server: Listening, troubled: frozenset[int], now: datetime) -> Notice:
    """What to tell one server now. ``troubled`` are all feeds in trouble, whoever reads them."""
    memory = server.memory
    keys = {_key(one): one for one in server.paused}
    refusals = {_refusal_key(one): one for one in server.refused}
    after = Memory(server.troubled, frozenset((*keys, *refusals)), memory.at, known=True)
    paused = tuple(one for key, one in keys.items() if key not in memory.pauses)
    refused = tuple(one for key, one in refusals.items() if key not in memory.pauses)
    fell: Sequence[int] = ()
    recovered: Sequence[int] = ()
    if memory.known and server.to is not None and not isinstance(server.to, DirectMessage):
        fell = sorted(server.troubled - memory.feeds)
        # A feed that an admin removed has not recovered.
        recovered = sorted(memory.feeds - troubled)
    if not (fell or recovered or paused or refused):
        reason = "nothing_new" if memory.known else "first_look"
        return Notice(reason, after, changed=after != memory)
    if memory.at is not None and now - memory.at < BETWEEN:
        return Notice("told_today", memory, changed=False)
    told = Memory(after.feeds, after.pauses, now, known=True)
    return Notice("news", told, True, tuple(fell), tuple(recovered), paused, refused)


def _key(subscription: DigestSubscription) -> str:
    """One pause of one digest: the next pause of the same digest is told again."""
    since = int(subscription.paused_at.timestamp()) if subscription.paused_at else 0
    return f"{subscription.id}@{since}"


def _refusal_key(refused: RefusedDigest) -> str:
    """A digest's refusals in a row are told once; after one that was posted, the next are told again."""
    return f"{refused.subscription.id}!{refused.since.isoformat()}"

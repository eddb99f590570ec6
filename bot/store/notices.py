"""Notices to a server's admins about feeds and digests in trouble: who gets them, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import Destination, DirectMessage, Member, Owner
from bot.domain.digests import DigestSubscription, OutboxDraft, RefusedDigest
from bot.domain.feeds import Feed
from bot.feeds.health import TROUBLED
from bot.store import guilds, outbox, outcomes
from bot.store import tables as t
from bot.store.codec import dump
from bot.store.digests import paused_by_us
from bot.store.feeds.rows import FEED, FeedColumns, feed_of
from bot.store.models import GuildFeedRow
from bot.store.sql import chunks, col, columns, insert_ignore, records
from bot.store.types import moment, place_of, seconds
from bot.store.visibility import ADDED


@dataclass(frozen=True, slots=True)
class NoticeState:
    """What the last notice to a server reported: the feeds in trouble, the pauses and refusals, and when.

    ``known`` is whether anything was stored yet: trouble from before the first check is not reported.
    """

    feeds: frozenset[int] = frozenset()
    pauses: frozenset[str] = frozenset()
    at: datetime | None = None
    known: bool = False

    def dump(self) -> str:
        """The state as it is stored."""
        at = seconds(self.at) if self.at else None
        return dump({"feeds": sorted(self.feeds), "pauses": sorted(self.pauses), "at": at})

    @classmethod
    def load(cls, text: str | None) -> NoticeState:
        """What ``dump`` wrote."""
        if not text:
            return cls()
        raw = json.loads(text)
        at = moment(raw["at"]) if raw["at"] is not None else None
        return cls(frozenset(raw["feeds"]), frozenset(raw["pauses"]), at, known=True)


@dataclass(frozen=True, slots=True)
class NoticeRecipient:
    """A server whose admins may get a notice, with all that one may report.

    ``to`` is where notices go: the chosen channel, else a direct message to whoever set the digest that was
    paused or is refused, else None.
    """

    owner: Owner
    language: str | None
    to: Destination | None
    state: NoticeState
    paused: tuple[DigestSubscription, ...]
    troubled: frozenset[int]
    refused: tuple[RefusedDigest, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticePlan:
    """The messages for one server, if any, and its state from now on."""

    owner: Owner
    drafts: tuple[OutboxDraft, ...]
    state: NoticeState


def troubled_feeds(session: Session) -> dict[int, Feed]:
    """Every feed in trouble that an admin can do something about."""
    rows = records(
        session.execute(
            select(*FEED).where(t.feed.c.health.in_(sorted(TROUBLED)), t.feed.c.disabled_reason.is_(None))
        ),
        FeedColumns,
    )
    return {row.id: feed_of(row) for row in rows}


class _GuildColumns(NamedTuple):
    guild_id: Owner
    language: str | None
    alerts_channel: int | None
    notices: str | None


def recipients(session: Session, troubled: Iterable[Feed]) -> list[NoticeRecipient]:
    """The servers that want notices or whose digest was paused or refused; not those that removed the bot."""
    paused: dict[Owner, list[DigestSubscription]] = {}
    for one in paused_by_us(session):
        paused.setdefault(one.owner, []).append(one)
    refused: dict[Owner, list[RefusedDigest]] = {}
    for failing in outcomes.refused(session):
        refused.setdefault(failing.subscription.owner, []).append(failing)
    wanted = or_(
        t.guild.c.alerts_channel.is_not(None),
        t.guild.c.notices.is_not(None),
        t.guild.c.guild_id.in_([*{*paused, *refused}]),
    )
    here = select(*columns(_GuildColumns, t.guild)).where(and_(t.guild.c.left_at.is_(None), wanted))
    found = {row.guild_id: row for row in records(session.execute(here), _GuildColumns)}
    known = list(troubled)
    defaults = frozenset(feed.id for feed in known if feed.is_default)
    own = _own(session, list(found), [feed.id for feed in known])
    made = []
    for owner, row in found.items():
        added, hidden = own.get(owner, (frozenset(), frozenset()))
        mine, failing_here = tuple(paused.get(owner, ())), tuple(refused.get(owner, ()))
        made.append(
            NoticeRecipient(
                owner=owner,
                language=row.language,
                to=_destination(session, owner, row.alerts_channel, direct=bool(mine or failing_here)),
                state=NoticeState.load(row.notices),
                paused=mine,
                refused=failing_here,
                troubled=(defaults - hidden) | added,
            )
        )
    return made


def save(session: Session, plans: Sequence[NoticePlan], *, now: datetime) -> int:
    """Put notices into the outbox and store the states, in one transaction. Returns how many are new.

    The state of a server that had a notice today already is left as it was, so that the next notice reports
    it.
    """
    fresh = 0
    for one in plans:
        if one.drafts and not outbox.enqueue(session, one.drafts, now=now):
            continue
        fresh += bool(one.drafts)
        insert_ignore(session, t.guild, [{"guild_id": one.owner, "joined_at": now}])
        kept = update(t.guild).where(t.guild.c.guild_id == one.owner)
        session.execute(kept.values(notices=one.state.dump()))
    return fresh


def _own(
    session: Session, owners: Sequence[Owner], feed_ids: Sequence[int]
) -> dict[Owner, tuple[frozenset[int], frozenset[int]]]:
    """For each owner, which of the feeds it added, and which it removed or paused."""
    added: dict[Owner, set[int]] = {}
    hidden: dict[Owner, set[int]] = {}
    own = t.guild_feed.c
    for ids in chunks(feed_ids):
        selected = col(GuildFeedRow.guild_id), col(GuildFeedRow.feed_id), col(GuildFeedRow.status)
        for owner, feed_id, status in session.execute(select(*selected).where(own.feed_id.in_(ids))):
            (added if status == ADDED else hidden).setdefault(owner, set()).add(feed_id)
    return {
        owner: (frozenset(added.get(owner, ())), frozenset(hidden.get(owner, ())))
        for owner in owners
        if owner in added or owner in hidden
    }


def _destination(
    session: Session, owner: Owner, channel_id: int | None, *, direct: bool
) -> Destination | None:
    """The channel for notices; without one and if ``direct``, whoever set a digest here last."""
    if channel_id is not None:
        return place_of(owner, channel_id)
    if not direct:
        return None
    entries = guilds.audit_of(session, owner, limit=100)
    setters = (one.by for one in entries if one.action == "digest_set")
    return next((DirectMessage(by.id) for by in setters if isinstance(by, Member)), None)

"""Standing orders for digests, and planning those that are due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import TERMINAL, Owner, Place, User
from bot.domain.digests import DigestSubscription
from bot.domain.schedule import EVERY_DAY, FARTHEST, local_day, next_due
from bot.store import guilds, readers
from bot.store import tables as t
from bot.store.codec import dump, load_texts, plain
from bot.store.models import DigestSubscriptionRow
from bot.store.sql import chunks, col, columns, insert, records
from bot.store.types import destination_key, place_of

DAILY = "daily"
#: Why a digest is paused when nothing is wrong with it.
BY_ADMIN = "admin"


def set_subscription(
    session: Session,
    place: Place,
    *,
    minute_of_day: int,
    zone: str,
    language: str,
    kind: str = DAILY,
    days: int = EVERY_DAY,
    concerns: Sequence[str] = (),
    empty_day: str = "line",
    options: Mapping[str, object] | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Set a digest, or change it; one that is paused stays so. Noted in the audit.

    Where the place had a digest before, the new one goes on from where that ended.
    """
    spot = _Spot(place, kind)
    before = _at(session, spot)
    values = {
        "minute_of_day": minute_of_day,
        "days": days,
        "zone": zone,
        "language": language,
        "concerns": dump(list(concerns)),
        "empty_day": empty_day,
        "options": plain(dump(dict(options or {}))),
        "next_due_at": _due(session, spot, before, minute_of_day, zone, days, now),
    }
    channel_id = destination_key(place)[1]
    key = {"guild_id": place.owner, "channel_id": channel_id, "kind": kind}
    fresh = key | values | {"covered_until": readers.last_look(session, spot.place, spot.mark)}
    statement = insert(session, t.digest).values(fresh)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    detail: dict[str, object] = {"channel": str(channel_id)}
    plan = {"minute_of_day": minute_of_day, "days": days, "zone": zone, "empty_day": empty_day}
    after = plan | {"concerns": list(concerns)} | dict(options or {})
    if before is None:
        detail |= after
    else:
        was = {name: getattr(before, name) for name in plan} | {"concerns": list(before.concerns)}
        dropped = dict.fromkeys(before.options)
        detail["changed"] = guilds.changes(was | dict(before.options), dropped | after)
        if not detail["changed"]:
            return
    guilds.audit(session, place.owner, action="digest_set", detail=detail, by=by, now=now)


def move(
    session: Session, subscription_id: int, place: Place, *, by: User | None = None, now: datetime
) -> bool:
    """Post a digest in another channel of its server. False if there is no such digest or that has its own.

    One that was paused because it could not be posted where it was goes on.
    """
    known = _where(session, t.digest.c.id == subscription_id)
    if not known:
        return False
    mine = known[0]
    there = _Spot(place, mine.kind)
    if place.owner != mine.owner or _at(session, there) is not None:
        return False
    channel_id = destination_key(place)[1]
    _remember(session, mine)
    running = mine.paused_at is None
    values: dict[str, object] = {"channel_id": channel_id}
    if not running and mine.pause_reason != BY_ADMIN:
        values |= {"paused_at": None, "pause_reason": None}
    past = _last_day(session, there, mine.zone, now)
    due = mine.next_due_at if running else None
    if due is None or (past is not None and local_day(due, mine.zone) <= past):
        due = next_due(now, mine.minute_of_day, mine.zone, mine.days, past=past)
    values["next_due_at"] = due
    session.execute(update(t.digest).where(t.digest.c.id == subscription_id).values(values))
    detail = {"from": _channel(mine), "channel": str(channel_id)}
    guilds.audit(session, mine.owner, action="digest_moved", detail=detail, by=by, now=now)
    return True


def subscriptions_of(session: Session, owner: Owner) -> list[DigestSubscription]:
    """A server's digests, in the order in which they were first set."""
    return _where(session, t.digest.c.guild_id == owner)


def subscriptions(session: Session, ids: Sequence[int]) -> list[DigestSubscription]:
    """The digests with those ids."""
    return [one for some in chunks(ids) for one in _where(session, t.digest.c.id.in_(some))]


def remove_subscription(
    session: Session, subscription_id: int, *, by: User | None = None, now: datetime
) -> bool:
    """Delete a channel's digest. False if there is none."""
    known = _where(session, t.digest.c.id == subscription_id)
    if not known:
        return False
    _remember(session, known[0])
    session.execute(delete(t.digest).where(t.digest.c.id == subscription_id))
    detail = {"channel": _channel(known[0])}
    guilds.audit(session, known[0].owner, action="digest_removed", detail=detail, by=by, now=now)
    return True


def pause(
    session: Session, subscription_id: int, *, reason: str, by: User | None = None, now: datetime
) -> bool:
    """Stop a channel's digest until it is resumed. False if it is paused already: its admins know."""
    here = (t.digest.c.id == subscription_id, t.digest.c.paused_at.is_(None))
    paused = session.execute(
        update(t.digest)
        .where(*here)
        .values(paused_at=now, pause_reason=plain(reason))
        .returning(col(DigestSubscriptionRow.guild_id), col(DigestSubscriptionRow.channel_id))
    ).first()
    if paused is None:
        return False
    owner, channel_id = paused
    detail = {"channel": str(channel_id), "reason": reason}
    guilds.audit(session, owner, action="digest_paused", detail=detail, by=by, now=now)
    return True


def resume(
    session: Session, subscription_id: int, *, by: User | None = None, now: datetime
) -> datetime | None:
    """Resume a digest. Returns when it is due next; None if there is no such digest."""
    known = _where(session, t.digest.c.id == subscription_id)
    if not known:
        return None
    mine = known[0]
    if mine.paused_at is None:
        return mine.next_due_at
    past = _last_day(session, _Spot.of(mine), mine.zone, now)
    due_at = next_due(now, mine.minute_of_day, mine.zone, mine.days, past=past)
    values = {"paused_at": None, "pause_reason": None, "next_due_at": due_at}
    session.execute(update(t.digest).where(t.digest.c.id == subscription_id).values(values))
    detail = {"channel": _channel(mine)}
    guilds.audit(session, mine.owner, action="digest_resumed", detail=detail, by=by, now=now)
    return due_at


def set_language(session: Session, owner: Owner, language: str) -> int:
    """Set the language of all of a server's digests. Returns how many there are."""
    changed = update(t.digest).where(t.digest.c.guild_id == owner).values(language=language)
    return len(session.execute(changed.returning(t.digest.c.id)).all())


def move_zone(session: Session, owner: Owner, zone: str, *, now: datetime) -> list[DigestSubscription]:
    """Keep the hour of a server's digests, in another zone. Returns those that this moved."""
    moved = [one for one in subscriptions_of(session, owner) if one.zone != zone]
    for one in moved:
        due_at = _due(session, _Spot.of(one), one, one.minute_of_day, zone, one.days, now)
        values = {"zone": zone, "next_due_at": due_at}
        session.execute(update(t.digest).where(t.digest.c.id == one.id).values(values))
    ids = {one.id for one in moved}
    return [one for one in subscriptions_of(session, owner) if one.id in ids]


def due(
    session: Session, now: datetime, *, limit: int = 200, terminal: bool = False
) -> list[DigestSubscription]:
    """Up to ``limit`` digests that are due, the longest due first: the terminal's, or those of all servers.

    A server that the bot has left gets none, and finds its digests as they were if the bot comes back.
    """
    rows = session.connection().execute(_due_now(terminal), {"now": now, "limit": limit})
    return [_subscription(row) for row in records(rows, _SubscriptionColumns)]


@cache
def _due_now(terminal: bool) -> Select[*tuple[Any, ...]]:
    """Made once: a run of the planner asks it for every five hundred digests."""
    digest = t.digest.c
    left = select(1).where(t.guild.c.guild_id == digest.guild_id, t.guild.c.left_at.is_not(None))
    own = digest.guild_id == TERMINAL
    return (
        select(*_COLUMNS)
        .where(
            digest.paused_at.is_(None),
            digest.next_due_at <= bindparam("now"),
            ~exists(left),
            own if terminal else ~own,
        )
        .order_by(digest.next_due_at, digest.id)
        .limit(bindparam("limit"))
    )


def reschedule_too_far(session: Session, now: datetime) -> int:
    """Compute the due times again that a clock set ahead had moved too far. Returns how many."""
    far = _where(session, and_(t.digest.c.paused_at.is_(None), t.digest.c.next_due_at > now + FARTHEST))
    for one in far:
        past = _last_day(session, _Spot.of(one), one.zone, now)
        due_at = next_due(now, one.minute_of_day, one.zone, one.days, past=past)
        covered_until = min(one.covered_until, now) if one.covered_until else None
        values = {"next_due_at": due_at, "covered_until": covered_until}
        session.execute(update(t.digest).where(t.digest.c.id == one.id).values(values))
    return len(far)


def too_far(session: Session, now: datetime) -> int:
    """How many digests are due further ahead than any can be."""
    far = and_(t.digest.c.paused_at.is_(None), t.digest.c.next_due_at > now + FARTHEST)
    return session.scalar(select(func.count()).select_from(t.digest).where(far)) or 0


def paused_by_us(session: Session) -> list[DigestSubscription]:
    """The digests that were paused because they could not be posted, and not by an admin."""
    return _where(session, and_(t.digest.c.paused_at.is_not(None), t.digest.c.pause_reason != BY_ADMIN))


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place and a kind: they have one digest a local day, and one moment up to which news is covered."""

    place: Place
    kind: str

    @classmethod
    def of(cls, one: DigestSubscription) -> _Spot:
        return cls(one.place, one.kind)

    @property
    def mark(self) -> str:
        return f"digest:{self.kind}"


#: The minute of the day, the zone and the days on which a digest is due.
_Rhythm = tuple[int, str, int]


def _rhythm(one: DigestSubscription) -> _Rhythm:
    return one.minute_of_day, one.zone, one.days


def _due(
    session: Session,
    spot: _Spot,
    before: DigestSubscription | None,
    minute_of_day: int,
    zone: str,
    days: int,
    now: datetime,
) -> datetime:
    """When a digest comes that is set or changed: on the next day that has none yet, so that it does come.

    One that is due at this moment is planned first, and one whose hour stays is due as it was.
    """
    if before is not None and before.paused_at is None and (due_at := before.next_due_at) is not None:
        same = _rhythm(before) == (minute_of_day, zone, days)
        if due_at <= now + FARTHEST and (same or due_at <= now):
            return due_at
    return next_due(now, minute_of_day, zone, days, past=_last_day(session, spot, zone, now))


def _last_day(session: Session, spot: _Spot, zone: str, now: datetime) -> date | None:
    """The latest local day of which there is a digest, but for days that a clock set ahead has made."""
    tomorrow = local_day(now, zone) + timedelta(days=1)
    box = t.outbox.c
    guild_id, channel_id = destination_key(spot.place)
    here = (box.guild_id == guild_id, box.channel_id == channel_id, box.kind == spot.kind)
    real = box.local_date <= tomorrow.isoformat()
    found = session.scalar(select(func.max(box.local_date)).where(*here, real))
    return date.fromisoformat(found) if found else None


def _remember(session: Session, one: DigestSubscription) -> None:
    """Keep how far a removed digest has covered the news, so that a later one repeats nothing."""
    if one.covered_until is not None:
        spot = _Spot.of(one)
        readers.look(session, spot.place, one.covered_until, spot.mark)


def _channel(one: DigestSubscription) -> str:
    """Its channel, as the audit keeps it."""
    return str(destination_key(one.place)[1])


def _at(session: Session, spot: _Spot) -> DigestSubscription | None:
    digest = t.digest.c
    here = (digest.guild_id == spot.place.owner, digest.channel_id == destination_key(spot.place)[1])
    return next(iter(_where(session, and_(*here, digest.kind == spot.kind))), None)


def _where(session: Session, condition: ColumnElement[bool]) -> list[DigestSubscription]:
    rows = session.execute(select(*_COLUMNS).where(condition).order_by(t.digest.c.id))
    return [_subscription(row) for row in records(rows, _SubscriptionColumns)]


#: There are few choices of concerns, and thousands are read at a time.
_texts = lru_cache(maxsize=256)(load_texts)


class _SubscriptionColumns(NamedTuple):
    """The columns that a DigestSubscription needs."""

    id: int
    guild_id: Owner
    channel_id: int
    kind: str
    minute_of_day: int
    days: int
    zone: str
    language: str
    concerns: str
    empty_day: str
    options: str
    next_due_at: datetime | None
    covered_until: datetime | None
    paused_at: datetime | None
    pause_reason: str | None


_COLUMNS = columns(_SubscriptionColumns, t.digest)


def _subscription(row: _SubscriptionColumns) -> DigestSubscription:
    return DigestSubscription(
        row.id,
        place_of(row.guild_id, row.channel_id),
        row.kind,
        row.minute_of_day,
        row.days,
        row.zone,
        row.language,
        _texts(row.concerns),
        row.empty_day,
        json.loads(row.options) if row.options != "{}" else {},
        row.next_due_at,
        row.covered_until,
        row.paused_at,
        row.pause_reason,
    )

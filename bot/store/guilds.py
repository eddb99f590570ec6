"""Servers: what they chose, when they came and went, and what their admins changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import TERMINAL, Owner, Server, User
from bot.domain.guilds import AuditEntry, GuildSettings
from bot.store import facts
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.sql import columns, insert_ignore, record, records
from bot.store.types import is_place_of, owner_key

#: What JSON readers other than Python's would round.
_IDS = frozenset(("alerts_channel", "role"))
_OWN = (t.guild_feed, t.digest, t.watch, t.labelled_case, t.audit, t.guild)


class _GuildColumns(NamedTuple):
    language: str | None
    timezone: str | None
    joined_at: datetime | None
    left_at: datetime | None
    alerts_channel: int | None
    muted: str | None


class _Audited(NamedTuple):
    id: int
    guild_id: Owner
    at: datetime
    user_id: User | None
    action: str
    detail: str


def _row(session: Session, owner: Owner) -> _GuildColumns | None:
    here = select(*columns(_GuildColumns, t.guild)).where(t.guild.c.guild_id == owner)
    return record(session.execute(here), _GuildColumns)


def settings_of(
    session: Session, owner: Owner, *, language: str = "en", timezone: str = "UTC"
) -> GuildSettings | None:
    """A server's settings; None if nothing is known of it. What it left open is as the arguments say."""
    row = _row(session, owner)
    if row is None:
        return None
    return GuildSettings(
        language=row.language or language,
        timezone=row.timezone or timezone,
        joined_at=row.joined_at,
        left_at=row.left_at,
        alerts_channel=row.alerts_channel,
        chosen=frozenset(
            name for name in ("language", "timezone", "alerts_channel") if getattr(row, name) is not None
        ),
        muted=tuple((row.muted or "").split()),
    )


def set_settings(
    session: Session,
    owner: Owner,
    *,
    language: str | None = None,
    timezone: str | None = None,
    muted: Sequence[str] | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Set what is not None, and note in the audit who changed what. No ``muted`` forms are none."""
    given = {
        "language": language,
        "timezone": timezone,
        "muted": None if muted is None else " ".join(sorted(muted)),
    }
    stored = {name: value or None for name, value in given.items() if value is not None}
    if stored:
        _store(session, owner, stored, by, now)


def set_notices_channel(
    session: Session, owner: Owner, channel_id: int | None, *, by: User | None = None, now: datetime
) -> None:
    """Post notices for a server's admins in that channel, or nowhere, and note who changed it."""
    _store(session, owner, {"alerts_channel": channel_id}, by, now)


def _store(
    session: Session, owner: Owner, stored: Mapping[str, object], by: User | None, now: datetime
) -> None:
    insert_ignore(session, t.guild, [{"guild_id": owner, "joined_at": now}])
    before = _row(session, owner)
    session.execute(update(t.guild).where(t.guild.c.guild_id == owner).values(stored))
    changed = changes(before._asdict() if before else {}, stored)
    if changed:
        audit(session, owner, action="settings", detail={"changed": changed}, by=by, now=now)


def joined(session: Session, owner: Owner, now: datetime) -> bool:
    """The bot is in this server. Returns whether it is new, or was gone; its old settings hold again."""
    row = _row(session, owner)
    if row is None:
        insert_ignore(session, t.guild, [{"guild_id": owner, "joined_at": now}])
        return True
    if row.left_at is None:
        return False
    values = {"left_at": None, "joined_at": now}
    session.execute(update(t.guild).where(t.guild.c.guild_id == owner).values(values))
    return True


def left(session: Session, owner: Owner, now: datetime) -> None:
    """The bot is no longer in this server. What it chose is kept until ``forget``."""
    insert_ignore(session, t.guild, [{"guild_id": owner, "joined_at": now}])
    here = (t.guild.c.guild_id == owner, t.guild.c.left_at.is_(None))
    session.execute(update(t.guild).where(*here).values(left_at=now))


def left_all_but(session: Session, here: Sequence[Server], now: datetime) -> list[Owner]:
    """The bot is in these servers and no others, the terminal apart. Returns those it is gone from."""
    known: set[Owner] = set(session.scalars(select(t.guild.c.guild_id).where(t.guild.c.left_at.is_(None))))
    gone = sorted(known.difference(here, (TERMINAL,)), key=owner_key)
    for owner in gone:
        left(session, owner, now)
    return gone


def gone_since(session: Session, before: datetime) -> list[Owner]:
    """The servers that were left before that moment, to be forgotten."""
    return list(session.scalars(select(t.guild.c.guild_id).where(t.guild.c.left_at < before)))


def forget(session: Session, owner: Owner) -> None:
    """Delete everything that is kept of a server, what its channels were told included."""
    for table in _OWN:
        session.execute(delete(table).where(table.c.guild_id == owner))
    session.execute(delete(t.outbox).where(t.outbox.c.guild_id == owner_key(owner)))
    facts.forget_guild(session, owner)
    for table in (t.ledger, t.reader_look):
        session.execute(delete(table).where(is_place_of(table.c.reader, owner)))
    own = or_(t.follow.c.guild_id == owner, is_place_of(t.follow.c.reader, owner))
    session.execute(delete(t.follow).where(own))


def audit(
    session: Session,
    owner: Owner,
    *,
    action: str,
    detail: Mapping[str, object] | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Note what was changed, and by whom: None is the bot itself. ``action`` is a short id such as
    ``feeds_added``.
    """
    session.execute(
        t.audit.insert().values(
            guild_id=owner,
            at=now,
            user_id=by,
            action=action,
            detail=plain(dump(dict(detail or {}))),
        )
    )


def changes(before: Mapping[Any, Any], after: Mapping[str, Any]) -> dict[str, list[object]]:
    """What differs, as the audit keeps it: by name, what it was and what it is. Ids are texts there."""
    return {
        name: [str(one) if name in _IDS and one else one for one in (before.get(name), value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def audit_of(
    session: Session, owner: Owner, *, before_id: int | None = None, limit: int = 20
) -> list[AuditEntry]:
    """What was changed in a server, the newest first; ``before_id`` goes on below that entry."""
    where = [t.audit.c.guild_id == owner]
    if before_id is not None:
        where.append(t.audit.c.id < before_id)
    newest = select(*columns(_Audited, t.audit)).where(*where).order_by(t.audit.c.id.desc()).limit(limit)
    return [
        AuditEntry(row.id, row.guild_id, row.at, row.user_id, row.action, json.loads(row.detail))
        for row in records(session.execute(newest), _Audited)
    ]

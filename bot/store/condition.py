"""The condition of a store: its schema, its size, and its overdue work. It changes nothing.

For operators; no answer to a member needs any of it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, inspect, or_, select, text
from sqlalchemy.orm import Session

from bot.clock import is_known
from bot.domain.audience import TERMINAL, Server
from bot.domain.digests import DeliveryState
from bot.domain.schedule import FARTHEST
from bot.store import digests, engines
from bot.store import tables as t
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.faults import translated
from bot.store.migrations import HEAD
from bot.store.migrations.upgrade import current_revision
from bot.store.models import ArticleRow, DigestSubscriptionRow, OutboxRow
from bot.store.search.analyse import VERSION
from bot.store.sql import col, is_sqlite

#: What a settled message is worth a look for: it was not posted, and not because it came too late.
_AMISS = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


class NoStore(StoreError):
    """There is no such file. Looking at a store does not make one."""

    code = "no_store"


@dataclass(frozen=True, slots=True)
class Condition:
    """A store at one moment. Sizes are bytes; ``revision`` is None where nothing of ours is there yet.

    ``search_is_old``: the search index was made by another version and wants to be made anew.
    ``foreign``: what is there belongs to another program.
    """

    revision: str | None
    newest: str
    size: int
    log_size: int
    rows: dict[str, int]
    ungrouped: int
    ungrouped_since: datetime | None
    search_is_old: bool
    foreign: bool = False

    @property
    def current(self) -> bool:
        """Whether the schema is the one that this version writes."""
        return self.revision == self.newest

    @property
    def newer(self) -> bool:
        """Whether a newer version than this one wrote the schema. Revisions are counted up: 0001, 0002."""
        return self.revision is not None and self.revision > self.newest


@dataclass(frozen=True, slots=True)
class OverdueWork:
    """Overdue work. Each number counts rows that are late by more than the grace.

    ``lost_claims``: feeds whose poller never came back. ``stuck``: messages that are due and not settled;
    ``amiss``: messages of the last days that were given up, by reason. ``overdue``: digests not planned.
    ``paused``: digests that stand still, by reason.
    """

    lost_claims: int
    stuck: int
    amiss: dict[str, int]
    overdue: int
    paused: dict[str, int]


def open_as_is(url: str) -> Database:
    """Open the store at ``url`` as it is: without creating it or upgrading its schema.

    Raises StoreError, NoStore if there is no such file.
    """
    address = engines.parse(url)
    if address.path is not None and not address.path.is_file():
        raise NoStore(address.place, "there is no such file yet")
    with translated(address):
        return Database(address, *engines.pair(address))


def revision(session: Session) -> str | None:
    """The schema's revision; None where nothing of ours has been created yet."""
    return current_revision(session.connection())


def check_writable(session: Session) -> None:
    """Check that the store answers; called as a write, that it can be written. Raises StoreError."""
    session.execute(text("SELECT 1")).scalar_one()


def condition(session: Session) -> Condition:
    """The store's state. Only ``revision`` and the sizes are told of a store with another schema."""
    found = revision(session)
    size, log_size = _sizes(session)
    if found != HEAD:
        foreign = found is None and bool(inspect(session.connection()).get_table_names())
        return Condition(found, HEAD, size, log_size, {}, 0, None, False, foreign)
    counted = (t.feed, t.article, t.story, t.fingerprint, t.guild, t.digest, t.outbox)
    rows = {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in counted
    }
    waits = t.article.c.story_id.is_(None)
    oldest = func.min(col(ArticleRow.first_seen_at))
    ungrouped, since = session.execute(select(func.count(), oldest).where(waits)).one()
    analyser = session.scalar(select(t.meta.c.value).where(t.meta.c.key == "analyser_version"))
    old = rows[t.article.name] > 0 and analyser is not None and analyser != VERSION
    return Condition(found, HEAD, size, log_size, rows, ungrouped, since, old)


def overdue_work(session: Session, now: datetime, *, grace: timedelta, days: int = 7) -> OverdueWork:
    """What should have been done ``grace`` ago and was not; messages given up in the last ``days``."""
    late, box = now - grace, t.outbox
    lost = session.execute(
        select(func.count()).select_from(t.feed).where(t.feed.c.lease_until < late)
    ).scalar_one()
    free = or_(box.c.lease_until.is_(None), box.c.lease_until < late)
    stuck = session.execute(
        select(func.count())
        .select_from(box)
        .where(box.c.state == DeliveryState.PENDING, box.c.due_at < late, free)
    ).scalar_one()
    amiss = session.execute(
        select(col(OutboxRow.state), col(OutboxRow.error), func.count())
        .where(box.c.state.in_(_AMISS), box.c.settled_at > now - timedelta(days=days))
        .group_by(box.c.state, box.c.error)
    ).all()
    overdue = session.execute(
        select(func.count())
        .select_from(t.digest)
        .where(t.digest.c.paused_at.is_(None), t.digest.c.next_due_at < late)
    ).scalar_one()
    paused = session.execute(
        select(col(DigestSubscriptionRow.pause_reason), func.count())
        .where(t.digest.c.paused_at.is_not(None))
        .group_by(t.digest.c.pause_reason)
    ).all()
    return OverdueWork(
        lost_claims=lost,
        stuck=stuck,
        amiss={f"{state}:{error or ''}": count for state, error, count in amiss},
        overdue=overdue,
        paused={reason or "": count for reason, count in paused},
    )


@dataclass(frozen=True, slots=True)
class ClockFaults:
    """What a wrong clock or an old time zone database left in the store.

    ``digests`` and ``feeds`` count what is due further ahead than it can be, or than is usual; ``zones`` are
    those that are stored and that this machine does not know.
    """

    digests: int
    feeds: tuple[str, ...]
    zones: tuple[str, ...]


def clock_faults(session: Session, now: datetime) -> ClockFaults:
    """Digests and feeds that are due more than eight days ahead, and stored zones that are unknown here."""
    feed = t.feed.c
    far = feed.disabled_reason.is_(None) & (feed.next_due_at > now + FARTHEST)
    feeds = session.scalars(select(feed.url).where(far).order_by(feed.next_due_at.desc()).limit(100)).all()
    zones = {
        *session.scalars(select(t.digest.c.zone).distinct()),
        *session.scalars(select(t.guild.c.timezone).where(t.guild.c.timezone.is_not(None)).distinct()),
    }
    unknown = sorted(zone for zone in zones if not is_known(zone))
    return ClockFaults(digests.too_far(session, now), tuple(feeds), tuple(unknown))


def channels_in_use(session: Session) -> dict[int, list[int]]:
    """The channels that digests go to, by server."""
    used: dict[int, list[int]] = {}
    rows = session.execute(
        select(col(DigestSubscriptionRow.guild_id), col(DigestSubscriptionRow.channel_id))
        .where(t.digest.c.paused_at.is_(None), t.digest.c.guild_id != TERMINAL)
        .distinct()
        .order_by(t.digest.c.guild_id, t.digest.c.channel_id)
    )
    for server, channel in rows:
        if isinstance(server, Server):
            used.setdefault(server.id, []).append(channel)
    return used


def in_use(path: Path) -> bool:
    """Whether anybody has the SQLite file at ``path`` open; close this process's own connections first."""
    if not path.exists():
        return False
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        # A connection in WAL mode keeps a shared lock on the file for as long as it is open.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False  # damaged; that is told elsewhere
    finally:
        connection.close()
    return False


def _sizes(session: Session) -> tuple[int, int]:
    if not is_sqlite(session):
        asked = text("SELECT pg_database_size(current_database())")
        return int(session.execute(asked).scalar_one()), 0
    path = Path(session.connection().engine.url.database or "")
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size, log.stat().st_size if log.exists() else 0

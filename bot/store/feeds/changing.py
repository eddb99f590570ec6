"""Several feeds of a server changed at once: noted in the audit, and taken back by one token.

What each feed was before is kept in one fact for each server, so that only the last change can be undone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.audience import Owner, User
from bot.store import facts, guilds
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.feeds import polling
from bot.store.models import FeedRow, GuildFeedRow
from bot.store.sql import chunks, col, upsert
from bot.store.types import key16, owner_key
from bot.store.visibility import ADDED, PAUSED, REMOVED

#: What a change is called in the audit, and what it makes of a feed.
ADD, PAUSE, RESUME, REMOVE = "feeds_added", "feeds_paused", "feeds_resumed", "feeds_removed"
IMPORT = "feeds_imported"
_STATUS = {ADD: ADDED, IMPORT: ADDED, RESUME: ADDED, PAUSE: PAUSED, REMOVE: REMOVED}
#: Feeds that one server may add, paused ones included: a bound on what one server can make us poll.
MOST_ADDED = 200
#: Publishers named in the audit; more than these nobody reads.
_NAMED = 5


class TooManyFeeds(Exception):
    """A server would have more than ``MOST_ADDED`` feeds of its own. Nothing is changed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many feeds were changed, and the token that takes it back; empty where nothing can be."""

    count: int
    token: str


def change_feeds(
    session: Session,
    owner: Owner,
    feed_ids: Sequence[int],
    action: str,
    *,
    by: User | None = None,
    now: datetime,
) -> Changed:
    """Do one of the actions above to each of the feeds; those that are so already are left as they are.

    To add or resume a feed that ended with a 410 starts it again, for everyone who reads it.
    Raises TooManyFeeds.
    """
    known = _feeds(session, owner, feed_ids)
    before = [(id_, status or "") for id_, (_, is_default, status) in known.items()]
    changed: list[int] = []
    for id_, (_, is_default, status) in known.items():
        wanted = None if is_default and _STATUS[action] == ADDED else _STATUS[action]
        if wanted != status:
            _set(session, owner, id_, wanted, by, now)
            changed.append(id_)
    if changed and _STATUS[action] == ADDED and _own_feeds(session, owner) > MOST_ADDED:
        raise TooManyFeeds
    restarted = polling.revive(session, list(known), now) if _STATUS[action] == ADDED else []
    kept = [[id_, status] for id_, status in before if id_ in set(changed)]
    token = key16(f"{owner_key(owner)}|{action}|{now.isoformat()}|{changed}").hex()[:8]
    touched = list(dict.fromkeys((*changed, *restarted)))
    if changed:
        facts.remember(session, _undo_key(owner), dump({"token": token, "before": kept}))
    if touched:
        names = list(dict.fromkeys(known[id_][0] for id_ in touched))[:_NAMED]
        detail = {"count": len(touched), "feeds": [plain(name) for name in names]}
        guilds.audit(session, owner, action=action, detail=detail, by=by, now=now)
    return Changed(len(touched), token if changed else "")


def undo_feeds(
    session: Session, owner: Owner, token: str, *, by: User | None = None, now: datetime
) -> int | None:
    """Make the feeds of the last change what they were before; without a token, whichever that was.

    None if there is none, or the token's is not the last.
    """
    stored = facts.recall(session, _undo_key(owner))
    record = json.loads(stored) if stored else {}
    if not record or token not in ("", record["token"]):
        return None
    for id_, status in record["before"]:
        _set(session, owner, id_, status or None, by, now)
    facts.forget(session, _undo_key(owner))
    detail = {"count": len(record["before"])}
    guilds.audit(session, owner, action="feeds_undone", detail=detail, by=by, now=now)
    return len(record["before"])


def _undo_key(owner: Owner) -> str:
    return facts.of_guild(facts.FEEDS_BEFORE, owner)


def _feeds(
    session: Session, owner: Owner, feed_ids: Sequence[int]
) -> dict[int, tuple[str, bool, str | None]]:
    """Publisher, whether it is a default, and the server's own status, of those that there are."""
    own = t.guild_feed
    found: dict[int, tuple[str, bool, str | None]] = {}
    for ids in chunks(dict.fromkeys(feed_ids)):
        rows = session.execute(
            select(col(FeedRow.id), col(FeedRow.publisher), col(FeedRow.is_default), col(GuildFeedRow.status))
            .outerjoin(own, (own.c.feed_id == t.feed.c.id) & (own.c.guild_id == owner))
            .where(t.feed.c.id.in_(ids))
        )
        found.update((id, (publisher, is_default, status)) for id, publisher, is_default, status in rows)
    return found


def _own_feeds(session: Session, owner: Owner) -> int:
    """How many feeds that are no defaults a server reads or has paused."""
    own = t.guild_feed.c
    return (
        session.scalar(
            select(func.count())
            .select_from(t.guild_feed.join(t.feed, t.feed.c.id == own.feed_id))
            .where(own.guild_id == owner, own.status.in_((ADDED, PAUSED)), t.feed.c.is_default.is_(False))
        )
        or 0
    )


def _set(
    session: Session, owner: Owner, feed_id: int, status: str | None, by: User | None, now: datetime
) -> None:
    if status is None:
        own = t.guild_feed.c
        session.execute(t.guild_feed.delete().where(own.guild_id == owner, own.feed_id == feed_id))
        return
    row = {"guild_id": owner, "feed_id": feed_id, "status": status, "added_by": by, "at": now}
    upsert(session, t.guild_feed, [row])

"""What is true of a store that has lost nothing and doubled nothing, as queries that find the opposite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.store import condition, digests, feeds

_CONTRADICTIONS = (
    ("an article is there twice", "SELECT url FROM article GROUP BY url HAVING COUNT(*) > 1"),
    (
        "an entry is both article and fingerprint",
        "SELECT a.url FROM article a JOIN fingerprint f ON f.guid_key = a.guid_key",
    ),
    (
        "an entry was counted as new twice",
        "SELECT new, known FROM (SELECT COALESCE(SUM(new_items), 0) AS new,"
        " (SELECT COUNT(*) FROM article) + (SELECT COUNT(*) FROM fingerprint) AS known FROM poll) AS counted"
        " WHERE new > known",
    ),
    (
        "an article was seen nowhere",
        "SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM sighting)",
    ),
    (
        "a story's count is wrong",
        "SELECT s.id, s.articles, COUNT(a.id) FROM story s LEFT JOIN article a ON a.story_id = s.id"
        " WHERE s.merged_into IS NULL GROUP BY s.id, s.articles HAVING s.articles <> COUNT(a.id)",
    ),
    (
        "an article is grouped and under no concern",
        "SELECT id FROM article WHERE story_id IS NOT NULL"
        " AND id NOT IN (SELECT article_id FROM article_concern)",
    ),
    (
        "a day's count is wrong",
        "SELECT concern_id, SUM(articles) FROM concern_span WHERE span = 1 GROUP BY concern_id"
        " HAVING SUM(articles) <> (SELECT COUNT(*) FROM article_concern c"
        " WHERE c.concern_id = concern_span.concern_id)",
    ),
    (
        "a message was sent and has no number",
        "SELECT id FROM outbox WHERE state = 'sent' AND message_id IS NULL",
    ),
    (
        "two messages of the outbox are one in Discord",
        "SELECT message_id FROM outbox WHERE message_id IS NOT NULL GROUP BY message_id HAVING COUNT(*) > 1",
    ),
)

#: Where the queue keeps its jobs (bot.scale.queue.SCHEMA), and whether there is a queue at all.
_QUEUE = "to_regclass('vigia_queue.procrastinate_jobs')"
_JOBS = "SELECT task_name, status, COUNT(*) FROM vigia_queue.procrastinate_jobs GROUP BY task_name, status"


@dataclass(frozen=True, slots=True)
class Seen:
    """A store at one moment. ``addresses`` are those of all known entries, as articles or fingerprints.

    ``claims`` are feeds and messages that someone holds, ``jobs`` what is in the queue by task and status,
    ``zones`` the time zones that members chose, in order.
    """

    addresses: Sequence[str]
    ungrouped: int
    due: int
    claims: int
    polls: int
    messages: dict[str, int]
    overdue: int
    days: set[tuple[int, str]]
    zones: Sequence[str]
    jobs: dict[tuple[str, str], int]

    @property
    def jobs_left(self) -> int:
        """Jobs of polling that wait or are under way. The ticks' come and go; failed ones are kept a week."""
        ended = ("failed", "succeeded", "cancelled", "aborted")
        return sum(n for (task, status), n in self.jobs.items() if task == "poll" and status not in ended)


def look_at(url: str, now: datetime) -> Seen:
    """What is in the store at ``url``."""
    database = condition.open_as_is(url)
    try:
        return database.read_sync(_seen, now)
    finally:
        database.close()


def faults_of(url: str) -> list[str]:
    """What contradicts itself in the store at ``url``."""
    database = condition.open_as_is(url)
    try:
        return database.read_sync(store_faults)
    finally:
        database.close()


def left_undone(seen: Seen, expected: Sequence[str]) -> dict[str, int]:
    """What a bot that is left in peace must still do, or what was lost; nothing if all is done.

    ``expected``: the addresses of all that was published.
    """
    found = {
        "entries lost": len(set(expected) - set(seen.addresses)),
        "entries double": len(seen.addresses) - len(set(seen.addresses)),
        "articles not grouped": seen.ungrouped,
        "feeds due": seen.due,
        "claims left over": seen.claims,
        "digests not planned": seen.overdue,
        "messages not sent": seen.messages.get("pending", 0),
        "jobs of polling left": seen.jobs_left,
    }
    return {what: count for what, count in found.items() if count}


def store_faults(session: Session) -> list[str]:
    """What contradicts itself in a store."""
    faults = []
    if _sqlite(session):
        faults += [str(row) for row in session.execute(text("PRAGMA quick_check")) if row[0] != "ok"]
        faults += [str(row) for row in session.execute(text("PRAGMA foreign_key_check"))]
    for what, query in _CONTRADICTIONS:
        faults += [f"{what}: {tuple(row)}" for row in session.execute(text(query))]
    return faults


def stored_addresses(session: Session) -> list[str]:
    """The address of every entry that is known, as article or fingerprint."""
    query = "SELECT url FROM article UNION ALL SELECT url FROM fingerprint"
    return list(session.scalars(text(query)))


def _seen(session: Session, now: datetime) -> Seen:
    def number(query: str) -> int:
        return int(session.execute(text(query)).scalar_one())

    states = session.execute(text("SELECT state, COUNT(*) FROM outbox GROUP BY state"))
    days = session.execute(text("SELECT DISTINCT channel_id, local_date FROM outbox WHERE kind = 'daily'"))
    chosen = session.scalars(text("SELECT detail FROM audit WHERE action = 'settings' ORDER BY id"))
    has_queue = not _sqlite(session) and session.execute(text(f"SELECT {_QUEUE}")).scalar_one() is not None
    return Seen(
        addresses=stored_addresses(session),
        ungrouped=number("SELECT COUNT(*) FROM article WHERE story_id IS NULL"),
        due=feeds.count_due(session, now),
        claims=number("SELECT COUNT(*) FROM feed WHERE lease_owner IS NOT NULL")
        + number("SELECT COUNT(*) FROM outbox WHERE lease_owner IS NOT NULL"),
        polls=number("SELECT COUNT(*) FROM poll"),
        messages={row[0]: row[1] for row in states},
        overdue=len(digests.due(session, now)),
        days={(row[0], row[1]) for row in days},
        zones=[change[1] for detail in chosen if (change := json.loads(detail)["changed"].get("timezone"))],
        jobs={(row[0], row[1]): row[2] for row in session.execute(text(_JOBS))} if has_queue else {},
    )


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"

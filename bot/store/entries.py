"""From judged entries to articles: what is new, what is known, what was edited, and never anything twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.articles import Judged, Saved
from bot.domain.evidence import pack_evidence
from bot.domain.feeds import Feed, article_kind
from bot.domain.match_codec import pack_match, unpack_match, without_findings
from bot.store import articles, feeds, identity_decisions, policies, rollup, search
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.known_entries import KnownEntry, Status, contents_in, unseen
from bot.store.models import ArticleRow, FingerprintRow
from bot.store.sql import col, columns, insert, insert_ignore, records
from bot.store.types import seconds
from bot.stories.document import Document
from bot.stories.edits import edited_facts
from bot.stories.publishers import publisher_of

if TYPE_CHECKING:
    from bot.feeds.policy import PollPlan

#: Who holds the lease of a feed that is being looked at for the first time.
FIRST_READING = "first reading"

#: A feed that changes an entry at every poll (a counter, an advertisement) must not fill the disk.
MOST_REVISIONS = 20
#: Texts that other feeds of a publisher give one entry: few have more sections than this.
MOST_OTHER_CONTENTS = 16


def store_poll(
    session: Session, feed: Feed, plan: PollPlan, judged: Sequence[Judged], *, now: datetime, owner: str
) -> Saved:
    """Keep a poll's entries and what it taught of the feed, in one transaction; safe to repeat.

    Entries are kept even if ``owner`` has lost its lease meanwhile; the feed's state is then another's.
    """
    saved = save_entries(session, feed, judged, now)
    _learn(session, [(feed, plan)], saved.fresh, now, owner)
    return saved


def store_quiet_polls(
    session: Session, polls: Sequence[tuple[Feed, PollPlan]], *, now: datetime, owner: str
) -> None:
    """As ``store_poll``, for polls of many feeds that brought no entries: most of them."""
    _learn(session, polls, 0, now, owner)


def _learn(
    session: Session, polls: Sequence[tuple[Feed, PollPlan]], fresh: int, now: datetime, owner: str
) -> None:
    results = [
        feeds.PollResult(feed.id, plan.state, seconds(feed.next_due_at or now), plan.reason, fresh)
        for feed, plan in polls
    ]
    feeds.save_polls(session, results, now=now, owner=owner)
    for feed, plan in polls:
        if plan.hold_host_until is not None:
            feeds.hold_host(session, feed.host, plan.hold_host_until)
        if plan.new_url is not None:
            feeds.move_feed(session, feed.id, plan.new_url)


def keep_first_reading(
    session: Session, feed: Feed, plan: PollPlan, judged: Sequence[Judged], *, now: datetime
) -> Saved:
    """As ``store_poll``, for a feed that was looked at before anybody followed it and that no worker has.

    Readers see its entries once a server follows it.
    """
    free = and_(t.feed.c.id == feed.id, t.feed.c.lease_owner.is_(None))
    session.execute(update(t.feed).where(free).values(lease_owner=FIRST_READING))
    return store_poll(session, feed, plan, judged, now=now, owner=FIRST_READING)


def save_entries(session: Session, feed: Feed, judged: Sequence[Judged], now: datetime) -> Saved:
    """Keep a feed's entries: the relevant ones as articles, the others as fingerprints. Safe to repeat."""
    known = unseen(session, feed.id, [one.keys for one in judged])
    taken: set[object] = set()
    accepted: list[Judged] = []
    rejected: list[Judged] = []
    promoted: list[int] = []
    edited = 0
    sighted: list[KnownEntry] = []
    for one, past in zip(judged, known, strict=True):
        one = replace(one, keys=past.keys or one.keys)
        marks: list[object] = [key for key in (one.keys.guid_key, one.keys.url_key) if key]
        if past.row_id:
            marks.append((past.status is Status.CHANGED, past.row_id))
        if not taken.isdisjoint(marks):
            continue  # the feed lists it twice
        taken.update(marks)
        match past.status:
            case Status.NEW:
                (accepted if one.match.relevant else rejected).append(one)
            case Status.CHANGED if one.match.relevant and past.row_id:
                promoted.append(past.row_id)
                accepted.append(one)
            case Status.CHANGED if past.row_id:
                _refresh_fingerprint(session, past.row_id, feed.id, one, now)
            case Status.EDITED if past.row_id:
                _edit(session, past.row_id, one, now)
                edited += 1
            case Status.ELSEWHERE:
                sighted.append(past)
    decided = [
        (one.entry.url, one.entry.title, past.compared)
        for one, past in zip(judged, known, strict=True)
        if past.compared is not None
    ]
    identity_decisions.keep(session, feed.id, decided, now)
    matched = _insert_articles(session, feed, accepted, now)
    _insert_fingerprints(session, feed.id, rejected, now)
    if promoted:
        session.execute(delete(t.fingerprint).where(t.fingerprint.c.id.in_(promoted)))
    _sight(session, feed, [past.row_id for past in sighted if past.row_id], now)
    if feed.is_default:
        rollup.mark_common(session, [past.row_id for past in sighted if past.row_id and not past.common])
    fresh = matched + len(rejected) - len(promoted)
    return Saved(max(fresh, 0), matched, edited, len(sighted))


def _published(one: Judged, now: datetime) -> datetime:
    # A date in the future would pin an entry to the top of every list.
    return min(one.entry.published or one.entry.updated or now, now)


def _insert_articles(session: Session, feed: Feed, accepted: list[Judged], now: datetime) -> int:
    """Insert them, oldest first, so that ids follow time. Returns how many were not there yet."""
    if not accepted:
        return 0
    ordered = sorted(accepted, key=lambda one: _published(one, now))
    rows: list[dict[str, Any]] = [
        {
            "feed_id": feed.id,
            "guid_key": one.keys.guid_key,
            "url_key": one.keys.url_key,
            "content_key": one.keys.content_key,
            "common": feed.is_default,
            "url": plain(one.entry.url),
            "title": plain(one.entry.title),
            "summary": plain(one.entry.summary),
            "language": one.language,
            "publisher": plain(publisher_of(one.entry, feed.url, feed.publisher)),
            "kind": article_kind(feed.kind),
            "published_at": _published(one, now),
            "first_seen_at": now,
            "topics": " ".join(one.match.topic_ids),
            "verdict": pack_match(one.match),
            "evidence": pack_evidence(one.evidence),
            "form": one.form or None,
        }
        for one in ordered
    ]
    statement = insert(session, t.article).on_conflict_do_nothing()
    inserted = session.execute(statement.returning(col(ArticleRow.guid_key), col(ArticleRow.id)), rows)
    ids = dict(inserted.all())
    fresh = [(ids[row["guid_key"]], row) for row in rows if row["guid_key"] in ids]
    search.add(
        session,
        [search.Text(id, row["language"], row["title"], row["summary"], row["topics"]) for id, row in fresh],
    )
    _sight(session, feed, [id for id, _ in fresh], now)
    named = {one.keys.guid_key: one.policies for one in ordered if one.policies}
    reports = [
        (id, row["published_at"], named[row["guid_key"]]) for id, row in fresh if row["guid_key"] in named
    ]
    policies.attach(session, reports)
    return len(fresh)


def _sight(session: Session, feed: Feed, article_ids: Sequence[int], now: datetime) -> None:
    rows = [{"article_id": id, "feed_id": feed.id, "at": now} for id in article_ids]
    insert_ignore(session, t.sighting, rows)


def _insert_fingerprints(session: Session, feed_id: int, rejected: list[Judged], now: datetime) -> None:
    keys = ("guid_key", "url_key")
    rows = [
        _print_values(one, now)
        | {key: getattr(one.keys, key) for key in keys}
        | {"feed_id": feed_id, "seen_at": now}
        for one in rejected
    ]
    insert_ignore(session, t.fingerprint, rows)


def _print_values(one: Judged, now: datetime) -> dict[str, Any]:
    nearest = one.match.nearest
    return {
        "content_key": one.keys.content_key,
        "url": plain(one.entry.url),
        "title": plain(one.entry.title),
        "summary": plain(one.entry.summary),
        "language": one.language,
        "reason": one.match.reason,
        "nearest": nearest.topic if nearest else None,
        "nearest_score": nearest.score if nearest else None,
        "published_at": _published(one, now),
    }


def _refresh_fingerprint(session: Session, row_id: int, feed_id: int, one: Judged, now: datetime) -> None:
    """Take the new text of an entry that its own feed changed; of another feed's, note that it was judged."""
    prints = t.fingerprint.c
    selected = col(FingerprintRow.feed_id), col(FingerprintRow.other_contents)
    own, kept = session.execute(select(*selected).where(prints.id == row_id)).one()
    if own == feed_id:
        values = _print_values(one, now)
    else:
        others = [*contents_in(kept), one.keys.content_key]
        values = {"other_contents": b"".join(others[-MOST_OTHER_CONTENTS:])}
    session.execute(update(t.fingerprint).where(prints.id == row_id).values(values))


def _edit(session: Session, article_id: int, one: Judged, now: datetime) -> None:
    """Take the new text; what it said before becomes a revision. An edit is news where its claims changed.

    The concerns stay as they were: an article that was shown under a concern does not silently leave it.
    If the new text would not match, the verdict stays too, but for its spans, which no longer fit.
    """
    stored = select(*columns(_Stored, t.article)).where(t.article.c.id == article_id)
    (old,) = records(session.execute(stored), _Stored)
    number = session.execute(
        select(func.coalesce(func.max(t.article_revision.c.number), 0)).where(
            t.article_revision.c.article_id == article_id
        )
    ).scalar_one()
    if number < MOST_REVISIONS:
        before = {"article_id": article_id, "number": number + 1, "at": now}
        session.execute(
            t.article_revision.insert().values(before | {"title": old.title, "summary": old.summary})
        )
    title, summary = plain(one.entry.title), plain(one.entry.summary)
    match = one.match if one.match.relevant else without_findings(unpack_match(old.verdict))
    values: dict[str, Any] = {
        "title": title,
        "summary": summary,
        "content_key": one.keys.content_key,
        "verdict": pack_match(match),
        "evidence": pack_evidence(one.evidence),
        "form": one.form or None,
    }
    search.remove(session, [search.Text(article_id, old.language, old.title, old.summary, old.topics)])
    search.add(session, [search.Text(article_id, old.language, title, summary, old.topics)])
    session.execute(update(t.article).where(t.article.c.id == article_id).values(values))
    articles.keep_questions(session, article_id)
    if old.story_id is not None and number < MOST_REVISIONS:
        said, says = _document(old, old.title, old.summary), _document(old, title, summary)
        articles.add_revision(session, old.story_id, article_id, edited_facts(said, says), now=now)


class _Stored(NamedTuple):
    """An article before it is edited."""

    id: int
    language: str
    title: str
    summary: str
    published_at: datetime
    publisher: str
    topics: str
    verdict: bytes
    story_id: int | None


def _document(row: _Stored, title: str, summary: str) -> Document:
    return Document(row.id, row.language, title, summary, row.published_at, row.publisher)

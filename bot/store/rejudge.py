"""Stored articles and remembered entries, judged anew after the rules changed: what to read, what to keep.

Everything is done in batches in the order of ids, each batch with its mark in one transaction, so that a run
may be stopped at any point and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.articles import Article, NamedPolicy
from bot.domain.evidence import Evidence, pack_evidence
from bot.domain.match import FOLLOWS, Match
from bot.domain.match_codec import pack_match
from bot.store import articles, facts, housekeeping, policies, rollup, search
from bot.store import tables as t
from bot.store.known_entries import RETIRED
from bot.store.models import ArticleConcernRow, ArticleRow, PinRow
from bot.store.rows import ARTICLE, PLACED, ArticleColumns, PlacedColumns, article_of, concern_rows
from bot.store.sql import col, columns, insert, insert_ignore, records
from bot.topics.form import form_of_article, form_of_entry

#: The fact under which a run notes how far it has come.
MARK = "rejudged"
#: The matcher's reason for an entry in a third language that its feed is not declared to be in.
OTHER_LANGUAGE = "other_language"


@dataclass(frozen=True, slots=True)
class Rejudged:
    """The new verdict on a stored article or a remembered entry."""

    match: Match
    evidence: Evidence
    policies: tuple[NamedPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """An entry that was left out, with as much of its text as is remembered."""

    id: int
    title: str
    summary: str
    language: str


class _RememberedColumns(NamedTuple):
    id: int
    title: str
    summary: str
    language: str


class _LeftOut(NamedTuple):
    """An entry that was left out, with its feed's publisher and kind."""

    id: int
    feed_id: int
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    url: str
    title: str
    summary: str
    language: str
    seen_at: datetime
    published_at: datetime | None
    publisher: str
    kind: str
    is_default: bool


def articles_after(session: Session, last: int, limit: int) -> list[Article]:
    """The ``limit`` articles whose ids follow ``last``."""
    rows = session.execute(
        select(*ARTICLE).where(t.article.c.id > last).order_by(t.article.c.id).limit(limit)
    )
    return [article_of(row) for row in records(rows, ArticleColumns)]


def entries_after(session: Session, last: int, limit: int) -> list[Remembered]:
    """The ``limit`` entries that were left out by their words and whose ids follow ``last``.

    None that was left out for its language: which one its feed is declared to be in is not kept with it.
    """
    prints = t.fingerprint.c
    rows = session.execute(
        select(*columns(_RememberedColumns, t.fingerprint))
        .where(prints.id > last, prints.reason.not_in((RETIRED, OTHER_LANGUAGE)))
        .order_by(prints.id)
        .limit(limit)
    )
    return [Remembered(*row) for row in records(rows, _RememberedColumns)]


def protected(session: Session, found: Sequence[Article]) -> set[int]:
    """Those of the articles that stay whatever the new rules say.

    An operator or an admin decided on them (a merge or split, a confirmed step of a policy, a corrected
    topic), a reader has read their story, or they are follow-ups that were taken up with it.
    """
    ids = [one.id for one in found]
    pins, cases, reports = t.pin.c, t.labelled_case.c, t.policy_report.c
    kept: set[int] = set()
    pinned = select(col(PinRow.one), col(PinRow.other))
    for pair in session.execute(pinned.where(or_(pins.one.in_(ids), pins.other.in_(ids)))):
        kept.update(pair)
    kept.update(session.scalars(select(cases.article_id).where(cases.article_id.in_(ids))))
    decided = select(reports.article_id).where(reports.article_id.in_(ids), reports.decision.is_not(None))
    kept.update(session.scalars(decided))
    kept.update(one.id for one in found if one.match.reason == FOLLOWS)
    in_stories = {one.story_id for one in found if one.story_id is not None}
    told = set(session.scalars(select(t.ledger.c.story_id).where(t.ledger.c.story_id.in_(in_stories))))
    return kept | {one.id for one in found if one.story_id in told}


def keep_articles(
    session: Session, judged: Sequence[tuple[Article, Rejudged]], *, mark: str, now: datetime
) -> None:
    """Keep new verdicts on articles, retire what is no longer relevant, and note ``mark``.

    An article that was edited or deleted since it was read is left as it is. What stands whatever the rules
    say (``protected``) loses neither its place nor a concern under which it was shown.
    """
    kept = protected(session, [article for article, _ in judged])
    ids = [article.id for article, _ in judged]
    stored = select(col(ArticleRow.id), col(ArticleRow.title), col(ArticleRow.summary))
    rows = session.execute(stored.where(t.article.c.id.in_(ids)))
    texts = {id: (title, summary) for id, title, summary in rows}
    same = [(one, new) for one, new in judged if texts.get(one.id) == (one.title, one.summary)]
    gone = [(one, new) for one, new in same if not new.match.relevant and one.id not in kept]
    changed = [(one, new) for one, new in same if new.match.relevant]
    before = _concerns(session, ids)
    for article, new in changed:
        _change(session, article, new)
    _set_concerns(session, [article.id for article, _ in changed], kept)
    policies.attach(session, [(one.id, one.published_at, new.policies) for one, new in changed])
    _leave_out(session, gone, now)
    moved = before ^ _concerns(session, ids)
    rollup.recount(session, {span for name, _, at in moved for span in rollup.spans_of(name, at)})
    facts.remember(session, MARK, mark)


def _change(session: Session, article: Article, new: Rejudged) -> None:
    topics = " ".join(new.match.topic_ids)
    before = " ".join(article.topics)
    if topics != before:
        text = (article.id, article.language, article.title, article.summary)
        search.remove(session, [search.Text(*text, before)])
        search.add(session, [search.Text(*text, topics)])
    values = {
        "topics": topics,
        "verdict": pack_match(new.match),
        "evidence": pack_evidence(new.evidence),
        "form": form_of_article(article),
    }
    session.execute(update(t.article).where(t.article.c.id == article.id).values(values))
    articles.keep_questions(session, article.id)


def _leave_out(session: Session, gone: Sequence[tuple[Article, Rejudged]], now: datetime) -> None:
    """Make remembered entries of articles, with the reason, so that other rules may take them up again."""
    article, prints = t.article.c, t.fingerprint.c
    ids = [one.id for one, _ in gone]
    stored = select(col(ArticleRow.id), col(ArticleRow.guid_key)).where(article.id.in_(ids))
    keys = dict(session.execute(stored).all())
    housekeeping.retire(session, ids, now=now)
    for one, new in gone:
        nearest = new.match.nearest
        values = {
            "title": one.title,
            "summary": one.summary,
            "reason": new.match.reason,
            "nearest": nearest.topic if nearest else None,
            "nearest_score": nearest.score if nearest else None,
            "seen_at": one.published_at,
        }
        session.execute(update(t.fingerprint).where(prints.guid_key == keys[one.id]).values(values))


def _concerns(session: Session, ids: Sequence[int]) -> set[tuple[str, int, datetime]]:
    concern = t.article_concern.c
    placed = select(
        col(ArticleConcernRow.concern_id),
        col(ArticleConcernRow.article_id),
        col(ArticleConcernRow.published_at),
    )
    return set(session.execute(placed.where(concern.article_id.in_(ids))).all())


def _set_concerns(session: Session, ids: Sequence[int], kept: set[int]) -> None:
    """Put placed articles under the concerns of their new verdicts."""
    in_stories = t.article.c.id.in_(ids), t.article.c.story_id.is_not(None)
    placed = records(session.execute(select(*PLACED).where(*in_stories)), PlacedColumns)
    session.execute(
        delete(t.article_concern).where(
            t.article_concern.c.article_id.in_([row.id for row in placed if row.id not in kept])
        )
    )
    insert_ignore(
        session,
        t.article_concern,
        [one for row in placed if row.story_id for one in concern_rows(row, row.story_id)],
    )


def take_up(
    session: Session, judged: Sequence[tuple[Remembered, Rejudged]], *, mark: str, now: datetime
) -> None:
    """Make articles of entries that are relevant now, and note ``mark``."""
    promote(session, judged, now=now)
    facts.remember(session, MARK, mark)


def promote(session: Session, judged: Sequence[tuple[Remembered, Rejudged]], *, now: datetime) -> None:
    """Make articles of those entries that are relevant by their new verdicts, as of when they were seen.

    An entry that was edited or forgotten since it was read is left as it is.
    """
    news = {one.id: (one, new) for one, new in judged if new.match.relevant}
    prints, feed = t.fingerprint.c, t.feed.c
    rows = session.execute(
        select(*columns(_LeftOut, t.fingerprint, t.feed))
        .join(t.feed, feed.id == prints.feed_id)
        .where(prints.id.in_(news))
        .order_by(prints.seen_at, prints.id)
    )
    for row in records(rows, _LeftOut):
        one, new = news[row.id]
        if (row.title, row.summary) == (one.title, one.summary):
            _promote(session, row, new, now)


def _promote(session: Session, row: _LeftOut, new: Rejudged, now: datetime) -> None:
    topics = " ".join(new.match.topic_ids)
    keys = ("feed_id", "guid_key", "url_key", "content_key", "url", "title", "summary", "language")
    values = {key: getattr(row, key) for key in keys} | {
        "common": row.is_default,
        "publisher": row.publisher,
        "kind": row.kind,
        "published_at": row.published_at or row.seen_at,
        "first_seen_at": row.seen_at,
        "topics": topics,
        "verdict": pack_match(new.match),
        "evidence": pack_evidence(new.evidence),
        "form": form_of_entry(row.title, row.url, row.publisher),
    }
    statement = insert(session, t.article).values(values).on_conflict_do_nothing()
    article_id = session.scalar(statement.returning(t.article.c.id))
    session.execute(delete(t.fingerprint).where(t.fingerprint.c.id == row.id))
    if article_id is None:
        return  # another feed has brought it since
    search.add(session, [search.Text(article_id, row.language, row.title, row.summary, topics)])
    insert_ignore(session, t.sighting, [{"article_id": article_id, "feed_id": row.feed_id, "at": now}])
    policies.attach(session, [(article_id, row.published_at or row.seen_at, new.policies)])

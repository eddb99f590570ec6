"""The developments that bear on a question of the article."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from bot.domain.articles import EvidenceColumns
from bot.domain.audience import View
from bot.domain.evidence import Bearing
from bot.domain.stories import Development
from bot.ranking.bearing import PER_QUESTION, bearings_in
from bot.store import developments
from bot.store import tables as t
from bot.store.sql import among, chunks, is_sqlite, joined, listed
from bot.store.visibility import Visibility, visibility

#: Reports looked at for one question, newest first: a month of all but the busiest.
LOOKED_AT = 60


class _StoryId(NamedTuple):
    """The story that an article stands in."""

    story_id: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The developments since a moment that say most on one question, the weightiest first and of one weight
    the newest; ``last`` is what bore on it before, if there are none.
    """

    question: str
    found: tuple[Development, ...]
    last: Development | None = None


def answers(session: Session, view: View, questions: Sequence[str], since: datetime) -> dict[str, Answers]:
    """For each question the developments that the server may see and that say most on it."""
    seen = visibility(session, view)
    ids = {question: _stories(session, seen, question, since, LOOKED_AT) for question in questions}
    # Hundreds are weighed by their evidence alone, and read whole are only those that will be shown.
    said = _bearings(session, seen, {id for some in ids.values() for id in some})
    best = {question: _weightiest(question, found, said) for question, found in ids.items()}
    last = {
        question: _stories(session, seen, question, None, 1) for question, found in ids.items() if not found
    }
    wanted = list(dict.fromkeys(id for some in (*best.values(), *last.values()) for id in some))
    known = {one.story_id: one for one in developments.stories(session, wanted, view)}
    told = {}
    for question in questions:
        found = tuple(known[id] for id in best[question] if id in known)
        before = next((known[id] for id in last.get(question, ()) if id in known), None)
        told[question] = Answers(question, found, before)
    return told


def _weightiest(question: str, ids: Sequence[int], said: Mapping[int, Sequence[Bearing]]) -> list[int]:
    """The stories that a page shows under a question, out of some that bear on it, newest first."""
    weights = {id: one.weight for id in ids for one in said.get(id, ()) if one.question == question}
    return sorted(weights, key=lambda id: -weights[id])[:PER_QUESTION]


def _bearings(
    session: Session, seen: Visibility, story_ids: Collection[int]
) -> dict[int, tuple[Bearing, ...]]:
    """What stories say on the questions, by those of their reports that the server may see."""
    on_sqlite = is_sqlite(session)
    reports: dict[int, list[EvidenceColumns]] = {}
    for ids in chunks(story_ids):
        values = {"stories": listed(ids, on_sqlite=on_sqlite)}
        rows = session.connection().execute(_evidence(seen, on_sqlite), values)
        for story, report in joined(rows, _StoryId, EvidenceColumns):
            reports.setdefault(story.story_id, []).append(report)
    return {id: bearings_in(some) for id, some in reports.items()}


def _stories(
    session: Session, seen: Visibility, question: str, since: datetime | None, limit: int
) -> list[int]:
    values: dict[str, Any] = {"question": question, "limit": limit}
    if since is not None:
        values["since"] = since
    rows = session.connection().execute(_reports(seen, dated=since is not None), values)
    return list(dict.fromkeys(rows.scalars().all()))


@lru_cache(maxsize=128)
def _evidence(seen: Visibility, on_sqlite: bool) -> Select[*tuple[Any, ...]]:
    """The evidence of the reports of some stories, newest first."""
    article = t.article.c
    return (
        select(
            article.story_id,
            func.coalesce(article.form, "").label("form"),
            article.title,
            article.url,
            article.publisher,
            article.evidence.label("packed_evidence"),
        )
        .where(
            among(article.story_id, "stories", on_sqlite=on_sqlite),
            seen.clause(article.id, article.common),
        )
        .order_by(article.published_at.desc(), article.id.desc())
    )


@lru_cache(maxsize=128)
def _reports(seen: Visibility, *, dated: bool) -> Select[*tuple[Any, ...]]:
    """The newest reports that bear on a question."""
    bears, article = t.article_question.c, t.article.c
    where = [
        bears.question_id == bindparam("question"),
        article.story_id.is_not(None),
        seen.clause(article.id, article.common),
    ]
    if dated:
        where.append(bears.published_at >= bindparam("since"))
    return (
        select(article.story_id)
        .join_from(t.article_question, t.article, article.id == bears.article_id)
        .where(*where)
        .order_by(bears.published_at.desc(), bears.article_id.desc())
        .limit(bindparam("limit"))
    )

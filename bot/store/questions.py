"""The developments that bear on a question of the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from bot.domain.audience import View
from bot.domain.stories import Development
from bot.store import developments
from bot.store import tables as t
from bot.store.visibility import Visibility, visibility

#: Reports looked at for one question, newest first: a month of all but the busiest.
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """What bears on one question since a moment, newest first; ``last`` is what did before, if none."""

    question: str
    found: tuple[Development, ...]
    last: Development | None = None


def answers(session: Session, view: View, questions: Sequence[str], since: datetime) -> dict[str, Answers]:
    """For each question the developments that the server may see and that bear on it."""
    seen = visibility(session, view)
    ids = {question: _stories(session, seen, question, since, LOOKED_AT) for question in questions}
    last = {
        question: _stories(session, seen, question, None, 1) for question, found in ids.items() if not found
    }
    wanted = list(dict.fromkeys(id for some in (*ids.values(), *last.values()) for id in some))
    known = {one.story_id: one for one in developments.stories(session, wanted, view)}
    told = {}
    for question in questions:
        found = tuple(known[id] for id in ids[question] if id in known)
        before = next((known[id] for id in last.get(question, ()) if id in known), None)
        told[question] = Answers(question, found, before)
    return told


def _stories(
    session: Session, seen: Visibility, question: str, since: datetime | None, limit: int
) -> list[int]:
    values: dict[str, Any] = {"question": question, "limit": limit}
    if since is not None:
        values["since"] = since
    rows = session.connection().execute(_reports(seen, dated=since is not None), values)
    return list(dict.fromkeys(rows.scalars().all()))


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

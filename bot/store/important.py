"""The developments of a period among which those that matter most are found.

The rank of a development follows from its reports (``bot.ranking``) and is not stored: a month can have
thousands of stories. Those are looked at that can stand high: with evidence of the greatest weight, the most
reported of each day, and the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.article import CONCERNS, concern_of_question
from bot.domain.audience import View
from bot.domain.stories import Development
from bot.store import developments, rollup, timelines
from bot.store import tables as t
from bot.store.visibility import Visibility, visibility

#: Stories looked at for their evidence, and reports looked at because they are the newest: on an ordinary
#: server the latter are a week's of one concern.
WEIGHTY, NEWEST = 40, 150
#: The weight of evidence that changes an answer.
_HIGHEST = 3


def candidates(
    session: Session, view: View, since: datetime, now: datetime, concern: str | None = None
) -> list[Development]:
    """What of the time since then may matter most to the view, in no order; under one concern, or all."""
    seen = visibility(session, view)
    concerns = (concern,) if concern is not None else CONCERNS
    questions = [question for question, home in concern_of_question().items() if home in concerns]
    connection = session.connection()
    values = {"since": since, "limit": WEIGHTY, "questions": questions}
    ids = [*connection.execute(_weighty(seen), values).scalars().all()]
    first, last = rollup.start_of(since, rollup.DAY), rollup.start_of(now, rollup.DAY)
    for one in concerns:
        ids += [story for _, story in timelines.top_stories(session, seen, one, first, last)]
        newest = {"concern": one, "since": since, "limit": NEWEST // len(concerns)}
        ids += connection.execute(_newest(seen), newest).scalars().all()
    found = developments.stories(session, list(dict.fromkeys(ids)), view)
    return [one for one in found if one.last_at >= since]


def in_language(found: Sequence[Development], language: str) -> list[Development]:
    """The developments with only their articles in a language; without those that have none."""
    spoken = ((one, tuple(a for a in one.articles if a.language == language)) for one in found)
    return [replace(one, articles=articles) for one, articles in spoken if articles]


def silent_questions(session: Session, view: View, since: datetime, asked: Sequence[str]) -> tuple[str, ...]:
    """Those of the questions on which there has been nothing since then that the view may see."""
    if not asked:
        return ()
    statement = _borne(visibility(session, view), tuple(asked))
    (borne,) = session.connection().execute(statement, {"since": since})
    return tuple(question for question, found in zip(asked, borne, strict=True) if not found)


@lru_cache(maxsize=128)
def _weighty(seen: Visibility) -> Select[*tuple[Any, ...]]:
    """The stories of the newest evidence that changes an answer."""
    bears, article = t.article_question.c, t.article.c
    return (
        select(article.story_id)
        .join_from(t.article_question, t.article, article.id == bears.article_id)
        .where(
            bears.weight == _HIGHEST,
            bears.published_at >= bindparam("since"),
            bears.question_id.in_(bindparam("questions", expanding=True)),
            article.story_id.is_not(None),
            seen.clause(article.id, article.common),
        )
        .order_by(bears.published_at.desc())
        .limit(bindparam("limit"))
    )


@lru_cache(maxsize=128)
def _borne(seen: Visibility, asked: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """One row: of each question whether a report bears on it."""
    bears, article = t.article_question.c, t.article.c
    reported = (
        select(bears.article_id)
        .join_from(t.article_question, t.article, article.id == bears.article_id)
        .where(
            bears.published_at >= bindparam("since"),
            article.story_id.is_not(None),
            seen.clause(article.id, article.common),
        )
    )
    return select(
        *(exists(reported.where(bears.question_id == question)).label(question) for question in asked)
    )


@lru_cache(maxsize=128)
def _newest(seen: Visibility) -> Select[*tuple[Any, ...]]:
    """The stories of a concern's newest articles."""
    placed = t.article_concern.c
    return (
        select(placed.story_id)
        .where(
            placed.concern_id == bindparam("concern"),
            placed.published_at >= bindparam("since"),
            seen.clause(placed.article_id, placed.common),
        )
        .order_by(placed.published_at.desc(), placed.article_id.desc())
        .limit(bindparam("limit"))
    )

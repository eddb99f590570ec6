"""Articles that were stored before there was evidence."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain.articles import Article
from bot.domain.evidence import Evidence, pack_evidence
from bot.store import rollup
from bot.store import tables as t
from bot.store.rows import (
    ARTICLE,
    PLACED,
    ArticleColumns,
    PlacedColumns,
    article_of,
    concern_rows,
    question_rows,
)
from bot.store.sql import chunks, insert_ignore, records


def waiting(session: Session, limit: int) -> list[Article]:
    """The ``limit`` articles without evidence that arrived last."""
    newest = select(*ARTICLE).where(t.article.c.evidence.is_(None)).order_by(t.article.c.id.desc())
    return [article_of(row) for row in records(session.execute(newest.limit(limit)), ArticleColumns)]


def keep(session: Session, judged: Mapping[int, Evidence]) -> int:
    """Keep what articles are evidence of, and put them under the concerns of its questions.

    An article that was judged meanwhile, when it was edited, keeps that. Returns how many were kept.
    """
    kept = 0
    for ids in chunks(judged):
        unjudged = session.scalars(
            select(t.article.c.id).where(t.article.c.id.in_(ids), t.article.c.evidence.is_(None))
        )
        values = [{"a": id, "packed": pack_evidence(judged[id])} for id in unjudged]
        if not values:
            continue
        session.connection().execute(
            update(t.article).where(t.article.c.id == bindparam("a")).values(evidence=bindparam("packed")),
            values,
        )
        ids_of_kept = t.article.c.id.in_([one["a"] for one in values])
        in_stories = select(*PLACED).where(ids_of_kept, t.article.c.story_id.is_not(None))
        placed = records(session.execute(in_stories), PlacedColumns)
        concerns = [one for row in placed if row.story_id for one in concern_rows(row, row.story_id)]
        insert_ignore(session, t.article_concern, concerns)
        insert_ignore(session, t.article_question, [one for row in placed for one in question_rows(row)])
        spans = (rollup.spans_of(one["concern_id"], one["published_at"]) for one in concerns)
        rollup.recount(session, (span for pair in spans for span in pair))
        kept += len(values)
    return kept

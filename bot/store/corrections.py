"""Corrections within a story: reports that later ones corrected, reversed or denied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.articles import Article
from bot.domain.stories import CORRECTION_KINDS, Correction
from bot.store import tables as t
from bot.store.codec import load_texts
from bot.store.models import ArticleRevisionRow
from bot.store.sql import chunks, col, records

_ADDED = t.story_revision.c.added
#: Few stories have corrections: the text is searched in the database, and loaded only for those.
_CORRECTING = (
    select(
        func.coalesce(t.story.c.merged_into, t.story.c.id).label("story_id"),
        t.story_revision.c.article_id,
        t.story_revision.c.at,
        _ADDED,
    )
    .join_from(t.story, t.story_revision, t.story.c.id == t.story_revision.c.story_id)
    .where(
        or_(
            t.story.c.id.in_(bindparam("stories", expanding=True)),
            t.story.c.merged_into.in_(bindparam("stories", expanding=True)),
        ),
        or_(*(_ADDED.contains(f'"{kind}:', autoescape=True) for kind in CORRECTION_KINDS)),
    )
    .order_by(t.story_revision.c.at.desc(), t.story_revision.c.revision.desc())
)


class _CorrectionColumns(NamedTuple):
    """A revision that may hold corrections, with the story that it belongs to now."""

    story_id: int
    article_id: int
    at: datetime
    added: str


def corrections_of(
    session: Session, articles: Mapping[int, Sequence[Article]]
) -> dict[int, tuple[Correction, ...]]:
    """The corrections among the articles of each story, newest first; of each report the newest of a kind.

    Those by or of an article that is not given are left out: the reader does not see it.
    """
    found: dict[int, list[Correction]] = {}
    for ids in chunks(articles):
        for row in records(
            session.connection().execute(_CORRECTING, {"stories": list(ids)}), _CorrectionColumns
        ):
            known = {article.id: article for article in articles[row.story_id]}
            seen = {(mark.kind, mark.article_id) for mark in found.get(row.story_id, ())}
            for kind, marked in _parse_corrections(load_texts(row.added)):
                if row.article_id in known and marked in known and (kind, marked) not in seen:
                    past = known[marked]
                    one = Correction(kind, marked, past.title, past.published_at, row.article_id, row.at)
                    found.setdefault(row.story_id, []).append(one)
    edited = {one.article_id for marks in found.values() for one in marks if one.by == one.article_id}
    before = _titles_before(session, edited)
    return {
        story: tuple(
            replace(one, said=before.get(one.article_id, one.said)) if one.by == one.article_id else one
            for one in marks
        )
        for story, marks in found.items()
    }


def _parse_corrections(facts: Iterable[str]) -> list[tuple[str, int]]:
    parted = (fact.partition(":") for fact in facts)
    return [(kind, int(value)) for kind, _, value in parted if kind in CORRECTION_KINDS and value.isdigit()]


def _titles_before(session: Session, article_ids: Iterable[int]) -> dict[int, str]:
    """The headline that each of these articles had before its outlet last edited it."""
    past = t.article_revision.c
    titles = select(col(ArticleRevisionRow.article_id), col(ArticleRevisionRow.title)).order_by(past.number)
    return {
        article_id: title
        for ids in chunks(article_ids)
        for article_id, title in session.execute(titles.where(past.article_id.in_(ids)))
    }

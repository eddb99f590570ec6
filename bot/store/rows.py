"""The columns of articles that several functions read, and what follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from bot.article import concerns_of
from bot.domain.articles import Article
from bot.domain.evidence import unpack_evidence
from bot.store import tables as t
from bot.store.sql import columns


class ArticleColumns(NamedTuple):
    """The columns that an Article needs, in the order of its fields."""

    id: int
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    kind: str
    published_at: datetime
    first_seen_at: datetime
    story_id: int | None
    topics: str
    verdict: bytes
    evidence: str | None
    form: str | None


ARTICLE = columns(ArticleColumns, t.article)


def article_of(row: ArticleColumns) -> Article:
    """The article in a row."""
    return Article(*row[:11], tuple(row.topics.split()), row.verdict, row.evidence, row.form or "")


class PlacedColumns(NamedTuple):
    """The columns from which an article's concerns, questions and place in a story follow."""

    id: int
    story_id: int | None
    published_at: datetime
    topics: str
    evidence: str | None
    common: bool


PLACED = columns(PlacedColumns, t.article)


def question_rows(row: PlacedColumns) -> list[dict[str, Any]]:
    """The rows of ``article_question`` for an article."""
    return [
        {
            "question_id": bearing.question,
            "published_at": row.published_at,
            "article_id": row.id,
            "weight": bearing.weight,
        }
        for bearing in unpack_evidence(row.evidence).bearings
    ]


def concern_rows(row: PlacedColumns, story_id: int) -> list[dict[str, Any]]:
    """The rows of ``article_concern`` for an article that stands in a story."""
    return [
        {
            "concern_id": name,
            "published_at": row.published_at,
            "article_id": row.id,
            "story_id": story_id,
            "common": row.common,
        }
        for name in concerns_of(row.topics.split(), unpack_evidence(row.evidence))
    ]

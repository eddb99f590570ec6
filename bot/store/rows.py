"""From rows of articles to values."""

from __future__ import annotations

from bot.domain.articles import Article
from bot.store import tables as t
from bot.store.sql import AnyRow

#: The columns that an Article needs.
ARTICLE = (
    t.article.c.id,
    t.article.c.feed_id,
    t.article.c.url,
    t.article.c.title,
    t.article.c.summary,
    t.article.c.language,
    t.article.c.publisher,
    t.article.c.kind,
    t.article.c.published_at,
    t.article.c.first_seen_at,
    t.article.c.story_id,
    t.article.c.topics,
    t.article.c.verdict,
    t.article.c.evidence,
)


def article_of(row: AnyRow) -> Article:
    """The article in a row that begins with the columns of ``ARTICLE``."""
    return Article(
        row.id,
        row.feed_id,
        row.url,
        row.title,
        row.summary,
        row.language,
        row.publisher,
        row.kind,
        row.published_at,
        row.first_seen_at,
        row.story_id,
        tuple(row.topics.split()),
        row.verdict,
        row.evidence,
    )

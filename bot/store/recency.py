"""Which reports are news: those that were young when we came to know of them.

A feed that is read for the first time lists months of old entries. They can be searched and listed by their
dates, but nobody is told of them as new.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, ColumnElement, literal

from bot.store import tables as t

#: The oldest that a report may be when it becomes known. A feed that was down for some days and a weekly
#: that bears the date of its printing are told late; what is older was news to everybody else a week ago.
NEWS_AGE = timedelta(days=7)


def is_news() -> ColumnElement[bool]:
    """That an article, of ``t.article``, was published at most ``NEWS_AGE`` before it became known."""
    article = t.article.c
    age = literal(int(NEWS_AGE.total_seconds()), BigInteger)
    return article.published_at >= article.first_seen_at - age

"""The index on PostgreSQL: a tsvector of our own tokens under a GIN index, in a table beside the articles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, column, text
from sqlalchemy.orm import Session

from bot.store.search.question import SearchQuery
from bot.store.search.text import IN_TITLE, Text

_ADD = text(
    "INSERT INTO article_search (article_id, tokens) VALUES (:id, CAST(:tokens AS tsvector))"
    " ON CONFLICT (article_id) DO UPDATE SET tokens = excluded.tokens"
)
_REMOVE = text("DELETE FROM article_search WHERE article_id = :id")
#: The ids from ``after`` up to ``before`` of the newest articles that answer, and whether their titles alone
#: do.
NEWEST = text(
    "SELECT article_id AS id, tokens @@ CAST(:titled AS tsquery) AS titled"
    " FROM (SELECT article_id, tokens FROM article_search"
    " WHERE tokens @@ CAST(:match AS tsquery) AND article_id >= :after AND article_id < :before"
    " ORDER BY article_id DESC LIMIT :most) AS newest"
).columns(column("id", BigInteger), column("titled", Boolean))


def add(session: Session, texts: Sequence[Text]) -> None:
    """Index ``texts``."""
    rows = [{"id": one.id, "tokens": vector(one)} for one in texts]
    session.connection().execute(_ADD, rows)


def remove(session: Session, texts: Sequence[Text]) -> None:
    """Forget ``texts``."""
    session.connection().execute(_REMOVE, [{"id": one.id} for one in texts])


def clear(session: Session) -> None:
    """Forget everything, to be filled anew and then completed."""
    session.execute(text("TRUNCATE article_search"))
    session.execute(text("DROP INDEX IF EXISTS article_search_tokens"))


def complete(session: Session) -> None:
    """Everything is in again: a GIN index is made in a tenth of the time that it takes to keep one up."""
    session.execute(text("CREATE INDEX article_search_tokens ON article_search USING gin (tokens)"))


def optimize(session: Session) -> None:
    """Nothing to do: autovacuum looks after the index."""


def match_expression(question: SearchQuery, tags: Sequence[str], *, titles: bool = False) -> str:
    """The question in tsquery's language, of ``titles`` alone or of whole texts.

    Tokens are letters and digits only, and quoted all the same.
    """
    mark = IN_TITLE if titles else ""
    parts = ["(" + " | ".join(f"'{mark}{token}'" for token in group) + ")" for group in question.groups]
    for choices in question.either:
        every = (" & ".join(f"'{mark}{token}'" for token in one) for one in choices)
        parts.append("(" + " | ".join(f"({one})" for one in every) + ")")
    if question.prefix:
        stems = "".join(f" | '{mark}{stem}'" for stem in question.prefix_stems)
        parts.append(f"('{mark}{question.prefix}':*{stems})")
    without = (f"!'{token}'" for token in question.without)
    return " & ".join([*parts, *(f"'{tag}'" for tag in tags), *without])


def vector(one: Text) -> str:
    """The text as a tsvector's own words, without places. No parser comes between."""
    return " ".join(f"'{token}'" for token in one.tokens())

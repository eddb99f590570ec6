"""The index on SQLite: contentless FTS5, written in the transaction that writes the article."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, column, text
from sqlalchemy.orm import Session

from bot.store.search.question import SearchQuery
from bot.store.search.text import IN_TITLE, Text

_ADD = text("INSERT INTO article_search (rowid, tokens) VALUES (:id, :tokens)")
#: A contentless table forgets a row only if it is told what the row held.
_REMOVE = text("INSERT INTO article_search (article_search, rowid, tokens) VALUES ('delete', :id, :tokens)")
#: The ids from ``after`` up to ``before`` of the newest articles that answer, and whether their titles alone
#: do.
#: The newest first, and no more of them than are asked for. No bm25: it counts every match of every word
#: before the first row, and PostgreSQL has nothing that ranks the same.
NEWEST = text(
    "SELECT rowid AS id, rowid IN (SELECT rowid FROM article_search WHERE article_search MATCH :titled"
    " AND rowid >= :after AND rowid < :before ORDER BY rowid DESC LIMIT :most) AS titled FROM article_search"
    " WHERE article_search MATCH :match AND rowid >= :after AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :most"
).columns(column("id", BigInteger), column("titled", Boolean))


def add(session: Session, texts: Sequence[Text]) -> None:
    """Index ``texts``, which must not be in the index."""
    session.connection().execute(_ADD, [_row(one) for one in texts])


def remove(session: Session, texts: Sequence[Text]) -> None:
    """Forget ``texts``, which must be given as they were indexed."""
    session.connection().execute(_REMOVE, [_row(one) for one in texts])


def clear(session: Session) -> None:
    """Forget everything, to be filled anew and then completed."""
    session.execute(text("INSERT INTO article_search (article_search) VALUES ('delete-all')"))


def complete(session: Session) -> None:
    """Everything is in again."""
    optimize(session)


def optimize(session: Session) -> None:
    """Merge the index into one tree, which makes it smaller and faster to read."""
    session.execute(text("INSERT INTO article_search (article_search) VALUES ('optimize')"))


def match_expression(question: SearchQuery, tags: Sequence[str], *, titles: bool = False) -> str:
    """The question in FTS5's language, of ``titles`` alone or of whole texts.

    Every token is quoted, so that none is an operator.
    """
    mark = IN_TITLE if titles else ""
    parts = ["(" + " OR ".join(f'"{mark}{token}"' for token in group) + ")" for group in question.groups]
    for choices in question.either:
        every = (" AND ".join(f'"{mark}{token}"' for token in one) for one in choices)
        parts.append("(" + " OR ".join(f"({one})" for one in every) + ")")
    if question.prefix:
        stems = "".join(f' OR "{mark}{stem}"' for stem in question.prefix_stems)
        parts.append(f'("{mark}{question.prefix}" *{stems})')
    found = " AND ".join([*parts, *(f'"{tag}"' for tag in tags)])
    return found + "".join(f' NOT "{token}"' for token in question.without)


def _row(one: Text) -> dict[str, object]:
    return {"id": one.id, "tokens": " ".join(one.tokens())}

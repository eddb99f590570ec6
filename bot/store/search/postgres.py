"""The index on PostgreSQL: a tsvector of our own tokens under a GIN index, in a table beside the articles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, column, text
from sqlalchemy.orm import Session

from bot.store.search.analyse import Question
from bot.store.search.text import Text

#: Positions end here (PostgreSQL, "Limitations" of text search); later ones share the last.
_LAST_POSITION = 16_383

_ADD = text(
    "INSERT INTO article_search (article_id, tokens) VALUES (:id, CAST(:tokens AS tsvector))"
    " ON CONFLICT (article_id) DO UPDATE SET tokens = excluded.tokens"
)
_REMOVE = text("DELETE FROM article_search WHERE article_id = :id")
#: The ids below ``before`` of the newest articles that answer, and whether their titles alone do.
NEWEST = text(
    "SELECT article_id AS id, tokens @@ CAST(:titled AS tsquery) AS titled"
    " FROM (SELECT article_id, tokens FROM article_search"
    " WHERE tokens @@ CAST(:match AS tsquery) AND article_id < :before"
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
    """Forget everything."""
    session.execute(text("TRUNCATE article_search"))


def optimize(session: Session) -> None:
    """Nothing to do: autovacuum looks after the index."""


def match_expression(question: Question, tags: Sequence[str], *, titles: bool = False) -> str:
    """The question in tsquery's language, of ``titles`` alone or of whole texts.

    Tokens are letters and digits only, and quoted all the same.
    """
    where = "A" if titles else "AB"
    parts = ["(" + " | ".join(f"'{token}':{where}" for token in group) + ")" for group in question.groups]
    if question.prefix:
        stems = "".join(f" | '{stem}':{where}" for stem in question.prefix_stems)
        parts.append(f"('{question.prefix}':*{where}{stems})")
    parts += [f"'{tag}':D" for tag in tags]
    return " & ".join(parts)


def vector(one: Text) -> str:
    """The text as a tsvector's own words: title A, body B, tags D. No parser comes between."""
    items = []
    position = 0
    for weight, words in (("A", one.title_tokens()), ("B", one.body_tokens()), ("D", one.tags())):
        for word in words:
            position = min(position + 1, _LAST_POSITION)
            items.append(f"'{word}':{position}{weight if weight != 'D' else ''}")
    return " ".join(items)

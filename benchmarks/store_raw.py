"""What a plain driver needs to fetch the rows that a command shows: the lower bound beside the store."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.feeds.identity import EntryKeys
from bot.store.database import Database
from bot.store.search import postgres, sqlite
from bot.store.search.analyse import question

_ARTICLE = (
    "id, feed_id, url, title, summary, language, publisher, kind, published_at, first_seen_at, story_id,"
    " topics, verdict"
)


class Raw:
    """The same rows by hand-written SQL over one open connection."""

    def __init__(self, connection: Any, kind: str) -> None:
        self._connection = connection
        self._sqlite = kind == "sqlite"
        self._true = "1" if self._sqlite else "true"

    def latest(self, concern: str | None, limit: int) -> list[Any]:
        """The newest stories, each once, with their articles."""
        if concern is None:
            walk = f"SELECT story_id FROM article WHERE story_id IS NOT NULL AND common = {self._true}"
            order, values = " ORDER BY published_at DESC, id DESC LIMIT ?", [4 * limit]
        else:
            walk = f"SELECT story_id FROM article_concern WHERE concern_id = ? AND common = {self._true}"
            order, values = " ORDER BY published_at DESC, article_id DESC LIMIT ?", [concern, 4 * limit]
        stories = list(dict.fromkeys(row[0] for row in self._all(walk + order, values)))[:limit]
        marks = ", ".join("?" * len(stories))
        return self._all(f"SELECT {_ARTICLE} FROM article WHERE story_id IN ({marks})", stories)

    def counts(self, since: datetime) -> list[Any]:
        """Stories of each concern since then."""
        return self._all(
            "SELECT concern_id, COUNT(DISTINCT story_id) FROM article_concern WHERE concern_id IN"
            " ('border_security', 'regional_security', 'organized_crime', 'defense_policy', 'trade_leverage')"
            f" AND published_at >= ? AND common = {self._true} GROUP BY concern_id",
            [int(since.timestamp())],
        )

    def story(self, story_id: int) -> list[Any]:
        """A story's articles."""
        return self._all(f"SELECT {_ARTICLE} FROM article WHERE story_id = ?", [story_id])

    def search(self, word: str) -> list[Any]:
        """The newest 500 that hold the word, with their dates, and the ten newest of them."""
        engine = sqlite if self._sqlite else postgres
        key = "rowid" if self._sqlite else "article_id"
        match = "article_search MATCH ?" if self._sqlite else "tokens @@ CAST(? AS tsquery)"
        found = self._all(
            f"SELECT hits.id, a.published_at FROM (SELECT {key} AS id FROM article_search WHERE {match}"
            f" ORDER BY {key} DESC LIMIT 500) AS hits JOIN article a ON a.id = hits.id",
            [engine.match_expression(question(word), ())],
        )
        best = sorted(found, key=lambda row: -row[1])[:10]
        marks = ", ".join("?" * len(best))
        return self._all(f"SELECT {_ARTICLE} FROM article WHERE id IN ({marks})", [row[0] for row in best])

    def timeline(self, concern: str, since: datetime) -> list[Any]:
        """The counts of each day."""
        return self._all(
            "SELECT start, articles, stories FROM concern_span WHERE concern_id = ? AND span = 1"
            " AND start >= ? ORDER BY start",
            [concern, int(since.timestamp()) // 86_400],
        )

    def feeds(self) -> list[Any]:
        """All feeds."""
        return self._all("SELECT * FROM feed ORDER BY publisher, title, id", [])

    def keys(self, keys: Sequence[EntryKeys]) -> list[Any]:
        """Which of the keys are known, as articles or as fingerprints."""
        guids = [key.guid_key for key in keys]
        urls = [key.url_key for key in keys if key.url_key]
        found = []
        for table in ("article", "fingerprint"):
            for column, values in (("guid_key", guids), ("url_key", urls)):
                marks = ", ".join("?" * len(values))
                found += self._all(
                    f"SELECT id, feed_id, guid_key, url_key, content_key FROM {table}"
                    f" WHERE {column} IN ({marks})",
                    values,
                )
        return found

    def _all(self, statement: str, values: Sequence[Any]) -> list[Any]:
        if not self._sqlite:
            statement = statement.replace("?", "%s")
        return list(self._connection.execute(statement, values).fetchall())


@contextlib.contextmanager
def raw_reader(database: Database) -> Iterator[Raw]:
    """A plain connection to the store."""
    if database.address.path is not None:
        connection: Any = sqlite3.connect(database.address.path)
        connection.execute("PRAGMA query_only=ON")
    else:
        import psycopg

        url = database.address.url.set(drivername="postgresql")
        connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
    try:
        yield Raw(connection, database.kind)
    finally:
        connection.close()

"""What a plain driver needs to fetch the rows that a command shows: the lower bound beside the store.

The same rows under the same conditions, what this server changed about its feeds among them, by hand-written
SQL over one open connection; no values are made of them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.feeds.identity import EntryKeys
from bot.store.database import Database
from bot.store.search import postgres, sqlite
from bot.store.search.question import question

_ARTICLE = (
    "a.id, a.feed_id, a.url, a.title, a.summary, a.language, a.publisher, a.kind, a.published_at,"
    " a.first_seen_at, a.story_id, a.topics, a.verdict"
)
_CONCERNS = "'border_security', 'regional_security', 'organized_crime', 'defense_policy', 'trade_leverage'"
_GUILD = 0


class Raw:
    """The rows of server 0, which changed nothing about its feeds."""

    def __init__(self, connection: Any, kind: str) -> None:
        self._connection = connection
        self._sqlite = kind == "sqlite"
        self._true = "1" if self._sqlite else "true"

    def latest(
        self, limit: int, concern: str | None = None, since: datetime | None = None, language: str = ""
    ) -> list[Any]:
        """The newest stories, each once, with their articles."""
        self._changed()
        step = max(24, 4 * limit)
        where = [f"common = {self._true}"]
        values: list[Any] = []
        if concern is None:
            table, id = "article", "id"
            where.append("story_id IS NOT NULL")
        else:
            table, id = "article_concern", "article_id"
            where.append("concern_id = ?")
            values.append(concern)
        if since is not None:
            where.append("published_at >= ?")
            values.append(int(since.timestamp()))
        walk = f"SELECT story_id FROM {table} WHERE {' AND '.join(where)}"
        if language:
            joined = " AND ".join(f"c.{one}" for one in where)
            walk = f"SELECT c.story_id FROM {table} c JOIN article a ON a.id = c.{id} WHERE {joined}"
            walk += " AND a.language = ?"
            values.append(language)
            table = "c"
        walk += f" ORDER BY {table}.published_at DESC, {table}.{id} DESC LIMIT {step}"
        ids = list(dict.fromkeys(row[0] for row in self._all(walk, values)))[:limit]
        return self._articles(ids)

    def counts(self, since: datetime) -> list[Any]:
        """Stories of each concern since then."""
        self._changed()
        return self._all(
            "SELECT concern_id, COUNT(DISTINCT story_id) FROM article_concern"
            f" WHERE concern_id IN ({_CONCERNS}) AND published_at >= ? AND common = {self._true}"
            " GROUP BY concern_id",
            [int(since.timestamp())],
        )

    def health(self) -> list[Any]:
        """How many feeds are in which health."""
        return self._all(
            "SELECT f.health, COUNT(*), MAX(f.last_success_at) FROM feed f LEFT JOIN guild_feed g"
            " ON g.feed_id = f.id AND g.guild_id = ? WHERE f.disabled_reason IS NULL"
            f" AND (f.is_default = {self._true} AND g.status IS NULL OR g.status = 'added')"
            " GROUP BY f.health",
            [_GUILD],
        )

    def watches(self) -> list[Any]:
        """Whether the server watches anything."""
        where = "guild_id = ? AND confirmed_at IS NOT NULL"
        return self._all(f"SELECT id FROM watch WHERE {where} LIMIT 1", [_GUILD])

    def story(self, story_id: int) -> list[Any]:
        """A story's articles."""
        self._changed()
        return self._articles([story_id])

    def stories(self, ids: Sequence[int]) -> list[Any]:
        """The articles of some stories."""
        self._changed()
        return self._articles(ids)

    def story_page(self, story_id: int) -> list[Any]:
        """All that a story's page shows: its articles, what each added, and related stories."""
        found = self.story(story_id)
        self._all(
            "SELECT r.* FROM story_revision r JOIN story s ON s.id = r.story_id"
            " WHERE s.id = ? OR s.merged_into = ? ORDER BY r.at, r.story_id, r.revision",
            [story_id, story_id],
        )
        linked = self._all(
            "SELECT low_id, high_id, kind, score FROM story_link WHERE low_id = ? OR high_id = ?",
            [story_id, story_id],
        )
        related = [low if high == story_id else high for low, high, _, _ in linked]
        return found + (self.stories(related[:8]) if related else [])

    def article_at(self, keys: Sequence[bytes]) -> list[Any]:
        """The article at an address, which any publisher may have brought."""
        self._changed()
        self._all("SELECT DISTINCT publisher FROM feed", [])
        return self._all(f"SELECT {_ARTICLE} FROM article a WHERE a.url_key IN ({_marks(keys)})", keys)

    def search(self, words: str, since: datetime | None = None, concern: str | None = None) -> list[Any]:
        """The newest 500 that hold the words, with their dates, and the best of them."""
        self._changed()
        asked = question(words)
        where = [f"a.common = {self._true}"]
        values: list[Any] = []
        if since is not None:
            where.append("a.published_at >= ?")
            values.append(int(since.timestamp()))
        if concern is not None:
            where.append(
                "EXISTS (SELECT 1 FROM article_concern c WHERE c.concern_id = ?"
                " AND c.published_at = a.published_at AND c.article_id = a.id)"
            )
            values.append(concern)
        after = self._first_since(since) if since else 0
        match = "article_search MATCH ?" if self._sqlite else "tokens @@ CAST(? AS tsquery)"
        id = "rowid" if self._sqlite else "article_id"
        titled = (
            f"rowid IN (SELECT rowid FROM article_search WHERE {match} AND rowid >= {after}"
            " ORDER BY rowid DESC LIMIT 500)"
            if self._sqlite
            else match
        )
        held = "rowid" if self._sqlite else "article_id, tokens"
        newest = (
            f"SELECT {id} AS id, {titled} AS titled FROM (SELECT {held} FROM article_search"
            f" WHERE {match} AND {id} >= {after} ORDER BY {id} DESC LIMIT 500) AS newest"
        )
        engine = sqlite if self._sqlite else postgres
        asked_for = [engine.match_expression(asked, (), titles=titles) for titles in (True, False)]
        found = self._all(
            f"WITH hits AS ({newest}) SELECT hits.id, hits.titled, a.published_at, a.story_id"
            f" FROM hits JOIN article a ON a.id = hits.id WHERE {' AND '.join(where)}",
            [*asked_for, *values],
        )
        best = sorted(found, key=lambda row: (row[1], row[2]), reverse=True)[:8]
        if not best:
            return []
        ids = [row[0] for row in best]
        return self._all(f"SELECT {_ARTICLE} FROM article a WHERE a.id IN ({_marks(ids)})", ids)

    def timeline(self, concern: str, since: datetime, span: int = 1) -> list[Any]:
        """The counts of each day or week."""
        self._changed()
        return self._all(
            "SELECT start, articles, stories FROM concern_span WHERE concern_id = ? AND span = ?"
            " AND start >= ? ORDER BY start",
            [concern, span, int(since.timestamp()) // 86_400],
        )

    def relative_days(self, concern: str, since: datetime, limit: int) -> list[Any]:
        """The most reported story of each of the newest days."""
        self._changed()
        days = self._all(
            "SELECT start, top_story_id FROM concern_span WHERE concern_id = ? AND span = 1"
            " AND start >= ? AND articles > 0 ORDER BY start DESC",
            [concern, int(since.timestamp()) // 86_400],
        )
        return self._articles([row[1] for row in days[:limit]])

    def news(self, since: datetime) -> list[Any]:
        """What a reader who was told nothing is told; nothing is noted."""
        self._changed()
        rows = self._all(
            "SELECT r.story_id, MAX(s.last_at) FROM story_revision r JOIN story s ON s.id = r.story_id"
            " LEFT JOIN ledger l ON l.story_id = r.story_id AND l.reader = 'nobody' WHERE r.at > ?"
            " AND l.revision IS NULL AND EXISTS (SELECT 1 FROM article a WHERE a.id = r.article_id"
            f" AND a.common = {self._true}) GROUP BY r.story_id ORDER BY 2 DESC LIMIT 8",
            [int(since.timestamp())],
        )
        return self._articles([row[0] for row in rows]) if rows else []

    def changed(self, since: datetime, until: datetime) -> list[Any]:
        """The stories of which something was learned between two moments."""
        rows = self._all(
            "SELECT COALESCE(s.merged_into, s.id) AS root, MAX(r.at) FROM story_revision r"
            " JOIN story s ON s.id = r.story_id WHERE r.at > ? AND r.at <= ? GROUP BY root ORDER BY 2 DESC",
            [int(since.timestamp()), int(until.timestamp())],
        )
        self._changed()
        return self._articles([row[0] for row in rows[:400]]) if rows else []

    def feeds(self) -> list[Any]:
        """All feeds."""
        return self._all(
            "SELECT f.*, g.status FROM feed f LEFT JOIN guild_feed g ON g.feed_id = f.id AND g.guild_id = ?"
            f" WHERE f.is_default = {self._true} OR g.status IN ('added', 'paused')"
            " ORDER BY f.publisher, f.title, f.id",
            [_GUILD],
        )

    def keys(self, keys: Sequence[EntryKeys]) -> list[Any]:
        """Which of the keys are known, as articles or as fingerprints."""
        guids = [key.guid_key for key in keys]
        urls = [key.url_key for key in keys if key.url_key]
        found = []
        for table in ("article", "fingerprint"):
            for column, values in (("guid_key", guids), ("url_key", urls)):
                found += self._all(
                    f"SELECT id, feed_id, guid_key, url_key, content_key FROM {table}"
                    f" WHERE {column} IN ({_marks(values)})",
                    values,
                )
        return found

    def _first_since(self, since: datetime) -> int:
        """The first id that arrived since then."""
        step = "(SELECT first_seen_at FROM article WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) < ?"
        hunt = (
            "WITH RECURSIVE hunt (low, high) AS (SELECT (SELECT MIN(id) FROM article),"
            " (SELECT MAX(id) FROM article) + 1 UNION ALL"
            f" SELECT CASE WHEN {step} THEN (low + high) / 2 + 1 ELSE low END,"
            f" CASE WHEN {step} THEN high ELSE (low + high) / 2 END FROM hunt WHERE low < high)"
            " SELECT MAX(low) FROM hunt"
        )
        return int(self._all(hunt, [int(since.timestamp())] * 2)[0][0])

    def _changed(self) -> None:
        """What this server changed about its feeds: what may be seen depends on it."""
        self._all("SELECT feed_id, status FROM guild_feed WHERE guild_id = ?", [_GUILD])

    def _articles(self, story_ids: Sequence[int]) -> list[Any]:
        return self._all(
            f"SELECT {_ARTICLE}, s.revision FROM article a JOIN story s ON s.id = a.story_id"
            f" WHERE a.story_id IN ({_marks(story_ids)}) AND a.common = {self._true}"
            " ORDER BY a.published_at DESC, a.id DESC",
            story_ids,
        )

    def _all(self, statement: str, values: Sequence[Any]) -> list[Any]:
        if not self._sqlite:
            statement = statement.replace("?", "%s")
        return list(self._connection.execute(statement, values).fetchall())


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


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

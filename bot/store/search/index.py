"""The one index in front of both engines: writing, asking and ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import ModuleType

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.rows import ARTICLE, article_of
from bot.store.search import postgres, sqlite
from bot.store.search.analyse import VERSION, question
from bot.store.search.text import Text, concern_tag, language_tag
from bot.store.sql import is_sqlite, upsert
from bot.store.views import SearchHit
from bot.store.visibility import visibility

#: Only so many of the newest matches are ranked. With recency in the score, the top ten were the same as
#: from ranking all, in every class of words that was tried.
RANKED = 500
#: A server that hides much may need more than one such window; a bound on what one question may cost.
_WINDOWS = 8
#: A hit of this age counts 0.5 + FLOOR of a new one. The floor keeps a much better old one in sight.
_HALF_DAYS = 30.0
_FLOOR = 0.2
_REBUILD_BATCH = 500
_VERSION_KEY = "analyser_version"
_HIGHEST = 2**62


def add(session: Session, texts: Sequence[Text]) -> None:
    """Index articles, in the transaction that inserts them."""
    if texts:
        _engine(session).add(session, texts)


def remove(session: Session, texts: Sequence[Text]) -> None:
    """Forget articles; ``texts`` as they were when they were indexed."""
    if texts:
        _engine(session).remove(session, texts)


def search(
    session: Session,
    guild_id: int | None,
    words: str,
    *,
    concern: str | None = None,
    since: datetime | None = None,
    language: str | None = None,
    limit: int = 10,
    prefix: bool = False,
    by_story: bool = True,
) -> list[SearchHit]:
    """The articles that hold every word and that the server may see, best first; at most ``limit``.

    Relevance counts, and so does recency. With ``by_story``, only the best hit of each story is given.
    Any text is allowed as ``words``; one without a word in it finds nothing.
    """
    asked = question(words, prefix=prefix)
    if not asked or limit < 1:
        return []
    tags = [concern_tag(concern)] if concern else []
    if language:
        tags.append(language_tag(language))
    seen = visibility(session, guild_id)
    engine = _engine(session)
    found: list[tuple[float, int, datetime, int]] = []
    stories: set[int] = set()
    before = _HIGHEST
    for _ in range(_WINDOWS):
        window = engine.newest(session, asked, tags, before, RANKED)
        if not window:
            break
        before = window[-1][0]
        relevance = dict(window)
        conditions: list[ColumnElement[bool]] = [
            t.article.c.id.in_(list(relevance)),
            t.article.c.story_id.is_not(None),
            seen.clause(t.article.c.id, t.article.c.common),
        ]
        if since is not None:
            conditions.append(t.article.c.published_at >= since)
        rows = session.execute(
            select(t.article.c.id, t.article.c.published_at, t.article.c.story_id).where(*conditions)
        ).all()
        found += [(relevance[row[0]], row[0], row[1], row[2]) for row in rows]
        stories.update(row[2] for row in rows)
        # Ids follow time: once a whole window lies before ``since``, so do all further ones.
        enough = len(stories) if by_story else len(found)
        if len(window) < RANKED or enough >= limit or (since is not None and not rows):
            break
    return _best(session, found, limit, by_story)


def ensure(session: Session) -> int:
    """Rebuild the index if another version of the analyser made it. Returns how many were indexed anew."""
    stored = session.scalar(select(t.meta.c.value).where(t.meta.c.key == _VERSION_KEY))
    if stored == VERSION:
        return 0
    return rebuild(session)


def rebuild(session: Session) -> int:
    """Make the index afresh from the articles. Returns how many it holds."""
    engine = _engine(session)
    engine.clear(session)
    after, count = 0, 0
    columns = (
        t.article.c.id,
        t.article.c.language,
        t.article.c.title,
        t.article.c.summary,
        t.article.c.topics,
    )
    while rows := session.execute(
        select(*columns).where(t.article.c.id > after).order_by(t.article.c.id).limit(_REBUILD_BATCH)
    ).all():
        engine.add(session, [Text(*row) for row in rows])
        after, count = rows[-1].id, count + len(rows)
    upsert(session, t.meta, [{"key": _VERSION_KEY, "value": VERSION}])
    return count


def optimize(session: Session) -> None:
    """Make the index smaller and faster to read. Takes seconds at a million articles."""
    _engine(session).optimize(session)


def _best(
    session: Session, found: list[tuple[float, int, datetime, int]], limit: int, by_story: bool
) -> list[SearchHit]:
    if not found:
        return []
    newest = max(at for _, _, at, _ in found)
    scored = sorted(
        ((relevance * _freshness(newest, at), id, story) for relevance, id, at, story in found),
        key=lambda hit: (-hit[0], -hit[1]),
    )
    others: dict[int, int] = {}
    best = []
    for score, article_id, story in scored:
        if by_story and story in others:
            others[story] += 1
            continue
        others[story] = 0
        best.append((score, article_id, story))
    best = best[:limit]
    rows = session.execute(select(*ARTICLE).where(t.article.c.id.in_([one[1] for one in best])))
    articles = {row.id: article_of(row) for row in rows}
    return [
        SearchHit(articles[article_id], score, others[story] if by_story else 0)
        for score, article_id, story in best
        if article_id in articles
    ]


def _freshness(newest: datetime, at: datetime) -> float:
    """From 1.2 for the newest hit down to 0.2: age is counted from the newest, so that no clock is needed."""
    days = (newest - at).total_seconds() / 86_400
    return 1.0 / (1.0 + days / _HALF_DAYS) + _FLOOR


def _engine(session: Session) -> ModuleType:
    return sqlite if is_sqlite(session) else postgres

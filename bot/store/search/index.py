"""The one index in front of both engines: writing, asking and ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, and_, bindparam, exists, select, text, type_coerce
from sqlalchemy.orm import Session

from bot.domain.articles import Hits, SearchHit
from bot.domain.audience import View
from bot.store import tables as t
from bot.store.models import ArticleRow
from bot.store.rows import ARTICLE, ArticleColumns, article_of
from bot.store.search import postgres, sqlite
from bot.store.search.analyse import VERSION
from bot.store.search.question import SearchQuery, question
from bot.store.search.text import Text, concern_tag, language_tag
from bot.store.sql import col, columns, is_sqlite, records, upsert
from bot.store.types import Epoch
from bot.store.visibility import Visibility, visibility

#: Only so many of the newest matches are ranked. With recency in the score, the top ten were the same as
#: from ranking all, in every class of words that was tried.
RANKED = 500
#: A server that hides much may need more than one such window; a bound on what one question may cost.
_WINDOWS = 8
#: A concern or a language is looked for among the newest matches first: to ask the index for its tag makes
#: it count all articles that have it (15 ms for a sixth of a million). Only if these windows hold too few.
_PLAIN_WINDOWS = 3
#: A title that holds every word counts as much as being some six weeks newer. Both engines rank by this and
#: by nothing of their own, so that a store that is moved answers the same.
_TITLED = 2.0
#: A hit of this age counts 0.5 + FLOOR of a new one. The floor keeps a much better old one in sight.
_HALF_DAYS = 30.0
_FLOOR = 0.2
_REBUILD_BATCH = 500
_VERSION_KEY = "analyser_version"
_HIGHEST = 2**62
#: Feeds list what is some days old; a new feed lists more, which is looked for last.
_LATE = timedelta(days=3)
#: Two pollers may store in another order than they looked at the clock.
_ASTRAY = timedelta(hours=1)
#: Halves the ids, which follow time, until one is left: twenty steps for a million, without an index of
#: arrivals.
_CAME = "(SELECT first_seen_at FROM article WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1)"
_FIRST_SINCE = text(
    "WITH RECURSIVE hunt (low, high) AS ("
    "SELECT (SELECT MIN(id) FROM article), (SELECT MAX(id) FROM article) + 1 UNION ALL"
    f" SELECT CASE WHEN {_CAME} < :since THEN (low + high) / 2 + 1 ELSE low END,"
    f" CASE WHEN {_CAME} < :since THEN high ELSE (low + high) / 2 END FROM hunt WHERE low < high)"
    " SELECT MAX(low) FROM hunt"
).bindparams(bindparam("since", type_=Epoch()))


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
    view: View,
    words: str,
    *,
    concern: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    limit: int = 10,
    prefix: bool = False,
    by_story: bool = True,
) -> Hits:
    """The articles that hold every word and that the server may see, best first; at most ``limit``.

    ``since`` and ``until`` bound when they were published, the latter not included. New ones come first, and
    those whose titles hold every word. With ``by_story``, only the best hit of each story is given. Any text
    is allowed as ``words``; one without a word in it finds nothing.
    """
    asked = question(words, prefix=prefix)
    if not asked or limit < 1:
        return Hits((), 0, complete=True)
    engine = _engine(session)
    seen = visibility(session, view)
    given = {"since": since, "until": until, "concern": concern, "language": language}
    filters = {name: value for name, value in given.items() if value is not None}
    statement = _window(engine, seen, tuple(filters))
    tags = _tags(concern, language)
    found: list[_Found] = []
    stories: set[int] = set()
    known: set[int] = set()
    after = _first_since(session, since) if since else 0
    # Most of what is older than a day arrived by then: to begin there spares the windows of what came since.
    starts = [_first_since(session, until + _LATE), _HIGHEST] if until else [_HIGHEST]
    before, complete = starts.pop(0), False
    number = 0
    while number < _WINDOWS:
        narrowing = () if number < _PLAIN_WINDOWS else tags
        values = {
            "match": engine.match_expression(asked, narrowing),
            "titled": engine.match_expression(asked, narrowing, titles=True),
            "after": after,
            "before": before,
            "most": RANKED,
        }
        window = records(session.connection().execute(statement, values | filters), _Found)
        may_be_seen = [one for one in window if one.story_id is not None and one.article_id not in known]
        known.update(one.article_id for one in window)
        may_be_seen = _with_phrases(session, asked, may_be_seen)
        found += may_be_seen
        stories.update(one.story_id for one in may_be_seen if one.story_id is not None)
        enough = len(stories) if by_story else len(found)
        complete = len(window) < RANKED
        if complete and starts:
            before, complete, number = starts.pop(0), False, 0
            continue
        if complete or enough >= limit:
            break
        before = min(one.article_id for one in window)
        number += 1
    hits = _best(session, found, limit, by_story)
    return Hits(tuple(hits), len(stories) if by_story else len(found), complete=complete)


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
    words = select(*columns(_Words, t.article)).order_by(t.article.c.id).limit(_REBUILD_BATCH)
    while rows := records(session.execute(words.where(t.article.c.id > after)), _Words):
        engine.add(session, [Text(*row) for row in rows])
        after, count = rows[-1].id, count + len(rows)
    engine.complete(session)
    upsert(session, t.meta, [{"key": _VERSION_KEY, "value": VERSION}])
    return count


def optimize(session: Session) -> None:
    """Make the index smaller and faster to read. Takes seconds at a million articles."""
    _engine(session).optimize(session)


class _Words(NamedTuple):
    id: int
    language: str
    title: str
    summary: str
    topics: str


class _Found(NamedTuple):
    """A match; without a story if it may not be seen, is too old or is not grouped yet."""

    article_id: int
    titled: bool
    published_seconds: int | None
    story_id: int | None


def _with_phrases(session: Session, asked: SearchQuery, found: list[_Found]) -> list[_Found]:
    """Those in whose title or text the quoted words stand as they are."""
    if not found or not (asked.phrases or asked.without_phrases):
        return found
    article = t.article.c
    ids = [one.article_id for one in found]
    selected = col(ArticleRow.id), col(ArticleRow.title), col(ArticleRow.summary)
    rows = session.execute(select(*selected).where(article.id.in_(ids)))
    fitting = {id for id, title, summary in rows if asked.fits(title, summary)}
    return [one for one in found if one.article_id in fitting]


@lru_cache(maxsize=256)
def _window(engine: ModuleType, seen: Visibility, filters: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The newest matches, each with what ranking needs; in one statement, for 500 ids are dear to send."""
    hits = engine.NEWEST.cte("hits")
    article = t.article.c
    joined = [article.id == hits.c.id, seen.clause(article.id, article.common)]
    if "since" in filters:
        joined.append(article.published_at >= bindparam("since"))
    if "until" in filters:
        joined.append(article.published_at < bindparam("until"))
    if "language" in filters:
        joined.append(article.language == bindparam("language"))
    if "concern" in filters:
        concerns = t.article_concern.c
        under = select(1).where(
            concerns.concern_id == bindparam("concern"),
            concerns.published_at == article.published_at,
            concerns.article_id == article.id,
        )
        joined.append(exists(under))
    selected = (
        hits.c.id.label("article_id"),
        hits.c.titled,
        type_coerce(article.published_at, BigInteger).label("published_seconds"),
        article.story_id,
    )
    return select(*selected).select_from(hits.outerjoin(t.article, and_(*joined)))


def _tags(concern: str | None, language: str | None) -> list[str]:
    tags = [concern_tag(concern)] if concern else []
    return [*tags, language_tag(language)] if language else tags


def _first_since(session: Session, since: datetime) -> int:
    """The id from which on articles arrived after ``since``: no date is later than its arrival.

    Neither engine then looks through the years of a rare word for a question that asks for three months.
    """
    return session.connection().execute(_FIRST_SINCE, {"since": since - _ASTRAY}).scalar() or 0


def _best(session: Session, found: list[_Found], limit: int, by_story: bool) -> list[SearchHit]:
    if not found:
        return []
    newest = max(one.published_seconds or 0 for one in found)
    scored = sorted(
        (
            (_freshness(newest - (one.published_seconds or 0)) * (_TITLED if one.titled else 1), one)
            for one in found
        ),
        key=lambda hit: (-hit[0], -hit[1].article_id),
    )
    others: dict[int | None, int] = {}
    best = []
    for score, one in scored:
        if by_story and one.story_id in others:
            others[one.story_id] += 1
            continue
        others[one.story_id] = 0
        best.append((score, one))
    best = best[:limit]
    wanted = select(*ARTICLE).where(t.article.c.id.in_([one.article_id for _, one in best]))
    articles = {row.id: article_of(row) for row in records(session.execute(wanted), ArticleColumns)}
    return [
        SearchHit(articles[one.article_id], score, others[one.story_id] if by_story else 0)
        for score, one in best
        if one.article_id in articles
    ]


def _freshness(age: int) -> float:
    """From 1.2 for the newest hit down to 0.2: age is counted from it, so that no clock is needed."""
    return 1.0 / (1.0 + age / (_HALF_DAYS * 86_400)) + _FLOOR


def _engine(session: Session) -> ModuleType:
    return sqlite if is_sqlite(session) else postgres

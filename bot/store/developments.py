"""Stories as members see them: by concern, by server, newest first, and what changed when.

Lists are walked newest first and stopped as soon as there are enough stories: 0.02 ms, where sorting all
stories of a week takes 0.5 ms and all stories of five years takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from bot.article import CONCERNS, concerns_of
from bot.domain.articles import Article
from bot.domain.audience import View
from bot.domain.evidence import unpack_evidence
from bot.domain.stories import Cursor, Development, StoryLink, StoryRevision
from bot.store import tables as t
from bot.store.codec import load_texts
from bot.store.corrections import corrections_of
from bot.store.recency import is_news
from bot.store.rows import ARTICLE, ArticleColumns, article_of
from bot.store.sql import chunks, columns, joined, records
from bot.store.visibility import Visibility, visibility
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: Articles looked at in one step of a walk, for each story that is still wanted.
_STEP = 4
_SMALLEST_STEP = 24
#: The articles of one story that a list carries; the rest is on the story's own page.
_MOST_IN_LIST = 60


class RevisionColumns(NamedTuple):
    """The columns that a StoryRevision needs."""

    story_id: int
    revision: int
    at: datetime
    article_id: int
    reason: str
    added: str


class _LinkColumns(NamedTuple):
    low_id: int
    high_id: int
    kind: str
    score: float


class _ChangedStory(NamedTuple):
    """A story and when something was learned of it last."""

    story_id: int
    at: datetime


class _AddedColumns(NamedTuple):
    """A revision with the story that it belongs to now; ``chain`` is the story that it was made in."""

    story_id: int
    chain: int
    revision: int
    article_id: int
    added: str


class _Walked(NamedTuple):
    """A step of a walk through articles."""

    published_at: datetime
    article_id: int
    story_id: int


class _OfStory(NamedTuple):
    """An article's story, and its newest revision."""

    story: int
    revision: int


@dataclass(frozen=True, slots=True)
class Addition:
    """What reports added to a story: facts as ``bot.stories.novelty`` has them, and the first such report."""

    article_id: int
    facts: tuple[str, ...]


def latest(
    session: Session,
    view: View,
    *,
    concern: str | None = None,
    since: datetime | None = None,
    language: str | None = None,
    before: datetime | Cursor | None = None,
    limit: int = 10,
) -> list[Development]:
    """The newest developments that the server may see, newest first, at most ``limit``.

    A story stands where its newest article under the conditions stands. ``before`` goes on where a page
    ended: its last development's ``cursor`` is exact; a moment passes over stories of the same second.
    ``language`` keeps only the articles in it.
    """
    seen = visibility(session, view)
    conditions = _Conditions(seen, concern, since, language)
    start = Cursor(before, 0) if isinstance(before, datetime) else before
    found: list[Development] = []
    looked_at: set[int] = set()
    at = start
    while len(found) < limit:
        step = max(_SMALLEST_STEP, _STEP * (limit - len(found)))
        rows = conditions.walk(session, at, step)
        fresh = [id for id in dict.fromkeys(row.story_id for row in rows) if id not in looked_at]
        looked_at.update(fresh)
        while fresh and len(found) < limit:
            # No more of them are fetched whole than are wanted.
            wanted, fresh = fresh[: limit - len(found)], fresh[limit - len(found) :]
            for development in _developments(session, wanted, conditions):
                # A story whose newest article lies before the page's start was on an earlier page.
                if start is None or _place(development) < (start.at, start.article_id):
                    found.append(development)
        if len(rows) < step:
            break
        at = Cursor(rows[-1].published_at, rows[-1].article_id)
    return sorted(found, key=_place, reverse=True)


def story(session: Session, story_id: int, view: View) -> Development | None:
    """The story with all of its articles that the server may see; None if it may see none.

    The id of a story that was merged into another gives that other.
    """
    conditions = _Conditions(visibility(session, view), most=None)
    found = _developments(session, [story_id], conditions)
    if not found:
        merged = session.scalar(select(t.story.c.merged_into).where(t.story.c.id == story_id))
        found = _developments(session, [merged], conditions) if merged is not None else []
    return found[0] if found else None


def stories(session: Session, story_ids: Sequence[int], view: View) -> list[Development]:
    """Those of the stories that the server may see, in the order of ``story_ids``."""
    if not story_ids:
        return []
    return _developments(session, story_ids, _Conditions(visibility(session, view)))


def titles_of(session: Session, view: View, story_ids: Sequence[int], language: str) -> dict[int, str]:
    """The headlines of stories that may be seen, in ``language`` where there is one."""
    found = {id_: story(session, id_, view) for id_ in dict.fromkeys(story_ids)}
    return {id_: title_of(lead_article(one, language)) for id_, one in found.items() if one is not None}


def revisions(session: Session, story_id: int) -> list[StoryRevision]:
    """What each article added to a story and to those merged into it, in the order in which we learned it."""
    rows = session.connection().execute(_REVISIONS, {"story": story_id})
    return [revision_of(row) for row in records(rows, RevisionColumns)]


def links(session: Session, story_id: int) -> list[StoryLink]:
    """Other stories that may be the same event, the surest first."""
    rows = session.connection().execute(_LINKS, {"story": story_id})
    found = [
        StoryLink(row.high_id if row.low_id == story_id else row.low_id, row.kind, row.score)
        for row in records(rows, _LinkColumns)
    ]
    return sorted(found, key=lambda one: (-one.score, one.story_id))


def changed_between(
    session: Session,
    view: View,
    since: datetime,
    until: datetime,
    *,
    concern: str | None = None,
    limit: int = 400,
) -> list[Development]:
    """The stories that we learned something new of after ``since`` and up to ``until``, newest first.

    Both are moments at which we came to know, not dates of publishing: a late article is not lost, and two
    spans that touch never tell the same revision twice. What was old when we learned it is not news, nor is
    what came by an article that the server may not see.
    """
    seen = visibility(session, view)
    change, article = t.story_revision.c, t.article.c
    # What was learned of a story that was merged since is told with the one that it became.
    root = func.coalesce(t.story.c.merged_into, t.story.c.id).label("story_id")
    newest = func.max(change.at).label("at")
    rows = session.execute(
        select(root, newest)
        .join_from(t.story_revision, t.story, t.story.c.id == change.story_id)
        .join(t.article, article.id == change.article_id)
        .where(change.at > since, change.at <= until, is_news(), seen.clause(article.id, article.common))
        .group_by(root)
        .order_by(newest.desc(), root.desc())
    )
    conditions = _Conditions(seen, concern)
    found: list[Development] = []
    for ids in chunks((row.story_id for row in records(rows, _ChangedStory)), max(limit, 1)):
        found += _developments(session, ids, conditions)
        if len(found) >= limit:
            break
    return sorted(found[:limit], key=_place, reverse=True)


def additions_between(session: Session, view: View, since: datetime, until: datetime) -> dict[int, Addition]:
    """What was added in that span to the stories that were known before it, by story."""
    seen = visibility(session, view)
    change, article = t.story_revision.c, t.article.c
    root = func.coalesce(t.story.c.merged_into, t.story.c.id).label("story_id")
    rows = session.execute(
        select(root, change.story_id.label("chain"), change.revision, change.article_id, change.added)
        .join_from(t.story_revision, t.story, t.story.c.id == change.story_id)
        .join(t.article, article.id == change.article_id)
        .where(change.at > since, change.at <= until, is_news(), seen.clause(article.id, article.common))
        .order_by(change.at, change.story_id, change.revision)
    )
    added = records(rows, _AddedColumns)
    # A chain whose first revision lies in the span was not known before.
    fresh = {row.chain for row in added if row.revision == 1}
    found: dict[int, Addition] = {}
    for row in added:
        facts = load_texts(row.added)
        if row.chain in fresh or not facts:
            continue
        before = found.get(row.story_id, Addition(row.article_id, ()))
        found[row.story_id] = Addition(before.article_id, tuple(dict.fromkeys((*before.facts, *facts))))
    return found


def revision_of(row: RevisionColumns) -> StoryRevision:
    """The revision in a row."""
    return StoryRevision(
        row.story_id, row.revision, row.at, row.article_id, row.reason, load_texts(row.added)
    )


@dataclass(frozen=True, slots=True)
class _Conditions:
    """Which articles count. ``most`` bounds how many of a story are given; None gives all."""

    seen: Visibility
    concern: str | None = None
    since: datetime | None = None
    language: str | None = None
    most: int | None = _MOST_IN_LIST

    def walk(self, session: Session, before: Cursor | None, step: int) -> list[_Walked]:
        """The next ``step`` articles, newest first: when, which, of which story."""
        statement = _walk(
            self.seen,
            by_concern=self.concern is not None,
            dated=self.since is not None,
            in_language=self.language is not None,
            going_on=before is not None,
        )
        values = self._values() | {"step": step}
        if before is not None:
            values |= {"at": before.at, "id": before.article_id}
        return records(session.connection().execute(statement, values), _Walked)

    def articles(self, session: Session, story_ids: Sequence[int]) -> list[tuple[ArticleColumns, _OfStory]]:
        """The articles of some stories, newest first, each with its story and the revision of it."""
        statement = _articles(self.seen, dated=self.since is not None, in_language=self.language is not None)
        rows = session.connection().execute(statement, self._values() | {"stories": list(story_ids)})
        return joined(rows, ArticleColumns, _OfStory)

    def _values(self) -> dict[str, Any]:
        given = {"concern": self.concern, "since": self.since, "language": self.language}
        return {name: value for name, value in given.items() if value is not None}


# Statements are kept by their shape: to build one takes as long as to run it.

_REVISIONS = (
    select(*columns(RevisionColumns, t.story_revision))
    .join(t.story, t.story.c.id == t.story_revision.c.story_id)
    .where(or_(t.story.c.id == bindparam("story"), t.story.c.merged_into == bindparam("story")))
    .order_by(t.story_revision.c.at, t.story_revision.c.story_id, t.story_revision.c.revision)
)
_LINKS = select(*columns(_LinkColumns, t.story_link)).where(
    or_(t.story_link.c.low_id == bindparam("story"), t.story_link.c.high_id == bindparam("story"))
)


@lru_cache(maxsize=512)
def _walk(
    seen: Visibility, *, by_concern: bool, dated: bool, in_language: bool, going_on: bool
) -> Select[*tuple[Any, ...]]:
    """Articles newest first, from the narrowest index that there is."""
    source = t.article_concern if by_concern else t.article
    article_id = source.c.article_id if by_concern else source.c.id
    at = source.c.published_at
    query = select(at, article_id.label("article_id"), source.c.story_id)
    conditions: list[ColumnElement[bool]] = [seen.clause(article_id, source.c.common)]
    if by_concern:
        conditions.append(source.c.concern_id == bindparam("concern"))
        if in_language:
            query = query.join(t.article, t.article.c.id == article_id)
    else:
        conditions.append(source.c.story_id.is_not(None))
    if in_language:
        conditions.append(t.article.c.language == bindparam("language"))
    if dated:
        conditions.append(at >= bindparam("since"))
    if going_on:
        # The first lets the index be entered at the right place; the second parts equal seconds.
        conditions.append(at <= bindparam("at"))
        conditions.append(or_(at < bindparam("at"), article_id < bindparam("id")))
    return query.where(*conditions).order_by(at.desc(), article_id.desc()).limit(bindparam("step"))


@lru_cache(maxsize=512)
def _articles(seen: Visibility, *, dated: bool, in_language: bool) -> Select[*tuple[Any, ...]]:
    """The articles of some stories."""
    query = (
        select(*ARTICLE, t.story.c.id.label("story"), t.story.c.revision)
        .join(t.story, t.story.c.id == t.article.c.story_id)
        .where(
            t.article.c.story_id.in_(bindparam("stories", expanding=True)),
            seen.clause(t.article.c.id, t.article.c.common),
        )
    )
    if in_language:
        query = query.where(t.article.c.language == bindparam("language"))
    if dated:
        query = query.where(t.article.c.published_at >= bindparam("since"))
    return query.order_by(t.article.c.published_at.desc(), t.article.c.id.desc())


def _developments(session: Session, story_ids: Sequence[int], conditions: _Conditions) -> list[Development]:
    """Those of the stories that have an article that counts, in the order of ``story_ids``."""
    articles: dict[int, list[Article]] = {}
    revision: dict[int, int] = {}
    for ids in chunks(story_ids, 200):
        for row, newest in conditions.articles(session, ids):
            article = article_of(row)
            # Looked at here: a join with article_concern tempts SQLite to begin with all of the concern.
            if conditions.concern is not None and conditions.concern not in _concerns_of([article]):
                continue
            known = articles.setdefault(newest.story, [])
            revision[newest.story] = newest.revision
            if conditions.most is None or len(known) < conditions.most:
                known.append(article)
    marked = corrections_of(session, articles)
    return [
        Development(
            story_id=id,
            concern=conditions.concern,
            concerns=_concerns_of(articles[id]),
            articles=tuple(articles[id]),
            revision=revision[id],
            corrections=marked.get(id, ()),
        )
        for id in dict.fromkeys(story_ids)
        if id in articles
    ]


def _concerns_of(articles: Sequence[Article]) -> tuple[str, ...]:
    named = {
        concern for article in articles for concern in _concerns(article.topics, article.packed_evidence)
    }
    return tuple(concern for concern in CONCERNS if concern in named)


@lru_cache(maxsize=4_096)
def _concerns(topics: tuple[str, ...], packed_evidence: str | None) -> tuple[str, ...]:
    """The concerns of an article. Few articles differ in these two, and a page reads hundreds."""
    return concerns_of(topics, unpack_evidence(packed_evidence))


def _place(development: Development) -> tuple[datetime, int]:
    newest = development.articles[0]
    return newest.published_at, newest.id

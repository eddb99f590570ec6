"""Articles, and their way into stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.domain.articles import Article, Trace
from bot.domain.audience import View
from bot.domain.entry import Entry
from bot.domain.feeds import DOCUMENT, OFFICIAL
from bot.domain.match_codec import concepts_of
from bot.feeds.identity import entry_keys
from bot.store import rollup, watermark
from bot.store import tables as t
from bot.store.codec import dump, plain
from bot.store.rows import (
    ARTICLE,
    PLACED,
    ArticleColumns,
    PlacedColumns,
    article_of,
    concern_rows,
    question_rows,
)
from bot.store.sql import chunks, columns, insert_all, insert_ignore, joined, record, records
from bot.store.stories import MERGES, merge
from bot.store.visibility import visibility
from bot.stories.document import Document, Placement


class _DocumentColumns(NamedTuple):
    """The columns that a Document needs."""

    id: int
    language: str
    title: str
    summary: str
    published_at: datetime
    publisher: str
    kind: str
    verdict: bytes
    form: str | None


_DOCUMENT = columns(_DocumentColumns, t.article)


class _StoryOf(NamedTuple):
    """The story that an article is in."""

    story_id: int


class _TraceColumns(NamedTuple):
    url: str
    title: str
    feed_id: int
    reason: str
    nearest: str | None
    nearest_score: float | None
    seen_at: datetime
    summary: str
    language: str


class _StoryColumns(NamedTuple):
    id: int
    first_at: datetime
    last_at: datetime
    articles: int
    revision: int
    lead_article_id: int
    merged_into: int | None


_STORY = columns(_StoryColumns, t.story)


def article(session: Session, article_id: int) -> Article | None:
    """The article with that id."""
    row = record(session.execute(select(*ARTICLE).where(t.article.c.id == article_id)), ArticleColumns)
    return article_of(row) if row else None


def any_stored(session: Session) -> bool:
    """Whether there is any article at all."""
    return session.scalar(select(t.article.c.id).limit(1)) is not None


def by_url(session: Session, url: str, view: View | None = None) -> Article | None:
    """The article at a canonical address; with ``view``, only if that server may see it."""
    where: list[ColumnElement[bool]] = [t.article.c.url_key.in_(_url_keys(session, url))]
    if view is not None:
        where.append(visibility(session, view).clause(t.article.c.id, t.article.c.common))
    row = record(session.execute(select(*ARTICLE).where(*where)), ArticleColumns)
    return article_of(row) if row else None


def trace(session: Session, url: str) -> Trace | None:
    """What is known of an address that is no article: the verdict that kept it out; kept for 30 days."""
    prints = t.fingerprint
    newest = (
        select(*columns(_TraceColumns, prints))
        .where(prints.c.url_key.in_(_url_keys(session, url)))
        .order_by(prints.c.seen_at.desc())
        .limit(1)
    )
    row = record(session.execute(newest), _TraceColumns)
    return Trace(*row) if row else None


def ungrouped(session: Session, limit: int = 50) -> list[Document]:
    """The ``limit`` articles without a story that arrived first, in the order of their publishing.

    A first poll brings days of news feed by feed; told by date, an event's reports come as it went on.
    """
    rows = session.execute(
        select(*_DOCUMENT).where(t.article.c.story_id.is_(None)).order_by(t.article.c.id).limit(limit)
    )
    return sorted(
        (_document(row) for row in records(rows, _DocumentColumns)), key=lambda one: (one.at, one.id)
    )


def window(session: Session, since: datetime) -> list[tuple[Document, int]]:
    """The articles published since then that have a story, each with its story, in order of arrival."""
    rows = session.execute(
        select(*_DOCUMENT, t.article.c.story_id)
        .where(t.article.c.published_at >= since, t.article.c.story_id.is_not(None))
        .order_by(t.article.c.id)
    )
    return [(_document(row), of.story_id) for row, of in joined(rows, _DocumentColumns, _StoryOf)]


def place(
    session: Session,
    placements: Sequence[tuple[int, Placement]],
    *,
    now: datetime,
) -> dict[int, int]:
    """Put articles into stories, in the order given; from then on readers see them.

    An article that founds a story gives it its own id, so that a later placement of the same batch may
    name it; stories that it shows to be one are merged. An article that has a story already keeps it: a batch
    may be repeated. Returns the story of each.
    """
    articles = _rows(session, [article_id for article_id, _ in placements])
    stories = _Stories(session, [one.story for _, one in placements if one.story is not None])
    learned_at = watermark.stamp(session, now)
    placed: dict[int, int] = {}
    concerns: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    merges: list[tuple[int, int]] = []
    for article_id, placement in placements:
        row = articles.get(article_id)
        if row is None:
            continue  # deleted since it was read
        if row.story_id is not None:
            placed[article_id] = row.story_id
            continue
        story_id = stories.take(row, placement, learned_at)
        placed[article_id] = story_id
        concerns += concern_rows(row, story_id)
        links += _links(story_id, placement, now)
        merges += [(story_id, other) for other in stories.merged_into(story_id, placement.merges)]
    fresh = [{"a": id, "s": story} for id, story in placed.items() if articles[id].story_id is None]
    if not fresh:
        return placed
    stories.save(session)
    session.connection().execute(
        update(t.article).where(t.article.c.id == bindparam("a")).values(story_id=bindparam("s")), fresh
    )
    insert_ignore(session, t.article_concern, concerns)
    insert_ignore(
        session, t.article_question, [one for row in articles.values() for one in question_rows(row)]
    )
    known = stories.existing(session, {id for link in links for id in (link["low_id"], link["high_id"])})
    insert_ignore(
        session,
        t.story_link,
        [link for link in links if link["low_id"] in known and link["high_id"] in known],
    )
    counted = (one for one in concerns if one["common"])
    rollup.recount(
        session, (span for one in counted for span in rollup.spans_of(one["concern_id"], one["published_at"]))
    )
    for kept, gone in merges:
        merge(session, kept, gone)
    return {article_id: stories.current(story_id) for article_id, story_id in placed.items()}


def add_revision(
    session: Session, story_id: int, article_id: int, facts: Sequence[str], *, now: datetime
) -> None:
    """Let one of a story's articles say something new of it after an edit; nothing without facts."""
    if not facts:
        return
    at = watermark.stamp(session, now)
    last = session.scalars(select(t.story.c.revision).where(t.story.c.id == story_id).with_for_update()).one()
    session.execute(update(t.story).where(t.story.c.id == story_id).values(revision=last + 1))
    row = {"story_id": story_id, "revision": last + 1, "at": at, "article_id": article_id}
    added = dump([plain(fact) for fact in facts])
    session.execute(t.story_revision.insert().values(row | {"reason": "edited", "added": added}))


@dataclass(slots=True)
class _Growing:
    """A story while a batch is placed."""

    id: int
    first_at: datetime
    last_at: datetime
    articles: int
    revision: int
    lead_article_id: int
    new: bool
    revisions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: PlacedColumns, placement: Placement, learned_at: datetime) -> None:
        first = self.articles == 0
        self.articles += 1
        self.first_at = min(self.first_at, row.published_at)
        self.last_at = max(self.last_at, row.published_at)
        if not first and not placement.facts:
            return  # another voice, nothing new
        if not first:
            self.revision += 1
        self.revisions.append(
            {
                "story_id": self.id,
                "revision": self.revision,
                "at": learned_at,
                "article_id": row.id,
                "reason": placement.reason,
                "added": dump([plain(fact) for fact in placement.facts]),
            }
        )

    def values(self) -> dict[str, Any]:
        names = ("id", "first_at", "last_at", "articles", "revision", "lead_article_id")
        return {name: getattr(self, name) for name in names}


class _Stories:
    """The stories that a batch founds or joins."""

    def __init__(self, session: Session, wanted: Sequence[int]) -> None:
        self._known: dict[int, _Growing] = {}
        self._merged: dict[int, int] = {}
        asked = set(wanted)
        for _ in range(MERGES):
            if not asked:
                break
            rows = [
                row
                for ids in chunks(asked)
                for row in records(
                    session.execute(select(*_STORY).where(t.story.c.id.in_(ids))), _StoryColumns
                )
            ]
            for row in rows:
                if row.merged_into is not None:
                    self._merged[row.id] = row.merged_into
                else:
                    self._known[row.id] = _Growing(
                        row.id,
                        row.first_at,
                        row.last_at,
                        row.articles,
                        row.revision,
                        row.lead_article_id,
                        new=False,
                    )
            asked = {row.merged_into for row in rows if row.merged_into is not None} - set(self._known)

    def take(self, row: PlacedColumns, placement: Placement, learned_at: datetime) -> int:
        """Give an article to the story that its placement names, or to a new one. Returns the story."""
        story = None if placement.story is None else self._known.get(self.current(placement.story))
        if story is None:
            at = row.published_at
            story = _Growing(row.id, at, at, 0, 1, row.id, new=True)
            self._known[row.id] = story
        story.add(row, placement, learned_at)
        return story.id

    def current(self, story_id: int) -> int:
        """The story that the id stands for, the merges of this batch included."""
        for _ in range(MERGES):
            if story_id not in self._merged:
                break
            story_id = self._merged[story_id]
        return story_id

    def merged_into(self, story_id: int, others: Sequence[int]) -> list[int]:
        """Note that ``others`` are one with the story from now on; those of them that were not yet."""
        news = [other for other in dict.fromkeys(others) if self.current(other) != self.current(story_id)]
        self._merged.update({self.current(other): story_id for other in news})
        return news

    def save(self, session: Session) -> None:
        insert_all(session, t.story, [one.values() for one in self._known.values() if one.new])
        old = [one.values() for one in self._known.values() if not one.new]
        if old:
            changes = [{f"new_{name}": value for name, value in values.items()} for values in old]
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in old[0] if name != "id"}
            session.connection().execute(
                update(t.story).where(t.story.c.id == bindparam("new_id")).values(columns), changes
            )
        insert_all(
            session, t.story_revision, [one for story in self._known.values() for one in story.revisions]
        )

    def existing(self, session: Session, ids: set[int]) -> set[int]:
        """Those of ``ids`` that are stories."""
        unknown = ids - set(self._known)
        found = {
            id
            for some in chunks(unknown)
            for id in session.scalars(select(t.story.c.id).where(t.story.c.id.in_(some)))
        }
        return found | (ids & set(self._known))


def _url_keys(session: Session, url: str) -> list[bytes]:
    """The keys that an address may have: keys hold for a publisher, and any of them may have brought it."""
    entry = Entry(guid="", url=url, title="", summary="")
    publishers = session.scalars(select(t.feed.c.publisher).distinct())
    return [key for one in publishers if (key := entry_keys(entry, one).url_key)]


def _rows(session: Session, ids: Sequence[int]) -> dict[int, PlacedColumns]:
    return {
        row.id: row
        for some in chunks(ids)
        for row in records(session.execute(select(*PLACED).where(t.article.c.id.in_(some))), PlacedColumns)
    }


def keep_questions(session: Session, article_id: int) -> None:
    """Let an edited article bear on the questions of its new text, if it is placed."""
    session.execute(delete(t.article_question).where(t.article_question.c.article_id == article_id))
    rows = _rows(session, [article_id])
    insert_ignore(
        session,
        t.article_question,
        [one for row in rows.values() if row.story_id is not None for one in question_rows(row)],
    )


def _links(story_id: int, placement: Placement, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "low_id": min(story_id, other),
            "high_id": max(story_id, other),
            "kind": "other_language",
            "score": score,
            "at": now,
        }
        for other, score in dict(placement.also).items()
        if other != story_id
    ]


def _document(row: _DocumentColumns) -> Document:
    return Document(
        id=row.id,
        language=row.language,
        title=row.title,
        summary=row.summary,
        at=row.published_at,
        publisher=row.publisher,
        concepts=concepts_of(row.verdict),
        official=row.kind in (OFFICIAL, DOCUMENT),
        primary=row.kind == DOCUMENT,
        form=row.form or "",
    )

"""What is unread for a reader, and marking it as read.

News counts as read once it was delivered: the answer comes with a receipt, which is handed in after it was
shown. An answer that never arrived is given again, and two requests at once get the same.

Two values make it exact. The ledger holds, for each chain of revisions, the highest that was delivered; a
reader's horizon is the moment before which nothing is unread. What follows from the ledger is decided by
``bot.stories.ledger``. The horizon moves only when nothing is left unread behind it, and it stays an hour
behind the present, because a revision may carry an earlier moment than that at which it was committed. So a
late article, a restart, a merge or a double press can neither repeat a revision nor lose one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.audience import Defaults, Reader, View
from bot.domain.stories import Development
from bot.store import developments, readers
from bot.store import tables as t
from bot.store.codec import load_texts
from bot.store.developments import RevisionColumns
from bot.store.models import LedgerRow, StoryRow
from bot.store.recency import is_news
from bot.store.sql import chunks, col, columns, records, upsert
from bot.store.types import moment, owner_key, seconds
from bot.store.visibility import visibility
from bot.stories.ledger import Chain, Revision, Story, UnreadStory, find_unread

#: A reader who asks for the first time gets the news of the last week.
FIRST_SPAN = timedelta(days=7)
#: How far the horizon stays behind: far more than any transaction takes.
_MARGIN = timedelta(hours=1)
#: A story merged into one that was merged itself is followed this far; a ring cannot hang us.
_MERGES = 8


class _Chain(NamedTuple):
    """A chain of revisions: a story, with its newest report, or what was merged into another."""

    story_id: int
    merged_into: int | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Novelty:
    """A story that is unread, or partly unread. ``marks`` are to be stored once it was delivered."""

    development: Development
    unread: UnreadStory
    marks: Mapping[int, int]

    @property
    def new(self) -> bool:
        """Whether the reader knows nothing of the story."""
        return self.unread.new

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts in the unread revisions, each once."""
        return tuple(dict.fromkeys(fact for revision in self.unread.revisions for fact in revision.facts))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reader was shown: of each chain the highest revision, and before when nothing is left unread."""

    marks: tuple[tuple[int, int], ...]
    horizon: datetime

    def text(self) -> str:
        """The receipt as a request carries it."""
        return f"{seconds(self.horizon)}:" + ",".join(f"{chain}.{number}" for chain, number in self.marks)

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """What ``text`` wrote. Raises ValueError or OverflowError."""
        horizon, _, marks = text.partition(":")
        pairs = [mark.split(".") for mark in marks.split(",") if mark]
        return cls(tuple((int(chain), int(number)) for chain, number in pairs), moment(int(horizon)))


@dataclass(frozen=True, slots=True)
class UnreadNews:
    """What is new, newest first, and how many stories are left for the next time.

    ``asked_at`` is when the reader last asked, None for the first time; ``since`` is how far back this went.
    """

    stories: tuple[Novelty, ...]
    left: int
    asked_at: datetime | None
    since: datetime
    receipt: Receipt


def unread(
    session: Session,
    reader: Reader,
    view: View,
    *,
    now: datetime,
    concern: str | None = None,
    limit: int = 8,
) -> UnreadNews:
    """The unread news, at most ``limit`` stories. The time of the request is stored."""
    horizon = _horizon(session, reader, view, concern)
    asked_at = readers.look(session, reader, now, concern or "")
    since = now - FIRST_SPAN if horizon is None else horizon
    waiting = _unread(session, reader, view, since, concern, now)
    found = _novelties(session, reader, view, waiting[:limit])
    left = len(waiting) - len(waiting[:limit])
    marks = tuple(mark for one in found for mark in one.marks.items())
    receipt = Receipt(marks, since if left else max(since, now - _MARGIN))
    return UnreadNews(tuple(found), left, asked_at, since, receipt)


def mark_read(
    session: Session,
    reader: Reader,
    view: View,
    receipt: Receipt,
    *,
    now: datetime,
    concern: str | None = None,
) -> None:
    """Mark what came with that receipt as read. Safe to repeat, and in any order."""
    readers.mark_read(session, reader, receipt.marks, now)
    _move(session, reader, view, concern, receipt.horizon)


def mark_all_read(
    session: Session, reader: Reader, view: View, *, now: datetime, concern: str | None = None
) -> int:
    """Mark all unread news as read. Returns how many stories that were."""
    horizon = _horizon(session, reader, view, concern)
    since = now - FIRST_SPAN if horizon is None else horizon
    waiting = _unread(session, reader, view, since, concern, now)
    for some in chunks(waiting):
        marks = find_unread(_stories(session, some, view), {}).marks
        readers.mark_read(session, reader, list(marks.items()), now)
    _move(session, reader, view, concern, max(since, now - _MARGIN))
    return len(waiting)


def _unread(
    session: Session,
    reader: Reader,
    view: View,
    since: datetime,
    concern: str | None,
    now: datetime,
) -> list[int]:
    """The stories of which something is unread, by the newest report.

    Not by when we came to know: after a first poll that was one moment for all. What was published more than
    ``FIRST_SPAN`` ago is shown only to a reader who was away for longer.
    """
    published_after = min(since, now - FIRST_SPAN)
    chains = _candidates(session, reader, view, since, published_after)
    newest = {one.story_id: one.last_at for one in chains if one.merged_into is None}
    merged = _roots(session, {one.merged_into for one in chains if one.merged_into is not None})
    for ids in chunks(set(merged.values()) - newest.keys()):
        dated = select(col(StoryRow.id), col(StoryRow.last_at)).where(t.story.c.id.in_(ids))
        newest.update((id, at) for id, at in session.execute(dated))
    roots = newest.keys() if concern is None else _under(session, newest, view, concern)
    return [id for _, id in sorted(((newest[id], id) for id in roots), reverse=True)]


def _novelties(session: Session, reader: Reader, view: View, story_ids: Sequence[int]) -> list[Novelty]:
    stories = {one.id: one for one in _stories(session, story_ids, view)}
    told = _read_marks(session, reader, [chain.id for one in stories.values() for chain in one.chains])
    found = []
    for development in developments.stories(session, story_ids, view):
        news = find_unread([stories[development.story_id]], told)
        found += [Novelty(development, one, news.marks) for one in (*news.new, *news.changed)]
    return found


def _under(session: Session, story_ids: Iterable[int], view: View, concern: str) -> set[int]:
    """Those of the stories that have an article under the concern which the server may see."""
    article, placed = t.article.c, t.article_concern.c
    seen = visibility(session, view).clause(article.id, article.common)
    return {
        story_id
        for ids in chunks(story_ids)
        for story_id in session.scalars(
            select(article.story_id)
            .join(t.article_concern, placed.article_id == article.id)
            .where(article.story_id.in_(ids), placed.concern_id == concern, seen)
            .distinct()
        )
    }


def _candidates(
    session: Session, reader: Reader, view: View, since: datetime, published_after: datetime
) -> list[_Chain]:
    """Chains with a revision of after ``since`` that is news, unread to the reader, seen by the server.

    One with several such revisions is given several times: DISTINCT tempts SQLite to walk all revisions in
    the order of their stories.
    """
    change, mark = t.story_revision.c, t.ledger.c
    query = (
        select(change.story_id, t.story.c.merged_into, t.story.c.last_at)
        .join_from(t.story_revision, t.story, t.story.c.id == change.story_id)
        .outerjoin(t.ledger, and_(mark.story_id == change.story_id, mark.reader == reader))
        .where(
            change.at > since,
            or_(mark.revision.is_(None), mark.revision < change.revision),
            _visible(session, view, is_news(), t.article.c.published_at > published_after),
        )
    )
    return records(session.execute(query), _Chain)


def _visible(session: Session, view: View, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a revision came by an article which the server may see, and for which ``more`` holds."""
    article = t.article.c
    seen = visibility(session, view).clause(article.id, article.common)
    return exists(select(1).where(article.id == t.story_revision.c.article_id, seen, *more))


def _roots(session: Session, chain_ids: Iterable[int]) -> dict[int, int]:
    """The story that each chain belongs to: itself, or the one that it was merged into."""
    roots = {chain: chain for chain in chain_ids}
    for _ in range(_MERGES):
        merged: dict[int, int] = {}
        for ids in chunks(set(roots.values())):
            into = select(col(StoryRow.id), col(StoryRow.merged_into)).where(t.story.c.id.in_(ids))
            rows = session.execute(into.where(t.story.c.merged_into.is_not(None)))
            merged.update({chain: root for chain, root in rows if root is not None})
        if not merged:
            break
        roots = {chain: merged.get(root, root) for chain, root in roots.items()}
    return roots


def _stories(session: Session, roots: Sequence[int], view: View) -> list[Story]:
    """Whole stories with all their chains, of each the revisions that the server may see."""
    root_of = {root: root for root in roots}
    fresh = set(roots)
    for _ in range(_MERGES):
        rows = [
            row
            for ids in chunks(fresh)
            for row in session.execute(
                select(col(StoryRow.id), col(StoryRow.merged_into)).where(t.story.c.merged_into.in_(ids))
            )
        ]
        fresh = {chain for chain, _ in rows} - set(root_of)
        root_of.update({id: root_of[root] for id, root in rows if root is not None and id in fresh})
        if not fresh:
            break
    revisions: dict[int, list[Revision]] = {chain: [] for chain in root_of}
    change = t.story_revision.c
    for ids in chunks(root_of):
        found = session.execute(
            select(*columns(RevisionColumns, t.story_revision))
            .where(change.story_id.in_(ids), _visible(session, view))
            .order_by(change.story_id, change.revision)
        )
        for row in records(found, RevisionColumns):
            revisions[row.story_id].append(
                Revision(row.revision, row.article_id, load_texts(row.added), row.reason)
            )
    chains: dict[int, list[Chain]] = {root: [] for root in roots}
    for chain, root in sorted(root_of.items(), key=lambda pair: (pair[0] != pair[1], pair[0])):
        own = tuple(revisions[chain])
        chains[root].append(Chain(chain, own, own[-1].number if own else 0))
    return [Story(root, tuple(own)) for root, own in chains.items()]


def _read_marks(session: Session, reader: Reader, chain_ids: Iterable[int]) -> dict[int, int]:
    mark = t.ledger.c
    marks = select(col(LedgerRow.story_id), col(LedgerRow.revision)).where(mark.reader == reader)
    return {
        story_id: revision
        for ids in chunks(chain_ids)
        for story_id, revision in session.execute(marks.where(mark.story_id.in_(ids)))
    }


def _horizon(session: Session, reader: Reader, view: View, concern: str | None) -> datetime | None:
    """The moment before which everything is read, in a server like this one, under this concern or all."""
    looks = t.reader_look
    names = {_mark(session, view, None), _mark(session, view, concern)}
    moments = session.scalars(
        select(looks.c.at).where(looks.c.reader == reader, looks.c.concern.in_(sorted(names)))
    ).all()
    return max(moments, default=None)


def _move(session: Session, reader: Reader, view: View, concern: str | None, horizon: datetime) -> None:
    row = {"reader": reader, "concern": _mark(session, view, concern), "at": horizon}
    upsert(session, t.reader_look, [row])


def _mark(session: Session, view: View, concern: str | None) -> str:
    """Where a horizon is kept: one for all servers that read the default feeds, one for each other."""
    mark = f"told:{concern or ''}"
    if isinstance(view, Defaults) or visibility(session, view).plain:
        return mark
    return f"{mark}@{owner_key(view)}"

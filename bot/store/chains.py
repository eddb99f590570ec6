"""A story's chains of revisions as stored, and how far each reader has read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.audience import Reader
from bot.domain.digests import DeliveryState
from bot.store import tables as t
from bot.store import watermark
from bot.store.codec import dump, load_texts
from bot.store.developments import RevisionColumns
from bot.store.models import LedgerRow, OutboxRow, StoryRow
from bot.store.sql import chunks, col, columns, insert_all, records
from bot.stories.ledger import Chain, Revision, Story


def revisions(session: Session, root: int) -> dict[tuple[int, int], RevisionColumns]:
    """The revisions of a story and of those merged into it, by chain and number."""
    change = t.story_revision
    rows = session.execute(
        select(*columns(RevisionColumns, change))
        .join(t.story, t.story.c.id == change.c.story_id)
        .where(or_(t.story.c.id == root, t.story.c.merged_into == root))
        .order_by(change.c.story_id, change.c.revision)
    )
    return {(row.story_id, row.revision): row for row in records(rows, RevisionColumns)}


def whole(session: Session, root: int, revisions: Mapping[tuple[int, int], RevisionColumns]) -> Story:
    """The whole story, with what only some servers may see."""
    of: dict[int, list[Revision]] = {}
    for (chain, number), row in revisions.items():
        revision = Revision(number, row.article_id, load_texts(row.added), row.reason)
        of.setdefault(chain, []).append(revision)
    here = or_(t.story.c.id == root, t.story.c.merged_into == root)
    rows = session.execute(select(col(StoryRow.id), col(StoryRow.revision)).where(here)).all()
    ordered = sorted(rows, key=lambda row: (row[0] != root, row[0]))
    return Story(root, tuple(Chain(id, tuple(of.get(id, ())), last) for id, last in ordered))


def found(session: Session, founded: Story, lead: int, now: datetime) -> None:
    """Write a new story and its chains; it is not measured yet."""
    rows = [
        {
            "id": chain.id,
            "first_at": now,
            "last_at": now,
            "articles": 0,
            "revision": chain.last,
            "lead_article_id": lead,
            "merged_into": None if chain.id == founded.id else founded.id,
        }
        for chain in founded.chains
    ]
    insert_all(session, t.story, rows)


def move_revisions(
    session: Session,
    before: Story,
    stays: Story,
    founded: Story,
    known: Mapping[tuple[int, int], RevisionColumns],
    now: datetime,
) -> None:
    """Moved revisions keep the moment at which they were learned, so that no digest repeats them."""
    learned_at = watermark.stamp(session, now)
    kept = {(chain.id, one.number) for chain in stays.chains for one in chain.revisions}
    gone = [(chain.id, one.number) for chain in before.chains for one in chain.revisions]
    gone = [key for key in gone if key not in kept]
    rows = []
    change = t.story_revision.c
    arrived = [(chain.id, one) for chain in founded.chains for one in chain.revisions]
    if gone:
        for key, (chain_id, one) in zip(gone, arrived, strict=True):
            session.execute(
                delete(t.story_revision).where(change.story_id == key[0], change.revision == key[1])
            )
            rows.append(_row(chain_id, one, known[key].at, known[key].added))
    else:
        rows += [_row(chain_id, one, learned_at, "[]") for chain_id, one in arrived]
    own = stays.chains[0]
    again = [one for one in own.revisions if (own.id, one.number) not in known]
    rows += [_row(own.id, one, learned_at, "[]") for one in again]
    insert_all(session, t.story_revision, rows)


def _row(chain_id: int, one: Revision, at: datetime, added: str) -> dict[str, object]:
    return {
        "story_id": chain_id,
        "revision": one.number,
        "at": at,
        "article_id": one.article_id,
        "reason": one.reason,
        "added": added,
    }


@dataclass(frozen=True, slots=True)
class DeliveredMarks:
    """Read marks of some chains: those of readers, and those in messages that still wait.

    ``names`` are readers, or the ids of waiting messages, in the order of ``marks``.
    """

    names: tuple[Reader | int, ...]
    marks: tuple[Mapping[int, int], ...]

    @classmethod
    def load(cls, session: Session, chain_ids: Sequence[int]) -> DeliveredMarks:
        """All read marks of these chains, delivered or waiting."""
        marks: dict[Reader | int, dict[int, int]] = {}
        mark, box = t.ledger.c, t.outbox.c
        for ids in chunks(chain_ids):
            selected = col(LedgerRow.reader), col(LedgerRow.story_id), col(LedgerRow.revision)
            for reader, story_id, number in session.execute(select(*selected).where(mark.story_id.in_(ids))):
                marks.setdefault(reader, {})[story_id] = number
        waiting = and_(box.state == DeliveryState.PENDING, box.options.like('%"told"%'))
        for message_id, options in session.execute(select(col(OutboxRow.id), box.options).where(waiting)):
            told = {id: number for id, number in json.loads(options)["told"] if id in chain_ids}
            if told:
                marks[message_id] = told
        return cls(tuple(marks), tuple(marks.values()))

    def save(
        self, session: Session, marks: Sequence[Mapping[int, int]], new_ids: Sequence[int], now: datetime
    ) -> None:
        """Keep the marks of the chains that were founded."""
        rows = []
        box = t.outbox.c
        for name, mark in zip(self.names, marks, strict=True):
            told = [(id, mark[id]) for id in new_ids if mark.get(id)]
            if not isinstance(name, int):
                rows += [
                    {"reader": name, "story_id": id, "revision": number, "told_at": now}
                    for id, number in told
                ]
            elif told:
                options = json.loads(session.scalars(select(box.options).where(box.id == name)).one())
                options["told"] += told
                session.execute(update(t.outbox).where(box.id == name).values(options=dump(options)))
        insert_all(session, t.ledger, rows)

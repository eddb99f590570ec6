"""Why an entry was taken for a known article, or kept apart from one: the last decision on each address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.feeds.identity import page_of
from bot.feeds.sameness import Sameness
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.sql import columns, record, upsert


@dataclass(frozen=True, slots=True)
class ComparedEntry:
    """The comparison of an entry with a known one (``other_…``), and its result."""

    sameness: Sameness
    other_feed_id: int
    other_url: str
    other_title: str


@dataclass(frozen=True, slots=True)
class IdentityDecision:
    """The last decision on an address: which feed brought it, under which title, and the comparison."""

    feed_id: int
    title: str
    compared: ComparedEntry


class _Row(NamedTuple):
    feed_id: int
    title: str
    reasons: str
    other_feed_id: int
    other_url: str
    other_title: str


def keep(
    session: Session, feed_id: int, decided: Sequence[tuple[str, str, ComparedEntry]], now: datetime
) -> None:
    """Keep the decisions on entries of a feed, given as (address, title, comparison)."""
    rows = {
        _page_key(url): {
            "page_key": _page_key(url),
            "feed_id": feed_id,
            "title": plain(title),
            "other_feed_id": compared.other_feed_id,
            "other_url": compared.other_url,
            "other_title": compared.other_title,
            "reasons": " ".join(f"{code}:{points}" for code, points in compared.sameness.reasons),
            "decided_at": now,
        }
        for url, title, compared in decided
        if url
    }
    if rows:
        upsert(session, t.identity_decision, list(rows.values()))


def of_address(session: Session, url: str) -> IdentityDecision | None:
    """The last decision on an address; None where its entry was compared with nothing, or long ago."""
    decisions = t.identity_decision
    query = select(*columns(_Row, decisions)).where(decisions.c.page_key == _page_key(url))
    row = record(session.execute(query), _Row)
    if row is None:
        return None
    pairs = (one.split(":") for one in row.reasons.split())
    reasons = tuple((code, int(points)) for code, points in pairs)
    compared = ComparedEntry(
        Sameness(sum(points for _, points in reasons), reasons),
        row.other_feed_id,
        row.other_url,
        row.other_title,
    )
    return IdentityDecision(row.feed_id, row.title, compared)


def _page_key(url: str) -> bytes:
    return blake2b((page_of(url) or url).encode(errors="replace"), digest_size=16).digest()

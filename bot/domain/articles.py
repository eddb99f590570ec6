"""Stored articles, entries on their way into the store, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.entry import Entry
from bot.domain.evidence import NOT_JUDGED, Evidence, unpack_evidence
from bot.domain.match import Match
from bot.domain.match_codec import unpack_match

if TYPE_CHECKING:
    from bot.feeds.identity import EntryKeys


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article. ``topics`` are the strongest first; ``story_id`` is None until it is grouped.

    ``form`` is as ``bot.topics.form`` told it when the article came; empty of what was stored before that.
    """

    id: int
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    kind: str
    published_at: datetime
    first_seen_at: datetime
    story_id: int | None
    topics: tuple[str, ...]
    verdict: bytes = field(default=b"", repr=False)
    packed_evidence: str | None = None
    form: str = ""

    @property
    def match(self) -> Match:
        """The verdict that let it in, with its why."""
        return unpack_match(self.verdict)

    @property
    def evidence(self) -> Evidence:
        """Which of the article's questions it bears on; without the words that say so."""
        return unpack_evidence(self.packed_evidence)


class EvidenceColumns(NamedTuple):
    """What of a stored article says what it is evidence of: hundreds are weighed for each that is shown."""

    form: str
    title: str
    url: str
    publisher: str
    packed_evidence: str | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found. ``others`` counts the hits of the same story that rank below it."""

    article: Article
    score: float
    others: int = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, best first, and how many there were: ``complete`` or only as far as it looked."""

    best: tuple[SearchHit, ...]
    found: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with its identity, its language and its verdict, as it goes into the store.

    ``policies`` are the policies of the record that it names, ``evidence`` what it says on the article's
    questions, ``form`` what ``bot.topics.form`` tells of it, from its categories too.
    """

    entry: Entry
    keys: EntryKeys
    language: str
    match: Match
    policies: tuple[NamedPolicy, ...] = ()
    evidence: Evidence = NOT_JUDGED
    form: str = ""


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy of the record that an article names; ``proposes`` is the status of a step it may tell of."""

    policy: str
    proposes: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a poll's entries.

    ``fresh`` were not known before, and ``matched`` of these are articles now; ``edited`` are articles whose
    text changed, ``sighted`` are known articles that this feed carries too.
    """

    fresh: int = 0
    matched: int = 0
    edited: int = 0
    sighted: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the store knows of an address that did not become an article."""

    url: str
    title: str
    feed_id: int
    reason: str
    nearest: str | None
    nearest_score: float | None
    seen_at: datetime
    summary: str = ""
    language: str = ""

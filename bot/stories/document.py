"""What grouping needs to know of an article, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Document:
    """An article as grouping sees it.

    ``at`` is when it was published, or first seen; ``official`` says that its feed is of an authority,
    ``primary`` that it is an official document itself and no report; ``form`` is the entry's form
    (``bot.topics.form``), empty where only its title and publisher tell it.
    """

    id: int
    language: str
    title: str
    summary: str
    at: datetime
    publisher: str = ""
    concepts: tuple[str, ...] = ()
    official: bool = False
    primary: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a document belongs.

    ``story`` is the id of the story that it joins, or None for a story of its own. ``reason`` names the
    rule (``same_title``, ``same_event``, ``cross_language``, ``new``, ``conflict`` …), ``score`` is in 0..1,
    ``nearest`` is the id of the closest article, if there was one. ``also`` lists stories in the other
    language that may be the same event, but not surely enough to join, each with its likeness. ``facts`` is
    what the document adds to the story, each as ``kind:value`` (``bot.stories.novelty``): empty where it
    repeats what is known, and for a new story. ``merges`` lists stories that the document shows to be one
    with ``story``: they should be merged into it.
    """

    story: int | None
    reason: str
    score: float = 0.0
    nearest: int | None = None
    also: tuple[tuple[int, float], ...] = ()
    facts: tuple[str, ...] = ()
    merges: tuple[int, ...] = ()

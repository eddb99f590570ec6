"""Facts as grouping finds them, for tests of what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.stories.document import Document
from bot.stories.grouping import Grouper

_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def learned(known: str, then: str, language: str = "en") -> tuple[str, ...]:
    """What the second headline adds to the first, which it joins in one story."""
    grouper = Grouper()
    grouper.add(Document(1, language, known, "", _AT, "Alpha"), 1)
    placed = grouper.place(Document(2, language, then, "", _AT + timedelta(hours=1), "Beta"))
    assert placed.story == 1 and placed.facts, placed
    return placed.facts

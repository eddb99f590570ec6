"""What happened when: the days that matter in a body of reports, and what they say of each. Pure.

Days are chosen by how many reports speak of them, on the day and looking back, and a day's line is made of
sentences that speak of it (the date-wise way of Ghalandari & Ifrim 2020, without training).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.summaries.dates import named_days, relative_days
from bot.summaries.extract import Cited, Source, offered, select

#: Worth of a day to a report published on it, to one that names it by its date, to one that says *yesterday*,
#: *today* or *Monday*, and to one published the day after. On two Spanish sets date F1 rose from .35 and .51
#: (published alone) to .44 and .53; a weekday is often said of what is to come, so it is worth half.
PUBLISHED, NAMED, TOLD, DAY_AFTER = 2.0, 1.0, 0.5, 0.3
#: Sentences at the head of a report that are taken to speak of its own day when they name none.
HEAD = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A day, how much speaks for it, and its sentences, most telling first."""

    day: date
    weight: float
    lines: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    source: Source
    text: str
    position: int


def timeline(
    sources: Sequence[Source], most_days: int, lines_a_day: int = 1, language: str | None = None
) -> tuple[Day, ...]:
    """The ``most_days`` weightiest days, oldest first, each with at most ``lines_a_day`` sentences.

    Only sources in ``language`` are read where there are any. A day is a day of UTC; a day with no sentence
    to show is left out.
    """
    own = [source for source in sources if language is None or source.language[:2] == language] or sources
    weights: dict[date, float] = defaultdict(float)
    said: dict[date, list[_Said]] = defaultdict(list)
    for source in own:
        published = source.at.date()
        weights[published] += PUBLISHED
        weights[published - timedelta(days=1)] += DAY_AFTER
        named: set[date] = set()
        told: set[date] = set()
        for position, text in enumerate(offered(source)):
            by_date = {day for day in named_days(text, published) if day <= published}
            by_name = {day for day in relative_days(text, published) if day <= published}
            named |= by_date
            told |= by_name
            for day in (by_date | by_name) or ({published} if position < HEAD else set()):
                said[day].append(_Said(source, text, position))
        for day in named - {published}:
            weights[day] += NAMED
        for day in told - named:
            weights[day] += TOLD
    chosen = sorted((day for day in weights if said[day]), key=lambda day: (-weights[day], day))[:most_days]
    return tuple(Day(day, weights[day], _lines(said[day], lines_a_day)) for day in sorted(chosen))


def _lines(said: Sequence[_Said], limit: int) -> tuple[Cited, ...]:
    # Deep in a report, a sentence is here because it names the day: for this day it is a lead.
    return select([(one.source, one.position if one.position < HEAD else 0, one.text) for one in said], limit)

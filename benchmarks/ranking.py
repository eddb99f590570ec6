"""How well a day's developments are ranked: ``python -m benchmarks.ranking FILE.jsonl [--show]``.

Each line of the file is one item: ``day, id, lang, title, summary, source, date, event, grade``. The items of
a day are matched, grouped and ranked as that day's digest would, as one list. A story counts as the event
that most of its items belong to, and each event counts once. Prints a table and, as its last line, one JSON
object, with the same figures for two baselines: newest first, and most outlets first.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.articles import Article
from bot.domain.evidence import pack_evidence
from bot.domain.match_codec import pack_match
from bot.domain.stories import Development
from bot.evidence import EvidenceJudge
from bot.ranking.rank import rank
from bot.stories.document import Document
from bot.stories.grouping import Grouper
from bot.topics.matcher import Matcher

SHOWN = 10
LEADS = 3
WORTH_READING = 2

Order = Callable[[Development], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's stories, the event of each, and the grade of every event of the day, found or not."""

    name: str
    stories: tuple[Development, ...]
    event_of: dict[int, str]
    grades: dict[str, int]


def read_days(path: Path) -> list[Day]:
    """The days of a file, each matched and grouped."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    matcher = Matcher.load()
    judge = EvidenceJudge.load(matcher.taxonomy)
    by_day: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_day[line["day"]].append(line)
    return [_day(name, items, matcher, judge) for name, items in sorted(by_day.items())]


def _day(name: str, items: list[dict[str, Any]], matcher: Matcher, judge: EvidenceJudge) -> Day:
    grouper = Grouper()
    stories: dict[int, list[Article]] = defaultdict(list)
    items.sort(key=lambda item: (item["date"], item["id"]))
    grades: dict[str, int] = {}
    for item in items:
        grades[item["event"]] = max(item["grade"], grades.get(item["event"], 0))
    for number, item in enumerate(items, start=1):
        title, summary, language = item["title"] or "", item["summary"] or "", item["lang"]
        match, evidence = judge.weigh(title, summary, language, matcher.judge(title, summary, language))
        if not match.relevant:
            continue
        at = datetime.fromisoformat(item["date"]).replace(tzinfo=UTC)
        document = Document(number, language, title, summary, at, item["source"], match.concepts)
        placement = grouper.place(document)
        story = number if placement.story is None else placement.story
        grouper.add(document, story)
        for gone in placement.merges:
            grouper.merge(story, gone)
            stories[story] += stories.pop(gone, [])
        stories[story].append(
            Article(
                id=number,
                feed_id=0,
                url="",
                title=title,
                summary=summary,
                language=language,
                publisher=item["source"],
                kind="news",
                published_at=at,
                first_seen_at=at,
                story_id=story,
                topics=match.topic_ids,
                verdict=pack_match(match),
                packed_evidence=pack_evidence(evidence),
            )
        )
    found = tuple(
        Development(story, None, (), tuple(sorted(some, key=lambda one: one.id, reverse=True)), 1)
        for story, some in stories.items()
    )
    return Day(name, found, {one.story_id: _event(one, items) for one in found}, grades)


def _event(story: Development, items: Sequence[dict[str, Any]]) -> str:
    """The event that most of a story's items belong to; of equals, the earliest item's."""
    events = [items[article.id - 1]["event"] for article in reversed(story.articles)]
    return Counter(events).most_common(1)[0][0]


def figures(days: Sequence[Day], order: Order) -> dict[str, float]:
    """The figures of one order over all days."""
    gains, leads, worth, shown, missed, leading = [], 0, 0, 0, 0, 0
    for day in days:
        listed = list(
            dict.fromkeys(day.event_of[one.story_id] for one in sorted(day.stories, key=order, reverse=True))
        )
        first = [day.grades[event] for event in listed[:SHOWN]]
        gains.append(ndcg(first, sorted(day.grades.values(), reverse=True)[:SHOWN]))
        leads += bool(first) and first[0] >= LEADS
        worth += sum(grade >= WORTH_READING for grade in first)
        shown += len(first)
        top = [event for event, grade in day.grades.items() if grade >= LEADS]
        leading += len(top)
        missed += sum(event not in listed[:SHOWN] for event in top)
    return {
        "ndcg10": round(sum(gains) / len(gains), 4),
        "lead_hit": round(leads / len(days), 4),
        "precision10": round(worth / shown, 4) if shown else 0.0,
        "missed_grade3": round(missed / leading, 4) if leading else 0.0,
    }


def ndcg(found: Sequence[int], ideal: Sequence[int]) -> float:
    """Discounted gain of the grades found, over that of the ideal order."""
    best = _gain(ideal)
    return _gain(found) / best if best else 1.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def consequence(story: Development) -> tuple[float, ...]:
    """The bot's own order."""
    return *rank(story).place, story.last_at.timestamp()


def newest(story: Development) -> tuple[float, ...]:
    """The newest first."""
    return (story.last_at.timestamp(),)


def most_outlets(story: Development) -> tuple[float, ...]:
    """The most outlets first, then the newest."""
    return len(story.publishers), story.last_at.timestamp()


def main(arguments: list[str]) -> int:
    """Print the figures of a file. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.ranking", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", action="store_true", help="list each day's first stories with their grades")
    options = parser.parse_args(arguments)
    days = read_days(options.file)
    if options.show:
        for day in days:
            print(day.name, "ideal", sorted(day.grades.values(), reverse=True)[:SHOWN])
            for one in sorted(day.stories, key=consequence, reverse=True)[:SHOWN]:
                rated = rank(one)
                grade = day.grades[day.event_of[one.story_id]]
                print(f"  {grade} {rated.score:5.2f} {one.articles[0].title[:80]} {rated.signs}")
            found = set(day.event_of.values())
            print("   not taken up:", [g for event, g in day.grades.items() if g > 1 and event not in found])
    results: dict[str, Any] = figures(days, consequence)
    results["newest"] = figures(days, newest)
    results["most_outlets"] = figures(days, most_outlets)
    print(f"{'':14}{'nDCG@10':>10}{'lead':>8}{'P@10':>8}{'missed':>8}")
    for name, row in (
        ("consequence", results),
        ("newest", results["newest"]),
        ("outlets", results["most_outlets"]),
    ):
        print(
            f"{name:14}{row['ndcg10']:>10.3f}{row['lead_hit']:>8.2f}{row['precision10']:>8.2f}"
            f"{row['missed_grade3']:>8.2f}"
        )
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

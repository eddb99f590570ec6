"""What reports of one event bring that is new: ``python -m benchmarks.updates PAIRS [--chains CHAINS]``.

A line of PAIRS is ``{"id", "kind", "first", "then", "same_event", "news", "marks_first_as"}``, each report
``{"lang", "title", "summary", "source", "at"}``; a line of CHAINS is ``{"id", "reports": […]}``, each report
with its ``event`` and whether it is ``news`` after all before it. All reports of a file go through one
grouper in the order of ``at``. Prints a table and, as its last line, one JSON object. ``--show`` lists what
went wrong.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.grouping import Figures, scores
from bot.domain.match import Match
from bot.stories.document import Document
from bot.stories.following import OVERRULED
from bot.stories.grouping import Grouper
from bot.topics.matcher import Matcher

#: Pairs at most this many hours apart are reported by themselves: news comes later than retellings do.
NEAR_HOURS = 30
MARKS = ("corrected", "reversed", "denied")
#: How a source's name says that it is an authority's own release.
_RELEASES = ("(release)", "(comunicado)", "(tarjeta informativa)")


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its place in the file, and what the matcher says of it by itself."""

    key: tuple[str, int]
    document: Document
    match: Match


@dataclass(slots=True)
class Outcome:
    """What became of each report: its story, whether it was told as news, the marks put on it."""

    stories: dict[tuple[str, int], int] = field(default_factory=dict)
    told: dict[tuple[str, int], bool] = field(default_factory=dict)
    joined: dict[tuple[str, int], bool] = field(default_factory=dict)
    marks: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def reports(found: Iterable[tuple[tuple[str, int], dict[str, Any]]], matcher: Matcher) -> list[Report]:
    """The reports in the order of their time; a document's id is its place in that order."""
    ordered = sorted(found, key=lambda item: (datetime.fromisoformat(item[1]["at"]), item[0]))
    read = []
    for number, (key, raw) in enumerate(ordered, start=1):
        match = matcher.judge(raw["title"], raw["summary"], raw["lang"])
        document = Document(
            id=number,
            language=raw["lang"],
            title=raw["title"],
            summary=raw["summary"],
            at=datetime.fromisoformat(raw["at"]),
            publisher=raw["source"],
            concepts=match.concepts,
            official=raw["source"].endswith(_RELEASES),
        )
        read.append(Report(key, document, match))
    return read


def run(stream: Sequence[Report], *, only_relevant: bool = False) -> Outcome:
    """Place every report; with ``only_relevant``, what is not taken up stands alone and is not told.

    Taken up is what the matcher takes up, and what surely goes on with a story that was.
    """
    grouper, outcome = Grouper(), Outcome()
    keys = {report.document.id: report.key for report in stream}
    members: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for report in stream:
        key, document = report.key, report.document
        placement = grouper.place(document)
        taken_up = report.match.relevant or not only_relevant or follows(report, grouper)
        outcome.stories[key] = document.id
        outcome.joined[key] = outcome.told[key] = False
        if not taken_up:
            continue
        outcome.joined[key] = placement.story is not None
        outcome.told[key] = placement.story is None or bool(placement.facts)
        story = document.id if placement.story is None else placement.story
        grouper.add(document, story)
        members[story].append(key)
        for fact in placement.facts:
            kind, _, value = fact.partition(":")
            if kind in MARKS:
                outcome.marks[keys[int(value)]].add(kind)
        for gone in placement.merges:
            grouper.merge(story, gone)
            members[story].extend(members.pop(gone, []))
        outcome.stories.update(dict.fromkeys(members[story], story))
    return outcome


def follows(report: Report, grouper: Grouper) -> bool:
    """Whether the follow-up rule takes up a report that the matcher does not."""
    return report.match.reason in OVERRULED and grouper.followed(report.document) is not None


def follow_ups(pairs: Sequence[dict[str, Any]], stream: Sequence[Report]) -> dict[str, int]:
    """Of the pairs of one event whose first report the matcher takes up, those whose second joins it."""
    relevant = {report.key for report in stream if report.match.relevant}
    wanted = [pair for pair in pairs if pair["same_event"] and (pair["id"], 1) in relevant]
    outcome = run(stream, only_relevant=True)
    return {"taken_up": sum(_together(outcome, pair) for pair in wanted), "n": len(wanted)}


def _counted(pairs: Iterable[tuple[bool, bool]]) -> Figures:
    """Scores of (said, true) pairs."""
    listed = list(pairs)
    right = sum(said and true for said, true in listed)
    return scores(right, sum(said for said, _ in listed), sum(true for _, true in listed))


def _together(outcome: Outcome, pair: dict[str, Any]) -> bool:
    return outcome.stories[pair["id"], 1] == outcome.stories[pair["id"], 2]


def _said_news(outcome: Outcome, pair: dict[str, Any]) -> bool:
    """Whether the second report counts as told: in another story, as the opposite of what is true."""
    return outcome.told[pair["id"], 2] if _together(outcome, pair) else not pair["news"]


def _hours(pair: dict[str, Any]) -> float:
    first, then = (datetime.fromisoformat(pair[half]["at"]) for half in ("first", "then"))
    return (then - first).total_seconds() / 3600


def same_event(pairs: Sequence[dict[str, Any]], outcome: Outcome) -> Figures:
    """Both reports in one story at the end, against the label."""
    return _counted((_together(outcome, pair), pair["same_event"]) for pair in pairs)


def news(pairs: Sequence[dict[str, Any]], outcome: Outcome) -> Figures:
    """The second report told as news and in the first's story, over pairs of one event."""
    return _counted((_said_news(outcome, pair), pair["news"]) for pair in pairs if pair["same_event"])


def cross_joins(outcome: Outcome) -> int:
    """Pairs of reports of different pairs that stand in one story."""
    held: dict[int, list[str]] = defaultdict(list)
    for (pair, _), story in outcome.stories.items():
        held[story].append(pair)
    return sum(one != other for ids in held.values() for n, one in enumerate(ids) for other in ids[n + 1 :])


def marks(pairs: Sequence[dict[str, Any]], outcome: Outcome) -> dict[str, Figures]:
    """For each kind of mark, those put on the first report against the label."""
    return {
        kind: _counted(
            (kind in outcome.marks[pair["id"], 1], pair["marks_first_as"] == kind) for pair in pairs
        )
        for kind in MARKS
    }


def right(pair: dict[str, Any], outcome: Outcome) -> bool:
    """Whether a pair is right in all: one event or not; for one event, news and the mark too."""
    if _together(outcome, pair) != pair["same_event"]:
        return False
    if not pair["same_event"]:
        return True
    wanted = {pair["marks_first_as"]} - {""}
    return outcome.told[pair["id"], 2] == pair["news"] and outcome.marks[pair["id"], 1] == wanted


def kinds(pairs: Sequence[dict[str, Any]], outcome: Outcome) -> dict[str, dict[str, int]]:
    """How many pairs of each kind are right."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"right": 0, "n": 0})
    for pair in pairs:
        found[pair["kind"]]["n"] += 1
        found[pair["kind"]]["right"] += right(pair, outcome)
    return dict(found)


def chain_news(chains: Sequence[dict[str, Any]], outcome: Outcome) -> Figures:
    """Told or not, relative to all reports before, over every report but an event's first.

    A report that stands in no story of its event's earlier reports counts as the opposite of what is true.
    """
    said: list[tuple[bool, bool]] = []
    for chain in chains:
        earlier: dict[str, set[int]] = defaultdict(set)
        for report in chain["reports"]:
            key = (chain["id"], report["n"])
            stories = earlier[report["event"]]
            if stories:
                joined = outcome.stories[key] in stories
                said.append((outcome.told[key] if joined else not report["news"], report["news"]))
            stories.add(outcome.stories[key])
    return _counted(said)


def show(pairs: Sequence[dict[str, Any]], outcome: Outcome) -> None:
    """Each pair that is not right, with what was decided."""
    for pair in pairs:
        if right(pair, outcome):
            continue
        together, told = _together(outcome, pair), outcome.told[pair["id"], 2]
        print(
            f"  {pair['id']} {pair['kind']}: same {together} (true {pair['same_event']}), told {told} "
            f"(true {pair['news']}), marks {sorted(outcome.marks[pair['id'], 1])} "
            f"(true {pair['marks_first_as'] or 'none'})"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.updates", description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--chains", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(arguments)
    matcher = Matcher.load()
    pairs = lines(options.pairs)
    stream = reports(
        (((pair["id"], n), pair[half]) for pair in pairs for n, half in ((1, "first"), (2, "then"))), matcher
    )
    outcome, end_to_end = run(stream), run(stream, only_relevant=True)
    near = [pair for pair in pairs if _hours(pair) <= NEAR_HOURS]
    result: dict[str, Any] = {
        "same_event": same_event(pairs, outcome),
        "cross_joins": cross_joins(outcome),
        "news": news(pairs, outcome),
        "news_30h": news(near, outcome),
        "marks": marks(pairs, outcome),
        "kinds": kinds(pairs, outcome),
    }
    if options.chains:
        chains = lines(options.chains)
        reported = reports(
            (((chain["id"], one["n"]), one) for chain in chains for one in chain["reports"]), matcher
        )
        result["chains"] = {"news": chain_news(chains, run(reported))}
    result["end_to_end"] = {
        "same_event": same_event(pairs, end_to_end),
        "news": news(pairs, end_to_end),
        "follow_ups": follow_ups(pairs, stream),
    }
    _print(result)
    if options.show:
        show(pairs, outcome)
    print(json.dumps(result))
    return 0


def _print(result: dict[str, Any]) -> None:
    rows = [
        ("same event", result["same_event"]),
        ("news", result["news"]),
        (f"news within {NEAR_HOURS} h", result["news_30h"]),
        *((f"marked {kind}", figures) for kind, figures in result["marks"].items()),
        *([("news in chains", result["chains"]["news"])] if "chains" in result else []),
        ("same event, end to end", result["end_to_end"]["same_event"]),
        ("news, end to end", result["end_to_end"]["news"]),
    ]
    print(f"{'':24}{'precision':>10}{'recall':>10}{'F1':>10}")
    for name, figures in rows:
        print(f"{name:24}" + "".join(f"{figures[key]:10.3f}" for key in ("precision", "recall", "f1")))
    print(f"\nreports of different pairs in one story: {result['cross_joins']}\n")
    found = result["end_to_end"]["follow_ups"]
    print(f"second reports taken up into their first's story: {found['taken_up']} of {found['n']}\n")
    for kind, counts in result["kinds"].items():
        print(f"{kind:36}{counts['right']:3} of {counts['n']}")


if __name__ == "__main__":
    raise SystemExit(main())

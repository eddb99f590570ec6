"""How well articles are grouped by event: ``python -m benchmarks.grouping FILE.jsonl``.

Each line of the file is ``{"id", "lang", "title", "summary", "source", "date", "cluster"}``. Documents are
handed to the grouper in the order of their dates, as feeds would bring them. Prints a table and, as its
last line, one JSON object. ``--stream N`` also measures speed with N invented articles in the window, and
``--stories`` shows which events were torn apart or thrown together.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.stream import documents
from bot.stories.document import Document
from bot.stories.features import features
from bot.stories.grouping import Grouper
from bot.topics.matcher import Matcher

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A document and the event it belongs to."""

    document: Document
    cluster: str


def moment(date: str) -> datetime:
    """The moment of a date; of a month alone, its middle, which errs least."""
    if len(date) == 7:
        date += "-15"
    return datetime.fromisoformat(date[:10]).replace(tzinfo=UTC)


def read(path: Path) -> list[Row]:
    """The documents of a file, oldest first; ids are their places in that order."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    lines.sort(key=lambda line: moment(line["date"]))
    matcher = Matcher.load()
    rows = []
    for number, line in enumerate(lines, start=1):
        title, summary, language = line["title"], line.get("summary") or "", line["lang"]
        document = Document(
            id=number,
            language=language,
            title=title,
            summary=summary,
            at=moment(line["date"]),
            publisher=line.get("source", ""),
            concepts=matcher.judge(title, summary, language).concepts,
        )
        rows.append(Row(document, str(line["cluster"])))
    return rows


def group(stream: Iterable[Document], grouper: Grouper) -> dict[int, int]:
    """Document id → story, after the whole stream, with the merges that it showed."""
    stories: dict[int, int] = {}
    members: dict[int, list[int]] = defaultdict(list)
    for document in stream:
        placement = grouper.place(document)
        story = document.id if placement.story is None else placement.story
        grouper.add(document, story)
        stories[document.id] = story
        members[story].append(document.id)
        for gone in placement.merges:
            grouper.merge(story, gone)
            for moved in members.pop(gone, []):
                stories[moved] = story
                members[story].append(moved)
    return stories


def scores(right: int, given: int, wanted: int) -> Figures:
    """Precision, recall and F1 of counts."""
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def pairwise(rows: Sequence[Row], stories: dict[int, int], keep: Callable[[Row, Row], bool]) -> Figures:
    """Over the pairs of documents that ``keep`` admits: same story against same event."""
    right = given = wanted = 0
    for one, other in itertools.combinations(rows, 2):
        if keep(one, other):
            together = stories[one.document.id] == stories[other.document.id]
            same = one.cluster == other.cluster
            right, given, wanted = right + (together and same), given + together, wanted + same
    return scores(right, given, wanted)


def bcubed(rows: Sequence[Row], stories: dict[int, int]) -> Figures:
    """B-cubed (Bagga & Baldwin 1998): the mean over documents, so that large events do not rule."""
    story_of = [stories[row.document.id] for row in rows]
    both = Counter((story, row.cluster) for story, row in zip(story_of, rows, strict=True))
    by_story, by_cluster = Counter(story_of), Counter(row.cluster for row in rows)
    shares = [
        (both[s, r.cluster], by_story[s], by_cluster[r.cluster]) for s, r in zip(story_of, rows, strict=True)
    ]
    precision = sum(hit / size for hit, size, _ in shares) / len(rows)
    recall = sum(hit / size for hit, _, size in shares) / len(rows)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def speed(rows: Sequence[Row]) -> float:
    """Documents a second of CPU, placed and added, over at least a second."""
    done, started = 0, time.process_time()
    while (spent := time.process_time() - started) < 1.0:
        features.cache_clear()  # a stream brings each article once
        done += len(group((row.document for row in rows), Grouper()))
    return done / spent


def stream_speed(count: int) -> Figures:
    """Documents a second of CPU at the start and at the end of filling a window with ``count`` articles."""
    invented = list(documents(count))
    grouper, part, found = Grouper(), max(1, min(5_000, count // 2)), {}
    for start in range(0, count, part):
        began = time.process_time()
        batch = invented[start : start + part]
        group(batch, grouper)
        found["last" if start else "first"] = round(len(batch) / (time.process_time() - began), 1)
    return {"window": float(len(grouper)), **found}


def show(rows: Sequence[Row], stories: dict[int, int]) -> None:
    """Each event that was torn apart and each story that holds several."""
    events: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        events[row.cluster][stories[row.document.id]] += 1
    for cluster, parts in sorted(events.items()):
        if len(parts) > 1:
            print(f"  torn    {cluster}: {sorted(parts.values(), reverse=True)}")
    held: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        held[stories[row.document.id]][row.cluster] += 1
    for story, clusters in sorted(held.items()):
        if len(clusters) > 1:
            print(f"  mixed   {story}: {dict(clusters.most_common())}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.grouping", description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--stream", type=int, default=0, metavar="N")
    parser.add_argument("--stories", action="store_true")
    options = parser.parse_args(arguments)
    rows = read(options.file)
    if not rows:
        print("no documents in the file", file=sys.stderr)
        return 2
    stories = group((row.document for row in rows), Grouper())
    figures = {
        "pairwise": pairwise(rows, stories, lambda one, other: True),
        "bcubed": bcubed(rows, stories),
        "cross_lingual_pairs": pairwise(
            rows, stories, lambda one, other: one.document.language != other.document.language
        ),
    }
    events = len({row.cluster for row in rows})
    print(f"{len(rows)} documents, {events} events, {len(set(stories.values()))} stories\n")
    print(f"{'':22}{'precision':>10}{'recall':>10}{'F1':>10}")
    for name, values in figures.items():
        print(f"{name:22}" + "".join(f"{values[key]:10.3f}" for key in ("precision", "recall", "f1")))
    if options.stories:
        show(rows, stories)
    result: dict[str, object] = {**figures, "documents_per_cpu_second": round(speed(rows), 1)}
    print(f"\ndocuments per CPU second: {result['documents_per_cpu_second']}")
    if options.stream:
        result["stream"] = found = stream_speed(options.stream)
        print(
            f"window {found['window']:.0f}: {found['first']} a second at first, {found.get('last')} at last"
        )
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

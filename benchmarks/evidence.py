"""How well the rules of evidence tell which question a report bears on, and in which direction.

    python -m benchmarks.evidence FILE.jsonl [--errors] [--half N]

Each line of the file is one labelled report: ``id, lang, title, summary, certainty, bears, dup_group,
near_miss``; ``bears`` is a list of {question, direction, weight}. Every report goes through the matcher
first; what that leaves out bears on nothing, unless its title alone is evidence of weight. Counted are sure
reports and labels of weight 2 and 3; labels of weight 1 neither earn nor cost anything. The reports of one
``dup_group`` share the weight of one. Prints a table for people and, as its last line, one JSON object.
``--half 0`` or ``1`` takes one half of the file, by a hash of the id: errors are read on one half and checked
on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bot.article import load_brief
from bot.evidence import Evidence, EvidenceJudge
from bot.topics.matcher import Matcher
from bot.topics.taxonomy import load_taxonomy

#: Labels of this weight or more are counted.
SOLID = 2
#: Questions with fewer labelled reports are shown but left out of the macro average.
ENOUGH_CASES = 4


def main(arguments: list[str]) -> int:
    """Print the figures for a file of labelled reports. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.evidence", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--errors", action="store_true", help="list the reports judged otherwise than labelled"
    )
    parser.add_argument("--rules-alone", action="store_true", help="read also what the matcher leaves out")
    parser.add_argument("--half", type=int, choices=(0, 1), help="read only one half of the file")
    options = parser.parse_args(arguments)
    items = read_items(options.file, options.half)
    taxonomy = load_taxonomy()
    matcher, judge = Matcher(taxonomy), EvidenceJudge.load(taxonomy)
    verdicts = [verdict(matcher, judge, item, options.rules_alone) for item in items]
    if options.errors:
        print_errors(items, verdicts)
    figures = measure(items, verdicts)
    print_table(figures)
    print(json.dumps(figures))
    return 0


def read_items(path: Path, half: int | None = None) -> list[dict[str, Any]]:
    """The sure reports of a JSON-lines file, or one half of them."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        item
        for item in items
        if item.get("certainty") != "unsure"
        and (half is None or int(hashlib.sha1(item["id"].encode()).hexdigest(), 16) % 2 == half)
    ]


def verdict(
    matcher: Matcher, judge: EvidenceJudge, item: dict[str, Any], rules_alone: bool = False
) -> Evidence:
    """What one labelled report is evidence of."""
    title, summary, language = item.get("title") or "", item.get("summary") or "", item.get("lang") or ""
    if rules_alone:
        return judge.read(title, summary, language)
    return judge.weigh(title, summary, language, matcher.judge(title, summary, language))[1]


def measure(items: list[dict[str, Any]], verdicts: list[Evidence]) -> dict[str, Any]:
    """All figures, in the form that the evaluation asks for."""
    sizes = Counter(group for item in items if (group := item.get("dup_group")))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    ways: dict[str, Counter[str]] = {"worse": Counter(), "better": Counter()}
    taken: dict[str, Counter[bool]] = {"bear": Counter(), "near_miss": Counter()}
    questions = [question.id for concern in load_brief().concerns for question in concern.questions]
    for item, evidence in zip(items, verdicts, strict=True):
        group = item.get("dup_group")
        worth = 1 / sizes[group] if group else 1.0
        labels = {label["question"]: label for label in item["bears"]}
        found = {bearing.question: bearing for bearing in evidence.bearings}
        solid = {name for name, label in labels.items() if label["weight"] >= SOLID}
        for name in solid:
            counts[name]["right" if name in found else "missed"] += worth
            way = labels[name]["direction"]
            if way in ways:
                ways[way]["all"] += worth
                ways[way]["right"] += worth * (name in found and found[name].direction == way)
        for name in found.keys() - labels.keys():
            counts[name]["wrong"] += worth
        relevant = evidence.reason != "not_relevant"
        if solid:
            taken["bear"][relevant] += 1
        if item.get("near_miss"):
            taken["near_miss"][relevant] += 1
    rows = {name: _scores(counts[name]) for name in questions}
    enough = [row["f1"] for row in rows.values() if row["n"] >= ENOUGH_CASES]
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(count)
    recalls = [way["right"] / way["all"] for way in ways.values() if way["all"]]
    return {
        "questions": rows,
        "macro_f1": round(sum(enough) / len(enough), 4) if enough else 0.0,
        "micro": _scores(total),
        "direction": round(sum(recalls) / len(recalls), 4) if recalls else 0.0,
        "taken_up": {
            name: round(count[True] / count.total(), 4) if count.total() else None
            for name, count in taken.items()
        },
    }


def _scores(count: Counter[str]) -> dict[str, float]:
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "n": round(right + missed, 2),
    }


def print_errors(items: list[dict[str, Any]], verdicts: list[Evidence]) -> None:
    """The reports judged otherwise than labelled: ``-`` missed, ``+`` wrong, ``/`` in another direction."""
    for item, evidence in zip(items, verdicts, strict=True):
        labels = {label["question"]: label for label in item["bears"]}
        found = {bearing.question: bearing for bearing in evidence.bearings}
        lines = [
            f"- {name} {label['direction']}"
            for name, label in labels.items()
            if label["weight"] >= SOLID and name not in found
        ]
        for name, bearing in found.items():
            words = ", ".join(f"{finding.surface!r}:{finding.concept}" for finding in bearing.findings)
            if name not in labels:
                lines.append(f"+ {name} {bearing.direction} by {bearing.rule} ({words})")
            elif (
                labels[name]["direction"] in ("worse", "better")
                and labels[name]["direction"] != bearing.direction
            ):
                label = labels[name]["direction"]
                lines.append(f"/ {name} {bearing.direction} for {label} by {bearing.rule} ({words})")
        if lines:
            near = f" near miss: {item['near_miss']}" if item.get("near_miss") else ""
            print(
                f"[{item['lang']}] {item['title'][:150]} | {item['summary'][:280]} ({evidence.reason}{near})"
            )
            print("\n".join(f"    {line}" for line in lines))


def print_table(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    print(f"{'':22}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}")
    for name, row in (*figures["questions"].items(), ("all", figures["micro"])):
        print(f"{name:22}{row['precision']:>10.3f}{row['recall']:>10.3f}{row['f1']:>10.3f}{row['n']:>8.1f}")
    print(f"{'macro F1':22}{figures['macro_f1']:>30.3f}")
    print(f"{'direction':22}{figures['direction']:>30.3f}")
    print(f"{'taken up':22}{figures['taken_up']['bear'] or 0:>30.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""How well the matcher tells relevant entries and their topics, against labelled texts.

    python -m benchmarks.relevance FILE.jsonl [--with-unsure] [--errors]

Each line of the file is one labelled entry: ``lang, title, summary, relevant, concerns, certainty``.
Prints a table for people and, as its last line, one JSON object. ``--errors`` lists the entries judged
otherwise than labelled, with the rule that did it.

Entries drawn from a stream carry ``stratum`` (``natural:…``) and ``weight``, the number of entries of the
stream for which one labelled entry stands. Where a file holds such entries, ``weighted`` gives precision
and recall as they would be on that stream, with a bootstrap interval of the precision.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.domain.match import TOPICS, Match
from bot.evidence import EvidenceJudge
from bot.topics.matcher import Matcher

#: Topics with fewer labelled cases than this are shown but left out of the macro average: one case more
#: or less would move the figure by ten points.
ENOUGH_CASES = 10
#: Strata of this name were drawn from a stream at known rates.
NATURAL = "natural:"
#: No entry stands for more than this many: one error among the rarely drawn would be all that is measured.
MOST_WEIGHT = 10.0
#: Bootstrap samples, and the seed that makes them the same in every run.
SAMPLES, SEED = 500, 2023
#: The time is taken over at least this many judgements, so that a small file still gives a steady figure.
TIMED_ENTRIES = 4000


def main(arguments: list[str]) -> int:
    """Print the figures for a file of labelled entries. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.relevance", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--with-unsure", action="store_true", help="count entries labelled unsure too")
    parser.add_argument("--errors", action="store_true", help="list the entries judged otherwise")
    options = parser.parse_args(arguments)
    items = read_items(options.file, options.with_unsure)
    matcher = Matcher.load()
    evidence = EvidenceJudge.load(matcher.taxonomy)
    matches = [judge(matcher, evidence, item) for item in items]
    figures = measure(items, matches)
    figures["entries_per_cpu_second"] = speed(matcher, evidence, items)
    if options.errors:
        print_errors(items, matches)
    print_table(figures)
    print(json.dumps(figures))
    return 0


def read_items(path: Path, with_unsure: bool = False) -> list[dict[str, Any]]:
    """The labelled entries of a JSON-lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines if line.strip()]
    return [item for item in items if with_unsure or item.get("certainty") != "unsure"]


def judge(matcher: Matcher, evidence: EvidenceJudge, item: dict[str, Any]) -> Match:
    """The verdict on one labelled entry, as at a poll: the matcher's, corrected by what it is evidence of."""
    title, summary, language = item.get("title") or "", item.get("summary") or "", item.get("lang") or ""
    return evidence.weigh(title, summary, language, matcher.judge(title, summary, language))[0]


def measure(items: list[dict[str, Any]], matches: list[Match]) -> dict[str, Any]:
    """All figures but the speed, in the form that the evaluation asks for."""
    pairs = list(zip(items, matches, strict=True))
    figures: dict[str, Any] = {"all": scores((i["relevant"], m.relevant) for i, m in pairs)}
    for language in ("en", "es"):
        figures[language] = scores((i["relevant"], m.relevant) for i, m in pairs if i["lang"] == language)
    figures["weighted"] = {
        language: weighted_scores([(i, m.relevant) for i, m in pairs if i["lang"] == language])
        for language in ("en", "es")
    }
    figures["topics"] = {
        topic: scores((topic in i["concerns"], topic in m.topic_ids) for i, m in pairs) for topic in TOPICS
    }
    counted = [t["f1"] for t in figures["topics"].values() if t["n"] >= ENOUGH_CASES]
    figures["topics_macro_f1"] = round(sum(counted) / len(counted), 4) if counted else 0.0
    return figures


def scores(pairs: Iterable[tuple[bool, bool]]) -> dict[str, float | int]:
    """Precision, recall, F1 and the number of true cases over (label, verdict) pairs."""
    right = wrong = missed = 0
    for label, verdict in pairs:
        right += label and verdict
        wrong += verdict and not label
        missed += label and not verdict
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "n": right + missed,
    }


def weighted_scores(verdicts: list[tuple[dict[str, Any], bool]]) -> dict[str, float]:
    """Precision and recall over a natural mix, and the 2.5 and 97.5 percentiles of the precision.

    Only entries of natural strata count, each by its weight. Percentiles are over bootstrap samples of the
    entries, drawn with replacement; all figures are 0 where there are no such entries.
    """
    drawn = [
        (min(float(item["weight"]), MOST_WEIGHT), bool(item["relevant"]), verdict)
        for item, verdict in verdicts
        if str(item.get("stratum") or "").startswith(NATURAL)
    ]
    chance = random.Random(SEED)
    sampled = sorted(
        _weighted(chance.choices(drawn, k=len(drawn)))[0] for _ in range(SAMPLES if drawn else 0)
    )
    precision, recall = _weighted(drawn)
    low, high = (sampled[int(SAMPLES * 0.025)], sampled[int(SAMPLES * 0.975)]) if sampled else (0.0, 0.0)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "precision_low": round(low, 4),
        "precision_high": round(high, 4),
    }


def _weighted(drawn: list[tuple[float, bool, bool]]) -> tuple[float, float]:
    """Precision and recall over (weight, label, verdict)."""
    right = sum(weight for weight, label, verdict in drawn if label and verdict)
    taken = sum(weight for weight, _, verdict in drawn if verdict)
    true = sum(weight for weight, label, _ in drawn if label)
    return (right / taken if taken else 0.0, right / true if true else 0.0)


def speed(matcher: Matcher, evidence: EvidenceJudge, items: list[dict[str, Any]]) -> int:
    """Entries judged per second of this process's CPU time."""
    if not items:
        return 0
    rounds = max(1, TIMED_ENTRIES // len(items))
    begin = time.process_time()
    for _ in range(rounds):
        for item in items:
            judge(matcher, evidence, item)
    return round(rounds * len(items) / max(time.process_time() - begin, 1e-9))


def print_errors(items: list[dict[str, Any]], matches: list[Match]) -> None:
    """The entries judged otherwise than labelled."""
    for item, match in zip(items, matches, strict=True):
        if set(item["concerns"]) == set(match.topic_ids):
            continue
        mark = "=" if item["relevant"] == match.relevant else "+" if match.relevant else "-"
        print(f"{mark} [{item['lang']}] {item['title'][:150]} | {item['summary'][:300]}")
        print(f"    labelled {', '.join(item['concerns']) or item.get('hard_negative_kind') or 'nothing'}")
        for topic in (*match.topics, *((match.nearest,) if match.nearest else ())):
            found = ", ".join(f"{f.surface!r}:{f.concept}" for f in topic.findings)
            print(f"    {match.reason}: {topic.topic} {topic.score:g} by {topic.rule} ({found})")


def print_table(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    print(f"{'':22}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>7}")
    rows = [(name, figures[name]) for name in ("all", "en", "es")] + list(figures["topics"].items())
    for name, row in rows:
        print(f"{name:22}{row['precision']:>10.3f}{row['recall']:>10.3f}{row['f1']:>10.3f}{row['n']:>7}")
    for language, row in figures["weighted"].items():
        interval = f"{row['precision_low']:.3f}–{row['precision_high']:.3f}"
        print(
            f"natural mix, {language:9}{row['precision']:>10.3f}{row['recall']:>10.3f}   precision {interval}"
        )
    print(f"{'topics, macro F1':22}{figures['topics_macro_f1']:>30.3f}")
    print(f"{'entries per CPU second':22}{figures['entries_per_cpu_second']:>30,}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

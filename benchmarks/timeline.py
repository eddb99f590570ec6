"""How well days and lines of a timeline are chosen: ``python -m benchmarks.timeline FILE.json.gz``.

The file holds ``docs`` (``id, date, text``) and a ``reference_timeline`` (``date, sentences``) made by
people. As is usual for this task, the system is told how many days the reference has, and how many
sentences a day on average. Prints a table with a lead baseline and, as its last line, one JSON object.

Measures, after Martschat & Markert (2017), "Improving ROUGE for Timeline Summarization", written anew:

* date F1: exact days.
* AR1, AR2: ROUGE-1 and -2 with alignment (*align+ m:1*). Each day r of the reference is aligned with the day
  s of the system that has the least cost (1 − 1/(|r−s|+1)) · (1 − ROUGE-1 F(r, s)); recall is
  Σ matching n-grams / (|r−s|+1) over all n-grams of the reference. Precision the other way round. F is
  their harmonic mean. Words are folded; no stemming, stop words stay.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.stories.words import fold, words
from bot.summaries.extract import Source, offered
from bot.summaries.timeline import timeline

Timeline = Mapping[date, Sequence[str]]
Grams = Counter[tuple[str, ...]]


def read(path: Path) -> tuple[list[Source], dict[date, list[str]]]:
    """The documents as sources, and the reference, sentences of one day together."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    data = json.loads(raw)
    sources = []
    for number, one in enumerate(data["docs"], start=1):
        title, _, text = one["text"].partition("\n")
        at = datetime.fromisoformat(one["date"]).replace(tzinfo=UTC)
        sources.append(Source(number, data.get("lang", "es"), title, text or title, at))
    reference: dict[date, list[str]] = {}
    for one in data["reference_timeline"]:
        reference.setdefault(date.fromisoformat(one["date"]), []).extend(one["sentences"])
    return sources, reference


def grams(sentences: Sequence[str], size: int) -> Grams:
    """The n-grams of sentences taken together."""
    tokens = [fold(word) for sentence in sentences for word in words(sentence)]
    return Counter(tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def rouge1(one: Grams, other: Grams) -> float:
    """ROUGE-1 F of two bags of words."""
    shared = (one & other).total()
    return _f1(shared / one.total(), shared / other.total()) if shared else 0.0


def date_f1(system: Timeline, reference: Timeline) -> float:
    """F1 of the exact days."""
    hits = len(system.keys() & reference.keys())
    return _f1(hits / len(system) if system else 0.0, hits / len(reference))


def alignment_rouge(system: Timeline, reference: Timeline, size: int) -> float:
    """F of ROUGE-``size`` with alignment, *align+ m:1*."""
    return _f1(_aligned(system, reference, size), _aligned(reference, system, size))


def _aligned(source: Timeline, target: Timeline, size: int) -> float:
    """Share of ``source``'s n-grams that the aligned days of ``target`` have, near days counting more."""
    if not target:
        return 0.0
    ones = {day: grams(lines, 1) for day, lines in target.items()}
    found = total = 0.0
    for day, lines in source.items():
        mine, wanted = grams(lines, 1), grams(lines, size)
        best = min(
            target,
            key=lambda other: (
                (1 - 1 / (abs((day - other).days) + 1)) * (1 - rouge1(mine, ones[other])),
                abs((day - other).days),
            ),
        )
        near = 1 / (abs((day - best).days) + 1)
        found += near * (wanted & grams(target[best], size)).total()
        total += wanted.total()
    return found / total if total else 0.0


def lead(sources: Sequence[Source], most_days: int, lines_a_day: int) -> dict[date, list[str]]:
    """The baseline: days with most reports, first sentences of their first reports."""
    by_day: dict[date, list[Source]] = {}
    for source in sources:
        by_day.setdefault(source.at.date(), []).append(source)
    days = sorted(by_day, key=lambda day: (-len(by_day[day]), day))[:most_days]
    return {
        day: [offered(source)[0] for source in by_day[day][:lines_a_day] if offered(source)] for day in days
    }


def figures(system: Timeline, reference: Timeline) -> dict[str, float]:
    """The three measures."""
    return {
        "date_f1": round(date_f1(system, reference), 4),
        "ar1_f": round(alignment_rouge(system, reference, 1), 4),
        "ar2_f": round(alignment_rouge(system, reference, 2), 4),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.timeline", description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    sources, reference = read(options.file)
    if not sources or not reference:
        print("no documents or no reference in the file", file=sys.stderr)
        return 2
    days = len(reference)
    lines = max(1, round(sum(map(len, reference.values())) / days))
    chosen = timeline(sources, days, lines)
    system = {one.day: [cited.text for cited in one.lines] for one in chosen}
    result = figures(system, reference)
    baseline = figures(lead(sources, days, lines), reference)
    print(f"{len(sources)} documents, {days} days of {lines} sentences\n")
    print(f"{'':10}{'date F1':>10}{'AR1 F':>10}{'AR2 F':>10}")
    for name, values in (("vigia", result), ("lead", baseline)):
        print(f"{name:10}" + "".join(f"{values[key]:10.3f}" for key in ("date_f1", "ar1_f", "ar2_f")))
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

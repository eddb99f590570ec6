"""Official documents against real headlines: which find the reports of them, and which find others?

    python -m benchmarks.official_pairs STREAM.jsonl[.gz] [MORE …]

The documents are of our own making, in the forms of the official sources, after events that a stream of real
news of October 2023 to February 2024 reports (``official_pairs.tsv``: kind, day, title, text, and the ids of
the reports, none for a document that nobody reports). The stream holds a JSON object a line: id, lang,
title, summary, date. Of what the matcher finds relevant in it each document is given the report that it fits
best. Prints the mistakes and, last, one JSON object: precision over all that were attached, recall over all
that have reports in the stream.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.match_codec import concepts_of, pack_match
from bot.stories.document import Document
from bot.stories.features import features
from bot.stories.pairing import paired
from bot.topics.matcher import Matcher

DOCUMENTS = Path(__file__).with_name("official_pairs.tsv")
SPANISH = frozenset(("dof", "gob_mx"))
WINDOW_DAYS = 10
"""Days of news that the bot holds at once: by that much how common a word is, is counted."""


@dataclass(frozen=True, slots=True)
class Official:
    """A document with the ids of the reports of it."""

    document: Document
    reports: frozenset[str]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)


def _document(
    matcher: Matcher, id: int, language: str, title: str, summary: str, day: str, *, primary: bool = False
) -> Document:
    match = matcher.judge(title, summary, language)
    at = datetime.fromisoformat(day[:19]).replace(tzinfo=UTC)
    concepts = concepts_of(pack_match(match))
    return Document(id, language, title, summary, at, "", concepts, primary=primary)


def officials(matcher: Matcher) -> list[Official]:
    """The documents of the file."""
    found = []
    for number, line in enumerate(DOCUMENTS.read_text(encoding="utf-8").splitlines()):
        kind, day, title, text, ids = line.split("\t")
        language = "es" if kind in SPANISH else "en"
        document = _document(matcher, -1 - number, language, title, text, day, primary=True)
        found.append(Official(document, frozenset(filter(None, ids.split(",")))))
    return found


def news(matcher: Matcher, paths: Sequence[Path]) -> dict[str, Document]:
    """What is relevant in the streams, by id."""
    found = {}
    for path in paths:
        for item in _read(path):
            language = item.get("lang") or "en"
            title, summary = item["title"], item.get("summary") or ""
            if matcher.judge(title, summary, language).relevant:
                found[item["id"]] = _document(matcher, len(found), language, title, summary, item["date"])
    return found


def measure(documents: Sequence[Official], reports: dict[str, Document]) -> dict[str, float | int]:
    """Precision, recall and the counts behind them; mistakes are printed."""
    days = max(len({report.at.date() for report in reports.values()}), 1)
    words = Counter(word for report in reports.values() for word in features(report).evidence)
    spread = {word: round(count * WINDOW_DAYS / days) for word, count in words.items()}
    right = wrong = missed = 0
    for one in documents:
        scores = {id: paired(one.document, report, spread).score for id, report in reports.items()}
        best = max(scores, key=lambda id: scores[id])
        if scores[best] == 0:
            missed += bool(one.reports & reports.keys())
            if one.reports & reports.keys():
                print(f"missed: {one.document.title}")
        elif best in one.reports:
            right += 1
        else:
            wrong += 1
            missed += bool(one.reports & reports.keys())
            print(f"wrong: {one.document.title} -> {reports[best].title}")
    attached, wanted = right + wrong, right + missed
    return {
        "precision": right / attached if attached else 0.0,
        "recall": right / wanted if wanted else 0.0,
        "with_reports": wanted,
        "without": sum(not one.reports for one in documents),
        "reports": len(reports),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("streams", nargs="+", type=Path)
    matcher = Matcher.load()
    print(json.dumps(measure(officials(matcher), news(matcher, parser.parse_args().streams))))


if __name__ == "__main__":
    main()

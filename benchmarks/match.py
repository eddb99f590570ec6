"""How fast entries are judged, beside plainer ways to find the same phrases.

    python -m benchmarks.match FILE.jsonl[.gz] [--limit N]

Each line of the file is an entry with ``title`` and ``summary`` (or ``description``). Prints a table for
people and, as its last line, one JSON object. CPU time of this process, one thread.

- ours: folding, phrases with offsets, rules, and the why
- phrases only: folding and the phrase dictionary, no offsets, no rules
- folding alone: the lower bound of anything that ignores case and accents
- flat regular expression: one alternation of all phrases, on folded text
- naive loop: ``phrase in text`` for each phrase, on folded text
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.topics.fold import fold
from bot.topics.matcher import Matcher

#: The slow ways are timed on this many entries: at some hundred a second, all would take minutes.
SLOW_ENTRIES = 400
DEFAULT_LIMIT = 20_000


def main(arguments: list[str]) -> int:
    """Print the figures. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.match", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="entries to read at most")
    options = parser.parse_args(arguments)
    entries = read_entries(options.file, options.limit)
    if not entries:
        print("no entries", file=sys.stderr)
        return 1
    figures = measure(entries)
    print_table(figures)
    print(json.dumps(figures))
    return 0


def read_entries(path: Path, limit: int) -> list[tuple[str, str]]:
    """Title and summary of each entry of a JSON-lines file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    entries: list[tuple[str, str]] = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if len(entries) == limit:
                break
            if line.strip():
                item = json.loads(line)
                entries.append(
                    (item.get("title") or "", item.get("summary") or item.get("description") or "")
                )
    return entries


def measure(entries: list[tuple[str, str]]) -> dict[str, float | int]:
    """Entries per CPU second of each way, and the number of phrases they look for."""
    matcher = Matcher.load()
    lexicon = matcher.lexicon("en")
    phrases = [" ".join(words) for words in lexicon.phrases()]
    padded = [f" {phrase} " for phrase in phrases]
    flat = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + r")\b")
    few = entries[:SLOW_ENTRIES]

    def ours(entry: tuple[str, str]) -> object:
        return matcher.judge(entry[0], entry[1])

    def phrases_only(entry: tuple[str, str]) -> object:
        return [lexicon.find(fold(text).text.split()) for text in entry]

    def folding(entry: tuple[str, str]) -> object:
        return [fold(text) for text in entry]

    def regular_expression(entry: tuple[str, str]) -> object:
        return [match.span() for text in entry for match in flat.finditer(fold(text).text)]

    def naive(entry: tuple[str, str]) -> object:
        texts = [f" {' '.join(fold(text).text.split())} " for text in entry]
        return [phrase for phrase in padded for text in texts if phrase in text]

    return {
        "entries": len(entries),
        "characters_per_entry": round(sum(len(t) + len(s) for t, s in entries) / len(entries)),
        "phrases": lexicon.size,
        "ours": rate(ours, entries),
        "phrases_only": rate(phrases_only, entries),
        "folding_alone": rate(folding, entries),
        "flat_regular_expression": rate(regular_expression, few),
        "naive_loop": rate(naive, few),
    }


def rate(way: Callable[[tuple[str, str]], object], entries: list[tuple[str, str]]) -> int:
    """Entries per second of this process's CPU time."""
    begin = time.process_time()
    for entry in entries:
        way(entry)
    return round(len(entries) / max(time.process_time() - begin, 1e-9))


def print_table(figures: dict[str, float | int]) -> None:
    """The figures as a table."""
    size = f"{figures['entries']:,} entries of {figures['characters_per_entry']} characters"
    print(f"{size}, {figures['phrases']:,} phrases; entries per CPU second:")
    for name in ("ours", "phrases_only", "folding_alone", "flat_regular_expression", "naive_loop"):
        print(f"  {name.replace('_', ' '):26}{figures[name]:>12,}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""How well reports are attached to the policies that they name, and which step a headline is taken to tell.

    python -m benchmarks.attachment [TITLES.jsonl] [--errors]

Without a file it reads the headlines in our own words (``tests/topics/attachment.yaml``). Each line of a
file is one labelled headline: ``lang, title, policies``. Prints a table for people and, as its last line,
one JSON object: ``attachment`` {precision, recall, n} over pairs of headline and policy, ``steps`` {right,
n}: the share of the headlines whose proposed status, or want of one, is right, and of those that propose
one the share that is right (``precision``).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from bot.topics.policies import PolicyNames
from bot.topics.policy_steps import StepWords

OWN = Path(__file__).parents[1] / "tests" / "topics" / "attachment.yaml"


def main(arguments: list[str]) -> int:
    """Print the figures. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.attachment", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", help="labelled headlines instead of our own")
    parser.add_argument("--errors", action="store_true", help="list what is attached otherwise than labelled")
    options = parser.parse_args(arguments)
    own = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    named = own["named"]
    if options.file:
        lines = options.file.read_text(encoding="utf-8").splitlines()
        items = [json.loads(line) for line in lines if line.strip()]
        named = [(item["lang"], item["title"], item["policies"]) for item in items]
    figures = {"attachment": attachment(named, options.errors), "steps": steps(own["steps"], options.errors)}
    print(f"{'':12}{'precision':>10}{'recall':>10}{'n':>6}")
    for name, row in figures.items():
        print(f"{name:12}{row['precision']:>10.3f}{row.get('recall', row.get('right')):>10.3f}{row['n']:>6}")
    print(json.dumps(figures))
    return 0


def attachment(named: list[Any], errors: bool = False) -> dict[str, float]:
    """Precision and recall over pairs of a headline and a policy that it names."""
    names = PolicyNames.shipped()
    right = wrong = missed = 0
    for language, title, policies in named:
        found = {one.policy for one in names.named(title, "", language)}
        wanted = set(policies)
        right, wrong, missed = (
            right + len(found & wanted),
            wrong + len(found - wanted),
            missed + len(wanted - found),
        )
        if errors and found != wanted:
            print(f"{title}: found {sorted(found)}, wanted {sorted(wanted)}")
    return {
        "precision": round(right / max(right + wrong, 1), 4),
        "recall": round(right / max(right + missed, 1), 4),
        "n": len(named),
    }


def steps(labelled: list[Any], errors: bool = False) -> dict[str, float]:
    """The share of headlines whose step is right, and of the proposed steps the share that is right."""
    words = StepWords.load()
    right = proposed = proposed_right = 0
    for title, status in labelled:
        found = words.proposed(title)
        right += (found or "none") == status
        proposed += found is not None
        proposed_right += found is not None and found == status
        if errors and (found or "none") != status:
            print(f"{title}: found {found}, wanted {status}")
    return {
        "right": round(right / len(labelled), 4),
        "precision": round(proposed_right / max(proposed, 1), 4),
        "n": len(labelled),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

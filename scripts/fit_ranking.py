"""Fit the weights of the ranking on days graded by an editor, and check them by leaving each day out.

    python -m scripts.fit_ranking FILE.jsonl

Every pair of a day's stories with different grades should stand in the order of their grades; a pair counts
by the difference of its gains (2^grade − 1). The loss is logistic with a ridge, and no weight may fall below
zero: each sign was chosen beforehand to speak for a development. Prints the weights to copy into
``bot/ranking/rank.py``, and the figures with each day ranked by the weights of the other days.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

from benchmarks.ranking import Day, figures, read_days
from bot.ranking.rank import rank
from bot.ranking.signs import Signs

#: Not fitted: official feeds are not among the graded items.
FIXED = ("official",)
#: What the weights are drawn towards, since four days say little: the question and the act come first.
PRIOR = {
    "question": 2.0,
    "author": 1.0,
    "act": 2.0,
    "authority": 0.5,
    "official": 1.0,
    "outlets": 1.0,
    "people": 0.7,
}
ROUNDS, STEP, RIDGE = 400, 0.5, 0.1
NAMES = tuple(one.name for one in fields(Signs))


def fitted(days: Sequence[Day]) -> dict[str, float]:
    """The weights that put the stories of these days into the order of their grades best."""
    pairs = [pair for day in days for pair in _pairs(day)]
    total = sum(worth for _, worth in pairs)
    weights = dict(PRIOR)
    for _ in range(ROUNDS):
        slope = {name: RIDGE * (weights[name] - PRIOR[name]) for name in NAMES}
        for difference, worth in pairs:
            apart = sum(weights[name] * value for name, value in zip(NAMES, difference, strict=True))
            pull = worth / total / (1 + math.exp(min(apart, 50)))
            for name, value in zip(NAMES, difference, strict=True):
                slope[name] -= pull * value
        for name in NAMES:
            if name not in FIXED:
                weights[name] = max(0.0, weights[name] - STEP * slope[name])
    return {name: round(weights[name], 2) for name in NAMES}


def _pairs(day: Day) -> list[tuple[tuple[float, ...], float]]:
    """The differences of signs between a better and a worse story, each with what it counts."""
    graded = [(astuple(rank(one).signs), day.grades[day.event_of[one.story_id]]) for one in day.stories]
    return [
        (tuple(a - b for a, b in zip(better, worse, strict=True)), float(2**high - 2**low))
        for better, high in graded
        for worse, low in graded
        if high > low
    ]


def main(arguments: list[str]) -> int:
    """Print the weights and the figures. Returns the exit code."""
    days = read_days(Path(arguments[0]))
    rows = []
    for left_out in days:
        weights = fitted([day for day in days if day is not left_out])
        row = figures([left_out], lambda one, by=weights: (rank(one, by).place, one.last_at.timestamp()))
        rows.append(row)
        print(left_out.name, row, weights)
    for name in rows[0]:
        print(f"left out in turn: {name} {sum(row[name] for row in rows) / len(rows):.3f}")
    print("weights of all days:", fitted(days))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A concern's weeks as a picture: bars on a light card of their own, so that it reads on dark and on light.

matplotlib comes with the extra ``chart`` and is loaded when the first picture is drawn. Drawing takes a
quarter of a second of CPU and belongs in a thread.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Ink and paper: contrast over 13:1 for words, over 4.5:1 for bars. The present week differs in fill and
#: outline, not in colour alone.
_PAPER, _INK, _SOFT, _BAR, _OPEN = "#FBFAF7", "#22272E", "#5B6470", "#2F6DB5", "#D5E3F3"
_DPI = 150
_WIDTH = 8.0
#: Up to so many bars have their number above them; more would run into each other.
_NUMBERED = 20
#: Dates below the bars: at most so many.
_DATES = 7

_WEEK = timedelta(weeks=1)
_drawing = threading.Lock()  # matplotlib shares its fonts between figures and is not made for threads


class ChartMissing(Exception):
    """matplotlib is not installed: the extra ``chart`` brings it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of bars: a name and a number for each week, None where nothing was read yet."""

    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows. ``labels`` name the weeks; ``open_week`` is whether the last is not over."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    open_week: bool


def full_weeks(
    counted: Sequence[tuple[date, int]], weeks: Sequence[date], first: date | None = None
) -> tuple[int | None, ...]:
    """A number for each of ``weeks`` (Mondays): nought where none was counted.

    Where the week was over before ``first``, the day on which reading began, it is None: no data.
    """
    known = dict(counted)
    return tuple(
        known.get(week) or (None if first is not None and week + _WEEK <= first else 0) for week in weeks
    )


def bar(count: int | None, most: int, width: int) -> str:
    """A bar of blocks as long as ``count`` is of ``most``; at least one block for anything above nought."""
    if count is None or count <= 0 or most <= 0:
        return ""
    return "█" * max(1, round(width * count / most))


def sparkline(counts: Sequence[int | None]) -> str:
    """The numbers as one line of blocks of eight heights, nought the lowest; a dot is no data."""
    most = highest(counts) or 1
    steps = "▁▂▃▄▅▆▇█"
    return "".join("·" if count is None else steps[min(7, -(-7 * count // most))] for count in counts)


def highest(counts: Sequence[int | None]) -> int:
    """The highest of the numbers; nought where there is none."""
    return max((count for count in counts if count is not None), default=0)


@lru_cache(maxsize=24)
def draw(chart: Chart) -> bytes:
    """The picture as PNG. Equal charts are drawn once. Raises ChartMissing."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise ChartMissing from missing

    several = len(chart.rows) > 1
    height = 1.0 + 1.25 * len(chart.rows) if several else 3.6
    with _drawing:
        figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor=_PAPER)
        FigureCanvasAgg(figure)
        axes = figure.subplots(len(chart.rows), 1, sharex=True, squeeze=False)[:, 0]
        for row, one in zip(chart.rows, axes, strict=True):
            _bars(one, row, chart.open_week)
            if several:
                one.set_title(row.name, loc="left", fontsize=11, color=_INK, pad=12, parse_math=False)
        _dates(axes[-1], chart.labels)
        figure.suptitle(
            chart.title,
            x=0.03,
            y=1 - 0.14 / height,
            ha="left",
            va="top",
            fontsize=14,
            color=_INK,
            fontweight="bold",
            parse_math=False,
        )
        figure.subplots_adjust(
            left=0.03,
            right=0.97,
            top=1 - (0.85 if several else 0.7) / height,
            bottom=0.42 / height,
            hspace=1.05,
        )
        picture = io.BytesIO()
        figure.savefig(picture, format="png", facecolor=_PAPER)
    return picture.getvalue()


def _bars(axes: Axes, row: Row, open_week: bool) -> None:
    places = range(len(row.counts))
    most = highest(row.counts)
    drawn = axes.bar(
        places, [count or 0 for count in row.counts], width=0.72, color=_BAR, edgecolor=_BAR, linewidth=1
    )
    if open_week and row.counts:
        drawn[-1].set_facecolor(_OPEN)
    axes.set_facecolor(_PAPER)
    axes.set_xlim(-0.6, max(len(row.counts) - 0.4, 0.6))
    axes.set_ylim(0, max(most, 1) * 1.22)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelsize=10, labelcolor=_SOFT)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#C9CDD2")
    numbered = len(row.counts) <= _NUMBERED
    unread = sum(count is None for count in row.counts)
    if unread:
        # The weeks without data come first: nothing had been read yet.
        axes.axvspan(-0.5, unread - 0.5, facecolor="none", edgecolor="#C9CDD2", hatch="///", linewidth=0)
    for place, count in zip(places, row.counts, strict=True):
        if count and (numbered or count == most):
            axes.annotate(
                str(count),
                (place, count),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=10,
                color=_INK,
            )


def _dates(axes: Axes, labels: Sequence[str]) -> None:
    step = max(1, -(-len(labels) // _DATES))
    # Counted from the last week, which is the one that readers look for.
    places = list(range(len(labels) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [labels[place] for place in places])

"""How much of each concern was reported, week by week: a picture with its words, or bars of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.article import Brief, Concern
from bot.domain.feeds import HealthCounts
from bot.domain.page import Block, Button, Code, Item, Note, Page, Picture, Request, Strong
from bot.locale import Translator
from bot.pages.chart import Chart, Row, bar, highest, sparkline
from bot.pages.choices import concern_choice
from bot.pages.wording import coverage_note

#: Blocks of the longest bar of text: with date and number, one line on a phone.
_BAR_WIDTH = 16
#: Weeks that a reader may go to at one press.
_SPANS = (8, 26, 52)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The stories of one concern in each of the weeks, given by their Mondays; None: nothing was read."""

    concern: Concern
    counts: tuple[int | None, ...]


def chart_of(t: Translator, mondays: Sequence[date], found: Sequence[Weeks], *, open_week: bool) -> Chart:
    """What the picture is to show, in the reader's language."""
    if len(found) == 1:
        title = t("{concern}: events a week", concern=found[0].concern.name.in_(t.language))
    else:
        title = t("Events a week")
    return Chart(
        title=title,
        labels=tuple(_week(t, monday) for monday in mondays),
        rows=tuple(Row(one.concern.name.in_(t.language), one.counts) for one in found),
        open_week=open_week,
    )


def trend_page(
    t: Translator,
    brief: Brief,
    mondays: Sequence[date],
    found: Sequence[Weeks],
    health: HealthCounts,
    *,
    png: bytes | None,
    open_week: bool,
) -> Page:
    """The weeks of one concern or of all; without a picture (``png``), in bars of text."""
    one = found[0] if len(found) == 1 else None
    blocks: list[Block] = []
    if png is not None:
        blocks.append(Picture(png, alt_text(t, mondays, found, open_week=open_week), "trend.png"))
    elif one is not None:
        most = highest(one.counts)
        for monday, count in zip(mondays, one.counts, strict=True):
            said = t("no data") if count is None else t.number(count)
            drawn = bar(count, most, _BAR_WIDTH)
            blocks.append(Item((Code(f"{_week(t, monday):>7}"), f" {drawn} " if drawn else " ", said)))
    else:
        blocks += [_line(t, mondays, weeks, open_week=open_week) for weeks in found]
    told = [t("An event is counted once in each week in which it was reported; weeks begin on Monday.")]
    if png is not None and one is None:
        told.append(t("Each concern has a scale of its own."))
    if open_week:
        told.append(t("This week is incomplete."))
    if any(count is None for weeks in found for count in weeks.counts):
        told.append(t("Of the weeks before the first reading there are no data."))
    blocks.append(Note((" ".join(told),)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    title = t("Trend") if one is None else t("Trend · {concern}", concern=one.concern.name.in_(t.language))
    kept = {} if one is None else {"concern": one.concern.id}
    return Page(
        title,
        tuple(blocks),
        _buttons(t, one.concern if one else None, len(mondays)),
        (
            concern_choice(
                t,
                brief,
                Request("trend", {"weeks": str(len(mondays))}),
                "concern",
                kept.get("concern"),
            ),
        ),
    )


def alt_text(t: Translator, mondays: Sequence[date], found: Sequence[Weeks], *, open_week: bool) -> str:
    """The picture in words: span, and for each concern its most, its first and its last whole week."""
    said = [
        t(
            "A bar chart of the events reported each week, from the week of {first} to that of {last}.",
            first=t.day(mondays[0]),
            last=t.day(mondays[-1]),
        )
    ]
    for weeks in found:
        name, first = weeks.concern.name.in_(t.language), weeks.counts.count(None)
        whole = [count or 0 for count in weeks.counts[first:]]
        if open_week and len(whole) > 1:
            whole = whole[:-1]
        most = highest(whole)
        if not most:
            said.append(t("{concern}: none.", concern=name))
            continue
        said.append(
            t(
                "{concern}: {start} in the first week, {end} in the last whole one, {most} at most"
                " (week of {when}).",
                concern=name,
                start=t.number(whole[0]),
                end=t.number(whole[-1]),
                most=t.number(most),
                when=_week(t, mondays[first + whole.index(most)]),
            )
        )
    return " ".join(said)


def _line(t: Translator, mondays: Sequence[date], weeks: Weeks, *, open_week: bool) -> Item:
    total = t.many("{n} event in all", "{n} events in all", sum(count or 0 for count in weeks.counts))
    last = t.number(weeks.counts[-1] or 0)
    latest = t("{n} in the present week", n=last) if open_week else t("{n} in the last week", n=last)
    return Item(
        (Strong(weeks.concern.name.in_(t.language)),),
        ((Code(sparkline(weeks.counts)), f" {total} · {latest}"),),
    )


def _buttons(t: Translator, concern: Concern | None, weeks: int) -> tuple[Button, ...]:
    kept = {} if concern is None else {"concern": concern.id}
    buttons = [
        Button(t.many("{n} week", "{n} weeks", span), Request("trend", {**kept, "weeks": str(span)}))
        for span in _SPANS
        if span != weeks
    ]
    if concern is not None:
        buttons.insert(0, Button(t("Timeline"), Request("timeline", {"concern": concern.id}), primary=True))
        buttons.append(Button(t("All concerns"), Request("trend", {"weeks": str(weeks)})))
    return tuple(buttons)


def _week(t: Translator, monday: date) -> str:
    return t.day_of_year(monday)

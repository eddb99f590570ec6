"""A concern over time: its dated line, and how much was reported week by week."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.article import Concern
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.audience import Terminal, View
from bot.domain.feeds import HealthCounts
from bot.domain.page import Page
from bot.domain.stories import Development, Tally
from bot.locale import Translator, message, translator
from bot.pages.chart import Chart, ChartMissing, draw, full_weeks
from bot.pages.timeline import Period, TimelineDay, day_page, timeline_page
from bot.pages.trend import Weeks, chart_of, trend_page
from bot.record.current import steps_between
from bot.store import daily, feeds, timelines

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: A timeline without dates shows a month, as /latest does.
DEFAULT_DAYS = 30
LONGEST_DAYS = 366
#: Days with a report that are looked at for one timeline: two months of daily news.
DAYS_LOOKED_AT = 62
DEFAULT_WEEKS = 12
LONGEST_WEEKS = 104
#: The oldest date that is understood; nothing here is older than the article itself.
_EARLIEST = date(2000, 1, 1)


async def timeline(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What happened under a concern, one line a day."""
    concern = context.brief.concern(given["concern"])
    if "day" in given:
        return await _day_page(context, asker, concern, given)
    today = context.clock.now().astimezone(UTC).date()
    period = period_of(given.get("since"), given.get("until"), today)
    view = asker.view
    start, end = _moment(period.since), _moment(period.until)

    def read(session: Session) -> tuple[list[tuple[date, Development]], list[Tally], HealthCounts]:
        return (
            timelines.most_reported_by_day(session, view, concern.id, start, end, limit=DAYS_LOOKED_AT),
            timelines.timeline(session, view, concern.id, start, end),
            feeds.health_counts(session, view),
        )

    told, tallies, health = await context.database.read(read)
    stories = {tally.start: tally.stories for tally in tallies}
    return timeline_page(
        translator(asker.language),
        context.brief,
        concern,
        period,
        [TimelineDay(day, development, stories.get(day, 1)) for day, development in told],
        len(tallies),
        health,
        steps_between(context.record, (one.id for one in concern.questions), period.since, period.until),
    )


async def _day_page(context: AppContext, asker: Asker, concern: Concern, given: Arguments) -> Page:
    """All that one day brought under a concern."""
    today = context.clock.now().astimezone(UTC).date()
    day = _day(given["day"], today)
    if day > today + timedelta(days=1):  # it may be tomorrow already where it is asked
        raise UserFault(
            message("The day {value} has not come yet."),
            message("Write a date as 2026-05-01, or how many days back, as 90."),
            value=given["day"][:40],
        )
    found = await context.database.read(daily.of_day, asker.view, concern.id, day)
    t, page = translator(asker.language), int(given.get("page", 1))
    return await asyncio.to_thread(day_page, t, context.brief, concern, day, found, page)


async def trend(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """How many events each week brought, for one concern or for all."""
    t = translator(asker.language)
    view = asker.view
    weeks = int(given.get("weeks", DEFAULT_WEEKS))
    now = context.clock.now().astimezone(UTC)
    mondays = weeks_until(now.date(), weeks)
    chosen = [context.brief.concern(given["concern"])] if "concern" in given else list(context.brief.concerns)

    def read(session: Session) -> tuple[list[Weeks], HealthCounts]:
        counted = [Weeks(one, weekly_counts(session, view, one, mondays, now)) for one in chosen]
        return counted, feeds.health_counts(session, view)

    found, health = await context.database.read(read)
    # A terminal shows no pictures.
    png = None if isinstance(asker.view, Terminal) else await _picture(t, mondays, found)
    return trend_page(t, context.brief, mondays, found, health, png=png, open_week=True)


def period_of(since: str | None, until: str | None, today: date) -> Period:
    """The days that a reader means, by date or by number of days back. Raises UserFault."""
    last = min(_day(until, today), today) if until else today
    first = _day(since, today) if since else last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise UserFault(
            message("The timeline would end before it begins."),
            message("“since” is the earlier day, “until” the later one."),
        )
    return Period(max(first, last - timedelta(days=LONGEST_DAYS - 1)), last)


def weeks_until(today: date, weeks: int) -> tuple[date, ...]:
    """The Mondays of the last so many weeks, oldest first; the last is that of the present week."""
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


def weekly_counts(
    session: Session, view: View, concern: Concern, mondays: tuple[date, ...], now: datetime
) -> tuple[int | None, ...]:
    """How many events a concern had in each of the weeks that begin on ``mondays``, up to now.

    None for a week that was over before anything was read.
    """
    tallies = timelines.timeline(session, view, concern.id, _moment(mondays[0]), now, span=7)
    first = timelines.first_seen(session)
    began = first.astimezone(UTC).date() if first is not None else None
    return full_weeks([(tally.start, tally.stories) for tally in tallies], mondays, began)


async def _picture(t: Translator, mondays: tuple[date, ...], found: list[Weeks]) -> bytes | None:
    """The chart, drawn off the event loop; None where matplotlib is not installed."""
    chart: Chart = chart_of(t, mondays, found, open_week=True)
    try:
        return await asyncio.to_thread(draw, chart)
    except ChartMissing:
        return None


def _day(text: str, today: date) -> date:
    try:
        if text.isascii() and text.isdigit() and len(text) <= 5:
            found = today - timedelta(days=int(text))
        else:
            found = date.fromisoformat(text)
    except (ValueError, OverflowError):
        found = date.min
    if found < _EARLIEST:
        raise UserFault(
            message("“{value}” is neither a date nor a number of days."),
            message("Write a date as 2026-05-01, or how many days back, as 90."),
            value=text[:40],
        )
    return found


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


_CONCERN = message("Which concern")

COMMANDS = (
    Command(
        "timeline",
        message("What happened under a concern, one line a day"),
        timeline,
        (
            Parameter("concern", _CONCERN, "concern", required=True),
            Parameter("since", message("From when: a date such as 2026-05-01, or days back")),
            Parameter("until", message("Until when: a date such as 2026-05-31, or days back")),
            Parameter("day", message("Which day"), hidden=True),
            Parameter("page", message("Which page"), "whole", low=1, high=100, hidden=True),
        ),
    ),
    Command(
        "trend",
        message("How much was reported week by week: a chart"),
        trend,
        (
            Parameter("concern", _CONCERN, "concern"),
            Parameter("weeks", message("How many weeks"), "whole", low=2, high=LONGEST_WEEKS),
        ),
    ),
)

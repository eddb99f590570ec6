"""The dated line of a concern: one line a day at most, the most telling of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.article import Brief, Concern
from bot.domain.articles import Article
from bot.domain.feeds import HealthCounts
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
)
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import concern_choice, story_choice
from bot.pages.listing import listing_page
from bot.pages.policy_words import dated_item
from bot.pages.wording import coverage_note, language_name
from bot.record import PolicyObject, PolicyStep
from bot.record.current import day_of
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: Lines on one page, days and steps of policies together: some 1,100 characters, which a phone shows in one
#: screen and a half. The other days are in the select.
LINES_SHOWN = 5
#: Steps of policies among them, which take more text: what happened by decree, beside what was reported.
STEPS_SHOWN = 2
#: Days that can be opened from the select; Discord takes 25 options.
DAYS_OFFERED = 25


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """A day (UTC) with its most telling development, and how many stories were reported on it in all."""

    day: date
    development: Development
    stories: int

    @property
    def weight(self) -> tuple[int, int, date]:
        """How much it tells: how many publishers reported it, in how many languages, and how late it is."""
        return len(self.development.publishers), len(self.development.languages), self.day


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def before(self) -> Period:
        """The period of the same length that ends on the day before this one."""
        return Period(self.since - timedelta(days=self.length), self.since - timedelta(days=1))


def most_telling(days: Sequence[TimelineDay], most: int) -> tuple[TimelineDay, ...]:
    """At most ``most`` days, the most telling ones, in the order of time."""
    kept = sorted(days, key=lambda one: one.weight, reverse=True)[:most]
    return tuple(sorted(kept, key=lambda one: one.day))


def timeline_page(
    t: Translator,
    brief: Brief,
    concern: Concern,
    period: Period,
    days: Sequence[TimelineDay],
    reported: int,
    health: HealthCounts,
    steps: Sequence[tuple[PolicyObject, PolicyStep]] = (),
) -> Page:
    """One line for each of the most telling days, oldest first. ``reported`` counts all that had any.

    ``steps`` of policies stand among them by their dates, the last ones where there are many. The days that
    are left out can be opened from a select.
    """
    last_steps = steps[-STEPS_SHOWN:]
    shown = most_telling(days, LINES_SHOWN - len(last_steps))
    dated = [(day.day, _line(t, day)) for day in shown]
    dated += [(day_of(step), dated_item(t, policy, step)) for policy, step in last_steps]
    blocks: list[Block] = [item for _, item in sorted(dated, key=lambda one: one[0])]
    if len(steps) > STEPS_SHOWN:
        blocks.append(
            Note(
                (
                    t(
                        "The last {shown} of {n} steps of policies; /policies has all.",
                        shown=t.number(STEPS_SHOWN),
                        n=t.number(len(steps)),
                    ),
                )
            )
        )
    if not shown:
        blocks.append(Paragraph((t("Nothing was reported under this concern in these days."),)))
    elif reported > len(shown):
        blocks.append(
            Note(
                (
                    t(
                        "{shown} of {days} days with reports: those that most publishers reported on."
                        " Others can be opened below.",
                        shown=t.number(len(shown)),
                        days=t.number(reported),
                    ),
                )
            )
        )
    blocks.append(
        Note((t("{since} to {until}, days in UTC.", since=t.day(period.since), until=t.day(period.until)),))
    )
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    name = concern.name.in_(t.language)
    return Page(
        t("Timeline · {concern}", concern=name),
        tuple(blocks),
        _buttons(t, concern, period, full=reported > len(shown)),
        (
            *_day_choice(t, concern, days, shown),
            *story_choice(t, (day.development for day in shown)),
            concern_choice(t, brief, Request("timeline", _span(period)), "concern", concern.id),
        ),
    )


def day_page(
    t: Translator, brief: Brief, concern: Concern, day: date, found: Sequence[Development], page: int
) -> Page:
    """All that one day brought under a concern, the most reported first."""
    kept = {"concern": concern.id}
    return listing_page(
        t,
        brief,
        f"{concern.name.in_(t.language)} · {t.day(day)}",
        found,
        Request("timeline", {**kept, "day": day.isoformat()}),
        page,
        (t("Days are of UTC."),),
        Button(t("Timeline"), Request("timeline", kept)),
    )


def _day_choice(
    t: Translator, concern: Concern, days: Sequence[TimelineDay], shown: Sequence[TimelineDay]
) -> tuple[Choice, ...]:
    """A select of the days that brought more than the page says; none where none did."""
    more = [day for day in days if day.stories > 1 or day not in shown]
    options = tuple(
        Option(
            " · ".join((t.day(day.day), t.many("{n} story", "{n} stories", day.stories))),
            day.day.isoformat(),
            title_of(_lead(day, t.language)),
        )
        for day in most_telling(more, DAYS_OFFERED)
    )
    if not options:
        return ()
    return (Choice(t("Open a day"), Request("timeline", {"concern": concern.id}), "day", options),)


def _buttons(t: Translator, concern: Concern, period: Period, *, full: bool) -> tuple[Button, ...]:
    buttons = [
        Button(
            t("Earlier"),
            Request("timeline", {"concern": concern.id, **_span(period.before())}),
            primary=True,
        )
    ]
    if full and period.length > 1:
        half = Period(period.until - timedelta(days=period.length // 2 - 1), period.until)
        buttons.append(
            Button(t("Shorter, with more days"), Request("timeline", {"concern": concern.id, **_span(half)}))
        )
    buttons.append(Button(t("Chart"), Request("trend", {"concern": concern.id})))
    buttons.append(Button(t("The concern"), Request("concern", {"name": concern.id})))
    return tuple(buttons)


def _span(period: Period) -> dict[str, str]:
    return {"since": period.since.isoformat(), "until": period.until.isoformat()}


def _line(t: Translator, day: TimelineDay) -> Item:
    lead = _lead(day, t.language)
    first: list[Span] = [Strong(t.short_day(day.day)), " · ", Link(title_of(lead), lead.url)]
    second: list[Span] = [lead.publisher]
    others = len(day.development.publishers) - 1
    if others > 0:
        second.append(" " + t.many("and {n} more publisher", "and {n} more publishers", others))
    if lead.language != t.language:
        second += [" · ", t("in {language}", language=language_name(t, lead.language))]
    rest = day.stories - 1
    if rest > 0:
        second += [" · ", t.many("{n} more story that day", "{n} more stories that day", rest)]
    return Item(tuple(first), (tuple(second),))


def _lead(day: TimelineDay, language: str) -> Article:
    """The first report of that day in the reader's language, else the first of that day, else the lead."""
    of_day = [one for one in day.development.articles if one.published_at.date() == day.day]
    spoken = [one for one in of_day if one.language == language]
    return (spoken or of_day or [lead_article(day.development, language)])[-1]

"""Developments: the newest, and those that a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.article import Brief
from bot.domain.articles import Hits
from bot.domain.feeds import HealthCounts
from bot.domain.page import Block, Button, Divider, Heading, Item, Note, Page, Paragraph, Request
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import concern_choice, policy_choice, story_choice
from bot.pages.items import Ranked, full_item
from bot.pages.policy_words import now_line
from bot.pages.watch import hit_item
from bot.pages.wording import coverage_note, language_name
from bot.ranking.rank import Rank, rank
from bot.record import PolicyObject
from bot.store.watching import WatchHit

#: A page holds this many developments: each takes two or three lines, a phone shows about that many.
PER_PAGE = 6
#: What the server's own phrases found beyond that, below it.
OWN_SHOWN = 4
#: How far back a reader looks who finds nothing nearer.
YEAR = 365
LONGEST_DAYS = 3650


def latest_page(
    t: Translator,
    brief: Brief,
    developments: Sequence[Development],
    health: HealthCounts,
    *,
    concern: str | None,
    days: int,
    language: str | None,
    more: str | None,
    own: Sequence[WatchHit] = (),
) -> Page:
    """Developments, newest first, grouped by story. ``more`` is where the next page begins.

    ``own`` is what the server's own phrases found beyond them.
    """
    title = t("Latest developments")
    if concern:
        title += f" · {brief.concern(concern).name.in_(t.language)}"
    kept = _arguments(concern=concern, days=str(days), language=language)
    blocks: list[Block] = [full_item(t, brief, Ranked(one, rank(one))) for one in developments]
    if not blocks:
        blocks.append(Paragraph((_nothing_found(t, days),)))
    if own:
        blocks += [Divider(), Heading(t("Found by this server's own phrases"))]
        blocks += [hit_item(t, hit) for hit in own]
    if language:
        blocks.append(Note((t("Only sources in {language}.", language=language_name(t, language)),)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    buttons = []
    if more:
        buttons.append(Button(t("More"), Request("latest", {**kept, "before": more}), primary=True))
    if language:
        both = {key: value for key, value in kept.items() if key != "language"}
        buttons.append(Button(t("Both languages"), Request("latest", both)))
    else:
        only = {**kept, "language": t.language}
        label = t("Only in {language}", language=language_name(t, t.language))
        buttons.append(Button(label, Request("latest", only)))
    ordered = {key: value for key, value in kept.items() if key != "days"}
    buttons.append(Button(t("What matters most"), Request("latest", {**ordered, "order": "importance"})))
    if not developments and days < YEAR:
        buttons.insert(0, Button(t("Look back a year"), Request("latest", {**kept, "days": str(YEAR)})))
    without = {key: value for key, value in kept.items() if key != "concern"}
    choice = concern_choice(t, brief, Request("latest", without), "concern", concern)
    return Page(title, tuple(blocks), tuple(buttons), (*story_choice(t, developments), choice))


@dataclass(frozen=True, slots=True)
class Ordered:
    """Which developments were asked for by importance."""

    concern: str | None
    days: int
    language: str | None
    page: int = 1


def important_page(
    t: Translator,
    brief: Brief,
    ranked: Sequence[tuple[Development, Rank]],
    health: HealthCounts,
    asked: Ordered,
) -> Page:
    """One page of developments, what matters most first, each with the reason."""
    title = t("What matters most")
    if asked.concern:
        title += f" · {brief.concern(asked.concern).name.in_(t.language)}"
    kept = _arguments(
        concern=asked.concern, days=str(asked.days), language=asked.language, order="importance"
    )
    start = (asked.page - 1) * PER_PAGE
    shown = [Ranked(*one) for one in ranked[start : start + PER_PAGE]]
    blocks: list[Block] = [full_item(t, brief, one) for one in shown]
    if not blocks:
        nothing = t("There is no more of this.") if ranked else _nothing_found(t, asked.days)
        blocks.append(Paragraph((nothing,)))
    days = t.many("Of the last day.", "Of the last {n} days.", asked.days)
    blocks.append(Note((days,)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    buttons = []
    if len(ranked) > start + PER_PAGE:
        further = {**kept, "page": str(asked.page + 1)}
        buttons.append(Button(t("More"), Request("latest", further), primary=True))
    newest = {key: value for key, value in kept.items() if key != "order"}
    buttons.append(Button(t("Newest first"), Request("latest", newest)))
    without = {key: value for key, value in kept.items() if key != "concern"}
    choice = concern_choice(t, brief, Request("latest", without), "concern", asked.concern)
    return Page(
        title,
        tuple(blocks),
        tuple(buttons),
        (*story_choice(t, (one.development for one in shown)), choice),
    )


def _nothing_found(t: Translator, days: int) -> str:
    return t.many(
        "Nothing has been found in the last day.", "Nothing has been found in the last {n} days.", days
    )


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked for, and where."""

    words: str
    concern: str | None
    days: int
    page: int = 1
    since: date | None = None
    before: date | None = None

    @property
    def dated(self) -> bool:
        """Whether the words name a day, which then counts in place of ``days``."""
        return self.since is not None or self.before is not None

    def asked(self, **changed: str | None) -> Request:
        """The same search with something else in it."""
        kept = {"words": self.words, "concern": self.concern, "days": str(self.days)}
        return Request("search", _arguments(**(kept | changed)))


def search_page(
    t: Translator,
    brief: Brief,
    searched: Searched,
    developments: Sequence[Development],
    hits: Hits,
    health: HealthCounts,
    policies: Sequence[PolicyObject] = (),
) -> Page:
    """One page of what was found, best first, with how much there is and where was looked.

    ``developments`` are those of the page, ``hits`` what was found in all, ``policies`` those of the record
    that the words name.
    """
    last = searched.page * PER_PAGE
    more = hits.found > last or not hits.complete
    blocks: list[Block] = [full_item(t, brief, Ranked(one, rank(one))) for one in developments]
    if developments:
        blocks.append(Note((_how_much(t, searched, hits),)))
    else:
        blocks += _nothing(t, searched)
        note = coverage_note(t, health)
        if note:
            blocks.append(note)
    if policies:
        blocks.append(Divider())
        blocks += [Item((policy.what.in_(t.language),), (now_line(t, policy),)) for policy in policies]
    buttons = []
    if more and developments:
        further = searched.asked(page=str(searched.page + 1))
        buttons.append(Button(t("More"), further, primary=True))
    if not searched.dated and searched.days < YEAR:
        buttons.append(Button(t("Search a whole year"), searched.asked(days=str(YEAR))))
    elif not searched.dated and not developments and searched.days < LONGEST_DAYS:
        buttons.append(Button(t("Search ten years"), searched.asked(days=str(LONGEST_DAYS))))
    if searched.concern and not developments:
        buttons.append(Button(t("Under all concerns"), searched.asked(concern=None)))
    if not developments:
        buttons.append(Button(t("Latest developments"), Request("latest")))
    title = t("Search: {words}", words=searched.words)
    choices = (*story_choice(t, developments), *policy_choice(t, policies))
    return Page(title, tuple(blocks), tuple(buttons), choices)


def _how_much(t: Translator, searched: Searched, hits: Hits) -> str:
    period = _period(t, searched)
    if not hits.complete:
        return t("More than {n} found {period}, the best first.", n=t.number(hits.found), period=period)
    return t.many("{n} found {period}.", "{n} found {period}, the best first.", hits.found, period=period)


def _nothing(t: Translator, searched: Searched) -> list[Block]:
    if searched.page > 1:
        return [Paragraph((t("There is no more of this."),))]
    return [
        Paragraph((t("Nothing was found {period}.", period=_period(t, searched)),)),
        Note(
            (
                t(
                    "Every word must occur, in English or in Spanish; accents do not matter. Of two words"
                    " with OR between them one is enough, -word leaves a word out, “words in quotes” must"
                    " stand so, and since:2025-01 or before:2025-01-20 name a day."
                ),
            )
        ),
    ]


def _period(t: Translator, searched: Searched) -> str:
    if searched.since and searched.before:
        since, before = t.day(searched.since), t.day(searched.before)
        return t("since {since} and before {before}", since=since, before=before)
    if searched.since:
        return t("since {since}", since=t.day(searched.since))
    if searched.before:
        return t("before {before}", before=t.day(searched.before))
    return t.many("in the last day", "in the last {n} days", searched.days)


def _arguments(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}

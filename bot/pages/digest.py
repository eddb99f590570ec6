"""The day's pages for one server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.article import CONCERNS, Brief, Concern, Question
from bot.domain.feeds import HealthCounts
from bot.domain.page import (
    Block,
    Button,
    Divider,
    Heading,
    Item,
    Note,
    Page,
    Paragraph,
    Request,
    Span,
    When,
)
from bot.domain.stories import Correction, Development
from bot.locale import Translator
from bot.pages.choices import story_choice
from bot.pages.corrections import correction_blocks
from bot.pages.items import Ranked, lead_item, short_item
from bot.pages.policy_words import now_line, told_item
from bot.pages.wording import coverage_note
from bot.record import PolicyObject
from bot.store.policies import ProposedStep
from bot.store.types import moment

#: Developments told under one concern at most, and in all; the rest is counted and one press away. With a
#: line of what each says, so many fit in one Discord message.
TOLD_PER_CONCERN, TOLD_IN_ALL = 5, 9
#: Subjects named of which there is no news; a reader passes over more.
NO_NEWS_NAMED = 5
#: Proposed steps of policies in one digest; the rest is counted.
STEPS_TOLD = 3


@dataclass(frozen=True, slots=True)
class DigestWindow:
    """The window of a digest: what became known from ``since`` until ``until`` under these concerns.

    No concerns are all of them. A story stands under one, so that what is under it depends on the others.
    """

    since: datetime
    until: datetime
    concerns: tuple[str, ...] = ()

    def text(self) -> str:
        """The same in at most 27 characters, for a button: a concern is its first letter."""
        letters = "".join(concern[0] for concern in self.concerns)
        return f"{int(self.since.timestamp())}-{int(self.until.timestamp())}-{letters}"

    @classmethod
    def parse(cls, text: str) -> DigestWindow:
        """What ``text()`` was made of. Raises ValueError for anything else."""
        since, until, letters = text.split("-")
        concerns = tuple(concern for concern in CONCERNS if concern[0] in letters)
        return cls(moment(int(since)), moment(int(until)), concerns)


@dataclass(frozen=True, slots=True)
class DigestPart:
    """One concern's developments: those to show, most important first, and how many there are in all."""

    concern: Concern
    told: tuple[Ranked, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DigestExtras:
    """What a digest says besides its developments.

    ``unanswered`` are the questions of the author's own concerns that no news bears on; ``policies`` are
    those in force, listed on a day without news; ``corrections`` are of reports in earlier digests; ``steps``
    are those that reports propose, each with its policy.
    """

    unanswered: tuple[Question, ...] = ()
    policies: tuple[PolicyObject, ...] = ()
    corrections: tuple[tuple[Development, Correction], ...] = ()
    steps: tuple[tuple[PolicyObject, ProposedStep], ...] = ()


def digest_page(
    t: Translator,
    brief: Brief,
    day: date,
    parts: Sequence[DigestPart],
    health: HealthCounts,
    scope: DigestWindow,
    extras: DigestExtras = DigestExtras(),
    *,
    lead: Ranked | None = None,
    late: bool = False,
) -> Page:
    """The digest of one local day: what matters most, then the rest by concern, each development once.

    A day without news lists the policies in force, in a line each.
    """
    title = t("Vigía · {day}", day=t.day(day))
    blocks: list[Block] = []
    if late:
        blocks.append(Note((t("This digest is late: it was due"), " ", When(scope.until), ".")))
    buttons = [
        Button(t("Latest developments"), Request("latest"), primary=True),
        Button(t("Concerns"), Request("concerns")),
    ]
    told = [part for part in parts if part.told]
    if not told:
        blocks.append(Paragraph((t("Nothing new under the concerns that this server follows."),)))
        blocks += [Item(now_line(t, policy)) for policy in extras.policies]
    blocks += correction_blocks(t, extras.corrections)
    if lead is not None:
        blocks.append(lead_item(t, brief, lead))
    for part in told:
        below = [one for one in part.told if one != lead]
        left = part.total - len(part.told)
        if not below and left <= 0:
            continue
        if blocks:
            blocks.append(Divider())
        blocks.append(Heading(part.concern.name.in_(t.language)))
        blocks += [short_item(t, brief, one) for one in below]
        if left > 0:
            blocks.append(Note((t.many("and {n} more", "and {n} more", left),)))
            rest = {"concern": part.concern.id, "told": scope.text()}
            buttons.append(
                Button(
                    t("More: {concern}", concern=part.concern.name.in_(t.language)), Request("latest", rest)
                )
            )
    if extras.steps:
        blocks += _steps(t, extras.steps)
    if told and extras.unanswered:
        blocks.append(no_news_note(t, extras.unanswered))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    listed = [one.development for part in told for one in part.told if one != lead]
    opened = [lead.development, *listed] if lead is not None else listed
    return Page(title, tuple(blocks), tuple(buttons), story_choice(t, opened), private=False)


def places(totals: Sequence[int]) -> list[int]:
    """How many developments to show under each concern, of the total of each: one of each in turn."""
    told = [0] * len(totals)
    for turn in range(TOLD_PER_CONCERN):
        for place, total in enumerate(totals):
            if turn < total and sum(told) < TOLD_IN_ALL:
                told[place] += 1
    return told


def _steps(t: Translator, steps: Sequence[tuple[PolicyObject, ProposedStep]]) -> list[Block]:
    """The steps that reports propose, each with its report, and the note that nobody has confirmed them."""
    blocks: list[Block] = [Divider(), Heading(t("A step may follow"))]
    blocks += [told_item(t, step, policy.name.in_(t.language)) for policy, step in steps[:STEPS_TOLD]]
    more = len(steps) - STEPS_TOLD
    spans: list[Span] = [t("Reported and not confirmed; the record stays as it is until someone checks.")]
    if more > 0:
        spans.append(" · " + t.many("and {n} more", "and {n} more", more))
    return [*blocks, Note(tuple(spans))]


def no_news_note(t: Translator, unanswered: Sequence[Question], named: int = NO_NEWS_NAMED) -> Note:
    """The subjects on which there is nothing, by name as far as a reader cares to read."""
    subjects = " · ".join(question.short.in_(t.language) for question in unanswered[:named])
    more = len(unanswered) - named
    spans: list[Span] = [t("No news on: {subjects}", subjects=subjects)]
    if more > 0:
        spans.append(" · " + t.many("and {n} more", "and {n} more", more))
    return Note(tuple(spans))

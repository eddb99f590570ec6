"""The day's pages for one server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.article import CONCERNS, Concern
from bot.domain.feeds import HealthCounts
from bot.domain.page import Block, Button, Divider, Heading, Note, Page, Paragraph, Request, When
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import story_choice
from bot.pages.wording import coverage_note, development_item
from bot.store.types import moment

#: Developments told under each concern; the rest is counted and one press away. Five concerns of five fit
#: in one Discord message on an ordinary day.
TOLD_PER_CONCERN = 5


@dataclass(frozen=True, slots=True)
class DigestWindow:
    """What a digest tells of: what became known from ``since`` until ``until`` under these concerns.

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
    """What one concern brings: the developments to tell, and how many there were in all."""

    concern: Concern
    developments: tuple[Development, ...]
    total: int


def digest_page(
    t: Translator,
    day: date,
    parts: Sequence[DigestPart],
    health: HealthCounts,
    scope: DigestWindow,
    *,
    late: bool = False,
) -> Page:
    """The digest of one local day, grouped by concern. An empty day is one line."""
    title = t("Vigía · {day}", day=t.day(day))
    blocks: list[Block] = []
    if late:
        blocks.append(Note((t("This digest is late: it was due"), " ", When(scope.until), ".")))
    buttons = [
        Button(t("Latest developments"), Request("latest"), primary=True),
        Button(t("Concerns"), Request("concerns")),
    ]
    told = [part for part in parts if part.developments]
    if not told:
        blocks.append(Paragraph((t("Nothing new under the concerns that this server follows."),)))
    for part in told:
        if blocks:
            blocks.append(Divider())
        blocks.append(Heading(part.concern.name.in_(t.language)))
        blocks += [development_item(t, development) for development in part.developments]
        left = part.total - len(part.developments)
        if left > 0:
            blocks.append(Note((t.many("and {n} more", "and {n} more", left),)))
            rest = {"concern": part.concern.id, "told": scope.text()}
            buttons.append(
                Button(
                    t("More: {concern}", concern=part.concern.name.in_(t.language)), Request("latest", rest)
                )
            )
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    return Page(
        title,
        tuple(blocks),
        tuple(buttons),
        story_choice(t, (development for part in told for development in part.developments)),
        private=False,
    )

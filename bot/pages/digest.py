"""The day's pages for one server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.article import Concern
from bot.locale import Translator
from bot.pages.page import Block, Button, Code, Divider, Heading, Note, Page, Paragraph, Request, When
from bot.pages.wording import coverage_note, development_item
from bot.store.views import Development, HealthCounts

#: Developments told under each concern; the rest is counted and one press away. Five concerns of five fit
#: in one Discord message on an ordinary day.
TOLD_PER_CONCERN = 5


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
    *,
    late_since: datetime | None = None,
) -> Page:
    """The digest of one local day, grouped by concern. An empty day is one line."""
    title = t("Vigía · {day}", day=t.day(day))
    blocks: list[Block] = []
    if late_since:
        blocks.append(Note((t("This digest is late: it was due"), " ", When(late_since), ".")))
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
            blocks.append(
                Note(
                    (t.many("and {n} more:", "and {n} more:", left), " ", Code(f"/latest {part.concern.id}"))
                )
            )
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    return Page(
        title,
        tuple(blocks),
        (
            Button(t("Latest developments"), Request("latest"), primary=True),
            Button(t("Concerns"), Request("concerns")),
        ),
        private=False,
    )

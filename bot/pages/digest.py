"""The day's pages for one server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.article import Concern
from bot.locale import Translator
from bot.pages.page import Block, Button, Code, Divider, Heading, Item, Note, Page, Paragraph, Request, When
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


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """How a server's digest is set, as pages show it."""

    channel_id: int
    minute_of_day: int
    zone: str
    language: str
    next_due_at: datetime | None
    paused_reason: str = ""

    @property
    def clock(self) -> str:
        """The hour as HH:MM."""
        return f"{self.minute_of_day // 60:02d}:{self.minute_of_day % 60:02d}"


def digest_set_page(t: Translator, plan: DigestPlan) -> Page:
    """What was set, and when the next digest comes."""
    hour, zone = plan.clock, plan.zone
    if plan.channel_id == 0:
        sentence = t("Each day at {hour} ({zone}), in this terminal.", hour=hour, zone=zone)
    else:
        channel = f"<#{plan.channel_id}>"
        sentence = t("Each day at {hour} ({zone}), in {channel}.", hour=hour, zone=zone, channel=channel)
    blocks: list[Block] = [Paragraph((sentence,))]
    if plan.next_due_at:
        blocks.append(
            Item((t("Next digest:"), " ", When(plan.next_due_at), " · ", When(plan.next_due_at, True)))
        )
    return Page(
        t("The digest is set"),
        tuple(blocks),
        (Button(t("Preview"), Request("digest preview")), Button(t("Post one now"), Request("digest now"))),
        tone="good",
    )


def digest_now_page(t: Translator, plan: DigestPlan, fresh: bool) -> Page:
    """That a digest is on its way, or already was."""
    sentence = (
        t("The digest is on its way; it arrives within a minute.")
        if fresh
        else t("A digest was already asked for in this minute; it is not posted twice.")
    )
    return Page(t("Digest"), (Paragraph((sentence,)),), tone="good" if fresh else "plain")

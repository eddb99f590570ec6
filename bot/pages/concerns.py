"""The overview: what the article worries about, where each stands now, and what has happened since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.article import Brief, Concern, Question
from bot.domain.feeds import HealthCounts
from bot.domain.page import Block, Button, Divider, Heading, Item, Link, Note, Page, Request, Span, Strong
from bot.locale import Translator, message
from bot.pages.choices import concern_choice, story_choice
from bot.pages.digest import no_news_note
from bot.pages.importance import bears_plainly
from bot.pages.items import Ranked, said_line
from bot.pages.policy_words import now_line
from bot.pages.wording import coverage_note, direction_sign, language_name
from bot.record import Record
from bot.record.current import current_policies
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: The author's worries in the order in which the article names them.
_WORRIES = (
    message("{concern} — the author’s first worry"),
    message("{concern} — the author’s second worry"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to say of a concern: how many events this week and the last, as ``/trend`` counts them.

    ``last_week`` is None where nothing had been read then. ``lead`` is what matters most of the last seven
    days, ``silent`` are the questions that nothing bore on.
    """

    concern: Concern
    this_week: int
    last_week: int | None
    lead: Ranked | None
    silent: tuple[Question, ...] = ()


def concerns_page(
    t: Translator, brief: Brief, record: Record, looks: Sequence[Look], health: HealthCounts
) -> Page:
    """The author's worries with then, now and this week; the concerns of the background in a line each."""
    blocks: list[Block] = [Note((_intro(t),))]
    own = [look for look in looks if look.concern.authors_own]
    background = [look for look in looks if not look.concern.authors_own]
    for worry, look in zip(_WORRIES, own, strict=True):
        blocks.append(Heading(t(worry, concern=look.concern.name.in_(t.language))))
        blocks += _worry(t, record, look)
    blocks += [Divider(), Heading(t("From the article’s background"))]
    blocks += [_line(t, look) for look in background]
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    leads = [look.lead.development for look in looks if look.lead is not None]
    return Page(
        title=t("What the article worries about"),
        blocks=tuple(blocks),
        buttons=(
            Button(t("Latest developments"), Request("latest"), primary=True),
            Button(t("What matters most"), Request("latest", {"order": "importance"})),
            Button(t("Policies"), Request("policies")),
            Button(t("The article"), Request("article")),
        ),
        choices=(concern_choice(t, brief, Request("concern"), "name"), *story_choice(t, leads)),
    )


def _intro(t: Translator) -> str:
    return t(
        "In February 2017, before two U.S. secretaries visited Mexico City, the article asked what comes"
        " next. Its author names two worries; its background raises three more."
    )


def _worry(t: Translator, record: Record, look: Look) -> list[Block]:
    """Then, now, this week, and how much there was of it."""
    blocks: list[Block] = [Item((Strong(t("Then (2017):")), " ", look.concern.summary.in_(t.language)))]
    found = current_policies(record, (question.id for question in look.concern.questions))
    if found:
        blocks.append(Item(now_line(t, found[0])))
    if look.lead is not None:
        blocks.append(_this_week(t, look.lead))
    blocks.append(Note((_how_much(t, look),)))
    if look.silent:
        blocks.append(no_news_note(t, look.silent))
    return blocks


def _this_week(t: Translator, one: Ranked) -> Item:
    """The development that matters most: headline, direction, a sentence, who reports it."""
    lead = lead_article(one.development, t.language)
    first: list[Span] = [Strong(t("This week:")), " ", Link(title_of(lead), lead.url)]
    if bears_plainly(one.ranking) and one.ranking.bearings[0].direction != "unclear":
        first += [" ", direction_sign(t, one.ranking.bearings[0].direction)]
    source: list[Span] = [lead.publisher]
    if lead.language != t.language:
        source += [" · ", t("in {language}", language=language_name(t, lead.language))]
    if one.ranking.outlets > 1:
        source += [" · ", t.many("{n} outlet", "{n} outlets", one.ranking.outlets)]
    line = said_line(t, one.development)
    details = ((line, " — ", *source) if line else tuple(source),)
    return Item(tuple(first), details)


def _line(t: Translator, look: Look) -> Item:
    """A concern of the background: how much there was of it, and what matters most."""
    name = Strong(look.concern.name.in_(t.language))
    if look.lead is None:
        return Item((name, " — ", _how_much(t, look)))
    lead = lead_article(look.lead.development, t.language)
    return Item((name, " — ", _how_much(t, look), ": ", Link(title_of(lead), lead.url)))


def _how_much(t: Translator, look: Look) -> str:
    """The counts of ``/trend``: weeks of UTC that begin on Monday."""
    now = t.many("{n} development since Monday", "{n} developments since Monday", look.this_week)
    if look.last_week is None:
        return now
    return t("{now}, {before} the week before", now=now, before=t.number(look.last_week))

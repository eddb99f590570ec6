"""What is new for a member: new stories, and known ones with new facts."""

from __future__ import annotations

from bot.article import Brief
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
from bot.domain.stories import CORRECTION_KINDS
from bot.locale import Translator
from bot.pages.choices import concern_choice, story_choice
from bot.pages.facts import new_facts
from bot.pages.items import Ranked, full_item
from bot.pages.wording import coverage_note
from bot.ranking.rank import rank
from bot.store.news import Novelty, UnreadNews


def changes_page(
    t: Translator, brief: Brief, news: UnreadNews, health: HealthCounts, *, concern: str | None, seen: bool
) -> Page:
    """New stories first, then stories with new facts; what is left stands behind a button.

    ``seen`` is whether there is anything at all, so that nothing new means that all of it was seen.
    """
    blocks: list[Block] = [Note(_since(t, news))] if news.stories or news.asked_at else []
    fresh = [change for change in news.stories if change.new]
    later = [change for change in news.stories if not change.new]
    marking = [change for change in later if _marks(change)]
    known = [change for change in later if not _marks(change)]
    if marking:
        blocks.append(Heading(t("Corrections")))
        blocks += [_item(t, brief, change) for change in marking]
        blocks += [Divider()] if fresh else []
    blocks += [_item(t, brief, change) for change in fresh]
    if known:
        blocks += [Divider(), Heading(t("New facts in stories that were told before"))] if fresh else []
        blocks += [_item(t, brief, change) for change in known]
    if not news.stories:
        blocks.append(Paragraph((t("Nothing new. You have seen all of it.") if seen else t("Nothing new."),)))
    if news.left:
        left = t.many("{n} more to show.", "{n} more to show.", news.left)
        blocks.append(Note((left,)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    title = t("What is new")
    if concern:
        title += f" · {brief.concern(concern).name.in_(t.language)}"
    kept = {"concern": concern} if concern else {}
    buttons = []
    if news.left:
        buttons.append(Button(t("Next"), Request("new", kept), primary=True))
        buttons.append(Button(t("Skip the rest"), Request("new", {**kept, "rest": "skip"})))
    latest = Button(t("Latest developments"), Request("latest", kept), primary=not news.stories)
    buttons.append(latest)
    choices = (
        *story_choice(t, (change.development for change in news.stories)),
        concern_choice(t, brief, Request("new"), "concern", concern),
    )
    return Page(
        title,
        tuple(blocks),
        tuple(buttons),
        choices,
        once_shown=Request("new", {**kept, "told": news.receipt.text()}),
    )


def noted_page(t: Translator) -> Page:
    """Confirms that what was shown is marked as read. Only the surface reads it."""
    return Page(t("What is new"))


def skipped_page(t: Translator, skipped: int, *, concern: str | None) -> Page:
    """Confirms that the rest is marked as read."""
    sentence = t.many("{n} story is now marked as read.", "{n} stories are now marked as read.", skipped)
    kept = {"concern": concern} if concern else {}
    return Page(
        t("What is new"),
        (Paragraph((sentence,)),),
        (Button(t("Latest developments"), Request("latest", kept)),),
        tone="good",
    )


def _since(t: Translator, news: UnreadNews) -> tuple[Span, ...]:
    if news.asked_at is None:
        return (t("Asked for the first time here: the newest of the last 7 days."),)
    return (t("New since the last time:"), " ", When(news.asked_at, relative=True))


def _marks(change: Novelty) -> bool:
    """Whether something that the reader knows was corrected, reversed or denied."""
    return any(fact.partition(":")[0] in CORRECTION_KINDS for fact in change.facts)


def _item(t: Translator, brief: Brief, change: Novelty) -> Item:
    """A story, where the reader knows it with what has been added since it was told."""
    development = change.development
    added = ""
    if not change.new and change.facts:
        first = change.unread.revisions[0].article_id
        added = new_facts(t, change.facts, development.articles, first)
    return full_item(t, brief, Ranked(development, rank(development), added))

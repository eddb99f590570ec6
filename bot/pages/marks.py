"""That a report was corrected, undone or denied, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.page import Block, Heading, Item, Link, Note, Span
from bot.domain.stories import Development, ReportMark
from bot.locale import Translator, message
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import shown_title, title_of

#: Marks told beneath a headline in a list, and at the head of a digest.
TOLD_IN_LIST, TOLD_AT_HEAD = 1, 3

_SENTENCES = {
    "corrected": message("Reported on {day}: “{said}”. Corrected on {later}."),
    "reversed": message("Reported on {day}: “{said}”. No longer so since {later}."),
    "denied": message("Reported on {day}: “{said}”. Denied on {later}."),
}
_BY_ITSELF = message("Corrected by its outlet on {later}; it said: “{said}”.")
_SHORT = {
    "corrected": message("corrected on {later}"),
    "reversed": message("no longer so since {later}"),
    "denied": message("denied on {later}"),
}


def mark_line(t: Translator, mark: ReportMark, development: Development) -> str:
    """What was reported and when it was taken back, in a sentence."""
    later = t.day_of_year(mark.at.date())
    marked = next((one for one in development.articles if one.id == mark.article_id), None)
    said = shown_title(mark.said, marked.language if marked else t.language, marked.summary if marked else "")
    if mark.by == mark.article_id:
        return t(_BY_ITSELF, said=said, later=later)
    day = t.day_of_year(mark.said_at.date())
    return t(_SENTENCES[mark.kind], day=day, said=said, later=later)


def mark_details(t: Translator, development: Development, most: int = TOLD_IN_LIST) -> list[tuple[Span, ...]]:
    """The newest marks of a story as lines beneath its headline."""
    return [(mark_line(t, mark, development),) for mark in development.marks[:most]]


def short_mark(t: Translator, development: Development, article_id: int) -> str:
    """What became of one report, to stand behind it; empty where it stands."""
    mark = next((one for one in development.marks if one.article_id == article_id), None)
    return t(_SHORT[mark.kind], later=t.day_of_year(mark.at.date())) if mark else ""


def corrections(t: Translator, told: Sequence[tuple[Development, ReportMark]]) -> list[Block]:
    """What readers were told before and must no longer take as it stands; nothing where nothing is."""
    if not told:
        return []
    blocks: list[Block] = [Heading(t("Corrections"))]
    for development, mark in told[:TOLD_AT_HEAD]:
        by = next((one for one in development.articles if one.id == mark.by), None)
        by = by or lead_article(development, t.language)
        blocks.append(Item((Link(title_of(by), by.url),), ((mark_line(t, mark, development),),)))
    if len(told) > TOLD_AT_HEAD:
        more = len(told) - TOLD_AT_HEAD
        blocks.append(Note((t.many("and {n} more", "and {n} more", more),)))
    return blocks

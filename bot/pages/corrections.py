"""Sentences and blocks that say that a report was corrected, reversed or denied."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.page import Block, Heading, Item, Link, Note, Span
from bot.domain.stories import Correction, Development
from bot.locale import Translator, message
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import shown_title, title_of

#: Corrections shown below a headline in a list, and at the top of a digest.
SHOWN_IN_LIST, SHOWN_AT_TOP = 1, 3

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


def correction_sentence(t: Translator, mark: Correction, development: Development) -> str:
    """A sentence with what was reported and when it was corrected."""
    later = t.day_of_year(mark.at.date())
    marked = next((one for one in development.articles if one.id == mark.article_id), None)
    said = shown_title(mark.said, marked.language if marked else t.language, marked.summary if marked else "")
    if mark.by == mark.article_id:
        return t(_BY_ITSELF, said=said, later=later)
    day = t.day_of_year(mark.said_at.date())
    return t(_SENTENCES[mark.kind], day=day, said=said, later=later)


def correction_lines(
    t: Translator, development: Development, most: int = SHOWN_IN_LIST
) -> list[tuple[Span, ...]]:
    """The newest corrections of a story as lines below its headline."""
    return [(correction_sentence(t, mark, development),) for mark in development.corrections[:most]]


def correction_note(t: Translator, development: Development, article_id: int) -> str:
    """The correction of one report, to be written behind it; empty where there is none."""
    mark = next((one for one in development.corrections if one.article_id == article_id), None)
    return t(_SHORT[mark.kind], later=t.day_of_year(mark.at.date())) if mark else ""


def correction_blocks(t: Translator, told: Sequence[tuple[Development, Correction]]) -> list[Block]:
    """The section of corrections to earlier digests; no blocks where there are none."""
    if not told:
        return []
    blocks: list[Block] = [Heading(t("Corrections"))]
    for development, mark in told[:SHOWN_AT_TOP]:
        by = next((one for one in development.articles if one.id == mark.by), None)
        by = by or lead_article(development, t.language)
        blocks.append(Item((Link(title_of(by), by.url),), ((correction_sentence(t, mark, development),),)))
    if len(told) > SHOWN_AT_TOP:
        more = len(told) - SHOWN_AT_TOP
        blocks.append(Note((t.many("and {n} more", "and {n} more", more),)))
    return blocks

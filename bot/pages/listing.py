"""Developments in a row, a page at a time, where a page of another kind had no room for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.article import Brief
from bot.domain.page import Block, Button, Note, Page, Paragraph, Request, Span
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import story_choice
from bot.pages.items import Ranked, full_item
from bot.pages.latest import PER_PAGE
from bot.ranking.rank import rank


def listing_page(
    t: Translator,
    brief: Brief,
    title: str,
    developments: Sequence[Development],
    request: Request,
    page: int,
    note: tuple[Span, ...],
    back: Button,
) -> Page:
    """One page of ``developments``; ``request`` with another ``page`` goes on."""
    first = (page - 1) * PER_PAGE
    shown = developments[first : first + PER_PAGE]
    blocks: list[Block] = [full_item(t, brief, Ranked(one, rank(one))) for one in shown]
    if shown:
        place = t(
            "{first}–{last} of {total}.", first=first + 1, last=first + len(shown), total=len(developments)
        )
        blocks.append(Note((place, " ", *note)))
    else:
        blocks.append(Paragraph((t("There is no more of this."),)))
    buttons = [back]
    if first + len(shown) < len(developments) and shown:
        further = Request(request.command, {**request.arguments, "page": str(page + 1)})
        buttons.insert(0, Button(t("More"), further, primary=True))
    return Page(title, tuple(blocks), tuple(buttons), story_choice(t, shown))

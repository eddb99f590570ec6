"""Developments: the newest, and those that a search finds."""

from __future__ import annotations

from collections.abc import Sequence

from bot.article import Brief
from bot.locale import Translator
from bot.pages.choices import concern_choice, story_choice
from bot.pages.page import (
    Block,
    Button,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Page,
    Paragraph,
    Request,
    Span,
    When,
)
from bot.pages.watch import hit_item
from bot.pages.wording import coverage_note, development_item, language_name
from bot.store.views import Development, HealthCounts, SearchHit
from bot.store.watching import WatchHit

#: A page holds this many developments: each takes two or three lines, a phone shows about that many.
PER_PAGE = 6
#: What the server's own phrases found beyond that, below it.
OWN_SHOWN = 4
#: How far back a reader looks who finds nothing nearer.
YEAR = 365


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
    blocks: list[Block] = [development_item(t, development) for development in developments]
    if not blocks:
        blocks.append(
            Paragraph(
                (
                    t.many(
                        "Nothing has been found in the last day.",
                        "Nothing has been found in the last {n} days.",
                        days,
                    ),
                )
            )
        )
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
    if not developments and days < YEAR:
        buttons.insert(0, Button(t("Look back a year"), Request("latest", {**kept, "days": str(YEAR)})))
    without = {key: value for key, value in kept.items() if key != "concern"}
    choice = concern_choice(t, brief, Request("latest", without), "concern", concern)
    return Page(title, tuple(blocks), tuple(buttons), (*story_choice(t, developments), choice))


def search_page(
    t: Translator,
    words: str,
    hits: Sequence[SearchHit],
    health: HealthCounts,
    *,
    concern: str | None,
    days: int,
) -> Page:
    """What was found for ``words``, best first."""
    blocks: list[Block] = [_hit(t, hit) for hit in hits]
    if not hits:
        blocks.append(
            Paragraph(
                (
                    t(
                        "Nothing was found. Every word must occur, in English or in Spanish;"
                        " accents do not matter."
                    ),
                )
            )
        )
        note = coverage_note(t, health)
        if note:
            blocks.append(note)
    kept = _arguments(words=words, concern=concern)
    buttons = []
    if days < 365:
        buttons.append(Button(t("Search a whole year"), Request("search", {**kept, "days": "365"})))
    return Page(t("Search: {words}", words=words), tuple(blocks), tuple(buttons))


def _hit(t: Translator, hit: SearchHit) -> Item:
    article = hit.article
    line: list[Span] = [article.publisher, " · ", When(article.published_at, relative=True)]
    if article.language != t.language:
        line += [" · ", t("in {language}", language=language_name(t, article.language))]
    return Item((Link(article.title, article.url),), (tuple(line),))


def _arguments(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}

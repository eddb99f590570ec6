"""The quality cards of the official sources, each with the state of its feeds."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.feeds import Feed
from bot.domain.page import Block, Button, Heading, Item, Link, Note, Page, Request, Span
from bot.locale import Translator, message
from bot.pages.failures import failure_sentence
from bot.pages.sources import health_name
from bot.sources.registry import SOURCES
from bot.sources.source import OfficialSource

#: Cards on one page: each has eight lines, and three fill a phone's screen twice.
PER_PAGE = 3
_COUNTRIES = {"US": message("United States"), "MX": message("Mexico")}


def source_cards_page(t: Translator, known: Sequence[Feed], page: int) -> Page:
    """What each official source gives, what is known against it, and how its feeds are now."""
    sources = tuple(SOURCES.values())
    first = (page - 1) * PER_PAGE
    shown = sources[first : first + PER_PAGE]
    blocks: list[Block] = []
    for source in shown:
        blocks.append(Heading(source.card.publisher))
        blocks.append(_card(t, source))
        blocks += [_feed(t, feed) for feed in known if feed.kind == source.kind]
    place = t("{first}–{last} of {total}.", first=first + 1, last=first + len(shown), total=len(sources))
    blocks.append(Note((place,)))
    buttons = [Button(t("All sources"), Request("sources", {"show": "all"}))]
    if first + len(shown) < len(sources):
        more = Request("sources", {"show": "official", "page": str(page + 1)})
        buttons.append(Button(t("More"), more, primary=True))
    return Page(t("Official sources"), tuple(blocks), tuple(buttons))


def _card(t: Translator, source: OfficialSource) -> Item:
    card = source.card
    lines = (
        (t("Unchanged answers:"), t(card.validators)),
        (t("When there is nothing:"), t(card.empty)),
        (t("Known faults:"), t(card.faults)),
        (t("By default:"), t(card.default)),
        (t("Proved by:"), card.proof),
    )
    country = t(_COUNTRIES[card.country])
    return Item(
        (country, " · ", t(card.gives), " ", t("In feeds.yaml: kind {kind}.", kind=source.kind)),
        tuple((label, " ", text) for label, text in lines),
    )


def _feed(t: Translator, feed: Feed) -> Item:
    name: Span = Link(feed.name, feed.url)
    if feed.disabled_reason:
        return Item((name, " — ", health_name(t, "disabled"), ": ", feed.disabled_reason))
    if not feed.active:
        return Item((name, " — ", health_name(t, "paused")))
    state = failure_sentence(t, feed.failure) if feed.failure else health_name(t, feed.health)
    return Item((name, " — ", state))

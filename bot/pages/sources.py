"""The feeds that are read, and how they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.locale import Translator, message
from bot.pages.failures import failure_sentence
from bot.pages.page import Block, Button, Heading, Item, Link, Note, Page, Paragraph, Request, Span, When
from bot.pages.wording import kind_name, language_name
from bot.store.views import Feed

#: States in which a feed gives us nothing; the others differ only in how much it says.
TROUBLE = ("failing", "blocked", "gone", "not_a_feed")

_HEALTH = {
    "new": message("not read yet"),
    "fresh": message("fresh"),
    "quiet": message("quiet"),
    "stale": message("silent for long"),
    "failing": message("cannot be reached"),
    "blocked": message("refuses us"),
    "gone": message("gone for good"),
    "lying_validators": message("says “unchanged” when it changed"),
    "undated": message("gives no dates"),
    "not_a_feed": message("sends a web page instead of a feed"),
    "paused": message("paused here"),
    "disabled": message("switched off"),
}

_ADVICE = {
    "failing": message("We keep trying, ever more rarely. Nothing to do unless it lasts."),
    "blocked": message("The site refuses robots. Another feed of the same publisher may be open."),
    "gone": message("The site says that the feed is gone. Remove it, or add its new address."),
    "not_a_feed": message("Check the address with /feeds preview: the site may have moved its feed."),
    "stale": message("It answers, but has published nothing for long. The site may have moved its feed."),
    "lying_validators": message("We now read it whole each time; nothing is missed."),
    "undated": message("Its entries are dated by when we first saw them."),
}

_SHOWN = 25


def sources_page(t: Translator, known: Sequence[Feed], now: datetime, *, everything: bool = False) -> Page:
    """A tally, then the feeds with trouble and what to do; with ``everything``, all of them."""
    active = [feed for feed in known if feed.active]
    trouble = [feed for feed in active if feed.health in TROUBLE or feed.failure]
    blocks: list[Block] = [Paragraph((_tally(t, active, trouble),))]
    if trouble:
        blocks.append(Heading(t("Not readable now")))
        blocks += [_feed_item(t, feed) for feed in trouble[:_SHOWN]]
    odd = [feed for feed in active if feed.health in _ADVICE and feed not in trouble]
    if odd:
        blocks.append(Heading(t("Readable, but watch them")))
        blocks += [_feed_item(t, feed) for feed in odd[:_SHOWN]]
    if everything:
        rest = [feed for feed in active if feed not in trouble and feed not in odd]
        for language in (t.language, "es" if t.language == "en" else "en"):
            group = [feed for feed in rest if feed.language == language]
            if group:
                blocks.append(Heading(t("Sources in {language}", language=language_name(t, language))))
                blocks += [_short(t, feed) for feed in group]
    off = [feed for feed in known if not feed.active]
    if off and everything:
        blocks.append(Heading(t("Switched off")))
        blocks += [_off(t, feed) for feed in off]
    hidden = len(trouble) - _SHOWN
    if hidden > 0:
        blocks.append(Note((t.many("And {n} more.", "And {n} more.", hidden),)))
    buttons = [] if everything else [Button(t("All sources"), Request("sources", {"show": "all"}))]
    return Page(t("Sources"), tuple(blocks), tuple(buttons))


def health_name(t: Translator, health: str) -> str:
    """What readers call a feed's state."""
    return t(_HEALTH[health]) if health in _HEALTH else health


def _tally(t: Translator, active: Sequence[Feed], trouble: Sequence[Feed]) -> str:
    publishers = len({feed.publisher for feed in active})
    english = sum(feed.language == "en" for feed in active)
    whole = t.many(
        "{n} feed of {publishers} publishers is followed: {english} in English, {spanish} in Spanish.",
        "{n} feeds of {publishers} publishers are followed: {english} in English, {spanish} in Spanish.",
        len(active),
        publishers=t.number(publishers),
        english=t.number(english),
        spanish=t.number(len(active) - english),
    )
    never = sum(feed.last_success_at is None and feed.health == "new" for feed in active)
    if never == len(active):
        rest = t("None of them has been read yet.")
    elif not trouble:
        rest = t("All that were read answer.")
    else:
        rest = t.many("{n} cannot be read at the moment.", "{n} cannot be read at the moment.", len(trouble))
    return f"{whole} {rest}"


def _feed_item(t: Translator, feed: Feed) -> Item:
    state: list[Span] = []
    if feed.health in _ADVICE:
        state.append(health_name(t, feed.health))
    if feed.last_success_at:
        state += [" · "] if state else []
        state += [t("last read"), " ", When(feed.last_success_at, relative=True)]
    details: list[tuple[Span, ...]] = [tuple(state)] if state else []
    if feed.failure:
        details.append((failure_sentence(t, feed.failure),))
    if feed.health in _ADVICE:
        details.append((t(_ADVICE[feed.health]),))
    return Item((Link(_name(feed), feed.url),), tuple(details))


def _short(t: Translator, feed: Feed) -> Item:
    spans: list[Span] = [Link(_name(feed), feed.url), " · ", kind_name(t, feed.kind)]
    spans += [" · ", health_name(t, feed.health)]
    return Item(tuple(spans))


def _off(t: Translator, feed: Feed) -> Item:
    why = feed.disabled_reason or health_name(t, "paused")
    return Item((Link(_name(feed), feed.url), " — ", why))


def _name(feed: Feed) -> str:
    return feed.publisher if feed.title in ("", feed.publisher) else f"{feed.publisher} — {feed.title}"

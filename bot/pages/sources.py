"""The feeds that are read, and their health."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.feeds import Feed
from bot.domain.page import (
    Block,
    Button,
    Heading,
    Item,
    Link,
    Note,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.locale import Translator, message
from bot.pages.failures import failure_sentence
from bot.pages.wording import kind_name, language_name

#: States in which a feed gives us nothing; the others differ only in how much it says.
TROUBLE = ("failing", "blocked", "gone", "not_a_feed")

_HEALTH = {
    "new": message("not read yet"),
    "fresh": message("fresh"),
    "quiet": message("quiet"),
    "stale": message("silent for a long time"),
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
    "failing": message("We keep trying, less and less often. Nothing to do unless it lasts."),
    "blocked": message("The site refuses robots. Another feed of the same publisher may be open."),
    "gone": message("The site says that the feed is gone. Remove it, or add its new address."),
    "not_a_feed": message("Check the address with /feeds preview: the site may have moved its feed."),
    "stale": message("It answers, but has published nothing for long. The site may have moved its feed."),
    "lying_validators": message("We now read it whole each time; nothing is missed."),
    "undated": message("Its entries are dated by when we first saw them."),
}

#: Names written out for one cause of trouble; the rest is counted. Each carries its address.
_NAMED = 12
#: Feeds on one page of the whole list: about two phone screens, and within one Discord message.
PER_PAGE = 15


def sources_page(t: Translator, known: Sequence[Feed]) -> Page:
    """A tally, then what is wrong: one entry for each cause, with the feeds that it befell and what to do."""
    active = [feed for feed in known if feed.active]
    trouble = [feed for feed in active if feed.failure or feed.health in TROUBLE]
    odd = [feed for feed in active if feed.health in _ADVICE and feed not in trouble]
    blocks: list[Block] = [Paragraph((_tally(t, active, trouble),))]
    if trouble:
        blocks.append(Heading(t("Not readable now")))
        blocks += _by_cause(t, trouble)
    if odd:
        blocks.append(Heading(t("Readable, but watch them")))
        blocks += _by_cause(t, odd)
    buttons = (
        Button(t("All sources"), Request("sources", {"show": "all"})),
        Button(t("Official sources"), Request("sources", {"show": "official"})),
    )
    return Page(t("Sources"), tuple(blocks), buttons)


def all_sources_page(t: Translator, known: Sequence[Feed], page: int) -> Page:
    """Every feed with its state, a page at a time, those that are switched off last."""
    ordered = sorted(known, key=lambda feed: not feed.active)
    first = (page - 1) * PER_PAGE
    shown = ordered[first : first + PER_PAGE]
    blocks: list[Block] = [_line(t, feed) for feed in shown]
    blocks.append(
        Note(
            (
                t(
                    "{first}–{last} of {total}.",
                    first=first + 1 if shown else 0,
                    last=first + len(shown),
                    total=len(ordered),
                ),
            )
        )
    )
    buttons = [Button(t("Only what is wrong"), Request("sources"))]
    if page > 1:
        buttons.append(Button(t("Back"), Request("sources", {"show": "all", "page": str(page - 1)})))
    if first + len(shown) < len(ordered):
        more = Request("sources", {"show": "all", "page": str(page + 1)})
        buttons.append(Button(t("More"), more, primary=True))
    return Page(t("All sources"), tuple(blocks), tuple(buttons))


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
        rest = t("All feeds responded.")
    else:
        rest = t.many("{n} cannot be read at the moment.", "{n} cannot be read at the moment.", len(trouble))
    return f"{whole} {rest}"


def _by_cause(t: Translator, feeds: Sequence[Feed]) -> list[Block]:
    causes: dict[str, list[Feed]] = {}
    for feed in feeds:
        causes.setdefault(feed.failure or feed.health, []).append(feed)
    ordered = sorted(causes.items(), key=lambda cause: -len(cause[1]))
    return [_cause(t, code, befallen) for code, befallen in ordered]


def _cause(t: Translator, code: str, feeds: Sequence[Feed]) -> Item:
    """What happened, to whom, and what to do about it."""
    what = health_name(t, code) if code in _HEALTH else failure_sentence(t, code)
    names: list[Span] = []
    for feed in feeds[:_NAMED]:
        names += [" · "] if names else []
        names.append(Link(feed.name, feed.url))
        if feed.health == "stale" and feed.last_new_entry_at:
            names += [" ", When(feed.last_new_entry_at, relative=True)]
    if len(feeds) > _NAMED:
        names.append(" " + t.many("and {n} more", "and {n} more", len(feeds) - _NAMED))
    details: list[tuple[Span, ...]] = [tuple(names)]
    advice = _ADVICE.get(feeds[0].health)
    if advice:
        details.append((t(advice),))
    tally = t.many("{n} feed", "{n} feeds", len(feeds))
    return Item((Strong(tally), ": ", what), tuple(details))


def _line(t: Translator, feed: Feed) -> Item:
    name = Link(feed.name, feed.url)
    if feed.disabled_reason:
        return Item((name, " — ", health_name(t, "disabled")), ((feed.disabled_reason,),))
    if not feed.active:
        return Item((name, " — ", health_name(t, "paused")))
    state = failure_sentence(t, feed.failure) if feed.failure else health_name(t, feed.health)
    return Item((name, " · ", language_name(t, feed.language), " · ", kind_name(t, feed.kind), " — ", state))

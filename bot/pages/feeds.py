"""Feeds as a server's admins see them: the list, a preview, and what was added or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.feeds import NEWS, Feed
from bot.domain.match import Match
from bot.domain.page import (
    Block,
    Button,
    Code,
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
from bot.locale import Translator
from bot.pages.sources import health_name
from bot.pages.wording import language_name, topic_name
from bot.sources.registry import SOURCES

#: Feeds on one page of the list: about two phone screens.
FEEDS_PER_PAGE = 20
SAMPLES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of a feed that is looked at, with its verdict."""

    title: str
    url: str
    published: datetime | None
    match: Match


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """What was found at an address. ``samples`` are its newest entries, of ``entries`` in all."""

    url: str
    title: str
    language: str
    format: str
    samples: tuple[Sample, ...]
    entries: int
    feed_id: int | None = None
    followed: bool = False
    kind: str = NEWS


def feeds_list_page(t: Translator, known: Sequence[Feed], page: int) -> Page:
    """This server's feeds, a page at a time; those that are paused here are among them."""
    active = [feed for feed in known if feed.active or feed.scope == "paused"]
    first = (page - 1) * FEEDS_PER_PAGE
    shown = active[first : first + FEEDS_PER_PAGE]
    blocks: list[Block] = [_feed_line(t, feed) for feed in shown]
    blocks.append(
        Note(
            (
                t(
                    "{first}–{last} of {total}.",
                    first=first + 1 if shown else 0,
                    last=first + len(shown),
                    total=len(active),
                ),
                " ",
                t("Remove one with"),
                " ",
                Code("/feeds remove"),
            )
        )
    )
    buttons = []
    if page > 1:
        buttons.append(Button(t("Back"), Request("feeds list", {"page": str(page - 1)})))
    if first + len(shown) < len(active):
        buttons.append(Button(t("More"), Request("feeds list", {"page": str(page + 1)}), primary=True))
    buttons.append(Button(t("Add a feed"), Request("feeds add")))
    buttons.append(Button(t("As a file"), Request("feeds export")))
    if any(feed.scope == "paused" for feed in known):
        buttons.append(Button(t("Resume those paused"), Request("feeds resume", {"which": "all"})))
    return Page(t("Feeds of this server"), tuple(blocks), tuple(buttons))


def preview_page(t: Translator, preview: FeedPreview, *, adding: bool) -> Page:
    """What a feed holds and which of its entries would be shown, with a button to add it."""
    matched = [sample for sample in preview.samples if sample.match.relevant]
    blocks: list[Block] = [
        Paragraph((Link(preview.title or preview.url, preview.url),)),
        Note(
            (
                preview.format,
                " · ",
                language_name(t, preview.language),
                " · ",
                t.many("{n} entry now", "{n} entries now", preview.entries),
            )
        ),
        Heading(
            t.many(
                "{matched} of the newest {n} entry would be shown",
                "{matched} of the newest {n} entries would be shown",
                len(preview.samples),
                matched=t.number(len(matched)),
            )
            if preview.entries > len(preview.samples)
            else t.many(
                "{matched} of {n} entry would be shown",
                "{matched} of {n} entries would be shown",
                len(preview.samples),
                matched=t.number(len(matched)),
            )
        ),
    ]
    if preview.url.startswith("http://"):
        blocks.insert(
            2, Note((t("The site has no secure address (https): it is read by http, unencrypted."),))
        )
    if (source := SOURCES.get(preview.kind)) is not None:
        blocks.insert(1, Paragraph((t("An official source."), " ", t(source.card.gives))))
        blocks.insert(2, Note((t("Known faults:"), " ", t(source.card.faults))))
    blocks += [_sample_item(t, sample) for sample in matched[:SAMPLES_SHOWN]]
    if not matched:
        newest = preview.samples[:SAMPLES_SHOWN]
        blocks.append(
            Paragraph((t("None of these bears on a concern of the article:"),) if newest else ("",))
        )
        blocks += [Item((sample.title,)) for sample in newest]
    buttons = []
    if preview.followed:
        blocks.append(Note((t("This server follows it already."),)))
    elif preview.feed_id is not None:
        buttons.append(
            Button(t("Add this feed"), Request("feeds add", {"feed": str(preview.feed_id)}), primary=True)
        )
    title = t("Add this feed?") if adding and buttons else t("Preview of a feed")
    return Page(title, tuple(blocks), tuple(buttons))


def choose_feed_page(t: Translator, site: str, found: Sequence[tuple[str, str]], command: str) -> Page:
    """A site has several feeds: which one is meant?"""
    blocks: list[Block] = [Paragraph((t("That site offers these feeds:"),))]
    blocks += [Item((Link(title or url, url),), ((Code(f"/{command} {url}"),),)) for title, url in found]
    return Page(t("Which feed?"), tuple(blocks))


def _feed_line(t: Translator, feed: Feed) -> Item:
    state: tuple[Span, ...] = (f"#{feed.id}", " · ", language_name(t, feed.language), " · ")
    how = t("paused here") if feed.scope == "paused" else health_name(t, feed.health)
    return Item((Link(feed.name, feed.url),), ((*state, how),))


def _sample_item(t: Translator, sample: Sample) -> Item:
    topics = ", ".join(topic_name(t, topic) for topic in sample.match.topic_ids)
    headline: Span = Link(sample.title, sample.url) if sample.url else sample.title
    when: tuple[Span, ...] = (" · ", When(sample.published, True)) if sample.published else ()
    return Item((headline,), ((topics, *when),))

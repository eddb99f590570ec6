"""A preview of an address before a feed is added: whether there is one, and which entries would be shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.context import AppContext
from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.domain.match import Match
from bot.feeds.budget import BodyShare
from bot.feeds.discover import Candidate, discover
from bot.feeds.errors import NotAFeed, ParseFailed
from bot.feeds.exchange import FetchRequest, FetchResult
from bot.feeds.form import FEED, DocumentForm
from bot.feeds.parsed import ParsedFeed
from bot.feeds.variants import typed_address
from bot.pages.feeds import FeedPreview, Sample
from bot.sources.registry import source_at
from bot.sources.source import OfficialSource
from bot.stories.shown_titles import shown_title
from bot.topics.language import detect

#: Feed addresses tried at a site that sends a web page: more would be a crawl.
MOST_CANDIDATES = 6
#: What a site answers, or does not, that has no https.
_NO_TLS = frozenset(("connect", "tls", "reset", "timeout", "bad_response"))
#: Entries that are judged, the newest; of how many would be shown, two weeks' worth say enough.
MOST_JUDGED = 50
_UNDATED = datetime.min.replace(tzinfo=UTC)

#: Between two requests to a site while somebody waits for the answer; polling itself leaves more.
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found: its preview, and the HTTP response without its body."""

    preview: FeedPreview
    answer: FetchResult
    feed: ParsedFeed


@dataclass(frozen=True, slots=True)
class PreviewFailure:
    """Why there is no feed at an address: one of the feeds room's codes, or ``http_`` and a status."""

    code: str


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A site that offers several feeds: (title, address) of each."""

    site: str
    feeds: tuple[tuple[str, str], ...]


async def preview_feed(context: AppContext, address: str) -> FoundFeed | FeedChoice | PreviewFailure:
    """The feed at ``address`` with verdicts on its entries, the several feeds of a site, or why there is
    none.
    """
    typed = typed_address(address)
    if (source := source_at(typed)) is not None:
        return await _preview_source(context, typed, source)
    found = await _read(context, typed)
    if isinstance(found, PreviewFailure) and found.code in _NO_TLS and "://" not in address:
        # Someone who types no scheme does not claim that the site has https.
        await context.clock.sleep(PAUSE_SECONDS)
        plain = await _read(context, typed.replace("https://", "http://", 1))
        found = plain if isinstance(plain, tuple) else found
    if not isinstance(found, tuple):
        return found
    result, parsed = found
    if parsed is not None:
        return await _found(context, result, parsed)
    return await _search_site(context, result)


async def _preview_source(
    context: AppContext, url: str, source: OfficialSource
) -> FoundFeed | PreviewFailure:
    """The documents of an official source, under the address that was typed: today's may be another."""
    asked = source.form.address(url, FeedState(), context.clock.now())
    found = await _read(context, asked, source.form)
    if not isinstance(found, tuple):
        return found
    result, parsed = found
    if parsed is None:
        return PreviewFailure("challenge_page")
    preview = await asyncio.to_thread(_preview_of, context, url, parsed)
    return FoundFeed(replace(preview, kind=source.kind), result, parsed)


async def _search_site(context: AppContext, page: FetchResult) -> FoundFeed | FeedChoice | PreviewFailure:
    """The feeds that a web page declares, or that are found at the usual addresses."""
    named: list[tuple[Candidate, FoundFeed]] = []
    candidates = await asyncio.to_thread(discover, page.body or b"", page.url, page.content_type)
    page = replace(page, body=None)
    for candidate in candidates[:MOST_CANDIDATES]:
        await context.clock.sleep(PAUSE_SECONDS)
        found = await _read(context, candidate.url)
        if isinstance(found, tuple) and found[1] is not None:
            result, feed = found[0], found[1]
            named.append((candidate, await _found(context, result, feed)))
            if not candidate.declared:
                break  # a guess that hit is enough
    if not named:
        return PreviewFailure("html")
    if len(named) == 1:
        return named[0][1]
    titles = ((one.preview.title or candidate.title, one.preview.url) for candidate, one in named)
    return FeedChoice(page.url, tuple(titles))


async def _read(
    context: AppContext, url: str, form: DocumentForm = FEED
) -> tuple[FetchResult, ParsedFeed | None] | PreviewFailure:
    """The answer at ``url`` and the feed in it; no feed where it is a web page."""
    async with context.bodies_held.share() as share:
        return await _read_within(context, url, form, share)


async def _read_within(
    context: AppContext, url: str, form: DocumentForm, share: BodyShare
) -> tuple[FetchResult, ParsedFeed | None] | PreviewFailure:
    result = await context.fetcher.fetch(FetchRequest(url, share=share))
    if result.failure:
        return PreviewFailure(result.failure)
    if result.status != 200 or result.body is None:
        return PreviewFailure(f"http_{result.status}")
    try:
        parsed = await context.parsers.parse(
            result.body, result.content_type, result.url, context.clock.now(), form.reader
        )
        parsed = form.checked(parsed)
    except NotAFeed as no_feed:
        return (result, None) if no_feed.code == "html" else PreviewFailure(no_feed.code)
    except ParseFailed as failure:
        return PreviewFailure(failure.code)
    return PreviewFailure(parsed.failure) if parsed.failure else (replace(result, body=None), parsed)


async def _found(context: AppContext, result: FetchResult, feed: ParsedFeed) -> FoundFeed:
    # In a thread: a verdict takes some milliseconds, and members of other servers wait for answers.
    preview = await asyncio.to_thread(_preview_of, context, result.url, feed)
    return FoundFeed(preview, result, feed)


def _preview_of(context: AppContext, url: str, parsed: ParsedFeed) -> FeedPreview:
    context.load_judges()
    newest = sorted(parsed.entries, key=_dated, reverse=True)[:MOST_JUDGED]
    texts = " ".join(entry.title for entry in newest)
    language = detect(texts, parsed.language)
    samples = tuple(
        Sample(
            shown_title(entry.title, spoken, entry.summary),
            entry.url,
            entry.published,
            _verdict(context, entry, spoken),
        )
        for entry, spoken in ((entry, detect(entry.text(), language)) for entry in newest)
    )
    title = parsed.title or urlsplit(url).hostname or url
    spoken = language if language in ("en", "es") else "en"
    return FeedPreview(url, title, spoken, parsed.format, samples, len(parsed.entries))


def _verdict(context: AppContext, entry: Entry, language: str) -> Match:
    match = context.matcher.judge(entry.title, entry.summary, language, entry.categories)
    return context.evidence.weigh(entry.title, entry.summary, language, match)[0]


def _dated(entry: Entry) -> datetime:
    return entry.published or entry.updated or _UNDATED

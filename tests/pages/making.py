"""Articles and developments for pages, written here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.domain.articles import Article
from bot.domain.feeds import HealthCounts
from bot.domain.match import Finding, Match, TopicScore
from bot.domain.match_codec import pack_match
from bot.domain.page import Code, Item, Link, Note, Page, Paragraph, Span, Strong, When
from bot.domain.page import Heading as Heading
from bot.domain.stories import Development

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEALTHY = HealthCounts(total=5, by_health={"fresh": 5})


def article(
    number: int,
    *topics: str,
    title: str = "",
    summary: str = "",
    language: str = "en",
    publisher: str = "Alpha",
    hours: float = 1,
    concepts: tuple[str, ...] = (),
    titled: tuple[str, ...] = (),
    kind: str = "news",
    match: Match | None = None,
) -> Article:
    """An article of so many hours ago; ``titled`` are concepts of its headline, without a ``match``."""
    findings = tuple(Finding(concept, concept, "title", 0, 1, "act") for concept in titled)
    given = topics or ("border_security",)
    match = match or Match(
        tuple(TopicScore(topic, 4.0, "rule", findings) for topic in given),
        "matched",
        4.0,
        (*concepts, *titled),
    )
    at = NOW - timedelta(hours=hours)
    return Article(
        id=number,
        feed_id=1,
        url=f"https://{publisher.lower()}.example/{number}",
        title=title or f"Headline {number}",
        summary=summary,
        language=language,
        publisher=publisher,
        kind=kind,
        published_at=at,
        first_seen_at=at,
        story_id=number,
        topics=given,
        verdict=pack_match(match),
    )


def development(*articles: Article, story: int | None = None, revision: int = 1) -> Development:
    """A story of those articles, the newest first."""
    ordered = tuple(sorted(articles, key=lambda one: one.published_at, reverse=True))
    return Development(
        story_id=story if story is not None else ordered[-1].id,
        concern=None,
        concerns=("border_security",),
        articles=ordered,
        revision=revision,
    )


def words(page: Page) -> str:
    """All text of a page, one block a line, for looking whether something is said."""
    return "\n".join([page.title, *_lines(page)])


def links(page: Page) -> list[str]:
    """Every address on a page, in order."""
    found: list[str] = []
    for block in page.blocks:
        match block:
            case Paragraph(spans) | Note(spans):
                found += _urls(spans)
            case Item(spans, details):
                found += _urls(spans)
                for detail in details:
                    found += _urls(detail)
    return found


def _lines(page: Page) -> Iterator[str]:
    for block in page.blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(spans) | Note(spans):
                yield _text(spans)
            case Item(spans, details):
                yield _text(spans)
                for detail in details:
                    yield _text(detail)


def _text(spans: tuple[Span, ...]) -> str:
    said = []
    for span in spans:
        match span:
            case str():
                said.append(span)
            case Link(text) | Strong(text) | Code(text):
                said.append(text)
            case When(at):
                said.append(f"{at:%Y-%m-%d}")
    return "".join(said)


def _urls(spans: tuple[Span, ...]) -> list[str]:
    return [span.url for span in spans if isinstance(span, Link)]

"""A few stories for the tests of this room, put into the store as a poll would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.context import AppContext
from bot.domain.articles import Judged
from bot.domain.audience import DEFAULTS
from bot.domain.entry import Entry
from bot.domain.match import Finding, Match, TopicScore
from bot.feeds.catalog import FeedSource
from bot.feeds.identity import entry_keys
from bot.store import articles, feeds
from bot.store.entries import save_entries
from bot.stories.document import Placement

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
HOSTILE = "@everyone <@1> **[x](https://evil.example)** <t:0:R>"

TOLD = (
    ("Desk", "en", "border_security", "Shelters in Tijuana are full as returns rise"),
    ("Sol", "es", "border_security", "Los albergues de Tijuana están llenos"),
    ("Desk", "en", "organized_crime", "Army and cartel clash near Reynosa"),
    ("Sol", "es", "security_cooperation", "México y Estados Unidos revisan el entendimiento bicentenario"),
    ("Desk", "en", "defense_policy", HOSTILE),
    ("Desk", "en", "trade_leverage", "Tariffs tied to fentanyl seizures " + "and on " * 60),
)


def sources() -> tuple[FeedSource, ...]:
    """Two publishers, one in each language."""
    return tuple(
        FeedSource(
            url=f"https://{name.lower()}.example/feed",
            publisher=name,
            title=f"{name} feed",
            language=language,
            kind="news",
            region="border",
        )
        for name, language in (("Desk", "en"), ("Sol", "es"))
    )


def judged(number: int, publisher: str, language: str, topic: str, title: str, at: datetime) -> Judged:
    """An entry that was judged to be of ``topic``."""
    entry = Entry(
        guid=f"g{number}", url=f"https://news.example/{number}", title=title, summary="", published=at
    )
    match = Match(
        (TopicScore(topic, 1.0, "phrase", (Finding("c", "w", "title", 0, 4, "act"),)),), "matched", 1.0
    )
    return Judged(entry, entry_keys(entry, publisher), language, match)


async def fill(context: AppContext, more: int = 0) -> None:
    """Store the stories of TOLD, and ``more`` besides, each a story of its own."""
    database = context.database
    known = {feed.publisher: feed for feed in await database.read(feeds.feeds_of, DEFAULTS)}
    told = [*TOLD, *(("Desk", "en", "migration", f"Crossing numbers of week {n}") for n in range(more))]
    for number, (publisher, language, topic, title) in enumerate(told):
        at = NOW - timedelta(minutes=10 * (number + 1))
        one = judged(number, publisher, language, topic, title, at)
        await database.write(save_entries, known[publisher], [one], NOW)
    waiting = await database.read(articles.ungrouped, 10_000)
    await database.write(
        articles.place, [(document.id, Placement(None, "new")) for document in waiting], now=NOW
    )

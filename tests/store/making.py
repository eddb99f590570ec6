"""Feeds, entries and stories for tests of the store, in few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.articles import Judged, Saved
from bot.domain.audience import DEFAULTS, Server
from bot.domain.entry import Entry
from bot.domain.feeds import Feed
from bot.domain.match import Finding, Match, TopicScore
from bot.feeds.catalog import FeedSource
from bot.feeds.identity import entry_keys
from bot.store import articles, feeds
from bot.store.database import Database
from bot.store.entries import save_entries
from bot.store.feeds.changing import ADD, change_feeds
from bot.stories.document import Placement

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OWNER = "worker-1"


def source(name: str, language: str = "en", **more: object) -> FeedSource:
    values = {
        "url": f"https://{name}.example/feed",
        "publisher": name.title(),
        "title": f"{name} feed",
        "language": language,
        "kind": "news",
        "region": "border",
    }
    return FeedSource(**(values | more))  # type: ignore[arg-type]


def defaults(database: Database, *names: str, now: datetime = NOW) -> list[Feed]:
    """Default feeds of those names, in that order."""
    database.write_sync(feeds.sync_catalog, [source(name) for name in names], now)
    known = {feed.publisher: feed for feed in database.read_sync(feeds.feeds_of, DEFAULTS)}
    return [known[name.title()] for name in names]


def added(database: Database, server: int, name: str, now: datetime = NOW) -> Feed:
    """A feed that only that server reads."""
    feed = database.write_sync(
        feeds.add_candidate,
        url=f"https://{name}.example/feed",
        publisher=name.title(),
        title=name,
        language="en",
        now=now,
    )
    database.write_sync(change_feeds, Server(server), [feed.id], ADD, now=now)
    found = database.read_sync(feeds.feed_by_id, feed.id, Server(server))
    assert found is not None
    return found


def match_of(*topics: str, score: float = 1.0) -> Match:
    finding = Finding("wall", "wall", "title", 0, 4, "act")
    if not topics:
        nearest = TopicScore("migration", 0.3, "act_without_nexus")
        return Match((), "no_nexus", 0.3, ("wall",), nearest)
    scores = tuple(TopicScore(topic, score, "phrase", (finding,)) for topic in topics)
    return Match(scores, "matched", score, ("wall", "tijuana"))


def judged(
    name: str,
    *topics: str,
    publisher: str = "Alpha",
    at: datetime | None = NOW,
    language: str = "en",
    summary: str = "",
    title: str = "",
    url: str | None = None,
) -> Judged:
    """An entry; without topics, one that does not match."""
    address = f"https://site.example/{name}" if url is None else url
    entry = Entry(guid=f"guid-{name}", url=address, title=title or name, summary=summary, published=at)
    return Judged(entry, entry_keys(entry, publisher), language, match_of(*topics))


def save(database: Database, feed: Feed, *entries: Judged, now: datetime = NOW) -> Saved:
    return database.write_sync(save_entries, feed, entries, now)


def group(
    database: Database, joins: dict[str, str] | None = None, *, now: datetime = NOW, facts: Sequence[str] = ()
) -> dict[str, int]:
    """Place all waiting articles: each founds a story, or joins that of the title it is mapped to."""
    joins = joins or {}
    story_of: dict[str, int] = {
        document.title: story for document, story in database.read_sync(articles.window, NOW - timedelta(400))
    }
    waiting = database.read_sync(articles.ungrouped, 1000)
    placements = []
    for document in waiting:
        target = story_of.get(joins.get(document.title, ""))
        reason = "new" if target is None else "same_event"
        placements.append((document.id, Placement(target, reason, facts=tuple(facts) if target else ())))
        story_of[document.title] = target if target is not None else document.id
    database.write_sync(articles.place, placements, now=now)
    return story_of


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)

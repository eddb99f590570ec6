"""Made-up articles for the store's benchmark: real words by their real frequency, and no meaning."""

from __future__ import annotations

import gzip
import itertools
from bisect import bisect
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import bot.topics
from bot.article import concern_of_question
from bot.domain.articles import Judged, NamedPolicy
from bot.domain.audience import TERMINAL
from bot.domain.entry import Entry
from bot.domain.evidence import BEARS, DIRECTIONS, Bearing, Evidence
from bot.domain.feeds import Feed
from bot.domain.match import Finding, Match, TopicScore
from bot.feeds.catalog import FeedSource
from bot.feeds.identity import EntryKeys, entry_keys
from bot.feeds.sameness import Strength, Traits
from bot.record import load_record
from bot.store import articles, feeds
from bot.store import tables as t
from bot.store.database import Database
from bot.store.entries import save_entries
from bot.stories.document import Placement

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SPAN = timedelta(days=5 * 365)
_FEEDS = 100
_TOPICS = (
    "border_security",
    "migration",
    "organized_crime",
    "security_cooperation",
    "defense_policy",
    "trade_leverage",
)
_TITLE, _BODY = 10, 40
_JOINS = 0.1
#: Of 458 relevant reports of 2023, 26 % bore on a question, one in seven of these on two; a tenth of such
#: evidence had weight 3, two thirds weight 2. Of the year 2026 more is expected, so a third is drawn.
_BEARS, _BEARS_TWICE = 0.35, 0.14
_WEIGHTS = (1, 2, 3), (21, 68, 11)
#: In 2023, 2 % of relevant reports named a policy, before most of those that the record holds today.
_NAMES_A_POLICY, _PROPOSES = 0.1, 0.05


class Corpus:
    """A stream of articles over five years, in their order."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._words = {"en": _vocabulary(1), "es": _vocabulary(2)}
        self._questions = tuple(concern_of_question())
        self.policies = tuple(policy.id for policy in load_record().objects)
        # The first policy is named most, as the best known one is: the n-th by a share of 1/n.
        self._named = list(itertools.accumulate(1 / n for n in range(1, len(self.policies) + 1)))
        self.feeds: list[Feed] = []
        self.made = 0
        self.story_ids: list[int] = []
        self._step = timedelta(0)
        self._wanted = 0

    def open(self, database: Database, wanted: int) -> None:
        """Take up a store: its feeds, and where a stream of ``wanted`` articles was left off."""
        sources = [
            FeedSource(
                url=f"https://feed{n}.example/rss",
                publisher=f"Publisher {n // 2}",
                title=f"Feed {n}",
                language="en" if n % 2 else "es",
                kind="news",
                region="border",
            )
            for n in range(_FEEDS)
        ]
        database.write_sync(feeds.sync_catalog, sources, NOW)
        self.feeds = database.read_sync(feeds.feeds_of, TERMINAL)
        self.made = database.read_sync(_highest)
        self.story_ids = database.read_sync(_stories)
        self._wanted = wanted
        self._step = SPAN / max(wanted, 1)
        self._random.seed(self.made)

    def batch(self, size: int) -> list[Judged]:
        """The next articles of the stream, not stored."""
        return self.drawn(size)[1]

    def store(self, database: Database, size: int) -> None:
        """Store the next articles and put them into stories, as the worker does."""
        self.keep(database, *self.drawn(size))

    def drawn(self, size: int) -> tuple[Feed, list[Judged]]:
        """A feed and the next articles of the stream, for ``keep``."""
        feed = self._random.choice(self.feeds)
        return feed, [self._article(feed, self.made + n) for n in range(size)]

    def keep(self, database: Database, feed: Feed, entries: list[Judged]) -> None:
        """Store what was drawn and put it into stories, as the worker does."""
        now = self._at(self.made + len(entries))
        database.write_sync(save_entries, feed, entries, now)
        waiting = database.read_sync(articles.ungrouped, limit=len(entries))
        placements = [(one.id, self._placement(one.id)) for one in waiting]
        database.write_sync(articles.place, placements, now=now)
        self.made += len(entries)

    def classes(self) -> tuple[list[str], list[str], list[str]]:
        """Words that are common, middling and rare in both languages together."""
        words = self._words["en"][0], self._words["es"][0]
        cut = [(30, 60), (600, 900), (6000, 9000)]
        found = [[word for some in words for word in some[a:b] if len(word) > 4] for a, b in cut]
        return found[0], found[1], found[2]

    def size(self, database: Database) -> int:
        """Bytes that the store takes on disk."""
        if database.address.path is not None:
            database.checkpoint()
            return database.address.path.stat().st_size
        asked = text("SELECT pg_database_size(current_database())")
        return int(database.read_sync(lambda session: session.execute(asked).scalar_one()))

    def _at(self, number: int) -> datetime:
        if number > self._wanted:
            # What a writer adds while questions are timed lies outside of the week that they ask for.
            return NOW - timedelta(days=8) - self._step * (number % 10_000)
        return NOW - SPAN + self._step * number

    def _article(self, feed: Feed, number: int) -> Judged:
        random = self._random
        title, body = (" ".join(self._draw(feed.language, count)) for count in (_TITLE, _BODY))
        entry = Entry(
            guid=f"{feed.id}:{number}",
            url=f"https://feed{feed.id}.example/{number}/{title.replace(' ', '-')[:40]}",
            title=title,
            summary=body,
            published=self._at(number),
        )
        topics = random.sample(_TOPICS, 2 if random.random() < 0.17 else 1)
        words = title.split()
        findings = tuple(
            Finding(f"concept_{word}", word, "title", title.index(word), title.index(word) + len(word), "act")
            for word in words[:4]
        )
        match = Match(
            tuple(TopicScore(topic, 1.5, "act_near_place", findings) for topic in topics),
            "matched",
            1.5,
            tuple(f"concept_{word}" for word in words[:4]),
        )
        keys = entry_keys(entry, feed.publisher)
        return Judged(
            entry, keys, feed.language, match, self._policies_named(), self._evidence(), form="news"
        )

    def _evidence(self) -> Evidence:
        random = self._random
        if random.random() >= _BEARS:
            return Evidence((), "no_rule")
        count = 2 if random.random() < _BEARS_TWICE else 1
        weights, shares = _WEIGHTS
        bearings = [
            Bearing(question, random.choices(weights, shares)[0], random.choice(DIRECTIONS), "made_up")
            for question in random.sample(self._questions, count)
        ]
        return Evidence(tuple(sorted(bearings, key=lambda one: -one.weight)), BEARS)

    def _policies_named(self) -> tuple[NamedPolicy, ...]:
        random = self._random
        if random.random() >= _NAMES_A_POLICY:
            return ()
        policy = self.policies[bisect(self._named, random.random() * self._named[-1])]
        return (NamedPolicy(policy, "announced" if random.random() < _PROPOSES else None),)

    def _placement(self, article_id: int) -> Placement:
        if self.story_ids and self._random.random() < _JOINS:
            story = self.story_ids[-self._random.randint(1, min(200, len(self.story_ids)))]
            facts = ("one new fact",) if self._random.random() < 0.5 else ()
            return Placement(story, "same_event", 0.4, facts=facts)
        self.story_ids.append(article_id)
        return Placement(None, "new")

    def _draw(self, language: str, count: int) -> list[str]:
        words, sums = self._words[language]
        return [words[bisect(sums, self._random.random() * sums[-1])] for _ in range(count)]


def _vocabulary(column: int) -> tuple[list[str], list[float]]:
    """Words, the most frequent first, and the running sum of their frequencies."""
    path = Path(bot.topics.__file__).with_name("background.tsv.gz")
    known = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[column] and cells[0] != "TM":
                known.append((int(cells[column]), cells[0]))
    known.sort(reverse=True)
    return [word for _, word in known], list(itertools.accumulate(10 ** (value / 10) for value, _ in known))


def recent(session: Session, size: int) -> list[tuple[EntryKeys, str]]:
    """The keys and addresses of some articles that were stored lately."""
    columns = (t.article.c.guid_key, t.article.c.url_key, t.article.c.content_key, t.article.c.url)
    rows = session.execute(select(*columns).order_by(t.article.c.id.desc()).limit(20 * size))
    traits = Traits(Strength.OWN, Strength.OWN, "", False, "", "", None)
    return [
        (EntryKeys(*row[:3], (row.guid_key,) * 4, row.url_key, traits, frozenset()), row.url)
        for row in list(rows)[::20]
    ]


def _highest(session: Session) -> int:
    return session.execute(select(func.coalesce(func.max(t.article.c.id), 0))).scalar_one()


def _stories(session: Session) -> list[int]:
    newest = select(t.story.c.id).order_by(t.story.c.id.desc()).limit(1000)
    return sorted(session.scalars(newest))

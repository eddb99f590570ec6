"""What each command asks of the store, in the order in which it asks, and the same by a plain driver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from benchmarks.store_corpus import NOW, Corpus, recent
from benchmarks.store_raw import Raw
from bot.article import CONCERNS, concern_of_question
from bot.commands import charts, reading
from bot.commands.story import RELATED_LOOKED_AT
from bot.domain.audience import TERMINAL, Member, Reader
from bot.domain.entry import Entry
from bot.feeds.identity import entry_keys
from bot.pages.latest import OWN_SHOWN, PER_PAGE
from bot.publishing import composer
from bot.store import articles, developments, digests, feeds, important, news, search, timelines, watches
from bot.store.database import Database
from bot.store.known_entries import unseen
from bot.store.questions import answers

WEEK = NOW - timedelta(days=7)
MONTH = NOW - timedelta(days=reading.DEFAULT_DAYS)
SEASON = NOW - timedelta(days=90)  # how far back /search looks
YEAR = NOW - timedelta(days=365)
TWELVE_WEEKS = NOW - timedelta(weeks=charts.DEFAULT_WEEKS)
CONCERN = "border_security"
QUESTIONS = [question for question, concern in concern_of_question().items() if concern == CONCERN]

Ask = Callable[[Random], Awaitable[object]]


@dataclass(frozen=True)
class Question:
    """One command's queries: through the store, and by a plain driver."""

    name: str
    ask: Ask
    raw: Callable[[Random], object] | None = None


def questions(db: Database, corpus: Corpus, raw: Raw) -> list[Question]:
    """Every reading command, what completes a story, and what the worker asks again and again."""
    return [
        *_lists(db, raw),
        *_stories(db, corpus, raw),
        *_searches(db, corpus, raw),
        *_work(db, corpus, raw),
    ]


def _lists(db: Database, raw: Raw) -> list[Question]:
    def latest(concern: str | None = None, language: str | None = None) -> Ask:
        async def ask(_: Random) -> None:
            more = {"concern": concern, "language": language}
            await db.read(developments.latest, TERMINAL, since=MONTH, limit=PER_PAGE + 1, **more)  # type: ignore[arg-type]
            await db.read(watches.hits, TERMINAL, since=MONTH, limit=OWN_SHOWN, **more)
            await db.read(feeds.health_counts, TERMINAL)

        return ask

    async def concerns(_: Random) -> None:
        await db.read(important.candidates, TERMINAL, WEEK, NOW)
        await db.read(important.silent_questions, TERMINAL, WEEK, list(concern_of_question()))
        for one in CONCERNS:
            await db.read(timelines.timeline, TERMINAL, one, NOW - timedelta(days=7), NOW, span=7)
        await db.read(feeds.health_counts, TERMINAL)

    async def concern(_: Random) -> None:
        await db.read(answers, TERMINAL, QUESTIONS, MONTH)
        await db.read(important.candidates, TERMINAL, MONTH, NOW, CONCERN)
        await db.read(feeds.health_counts, TERMINAL)

    def timeline(days: int) -> Ask:
        since = NOW - timedelta(days=days)

        async def ask(_: Random) -> None:
            await db.read(
                timelines.most_reported_by_day, TERMINAL, CONCERN, since, NOW, limit=charts.DAYS_LOOKED_AT
            )
            await db.read(timelines.timeline, TERMINAL, CONCERN, since, NOW)
            await db.read(feeds.health_counts, TERMINAL)

        return ask

    async def trend(_: Random) -> None:
        for one in CONCERNS:
            await db.read(timelines.timeline, TERMINAL, one, TWELVE_WEEKS, NOW, span=7)
        await db.read(feeds.health_counts, TERMINAL)

    def raw_latest(concern: str | None = None, language: str = "") -> Callable[[Random], object]:
        return lambda _: (raw.latest(PER_PAGE + 1, concern, MONTH, language), raw.watches(), raw.health())

    def raw_timeline(days: int) -> Callable[[Random], object]:
        since = NOW - timedelta(days=days)
        return lambda _: (
            raw.relative_days(CONCERN, since, charts.DAYS_LOOKED_AT),
            raw.timeline(CONCERN, since),
            raw.health(),
        )

    return [
        Question("/concerns", concerns, lambda _: (raw.counts(WEEK), raw.health())),
        Question("/concern", concern, lambda _: (raw.latest(important.NEWEST, CONCERN, MONTH), raw.health())),
        Question("/latest", latest(), raw_latest()),
        Question("/latest of a concern", latest(CONCERN), raw_latest(CONCERN)),
        Question("/latest of it in Spanish", latest(CONCERN, "es"), raw_latest(CONCERN, "es")),
        Question("/timeline", timeline(charts.DEFAULT_DAYS), raw_timeline(charts.DEFAULT_DAYS)),
        Question("/timeline of a year", timeline(365), raw_timeline(365)),
        Question(
            "/trend",
            trend,
            lambda _: ([raw.timeline(one, TWELVE_WEEKS, 7) for one in CONCERNS], raw.health()),
        ),
        Question("/sources", lambda _: db.read(feeds.feeds_of, TERMINAL), lambda _: raw.feeds()),
    ]


def _stories(db: Database, corpus: Corpus, raw: Raw) -> list[Question]:
    ids, day = list(corpus.story_ids), NOW - timedelta(days=1)
    addresses = [url for _, url in db.read_sync(recent, 50)]

    async def story(random: Random) -> None:
        found = await db.read(developments.story, random.choice(ids), TERMINAL)
        assert found is not None
        await db.read(developments.revisions, found.story_id)
        links = await db.read(developments.links, found.story_id)
        related = [link.story_id for link in links[:RELATED_LOOKED_AT]]
        await db.read(developments.stories, related, TERMINAL)

    def url_keys(random: Random) -> list[bytes]:
        entry = Entry(guid="", url=random.choice(addresses), title="", summary="")
        publishers = {feed.publisher for feed in corpus.feeds}
        return [key for one in publishers if (key := entry_keys(entry, one).url_key)]

    def new(reader: Callable[[Random], Reader]) -> Ask:
        async def ask(random: Random) -> None:
            who = reader(random)
            found = await db.write(news.unread, who, TERMINAL, now=NOW)
            await db.read(feeds.health_counts, TERMINAL)
            await db.write(news.mark_read, who, TERMINAL, found.receipt, now=NOW)

        return ask

    async def digest(_: Random) -> None:
        await db.read(composer.gather, TERMINAL, day, NOW)

    return [
        Question("/story", story, lambda random: raw.story_page(random.choice(ids))),
        Question(
            "/why, a story",
            lambda random: db.read(developments.story, random.choice(ids), TERMINAL),
            lambda random: raw.story(random.choice(ids)),
        ),
        Question(
            "/why, an address",
            lambda random: db.read(articles.by_url, random.choice(addresses), TERMINAL),
            lambda random: raw.article_at(url_keys(random)),
        ),
        Question(
            "completing a story",
            lambda _: db.read(developments.latest, TERMINAL, limit=50),
            lambda _: raw.latest(50),
        ),
        Question(
            "/new, first time",
            new(lambda random: Member(random.getrandbits(63))),
            lambda _: (raw.news(WEEK), raw.health()),
        ),
        Question("/new, nothing new", new(lambda _: Member(1))),
        Question("a digest", digest, lambda _: (raw.changed(day, NOW), raw.health())),
    ]


def _searches(db: Database, corpus: Corpus, raw: Raw) -> list[Question]:
    common, middling, rare = corpus.classes()

    def asked(
        name: str, words: Callable[[Random], str], *, since: datetime | None = SEASON, **more: str
    ) -> Question:
        async def ask(random: Random) -> None:
            await db.read(search.search, TERMINAL, words(random), since=since, limit=PER_PAGE + 2, **more)  # type: ignore[arg-type]
            await db.read(feeds.health_counts, TERMINAL)

        def plain(random: Random) -> object:
            return raw.search(words(random), since, **more), raw.health()

        return Question(name, ask, plain)

    def one_of(words: list[str]) -> Callable[[Random], str]:
        return lambda random: random.choice(words)

    return [
        asked("/search, common word", one_of(common)),
        asked("/search, middling word", one_of(middling)),
        asked("/search, rare word", one_of(rare)),
        asked("/search, two words", lambda random: f"{random.choice(common)} {random.choice(middling)}"),
        asked("/search, a word begun", lambda random: random.choice(middling)[:5] + "*"),
        asked("/search in a concern", one_of(common), concern="trade_leverage"),
        asked("/search of all years", one_of(middling), since=None),
    ]


def _work(db: Database, corpus: Corpus, raw: Raw) -> list[Question]:
    feed_id = corpus.feeds[0].id
    known = [keys for keys, _ in db.read_sync(recent, 25)]
    keys = [[one.keys for one in corpus.batch(25)] + known for _ in range(20)]
    return [
        Question(
            "poll: 50 keys known?",
            lambda random: db.read(unseen, feed_id, random.choice(keys)),
            lambda random: raw.keys(random.choice(keys)),
        ),
        Question("tick: digests due?", lambda _: db.read(digests.due, NOW)),
        Question("tick: feeds due?", lambda _: db.read(feeds.count_due, NOW)),
    ]

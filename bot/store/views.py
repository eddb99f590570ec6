"""What the store gives back: plain frozen values, never rows. Moments are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.feeds.entry import Entry
from bot.feeds.state import FeedState
from bot.store import codec
from bot.store.types import moment
from bot.stories.headlines import Headline, speaking
from bot.topics.match import Match

if TYPE_CHECKING:
    from bot.feeds.identity import EntryKeys


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as one server has it: ``scope`` is default, added, removed, paused or other."""

    id: int
    url: str
    host: str
    publisher: str
    title: str
    language: str
    kind: str
    region: str
    is_default: bool
    browser_like: bool
    disabled_reason: str | None
    health: str
    next_due_at: datetime | None
    last_success_at: datetime | None
    last_new_entry_at: datetime | None
    scope: str = "default"
    memory: str = field(default="", repr=False)

    @property
    def state(self) -> FeedState:
        """The polling policy's memory of this feed."""
        return FeedState.load(self.memory)

    @property
    def name(self) -> str:
        """What it is called wherever it is shown."""
        return self.publisher if self.title in ("", self.publisher) else f"{self.publisher} — {self.title}"

    @property
    def active(self) -> bool:
        """Whether this server reads it: not switched off, not paused or removed here."""
        return self.disabled_reason is None and self.scope in ("default", "added")

    @property
    def failure(self) -> str:
        """The code of what went wrong at the last poll; empty if nothing did."""
        state = self.state
        return state.last_reason if state.failures else ""


@dataclass(frozen=True, slots=True)
class HealthCounts:
    """How the feeds that a server reads are. ``by_health`` counts them by the policy's own word."""

    total: int = 0
    failing: int = 0
    never_polled: int = 0
    by_health: Mapping[str, int] = field(default_factory=dict)
    last_success_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article. ``topics`` are the strongest first; ``story_id`` is None until it is grouped."""

    id: int
    feed_id: int
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    kind: str
    published_at: datetime
    first_seen_at: datetime
    story_id: int | None
    topics: tuple[str, ...]
    verdict: bytes = field(default=b"", repr=False)

    @property
    def match(self) -> Match:
        """The verdict that let it in, with its why."""
        return codec.unpack_match(self.verdict)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of developments ended: the newest article of its last story."""

    at: datetime
    article_id: int

    def text(self) -> str:
        """The cursor in at most 32 characters, for a button."""
        return f"{int(self.at.timestamp())}-{self.article_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor that ``text()`` wrote. Raises ValueError for anything else."""
        at, _, article_id = text.partition("-")
        return cls(moment(int(at)), int(article_id))


#: Articles of a story among which its lead is sought, the newest: as many as a list carries.
LEAD_SOUGHT = 60


@dataclass(frozen=True, slots=True)
class Development:
    """A story as a server sees it: the articles of its own feeds, newest first, at least one.

    ``concern`` is the one it was asked under, or None for all; ``concerns`` are all that it bears on.
    ``revision`` counts what it has become known to say.
    """

    story_id: int
    concern: str | None
    concerns: tuple[str, ...]
    articles: tuple[Article, ...]
    revision: int

    @property
    def first_at(self) -> datetime:
        """When its first article was published."""
        return self.articles[-1].published_at

    @property
    def last_at(self) -> datetime:
        """When its newest article was published."""
        return self.articles[0].published_at

    @property
    def cursor(self) -> Cursor:
        """Where the next page begins if this is the last of its page."""
        return Cursor(self.articles[0].published_at, self.articles[0].id)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who reports it, each once, the newest report first."""
        return tuple(dict.fromkeys(article.publisher for article in self.articles))

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages it is reported, the newest report's first."""
        return tuple(dict.fromkeys(article.language for article in self.articles))

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is about: the topics that most of its articles have come first."""
        tally: dict[str, int] = {}
        for article in self.articles:
            for topic in article.topics:
                tally[topic] = tally.get(topic, 0) + 1
        return tuple(sorted(tally, key=lambda topic: -tally[topic]))

    def lead(self, language: str) -> Article:
        """The article that speaks for the story, in ``language`` where there is one.

        The one that says most of what its outlets say (``bot.stories.headlines``): a straggler does not
        rename a story.
        """
        articles = self.articles[:LEAD_SOUGHT]
        spoken = [place for place, one in enumerate(articles) if one.language == language]
        headlines = [Headline(one.title, one.language, one.publisher) for one in articles]
        return articles[speaking(headlines, spoken or range(len(articles)))]

    def other_outlets(self, lead: Article) -> list[Article]:
        """One article, the newest, of each publisher other than ``lead``'s."""
        newest: dict[str, Article] = {}
        for article in self.articles:
            if article.publisher != lead.publisher:
                newest.setdefault(article.publisher, article)
        return list(newest.values())


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article added to a story: ``kind:value`` as ``bot.stories.novelty``, none for the first.

    ``chain`` is the story as it was founded: that of a story which was merged into another stays.
    """

    chain: int
    number: int
    at: datetime
    article_id: int
    reason: str
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Another story that may be the same event."""

    story_id: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """A story with what we learned of it lately, in the order in which we did."""

    development: Development
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of a concern was reported in the days from ``start`` (UTC); stories are distinct in it."""

    start: date
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found. ``others`` counts the hits of the same story that rank below it."""

    article: Article
    score: float
    others: int = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, best first, and how many there were: ``complete`` or only as far as it looked."""

    best: tuple[SearchHit, ...]
    found: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with its identity, its language and its verdict, as it goes into the store."""

    entry: Entry
    keys: EntryKeys
    language: str
    match: Match


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a poll's entries.

    ``fresh`` were not known before, and ``matched`` of these are articles now; ``edited`` are articles whose
    text changed, ``sighted`` are known articles that this feed carries too.
    """

    fresh: int = 0
    matched: int = 0
    edited: int = 0
    sighted: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the store knows of an address that did not become an article."""

    url: str
    title: str
    feed_id: int
    reason: str
    nearest: str | None
    nearest_score: float | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's choices. Server 0 is the terminal. ``chosen`` names those that are not the operator's."""

    guild_id: int
    language: str
    timezone: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    alerts_channel: int | None = None
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What was changed, by whom, when."""

    id: int
    guild_id: int
    at: datetime
    user_id: int | None
    action: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DigestSubscription:
    """A channel's standing order. ``days`` is a set of weekdays, bit 0 is Monday; no concerns means all.

    ``told_until`` is where the last digest ended; the next one goes on from there.
    """

    id: int
    guild_id: int
    channel_id: int
    kind: str
    minute_of_day: int
    days: int
    zone: str
    language: str
    concerns: tuple[str, ...]
    empty_day: str
    options: Mapping[str, object]
    next_due_at: datetime | None
    told_until: datetime | None
    paused_at: datetime | None
    pause_reason: str | None

    @property
    def posting(self) -> Posting:
        """How its messages are posted."""
        return Posting.of(self.options)


@dataclass(frozen=True, slots=True)
class Posting:
    """How a message is posted: a role to wake, without a sound, published where a channel announces."""

    role: int | None = None
    silent: bool = False
    publish: bool = False

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Posting:
        """What a digest's options ask for; what is no role's number wakes nobody."""
        if not options:
            return PLAIN
        role = str(options.get("role") or "")
        return cls(
            int(role) if role.isdigit() else None, bool(options.get("silent")), bool(options.get("publish"))
        )


PLAIN = Posting()


@dataclass(frozen=True, slots=True)
class OutboxDraft:
    """A message to be planned. ``part`` counts from 0; ``body`` is frozen as it is.

    ``told`` are the (story, revision) that its reader counts as told of, once it is posted. ``stretch`` is
    from when to when a digest tells, which the next one tells if this one cannot be posted.
    """

    guild_id: int
    channel_id: int
    kind: str
    local_date: date
    part: int
    body: str
    due_at: datetime
    posting: Posting = PLAIN
    told: tuple[tuple[int, int], ...] = ()
    stretch: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message that this owner may send now, until its lease ends."""

    id: int
    guild_id: int
    channel_id: int
    kind: str
    local_date: date
    part: int
    body: str
    nonce: str
    due_at: datetime
    attempts: int
    first_attempt_at: datetime
    lease_until: datetime
    posting: Posting = PLAIN

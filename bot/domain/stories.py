"""Stories as a server sees them, and what became known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.articles import Article
from bot.domain.feeds import DOCUMENT


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
        return cls(datetime.fromtimestamp(int(at), UTC), int(article_id))


#: What a later report says of an earlier one: it was wrong, is no longer true, or a party concerned denies
#: it.
CORRECTED, REVERSED, DENIED = "corrected", "reversed", "denied"
CORRECTION_KINDS = (CORRECTED, REVERSED, DENIED)


@dataclass(frozen=True, slots=True)
class Correction:
    """That report ``article_id`` was corrected, reversed or denied by report ``by``, known since ``at``.

    ``kind`` is one of ``CORRECTION_KINDS``, ``said`` the headline of the earlier report, ``said_at`` when it
    was published. Where an outlet edited its own report both ids are the same, and ``said`` is the headline
    before.
    """

    kind: str
    article_id: int
    said: str
    said_at: datetime
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Development:
    """A story as a server sees it: the articles of its own feeds, newest first, at least one.

    ``concern`` is the one it was asked under, or None for all; ``concerns`` are all that it bears on.
    ``revision`` counts what it has become known to say; ``corrections`` are those of its reports, the newest
    first.
    """

    story_id: int
    concern: str | None
    concerns: tuple[str, ...]
    articles: tuple[Article, ...]
    revision: int
    corrections: tuple[Correction, ...] = ()

    @property
    def uncorrected(self) -> tuple[Article, ...]:
        """The reports that were neither corrected nor reversed; all of them where none is left."""
        by_others = (one for one in self.corrections if one.kind != DENIED and one.by != one.article_id)
        withdrawn = {one.article_id for one in by_others}
        return tuple(article for article in self.reports if article.id not in withdrawn) or self.reports

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
    def documents(self) -> tuple[Article, ...]:
        """The official documents that it is about, newest first: sources of their own kind, and no
        reports.
        """
        return tuple(article for article in self.articles if article.kind == DOCUMENT)

    @property
    def reports(self) -> tuple[Article, ...]:
        """What tells of it, newest first: the documents themselves where nobody else does."""
        return tuple(article for article in self.articles if article.kind != DOCUMENT) or self.articles

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who reports it, each once, the newest report first."""
        return tuple(dict.fromkeys(article.publisher for article in self.reports))

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

    def other_outlets(self, lead: Article) -> list[Article]:
        """One article, the newest, of each publisher other than ``lead``'s."""
        newest: dict[str, Article] = {}
        for article in self.reports:
            if article.publisher != lead.publisher:
                newest.setdefault(article.publisher, article)
        return list(newest.values())


@dataclass(frozen=True, slots=True)
class StoryRevision:
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
    revisions: tuple[StoryRevision, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of a concern was reported in the days from ``start`` (UTC); stories are distinct in it."""

    start: date
    articles: int
    stories: int

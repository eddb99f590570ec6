"""What a grouper holds in memory: the articles of its window, and the sums of their stories."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from bot.stories import cues
from bot.stories.conflict import StoryTally
from bot.stories.document import Document
from bot.stories.features import UNIT, Features

#: Cohesion is the mean likeness of a story's articles to the whole. Events of ten to two hundred articles
#: had .54 to .76, and heaps that had grown into a subject ("Gaza", "AI") .30 to .40: below TIGHT a story asks
#: for LOOSE times the difference more.
TIGHT, LOOSE = 0.6, 1.5


@dataclass(slots=True)
class WindowArticle:
    """An article of the window. Its features are made anew when it leaves: kept, they would take 4 kB."""

    document: Document
    story: int
    at: float
    short: bool
    digest: bool


@dataclass(slots=True)
class WindowStory:
    """A story's articles in the window, when they were published, and the sums of what they say."""

    articles: set[int] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    terms: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    terms_square: int = 0
    names_square: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    official: int = 0
    tally: StoryTally = field(default_factory=StoryTally)

    @property
    def middle(self) -> float:
        """When the middle one of its reports was published: a straggler does not move it."""
        return self.times[len(self.times) // 2]

    @property
    def looseness(self) -> float:
        """How much more likeness it asks for because its own articles are little alike."""
        cohesion = math.sqrt(self.terms_square) / (UNIT * len(self.articles))
        return LOOSE * max(0.0, TIGHT - cohesion)

    def seconds_from(self, moment: float) -> float:
        """Seconds between ``moment`` and the nearest of its reports' span; 0 within it."""
        return max(self.times[0] - moment, moment - self.times[-1], 0.0)


@dataclass(frozen=True, slots=True)
class WindowQuery:
    """A document that is compared with the window, the words of many stories made lighter."""

    document: Document
    features: Features
    terms: dict[str, float]
    names: dict[str, float]
    at: float
    concepts: frozenset[str]

    def same_outlet(self, article: WindowArticle) -> bool:
        """Whether one outlet printed both; of none that is unknown it is sure."""
        return bool(self.document.publisher) and self.document.publisher == article.document.publisher

    def other_outlet(self, article: WindowArticle) -> bool:
        """Whether two outlets printed them."""
        one, other = self.document.publisher, article.document.publisher
        return bool(one and other) and one != other

    def corrects(self, article: WindowArticle) -> bool:
        """Whether an outlet takes back or corrects a report of its own."""
        return "retracted" in self.features.title_cues and self.same_outlet(article)

    @property
    def takes_back(self) -> bool:
        """Whether a title denies or undoes something, or an office's own release does."""
        denies = self.document.official and self.features.cues & cues.CORRECTING
        return bool(self.features.title_cues & cues.TAKING_BACK or denies)

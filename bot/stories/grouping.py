"""Streaming grouping of articles by event. Pure: it holds a window of articles in memory and opens nothing.

The method and where its constants come from: docs/method-stories.md. All sums are of integers, so the
state depends only on which articles were added to which stories, not on the order nor on what was
forgotten in between: a grouper rebuilt after a restart decides as the old one would have.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime

from bot.stories.document import Document, Placement
from bot.stories.features import UNIT, Features, features

#: Share of words and of names and figures in the likeness; measured on ECB+ (pair F1 .842 and .846 alone,
#: .871 together).
TERMS_SHARE, NAMES_SHARE = 0.65, 0.35
#: Join at or above. Pair F1 on ECB+ is flat from .25 to .30 and falls to .80 at .40.
JOIN = 0.28
#: Across languages, where half the words have no partner: join at or above, and link at or above.
CROSS_JOIN, CROSS_LINK = 0.26, 0.17
#: Headlines alone: letter pieces' cosine at which two are one event.
GRAMS_JOIN = 0.45
#: Standard deviation of the time decay in days, counted from the nearer end of the story's span.
DECAY_DAYS = 7.0
#: The decay never takes away more than this share.
DECAY_SHARE = 0.5
#: Newest postings read of each word: bounds the work of a placement whatever the window holds.
POSTINGS_READ = 96
#: Articles whose stories are compared in full.
CANDIDATES = 24
#: Likeness is cut to this share where place, victims or names disagree.
CONFLICT_SHARE = 0.55

DAY = 86_400.0


@dataclass(slots=True)
class _Article:
    id: int
    story: int
    at: float
    language: str
    title: str
    features: Features


@dataclass(slots=True)
class _Story:
    articles: dict[int, None] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    terms_square: int = 0
    names_square: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def _add(total: dict[str, int], vector: dict[str, int], sign: int) -> int:
    """Add or take away ``vector``; the change of the squared length."""
    change = 0
    for word, weight in vector.items():
        old = total.get(word, 0)
        new = old + sign * weight
        change += new * new - old * old
        if new:
            total[word] = new
        else:
            del total[word]
    return change


def _cosine(vector: dict[str, int], total: dict[str, int], square: int) -> float:
    if not square or not vector:
        return 0.0
    dot = 0
    for word, weight in vector.items():
        if word in total:
            dot += weight * total[word]
    return dot / (UNIT * math.sqrt(square))


class Grouper:
    """Places articles into stories, among those of its window."""

    def __init__(self) -> None:
        self._articles: dict[int, _Article] = {}
        self._stories: dict[int, _Story] = {}
        self._postings: dict[str, list[int]] = {}
        self._titles: dict[str, list[int]] = {}

    def __len__(self) -> int:
        """Articles in the window."""
        return len(self._articles)

    # --- what is remembered

    def add(self, document: Document, story_id: int) -> None:
        """Remember that ``document`` belongs to ``story_id``; again with another story moves it."""
        if document.id in self._articles:
            self._drop(document.id)
        found = features(document)
        article = _Article(
            document.id, story_id, document.at.timestamp(), found.language, document.title, found
        )
        self._articles[document.id] = article
        story = self._stories.setdefault(story_id, _Story())
        story.articles[document.id] = None
        self._count(story, article, 1)
        for word in _index_words(found):
            _insert(self._postings.setdefault(word, []), document.id)
        _insert(self._titles.setdefault(found.title_key, []), document.id)

    def forget_before(self, moment: datetime) -> int:
        """Drop the articles published before ``moment``; how many they were."""
        limit = moment.timestamp()
        old = [article.id for article in self._articles.values() if article.at < limit]
        for article_id in old:
            self._drop(article_id)
        return len(old)

    def _drop(self, article_id: int) -> None:
        article = self._articles.pop(article_id)
        for word in _index_words(article.features):
            _remove(self._postings, word, article_id)
        _remove(self._titles, article.features.title_key, article_id)
        story = self._stories[article.story]
        del story.articles[article_id]
        if story.articles:
            self._count(story, article, -1)
        else:
            del self._stories[article.story]

    @staticmethod
    def _count(story: _Story, article: _Article, sign: int) -> None:
        found = article.features
        story.terms_square += _add(story.terms, found.terms, sign)
        story.names_square += _add(story.names, found.names, sign)
        _add(story.languages, {article.language: 1}, sign)
        _add(story.places, dict.fromkeys(found.places, 1), sign)

    # --- what is decided

    def place(self, document: Document) -> Placement:
        """Where ``document`` belongs. Changes nothing."""
        found = features(document)
        at = document.at.timestamp()
        best: tuple[float, int, int, str] | None = None
        links: list[int] = []
        seen: set[int] = set()
        for article_id in self._candidates(found, document.id):
            article = self._articles[article_id]
            if article.story in seen:
                continue
            seen.add(article.story)
            score, reason = self._score(document, found, at, article)
            if reason == "link":
                links.append(article.story)
            if best is None or score > best[0]:
                best = (score, article.story, article.id, reason)
        if best is None:
            return Placement(None, "new")
        score, story, nearest, reason = best
        if reason in ("same_event", "cross_language", "same_title"):
            return Placement(story, reason, round(score, 3), nearest, tuple(s for s in links if s != story))
        return Placement(
            None, "conflict" if reason == "conflict" else "new", round(score, 3), nearest, tuple(links)
        )

    def _candidates(self, found: Features, article_id: int) -> list[int]:
        hits: dict[int, int] = {}
        for word, weight in _index_words(found).items():
            posting = self._postings.get(word)
            if posting:
                weight = weight * weight
                for hit in posting[-POSTINGS_READ:]:
                    hits[hit] = hits.get(hit, 0) + weight
        hits.pop(article_id, None)
        return sorted(hits, key=lambda hit: (-hits[hit], -hit))[:CANDIDATES]

    def _score(self, document: Document, found: Features, at: float, article: _Article) -> tuple[float, str]:
        story = self._stories[article.story]
        words = _cosine(found.terms, story.terms, story.terms_square)
        names = _cosine(found.names, story.names, story.names_square)
        score = TERMS_SHARE * words + NAMES_SHARE * names
        times = [self._articles[member].at for member in story.articles]
        apart = max(min(times) - at, at - max(times), 0.0) / DAY
        score *= 1 - DECAY_SHARE * (1 - math.exp(-(apart**2) / (2 * DECAY_DAYS**2)))
        cross = found.language not in story.languages
        if cross:
            if score >= CROSS_JOIN:
                return score, "cross_language"
            return score, "link" if score >= CROSS_LINK else "new"
        return score, "same_event" if score >= JOIN else "new"


def _index_words(found: Features) -> dict[str, int]:
    return found.terms


def _insert(posting: list[int], article_id: int) -> None:
    if not posting or posting[-1] < article_id:
        posting.append(article_id)
    else:
        posting.insert(bisect_left(posting, article_id), article_id)


def _remove(postings: dict[str, list[int]], word: str, article_id: int) -> None:
    posting = postings[word]
    del posting[bisect_left(posting, article_id)]
    if not posting:
        del postings[word]

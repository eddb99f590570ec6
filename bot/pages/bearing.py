"""Which developments bear on a question that the article leaves open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.article import Question
from bot.domain.articles import Article
from bot.domain.stories import Development

#: Developments told under one question: enough to see that something moves, short enough for three questions.
PER_QUESTION = 2
#: Developments that are looked through for all questions of a concern: a month of all but the widest.
LOOKED_AT = 60
#: Articles of a development that are read for it, newest first: later ones mostly repeat the first.
READ_PER_DEVELOPMENT = 6
#: What a concept in a headline counts beyond one in the text: a headline says what an article is about.
IN_TITLE = 2
#: The least that counts: one concept of the question in the headline, or two in the text. With one in the
#: text, an arrest of policemen whose course a programme once paid stood under "Is aid to Mexico cut?".
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Bearing:
    """A development that bears on a question, and how much its best article says of it."""

    development: Development
    weight: int


def bearings(
    questions: Sequence[Question],
    developments: Sequence[Development],
    groups: Mapping[str, frozenset[str]],
    most: int = PER_QUESTION,
) -> dict[str, tuple[Bearing, ...]]:
    """For each question's id the developments that bear on it, at most ``most``.

    A development bears on a question when one of its articles has a topic of the question and speaks, plainly
    enough, of what one of its ``bears`` names; ``groups`` are the taxonomy's. Strong ones are given out
    first, so that a development stands under the question that it answers best; among equals the newest
    comes first, and the question that comes first in the article. A question that would be left with nothing
    is given its best again, so that it is never said to have no report when it has one.
    """
    read = [(development, _read(development)) for development in developments]
    found = [
        (bearing, place)
        for place, question in enumerate(questions)
        for development, articles in read
        if (bearing := _bearing(question, development, articles, groups)) is not None
    ]
    found.sort(key=lambda one: (-one[0].weight, -one[0].development.last_at.timestamp(), one[1]))
    given: list[list[Bearing]] = [[] for _ in questions]
    told: set[int] = set()
    for bearing, place in found:
        if len(given[place]) < most and bearing.development.story_id not in told:
            given[place].append(bearing)
            told.add(bearing.development.story_id)
    for bearing, place in found:
        if not given[place]:
            given[place].append(bearing)
    return {question.id: tuple(chosen) for question, chosen in zip(questions, given, strict=True)}


@dataclass(frozen=True, slots=True)
class _Read:
    """What an article is about: its topics, all its concepts, and those of its headline."""

    topics: frozenset[str]
    concepts: frozenset[str]
    titled: frozenset[str]


def _read(development: Development) -> list[_Read]:
    return [_read_article(article) for article in development.articles[:READ_PER_DEVELOPMENT]]


def _read_article(article: Article) -> _Read:
    match = article.match  # loaded from its text at each access
    titled = frozenset(
        finding.concept for topic in match.topics for finding in topic.findings if finding.field == "title"
    )
    return _Read(frozenset(article.topics), frozenset(match.concepts) | titled, titled)


def _bearing(
    question: Question,
    development: Development,
    articles: Sequence[_Read],
    groups: Mapping[str, frozenset[str]],
) -> Bearing | None:
    related = [article for article in articles if not article.topics.isdisjoint(question.topics)]
    if not related:
        return None
    if not question.bears:
        return Bearing(development, ENOUGH)
    weight = max(_weight(way, article, groups) for article in related for way in question.bears)
    return Bearing(development, weight) if weight >= ENOUGH else None


def _weight(way: Sequence[frozenset[str]], article: _Read, groups: Mapping[str, frozenset[str]]) -> int:
    """What an article's concepts count for one way of bearing on a question; 0 where a part is missing."""
    weight = 0
    for part in way:
        named = part.union(*(groups.get(name, ()) for name in part))
        if named.isdisjoint(article.concepts):
            return 0
        if named == part:  # groups only say where: much happens in Mexico
            weight += 1 + IN_TITLE * (not named.isdisjoint(article.titled))
    return weight

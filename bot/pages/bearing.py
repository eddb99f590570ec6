"""Which developments bear on a question that the article leaves open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.article import Question
from bot.store.views import Article, Development

#: Developments told under one question: enough to see that something moves, short enough for three questions.
PER_QUESTION = 2
#: Developments that are looked through for all questions of a concern: a month of all but the widest.
LOOKED_AT = 60
#: Articles of a development that are read for it, newest first: later ones mostly repeat the first.
READ_PER_DEVELOPMENT = 6
#: What a hint in a headline counts beyond one in the text: a headline says what an article is about.
IN_TITLE = 2


@dataclass(frozen=True, slots=True)
class Bearing:
    """A development that bears on a question, and the concepts by which it does, the weightiest first."""

    development: Development
    weight: int
    concepts: tuple[str, ...]


def bearings(
    questions: Sequence[Question], developments: Sequence[Development], most: int = PER_QUESTION
) -> dict[str, tuple[Bearing, ...]]:
    """For each question's id the developments that bear on it: at most ``most``, each under one question.

    A development bears on a question when one of its articles has a topic of the question and speaks of one
    of its hints; a question without hints asks for the topic alone. Strong ones are given out first, so that
    a development stands under the question that it answers best; among equals the newest comes first, and the
    question that comes first in the article.
    """
    read = [(development, _read(development)) for development in developments]
    found = [
        (bearing, place)
        for place, question in enumerate(questions)
        for development, articles in read
        if (bearing := _bearing(question, development, articles)) is not None
    ]
    found.sort(key=lambda one: (-one[0].weight, -one[0].development.last_at.timestamp(), one[1]))
    given: dict[str, list[Bearing]] = {question.id: [] for question in questions}
    told: set[int] = set()
    for bearing, place in found:
        chosen = given[questions[place].id]
        if len(chosen) < most and bearing.development.story_id not in told:
            chosen.append(bearing)
            told.add(bearing.development.story_id)
    return {id: tuple(chosen) for id, chosen in given.items()}


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


def _bearing(question: Question, development: Development, articles: Sequence[_Read]) -> Bearing | None:
    best: dict[str, int] = {}
    related = [article for article in articles if not article.topics.isdisjoint(question.topics)]
    for article in related:
        for hint in question.hints:
            if hint in article.concepts:
                best[hint] = max(1 + IN_TITLE * (hint in article.titled), best.get(hint, 0))
    if not related or (question.hints and not best):
        return None
    concepts = tuple(sorted(best, key=lambda concept: (-best[concept], question.hints.index(concept))))
    return Bearing(development, sum(best.values()), concepts)

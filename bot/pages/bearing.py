"""Which developments bear on a question that the article leaves open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.article import Question
from bot.store.views import Article, Development
from bot.topics.match import Match

#: Developments told under one question: enough to see that something moves, short enough for three questions.
PER_QUESTION = 2
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
    found = [
        (bearing, place)
        for place, question in enumerate(questions)
        for development in developments
        if (bearing := _bearing(question, development)) is not None
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


def _bearing(question: Question, development: Development) -> Bearing | None:
    best: dict[str, int] = {}
    related = False
    for article in development.articles[:READ_PER_DEVELOPMENT]:
        if not set(article.topics) & set(question.topics):
            continue
        related = True
        for concept, weight in _hints(question, article).items():
            best[concept] = max(weight, best.get(concept, 0))
    if not related or (question.hints and not best):
        return None
    concepts = tuple(sorted(best, key=lambda concept: (-best[concept], question.hints.index(concept))))
    return Bearing(development, sum(best.values()), concepts)


def _hints(question: Question, article: Article) -> dict[str, int]:
    """The question's hints that an article speaks of, each with its weight."""
    match = article.match
    titled = _in_title(match)
    return {
        hint: 1 + IN_TITLE * (hint in titled)
        for hint in question.hints
        if hint in match.concepts or hint in titled
    }


def _in_title(match: Match) -> frozenset[str]:
    return frozenset(
        finding.concept for topic in match.topics for finding in topic.findings if finding.field == "title"
    )

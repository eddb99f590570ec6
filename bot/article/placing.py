"""Under which concerns a report stands: by the questions that it bears on, and by its topics."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.article.brief import CONCERN_OF_TOPIC, CONCERNS
from bot.article.reading import load_brief
from bot.domain.evidence import Evidence


@cache
def concern_of_question() -> dict[str, str]:
    """The concern that each question of the article belongs to."""
    return {question.id: concern.id for concern in load_brief().concerns for question in concern.questions}


def concerns_of(topics: Iterable[str], evidence: Evidence) -> tuple[str, ...]:
    """All concerns of a report in the article's order: those of its topics and of its questions.

    A topic or a question that the article no longer has counts for nothing.
    """
    named = {CONCERN_OF_TOPIC.get(topic) for topic in topics}
    named.update(concern_of_question().get(bearing.question) for bearing in evidence.bearings)
    return tuple(concern for concern in CONCERNS if concern in named)

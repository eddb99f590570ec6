"""The signs by which a development counts for the article's questions, each 0 to 1. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.article import CONCERN_OF_TOPIC, concern_of_question
from bot.domain.articles import Article
from bot.domain.evidence import Bearing
from bot.domain.feeds import DOCUMENT, OFFICIAL
from bot.domain.stories import Development
from bot.ranking.bearing import REPORTS_READ
from bot.ranking.kinds import Kind, is_news, kind_of
from bot.stories.features import victims_of
from bot.stories.publishers import independent
from bot.topics.form import NEVER_LEAD, form_of_article

#: The concerns that the author names, before those of the article's background.
AUTHORS = ("border_security", "regional_security")
#: What a bearing of each weight is worth: an act that changes the answer, solid evidence, what stands below.
_QUESTION = {0: 0.0, 1: 0.25, 2: 0.6, 3: 1.0}
#: A development of the author's concerns that bears on none of their questions counts half.
_BY_TOPIC = 0.5
#: Eight independent outlets are as many as an event of this subject has on a day; more add nothing.
_MOST_OUTLETS = 8
#: Ten thousand people are a mass; ten times as many do not weigh more.
_MOST_PEOPLE = 10_000
#: From ten dead or hurt on, an event weighs like one of many people.
_PEOPLE_PER_VICTIM = 100
#: Reasons of the rules of evidence by which a text is no news of the day.
_NO_NEWS = ("opinion", "looking_back", "other_subject")
_PEOPLE = re.compile(
    r"\b(?P<n>\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,12})\s{0,3}(?P<mil>mil(?:es|lones)?|thousand|million)?\s{1,3}(?:de\s{1,3})?"
    r"(?:\w+\s{1,3}){0,2}?(?:migra\w+|personas|people|pasajeros|asylum|desplazad\w+|displaced|deport\w+|detenid\w+|"
    r"arrests|apprehensions|soldiers|soldados|elementos|troops|agentes|guardias)",
    re.IGNORECASE,
)
_TIMES = {"mil": 1_000, "miles": 1_000, "thousand": 1_000, "million": 1_000_000, "millones": 1_000_000}
_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Signs:
    """What is weighed of a development.

    ``question``: how directly it bears on a question of the article. ``author``: whether that is of the
    author's own two worries, half where only its topic is. ``act``: what kind of act it tells, from a
    decision in force down to an explainer. ``authority``: whether a national authority acts. ``official``:
    whether an authority's own feed or an official document says it. ``outlets``: how many outlets report it.
    ``people``: how many people it befalls.
    """

    question: float
    author: float
    act: float
    authority: float
    official: float
    outlets: float
    people: float


def signs_of(development: Development, bearings: Sequence[Bearing], kinds: Sequence[Kind]) -> Signs:
    """The signs of a development, read from its newest reports.

    ``bearings`` are what it says on the article's questions, strongest first; ``kinds`` those of the acts
    that its reports tell.
    """
    reports = development.articles[:REPORTS_READ]
    homes = [concern_of_question()[one.question] for one in bearings[:1]]
    topics = {CONCERN_OF_TOPIC.get(topic) for one in reports for topic in one.topics}
    outlets = max(independent(one.publisher for one in reports if one.kind != DOCUMENT), 1)
    return Signs(
        question=_QUESTION[bearings[0].weight if bearings else 0],
        author=1.0 if homes and homes[0] in AUTHORS else _BY_TOPIC if topics & set(AUTHORS) else 0.0,
        act=max(kind.worth for kind in kinds),
        authority=float(any(kind.by_authority for kind in kinds)),
        official=float(any(one.kind in (OFFICIAL, DOCUMENT) for one in development.articles)),
        outlets=min(1.0, math.log2(outlets) / math.log2(_MOST_OUTLETS)),
        people=max(_people(one.title, one.language) for one in reports),
    )


def tells_news(article: Article) -> bool:
    """Whether a report tells news: not opinion, a recap, satire or history."""
    if article.evidence.reason in _NO_NEWS:
        return False
    if form_of_article(article) in NEVER_LEAD:
        return False
    return is_news(kind_of(article.title, article.language, article.publisher))


@lru_cache(maxsize=_REMEMBERED)
def _people(title: str, language: str) -> float:
    """How many people a title tells of, on a scale of powers of ten."""
    victims = victims_of(title, language)
    told = _PEOPLE_PER_VICTIM * max(victims.killed or 0, victims.hurt or 0)
    for found in _PEOPLE.finditer(title):
        number = int(re.sub(r"[.,]", "", found["n"])) * _TIMES.get((found["mil"] or "").lower(), 1)
        told = max(told, number)
    return min(1.0, math.log10(told) / math.log10(_MOST_PEOPLE)) if told > 1 else 0.0

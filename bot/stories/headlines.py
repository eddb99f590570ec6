"""Which headline speaks for a story: the one that says most of what its outlets say. Pure.

Every list asks this of every story in it, so what is read of a title is remembered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bot.domain.articles import Article
from bot.domain.stories import Development
from bot.stories.features import victims_of, weighed
from bot.stories.forms import NEWS, form_of
from bot.stories.publishers import family_of
from bot.stories.reading import bare_title
from bot.stories.words import fold, words
from bot.topics.form import NEVER_LEAD, form_of_article

#: With fewer outlets there is no majority, and the newest report speaks.
FEWEST_OUTLETS = 3
#: Articles of a story among which its lead is sought, the newest: as many as a list carries.
LEAD_SOUGHT = 60
#: Titles remembered, some 1 kB each: those of the lists that are asked for all day.
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Headline:
    """A report's title, and who prints it: the family that its publisher belongs to.

    ``plain`` says that it tells news and asks the reader nothing.
    """

    title: str
    language: str
    publisher: str
    plain: bool = True


def lead_article(development: Development, language: str) -> Article:
    """The article whose headline stands for the story, in ``language`` where there is one.

    The one that says most of what its outlets say: a straggler does not rename a story, and a claim that was
    corrected does not speak, nor do opinion, recaps and satire where anybody tells news.
    """
    articles = development.uncorrected[:LEAD_SOUGHT]
    news = tuple(one for one in articles if form_of_article(one) not in NEVER_LEAD)
    articles = news or articles
    spoken = [place for place, one in enumerate(articles) if one.language == language]
    headlines = [
        Headline(
            one.title, one.language, family_of(one.publisher), _is_plain(one.title, one.publisher, one.form)
        )
        for one in articles
    ]
    return articles[speaking(headlines, spoken or range(len(articles)))]


def speaking(headlines: Sequence[Headline], among: Sequence[int]) -> int:
    """Which of ``among``, places in ``headlines``, speaks for all of them; both are newest first.

    A question and an opinion speak only where nothing else does. Only each publisher's newest may speak, and
    none whose toll was overtaken by another of ``among``. Of these it is the one that shares most with the
    headlines of other publishers, in either language: the words' rarity times how many others use them,
    divided by the title's length. Of equals, the newest.
    Raises ValueError where ``among`` is empty.
    """
    if not among:
        raise ValueError("no headline may speak")
    among = [place for place in among if headlines[place].plain] or among
    if len({one.publisher for one in headlines}) < FEWEST_OUTLETS:
        return among[0]
    users: dict[str, set[str]] = {}
    for one in headlines:
        for key in _weights(one.title, one.language):
            users.setdefault(key, set()).add(one.publisher)
    newest: dict[str, int] = {}
    for place in among:
        newest.setdefault(headlines[place].publisher, place)
    tolls = {place: victims_of(headlines[place].title, headlines[place].language).killed for place in among}
    highest = max((toll for toll in tolls.values() if toll), default=0)
    able = [place for place in newest.values() if (tolls[place] or highest) >= highest]
    return max(able or newest.values(), key=lambda place: (_worth(headlines[place], users), -place))


@lru_cache(maxsize=_REMEMBERED)
def _is_plain(title: str, publisher: str, form: str) -> bool:
    """Whether a report's title tells news: "Which cartels …?" and a column's name tell none."""
    return "?" not in title and form_of(title, publisher, form) == NEWS


def _worth(one: Headline, users: dict[str, set[str]]) -> float:
    weights = _weights(one.title, one.language)
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    said = sum(weight * (len(users[key]) - 1) for key, weight in weights.items())
    return said / length if length else 0.0


@lru_cache(maxsize=_REMEMBERED)
def _weights(title: str, language: str) -> MappingProxyType[str, float]:
    weighty = (weighed(fold(word), language[:2]) for word in words(bare_title(title)))
    return MappingProxyType({key: weight for key, weight in weighty if weight})

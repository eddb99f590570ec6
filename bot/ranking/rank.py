"""The rank of a development: how much it matters for the article, with its reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.evidence import Bearing
from bot.domain.stories import Development
from bot.ranking.bearing import REPORTS_READ, bearings_of
from bot.ranking.kinds import WORTH, kind_of
from bot.ranking.signs import Signs, signs_of, tells_news
from bot.stories.publishers import independent

#: What each sign is worth, fitted by ``scripts/fit_ranking.py`` under the rule that none may count against a
#: development. That of an official source is set by hand: the graded days have no official feeds.
WEIGHTS: Mapping[str, float] = {
    "question": 1.80,
    "author": 1.03,
    "act": 2.00,
    "authority": 0.59,
    "official": 1.0,
    "outlets": 1.02,
    "people": 0.66,
}


#: What a day of age takes from a score: a week takes about as much as the reports of four more outlets add.
AGING = 0.1


@dataclass(frozen=True, slots=True)
class Rank:
    """How much a development matters, and why.

    ``bearings`` are what it says on the article's questions, strongest first; ``kind`` is the weightiest kind
    of act that a headline of its tells (``bot.ranking.kinds``). ``may_lead`` is whether it tells news:
    opinion, recaps, satire and history stand after all that does.
    """

    score: float
    bearings: tuple[Bearing, ...]
    signs: Signs
    kind: str
    outlets: int
    may_lead: bool

    @property
    def speaks(self) -> bool:
        """Whether it may lead, and a question, an act, an official source or several outlets speak for it."""
        acts = WORTH[self.kind] > WORTH["case"]
        return self.may_lead and bool(self.bearings or acts or self.signs.official or self.outlets > 1)

    @property
    def place(self) -> tuple[bool, float]:
        """What ranks are ordered by; the higher, the more a development matters."""
        return self.may_lead, self.score


def rank(development: Development, weights: Mapping[str, float] = WEIGHTS) -> Rank:
    """The rank of a development by its newest reports."""
    bearings = bearings_of(development)
    reports = development.articles[:REPORTS_READ]
    news = [one for one in reports if tells_news(one)]
    kinds = [kind_of(one.title, one.language, one.publisher) for one in news or reports]
    signs = signs_of(development, bearings, kinds)
    return Rank(
        score=score(signs, weights),
        bearings=bearings,
        signs=signs,
        kind=max(kinds, key=lambda kind: kind.worth).name,
        outlets=independent(development.publishers),
        may_lead=bool(news),
    )


def score(signs: Signs, weights: Mapping[str, float] = WEIGHTS) -> float:
    """The weighed sum of signs."""
    return sum(weight * float(getattr(signs, name)) for name, weight in weights.items())


def by_rank(found: Iterable[Development], now: datetime | None = None) -> Sequence[tuple[Development, Rank]]:
    """Developments with their ranks, what matters most first; of equals the newest.

    Where ``now`` is given, what was last reported longer ago counts a little less: for lists of many days.
    """
    ranked = [(development, rank(development)) for development in found]
    return sorted(ranked, key=lambda one: _order(one[0], one[1], now), reverse=True)


def _order(development: Development, ranking: Rank, now: datetime | None) -> tuple[bool, float, datetime]:
    days = (now - development.last_at) / timedelta(days=1) if now is not None else 0.0
    return ranking.may_lead, ranking.score - AGING * max(days, 0.0), development.last_at

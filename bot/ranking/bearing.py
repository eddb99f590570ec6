"""What a development says on the article's questions, put together from its reports. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.article import CONCERN_OF_TOPIC, CONCERNS, concern_of_question
from bot.domain.articles import Article, EvidenceColumns
from bot.domain.evidence import Bearing, unpack_evidence
from bot.domain.stories import Development
from bot.stories.headlines import lead_article
from bot.topics.form import NEVER_LEAD, form_of_article

#: Reports that are read for one development, newest first: later ones mostly repeat the first.
REPORTS_READ = 12
#: Combinations of evidence that are remembered: those of the developments that one page weighs, many times.
_REMEMBERED = 4_096


def bearings_of(development: Development) -> tuple[Bearing, ...]:
    """The questions that a development bears on, strongest first, each as its strongest report has it.

    What argues, sums up or jests is no evidence, whatever its words. Of questions of one weight the one that
    more reports bear on comes first, then the article's order.
    Reports of one weight that point both ways are mixed; what is unclear gives way to what is not.
    """
    return bearings_in(development.articles)


def bearings_in(reports: Sequence[Article | EvidenceColumns]) -> tuple[Bearing, ...]:
    """As ``bearings_of``, of a development's reports, newest first."""
    read = reports[:REPORTS_READ]
    return _bearings(tuple(one.packed_evidence for one in read if form_of_article(one) not in NEVER_LEAD))


@lru_cache(maxsize=_REMEMBERED)
def _bearings(packed: tuple[str | None, ...]) -> tuple[Bearing, ...]:
    """As ``bearings_of``, of the packed evidence of reports, newest first. A page asks it several times."""
    found: dict[str, list[Bearing]] = {}
    for text in packed:
        for bearing in unpack_evidence(text).bearings:
            found.setdefault(bearing.question, []).append(bearing)
    order = {question: place for place, question in enumerate(concern_of_question())}
    known = [question for question in found if question in order]
    known.sort(key=lambda id: (-max(one.weight for one in found[id]), -len(found[id]), order[id]))
    return tuple(_joined(found[question]) for question in known)


#: Pieces of evidence told under one question.
PER_QUESTION = 2


def best_evidence(question: str, found: Sequence[Development]) -> list[tuple[Development, Bearing]]:
    """The developments that say most on a question, at most ``PER_QUESTION``, each with what it says.

    ``found`` is newest first. The weightiest come first, of one weight the newest.
    """
    bearing = [
        (development, one)
        for development in found
        for one in bearings_of(development)
        if one.question == question
    ]
    return sorted(bearing, key=lambda pair: -pair[1].weight)[:PER_QUESTION]


def reporting(development: Development, bearing: Bearing | None, language: str) -> Article:
    """The report of a development that speaks for it, or for what it says on a question.

    In ``language`` where one of its reports is.
    """
    if bearing is None:
        return lead_article(development, language)
    telling = tuple(
        article
        for article in development.articles
        if any(one.question == bearing.question for one in article.evidence.bearings)
    )
    return lead_article(replace(development, articles=telling or development.articles), language)


def _joined(bearings: Sequence[Bearing]) -> Bearing:
    strongest = max(one.weight for one in bearings)
    telling = [one for one in bearings if one.weight == strongest]
    plain = [one for one in telling if one.direction != "unclear"] or telling
    ways = {one.direction for one in plain}
    first = plain[0]
    return Bearing(first.question, strongest, ways.pop() if len(ways) == 1 else "mixed", first.rule)


def home_of(development: Development, wanted: Collection[str] = CONCERNS) -> str | None:
    """The one concern among ``wanted`` that a development is told under; None where it has none of them.

    That is the concern of the question that it bears on most, and only without one that of its topics.
    """
    for bearing in bearings_of(development):
        concern = concern_of_question()[bearing.question]
        if concern in wanted:
            return concern
    for topic in development.topics:
        if CONCERN_OF_TOPIC.get(topic) in wanted:
            return CONCERN_OF_TOPIC[topic]
    return next((concern for concern in development.concerns if concern in wanted), None)


def under_homes(found: Sequence[Development], wanted: Sequence[str] = ()) -> Mapping[str, list[Development]]:
    """Developments under the one concern that each is told under, in the order given; all by default."""
    homes: dict[str, list[Development]] = {
        concern: [] for concern in CONCERNS if not wanted or concern in wanted
    }
    for development in found:
        home = home_of(development, homes)
        if home is not None:
            homes[home].append(development)
    return homes

"""Whether an official document is about the event that a report tells. Pure.

A document never says what a headline says: a rule is called by its subject, an order by its purpose. So the
two are not compared as two reports are. A number that both give decides by itself. Without one they must
share what few stories have (names, figures, rare words), what was done, and most of what the shorter text
says, within the days in which news of a document appears; a doubt attaches nothing, for a wrong document
discredits the right ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from bot.sources.numbers import numbers_in
from bot.stories.document import Document
from bot.stories.features import Features, features
from bot.stories.vectors import COMMON, overlap

BEFORE, AFTER = timedelta(days=7), timedelta(days=5)
"""How long before a document the news of it may come (the Federal Register prints an order up to a week
after it was signed), and how long after it."""

NUMBER_DAYS = timedelta(days=30)
"""The same for a number that both give: bills and orders are spoken of for weeks."""

NUMBER = 100.0
"""The score of a shared number: above that of any likeness of texts."""

LEAST = 1.9
"""Without a number: the evidence of one event that both hold, times the share of the shorter text that the
other has.
Either alone misleads: two texts of one week share many rare words, and a short one may share all that it
says with many. Of 62 documents with reports in a stream of 1,309, 53 reach it; of 62 without, none comes
above 1.7."""

LEAST_EVIDENCE, LEAST_SHARE = 3.5, 0.3
"""What each must be for itself: about one rare name or figure and a kind of act; a third of the shorter
text.
"""

_OTHER_LANGUAGE = 1.4
"""Over two languages only names, figures and what both have a word for can be shared: so much less is asked
of the evidence, and two of the matcher's five concepts must be the same."""
_SAME_CONCEPTS = 0.4

_PLACE, _ACT = 0.6, 0.8  # a place or a kind of act is shared by several events of one week
_NEAR, _LATE = 1.5, 0.1  # most news of a document comes within so many days; what each further day asks more


@dataclass(frozen=True, slots=True)
class Pairing:
    """How a document and a report belong together. ``score`` orders the stories that it could join, 0 for
    none.

    ``reason`` is ``number``, ``subject`` or empty.
    """

    score: float
    reason: str = ""


APART = Pairing(0.0)


def paired(official: Document, report: Document, spread: Mapping[str, int] | None = None) -> Pairing:
    """Whether ``report`` tells of ``official``.

    ``spread`` counts in how many stories of the window a word stands: what many have tells nothing.
    """
    gap = report.at - official.at
    if shared_numbers(official, report) and abs(gap) <= NUMBER_DAYS:
        return Pairing(NUMBER, "number")
    if not -BEFORE <= gap <= AFTER:
        return APART
    document, news = features(official), features(report)
    evidence = _evidence(document, news, spread or {})
    share = _share(document, news)
    late = max(abs(gap).total_seconds() / 86_400 - _NEAR, 0.0)
    asked = 1.0
    if document.language != news.language:
        if overlap(frozenset(official.concepts), frozenset(report.concepts)) < _SAME_CONCEPTS:
            return APART
        asked = 1 / _OTHER_LANGUAGE
    score = evidence * share / (LEAST * asked * (1 + _LATE * late))
    enough = evidence >= LEAST_EVIDENCE * asked and share >= LEAST_SHARE
    if score < 1 or not enough or _contradicts(document, news):
        return APART
    return Pairing(score, "subject")


def shared_numbers(one: Document, other: Document) -> frozenset[str]:
    """The numbers of documents that both texts give."""
    return _numbers(one) & _numbers(other)


@lru_cache(maxsize=2_048)
def _numbers(document: Document) -> frozenset[str]:
    return frozenset(numbers_in(f"{document.title}\n{document.summary}"))


def _evidence(one: Features, other: Features, spread: Mapping[str, int]) -> float:
    """What both have that few have: names, figures and rare words whole, acts and places in part."""
    return sum(
        _worth(word, min(weight, other.evidence[word]), one, spread)
        for word, weight in one.evidence.items()
        if word in other.evidence
    )


def _worth(word: str, weight: float, found: Features, spread: Mapping[str, int]) -> float:
    common = 1 + math.log2(1 + spread.get(word, 0) / COMMON)
    kind = _PLACE if word in found.place_words else _ACT if word.startswith("=") else 1.0
    return kind * weight / common


def _share(one: Features, other: Features) -> float:
    """The share of the weight of one text's words that the other has, of the better covered of the two."""
    return max(_covered(one.terms, other.terms), _covered(other.terms, one.terms))


def _covered(terms: Mapping[str, int], by: Iterable[str]) -> float:
    whole = sum(weight * weight for weight in terms.values())
    return sum(terms[word] ** 2 for word in by if word in terms) / whole if whole else 0.0


def _contradicts(one: Features, other: Features) -> bool:
    """Whether both name places and none in common, or give other tolls: another event of the same kind."""
    if one.places and other.places and not one.places & other.places:
        return True
    tolls = (one.victims.killed, other.victims.killed)
    return None not in tolls and tolls[0] != tolls[1]

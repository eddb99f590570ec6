"""What a report shares with others that few stories have, found by an index of words. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Collection, Mapping, Sequence

from bot.stories.features import Features
from bot.stories.vectors import COMMON

#: Newest postings read of each word: it bounds the work, whatever the window holds.
POSTINGS_READ = 96
#: What weighs less than this after all is common: a long summary shares many such words with any other.
LEAST_EVIDENCE = 0.6
#: A meaning with at least this evidence is rare enough to tell one event: *sniper*, *avocado*.
RARE_MEANING = 2.5
#: Stories that name a place until it counts half as evidence of one event.
PLACE_COMMON = 3

#: From this many reports on, a story must share with a new one by two of them.
SEVERAL = 3

_OWN, _ACTS, _PLACES = 0, 1, 2


def shared_evidence(
    found: Features,
    article_ids: Collection[int],
    postings: Mapping[str, list[int]],
    terms_spread: Mapping[str, int],
    names_spread: Mapping[str, int],
) -> dict[int, list[float]]:
    """Each of ``article_ids`` → what it shares with a report that few stories have: (own, acts, places).

    Names, figures and rare words are an event's own; what both languages have a word for (*arrest*,
    *migrant*) and places tell a kind of event. The spreads count the stories that have a word.
    """
    wanted = frozenset(article_ids)
    shared = {article_id: [0.0, 0.0, 0.0] for article_id in article_ids}
    for word, weight in found.evidence.items():
        spread = (names_spread if word.startswith("#") else terms_spread).get(word, 0)
        if word in found.place_words:
            kind, weight = _PLACES, weight / (1 + spread / PLACE_COMMON)
        else:
            kind = _ACTS if word.startswith("=") and weight < RARE_MEANING else _OWN
            weight /= 1 + math.log2(1 + spread / COMMON)
        if weight < LEAST_EVIDENCE:
            continue
        for article_id in wanted.intersection(postings.get(word, ())[-POSTINGS_READ:]):
            shared[article_id][kind] += weight
    return shared


def of_story(shared: Collection[Sequence[float]], size: int) -> tuple[float, ...]:
    """What a report shares with a story of ``size`` reports, from what it shares with each of those near it.

    It is what it shares with the nearest; where there are ``SEVERAL``, the mean of the best two, because a
    report that names two events would else make a chain of them.
    """
    best, *rest = sorted((tuple(one) for one in shared), reverse=True)
    if size < SEVERAL:
        return best
    second = rest[0] if rest else (0.0,) * len(best)
    return tuple((one + other) / 2 for one, other in zip(best, second, strict=True))


def title_shared(found: Features, other: Features) -> float:
    """The share of a title's weight that the other report has, 0..1."""
    weights = {key: found.terms.get(key) or found.names.get(key, 0) for key in found.title_keys}
    whole = sum(weights.values())
    shared = sum(weight for key, weight in weights.items() if key in other.terms or key in other.names)
    return shared / whole if whole else 0.0


def insert(posting: list[int], article_id: int) -> None:
    """Put an article's id into a posting in its order."""
    if not posting or posting[-1] < article_id:
        posting.append(article_id)
    else:
        insort(posting, article_id)


def remove(postings: dict[str, list[int]], word: str, article_id: int) -> None:
    """Take an article's id out of the posting of a word; an empty posting goes."""
    posting = postings[word]
    del posting[bisect_left(posting, article_id)]
    if not posting:
        del postings[word]

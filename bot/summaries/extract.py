"""Summaries made of the sources' own sentences, each with its article. Pure.

Centroid with maximal marginal relevance, a bonus for the lead, and novelty against what a reader was told.
On 90 multi-document cases this was within noise of the best at 11 ms (docs/method-stories.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.stories import bridge
from bot.stories.reading import title_key
from bot.stories.words import fold, idf, words
from bot.summaries.sentence_filter import depends_on_context, quotable, stands_alone
from bot.summaries.sentences import headline, split

#: Balance of likeness to the whole against unlikeness to what is chosen (Carbonell & Goldstein 1998).
LAMBDA = 0.7
#: A sentence as like as this to a chosen one says the same.
SAME = 0.5
#: Bonus of the first sentence of a source; falls as 1/(1 + position).
LEAD = 0.3
#: Penalty of a sentence that does not stand alone: "He said …", "También …", "What you need to know …".
LEANING = 0.15
#: Shortest and longest sentence, in words, that is offered; a feed's line beyond it is a list or a table.
SHORTEST, LONGEST = 5, 70
#: A figure's weight: as a fairly rare word.
FIGURE_WEIGHT = 5.0
#: Sentences read of one source: summaries that are whole articles say what matters early.
MAX_SENTENCES = 40


@dataclass(frozen=True, slots=True)
class Source:
    """An article as summaries see it. ``at`` is when it was published, or first seen."""

    article_id: int
    language: str
    title: str
    summary: str
    at: datetime
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a summary and the article that it stands in, in that article's language."""

    text: str
    article_id: int
    language: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    cited: Cited
    position: int
    vector: dict[str, float]
    order: tuple[float, int, int]


def terms(text: str, language: str) -> dict[str, float]:
    """The significant words and figures of ``text`` with their weights (tf times background idf).

    Keys are the same for a word and its partner in the other language, where the bridge knows them.
    """
    counts: Counter[str] = Counter()
    weights: dict[str, float] = {}
    for word in words(text):
        folded = fold(word)
        if folded[:1].isdigit():
            key, weight = f"#{folded}", FIGURE_WEIGHT
        else:
            key, weight = bridge.key(folded, language), idf(folded, language)
        if weight > 0:
            counts[key] += 1
            weights[key] = max(weight, weights.get(key, 0.0))
    return {key: weight * counts[key] for key, weight in weights.items()}


def summarize(
    sources: Sequence[Source],
    limit: int,
    language: str | None = None,
    title: str = "",
) -> tuple[Cited, ...]:
    """At most ``limit`` sentences that say most of what ``sources`` say, in the order they were published.

    Only sources in ``language`` are read where there are any; otherwise all, and ``Cited.language`` tells.
    A sentence that the feed cut off is never given where its article has a whole one or a headline. What is
    the ``title`` that the reader has above is not said again. Empty for no sources, a limit below 1, and
    where nothing is left.
    """
    own = [source for source in sources if language is None or source.language[:2] == language]
    above = title_key(headline(title))
    said = [
        (source, n, text)
        for source in own or sources
        for n, text in enumerate(offered(source))
        if not above or title_key(text) != above
    ]
    chosen = _choose(_candidates(said), limit) if limit > 0 else []
    return tuple(candidate.cited for candidate in sorted(chosen, key=lambda c: c.order))


def survey(
    stories: Sequence[Sequence[Source]],
    limit: int,
    language: str | None = None,
) -> tuple[Cited, ...]:
    """A concern's week: one sentence for each of the first ``limit`` stories, in the order given.

    Each story speaks ``language`` where it has a source in it. A sentence that says what an earlier one says
    is passed over.
    """
    chosen: list[tuple[Cited, dict[str, float]]] = []
    for story in filter(None, stories):
        if len(chosen) >= limit:
            break
        for cited in summarize(story, 1, language):
            vector = _unit(terms(cited.text, cited.language))
            if all(_dot(vector, other) <= SAME for _, other in chosen):
                chosen.append((cited, vector))
    return tuple(cited for cited, _ in chosen)


def select(said: Iterable[tuple[Source, int, str]], limit: int) -> tuple[Cited, ...]:
    """At most ``limit`` of the sentences given as (source, position in it, text), most telling first."""
    return tuple(candidate.cited for candidate in _choose(_candidates(said), limit))


def _candidates(said: Iterable[tuple[Source, int, str]]) -> list[_Candidate]:
    pool, texts = [], set()
    for source, position, text in said:
        folded = fold(text)
        if folded in texts:
            continue
        texts.add(folded)
        language = source.language[:2]
        pool.append(
            _Candidate(
                Cited(text, source.article_id, language),
                position,
                terms(text, language),
                (source.at.timestamp(), source.article_id, position),
            )
        )
    return pool


def offered(source: Source) -> list[str]:
    """The sentences of a source fit to be quoted: whole ones, else its headline, else what there is.

    A source whose only sentence refers to its headline gives the headline.
    """
    found = split(source.summary, source.language)[:MAX_SENTENCES]
    title = headline(source.title)
    said = title_key(title)
    whole = [
        s.text
        for s in found
        if s.whole
        and SHORTEST <= len(s.text.split()) <= LONGEST
        and quotable(s.text)
        and title_key(s.text) != said
    ]
    if whole and not (title and len(whole) == 1 and depends_on_context(whole[0])):
        return whole
    return [title] if title else [s.text for s in found]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / norm for term, weight in vector.items()} if norm else {}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _choose(pool: list[_Candidate], limit: int) -> list[_Candidate]:
    units = [_unit(candidate.vector) for candidate in pool]
    centroid: dict[str, float] = {}
    for vector in units:
        for term, weight in vector.items():
            centroid[term] = centroid.get(term, 0.0) + weight
    centre = _unit(centroid)
    worth = [
        _dot(vector, centre)
        + LEAD / (1 + candidate.position)
        - (0.0 if stands_alone(candidate.cited.text) else LEANING)
        for candidate, vector in zip(pool, units, strict=True)
    ]
    chosen: list[int] = []
    likest = [0.0] * len(pool)
    open_ = set(range(len(pool)))
    while open_ and len(chosen) < limit:
        best = max(open_, key=lambda i: (LAMBDA * worth[i] - (1 - LAMBDA) * likest[i], -i))
        open_.remove(best)
        chosen.append(best)
        for i in list(open_):
            likest[i] = max(likest[i], _dot(units[i], units[best]))
            if likest[i] > SAME:
                open_.remove(i)
    return [pool[i] for i in chosen]

"""Find every phrase of the taxonomy in a folded text, in one pass over its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from operator import itemgetter
from typing import Any, TypeVar

from bot.topics.spellings import Phrase
from bot.topics.taxonomy import Concept

T = TypeVar("T")

#: ``(first word, one past the last word, concept id, exact spelling or None)``.
RawHit = tuple[int, int, str, str | None]


#: Who owns a phrase: concept ids, each with the exact spelling it asks for, or None.
_Owners = tuple[tuple[str, str | None], ...]
#: The words of a phrase behind its second, the number of all its words, and who owns it.
_Tail = tuple[tuple[str, ...], int, _Owners]


class _Shared:
    """Gives one object for all that are equal: the tables take a third less room."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: T) -> T:
        return self._known.setdefault(value, value)  # type: ignore[no-any-return]


class Lexicon:
    """Phrases by their first two words; the rest of a phrase is compared word by word.

    A dictionary look-up per word is all that a text without any of our words costs, which is most texts;
    the number of phrases does not matter (research: 2,000 and 30,000 patterns run equally fast, a flat
    regular alternation 30 to 70 times slower).
    """

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        owners: dict[tuple[str, ...], dict[tuple[str, str | None], None]] = defaultdict(dict)
        owner = _Shared()
        for concept_id, phrase in phrases:
            owners[phrase.words][owner((concept_id, phrase.exact))] = None
        self._phrases = sorted(owners)
        alone: dict[str, _Owners] = {}
        pairs: dict[str, dict[str, tuple[_Tail, ...]]] = defaultdict(dict)
        # Nearly all phrases belong to one of a few hundred concepts, and most have two words.
        together, rest = _Shared(), _Shared()
        for words in self._phrases:
            whose = together(tuple(owners[words]))
            if len(words) == 1:
                alone[words[0]] = whose
            else:
                following = pairs[words[0]]
                tail = (rest(words[2:]), len(words), whose)
                following[words[1]] = (*following.get(words[1], ()), tail)
        none: dict[str, tuple[_Tail, ...]] = {}
        #: Each first word of a phrase with its owners, if it is one by itself, and what may follow.
        self._known = {
            word: (alone.get(word, ()), pairs.get(word, none)) for word in alone.keys() | pairs.keys()
        }
        self.size = len(self._phrases)

    @classmethod
    def for_language(cls, concepts: Iterable[Concept], language: str) -> Lexicon:
        """The phrases that count in a text of this language.

        Names count in both. So do the other language's phrases of two words or more: an English text may
        quote "Guardia Nacional", and two words rarely mean something else by accident; one word may.
        """
        other = "es" if language == "en" else "en"
        return cls(
            (concept.id, phrase)
            for concept in concepts
            for written, phrases in concept.phrases.items()
            for phrase in phrases
            if written != other or len(phrase.words) > 1
        )

    def phrases(self) -> list[tuple[str, ...]]:
        """Every phrase, as folded words."""
        return list(self._phrases)

    def find(self, words: list[str]) -> list[RawHit]:
        """Every occurrence of every phrase, by position; overlapping ones too."""
        return self.spot(words).hits()

    def spot(self, words: list[str]) -> Spotted:
        """Where phrases occur, for who first asks which concepts there are and then leaves some out."""
        known, count = self._known, len(words)
        alone: list[tuple[int, _Owners]] = []
        longer: list[RawHit] = []
        for at, word in enumerate(words):
            if word in known:
                owners, following = known[word]
                if owners:
                    alone.append((at, owners))
                if following and at + 1 < count and words[at + 1] in following:
                    third = words[at + 2] if at + 2 < count else None
                    for rest, length, whose in following[words[at + 1]]:
                        if not rest or (rest[0] == third and tuple(words[at + 2 : at + length]) == rest):
                            longer += [(at, at + length, concept, exact) for concept, exact in whose]
        return Spotted(alone, longer)


class Spotted:
    """The words of a text that are phrases by themselves, and its longer phrases."""

    __slots__ = ("_alone", "_longer")

    def __init__(self, alone: list[tuple[int, _Owners]], longer: list[RawHit]) -> None:
        self._alone, self._longer = alone, longer

    def concepts(self) -> set[str]:
        """The concepts that occur."""
        found = {hit[2] for hit in self._longer}
        found.update([concept for _, owners in self._alone for concept, _ in owners])
        return found

    def hits(self, without: Container[str] = ()) -> list[RawHit]:
        """Every occurrence by position, but for those of the concepts to be left ``without``."""
        hits = [
            (at, at + 1, concept, exact)
            for at, owners in self._alone
            for concept, exact in owners
            if concept not in without
        ]
        if self._longer:
            hits += [hit for hit in self._longer if hit[2] not in without]
            hits.sort(key=itemgetter(0))
        return hits


def longest(
    hits: list[RawHit], absorbing: frozenset[str], ties: frozenset[str], masks: frozenset[str] = frozenset()
) -> list[RawHit]:
    """The hits that do not lie inside a longer name: "Mexico's southern border" is not also "border".

    Only ``absorbing`` concepts, those that name one thing, take the words inside them; a description such
    as "illegal immigration" does not. Concepts written with the very same words all stay. A tie stays
    inside a longer name that has none, so that "Mexico aid" is still about Mexico; and so does a mask.
    """
    if len(hits) < 2:
        return hits
    kept: list[RawHit] = []
    cover: RawHit | None = None
    for hit in sorted(sorted(hits, key=itemgetter(1), reverse=True), key=itemgetter(0)):
        if cover is None or hit[1] > cover[1] or hit[:2] == cover[:2]:
            kept.append(hit)
            if hit[2] in absorbing:
                cover = hit
        elif (hit[2] in ties or hit[2] in masks) and cover[2] not in ties and cover[2] not in masks:
            kept.append(hit)
    return kept


def drop_masked(
    hits: list[RawHit], masks: frozenset[str], absorbing: frozenset[str], ties: frozenset[str]
) -> tuple[list[RawHit], list[RawHit]]:
    """What is left of the longest hits once masks have taken their words, and the masks that took some.

    "New Mexico" takes its words before "Mexico border" can count: a mask wins over what starts with it or
    inside it, unless that is longer and starts no later.
    """
    survivors = longest(hits, absorbing, ties, masks)
    if masks.isdisjoint([hit[2] for hit in survivors]):
        return survivors, []
    taken = [
        mask
        for mask in survivors
        if mask[2] in masks
        and not any(
            h[0] <= mask[0] and h[1] >= mask[1] and h[1] - h[0] > mask[1] - mask[0] for h in survivors
        )
    ]
    kept = [
        hit
        for hit in survivors
        if hit[2] not in masks and not any(mask[0] <= hit[0] < mask[1] for mask in taken)
    ]
    return kept, taken

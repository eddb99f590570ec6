"""Acts told by two or three concepts that stand close together: "freezes" and "police aid".

A verb and its object are seldom next to each other ("freezes $90 million in aid to Mexican police"), so that
no list of phrases holds them all. The taxonomy names the concepts instead (key ``of``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.topics.bits import ConceptBits
from bot.topics.rules import Hit
from bot.topics.taxonomy import ComposedAct

#: Words that may stand between the parts of an act: an amount, an adjective, for whom it is.
PARTED_WORDS = 7
#: Words between an act and what turns it into its opposite: "rejects a plan to" and "blocks the bid to".
TURNED_WORDS = 5


class _Way(NamedTuple):
    """One way to tell an act: its slots, and their concepts as bits."""

    act: ComposedAct
    slots: tuple[frozenset[str], ...]
    #: The bits of two slots, which most ways have, and of further ones.
    first: int
    second: int
    others: tuple[int, ...]
    #: The bits of what it may become.
    tells: int

    @property
    def parts(self) -> frozenset[str]:
        """What it is made of, and what turns it."""
        return self.act.turned_by.union(*self.slots)


class ActFinder:
    """The composed acts of a taxonomy. Holds no state between entries."""

    def __init__(self, composed: Iterable[ComposedAct]) -> None:
        self._bits = ConceptBits()
        self._ways = tuple(self._way(act, slots) for act in composed for slots in act.ways)
        self._asked = [(way.first, way.second, way) for way in self._ways]

    @classmethod
    def _of(cls, bits: ConceptBits, ways: tuple[_Way, ...]) -> ActFinder:
        made = cls(())
        made._bits, made._ways = bits, ways
        return made

    def _way(self, act: ComposedAct, slots: tuple[frozenset[str], ...]) -> _Way:
        number = self._bits.numbered
        first, *rest = (number(slot) for slot in slots)
        second, *others = rest or [first]
        return _Way(act, slots, first, second, tuple(others), number((act.id, act.into or act.id)))

    def parts(self) -> frozenset[str]:
        """Every concept of which an act is made."""
        return frozenset().union(*(way.parts for way in self._ways))

    def possible(self, present: Iterable[str]) -> ActFinder:
        """The finder of those ways to tell an act of which every part is among the concepts ``present``."""
        known = self._bits.of(present)
        ways = []
        for first, second, way in self._asked:
            if known & first and known & second and all(known & other for other in way.others):
                known |= way.tells
                ways.append(way)
        return ActFinder._of(self._bits, tuple(ways)) if ways else _NONE

    def find(self, found: dict[str, list[Hit]]) -> None:
        """Add the acts that the hits ``found`` tell, by their concepts in the text's order, to them.

        They are hits that span their parts, one for each place of the last part.
        """
        if not self._ways:
            return
        known = self._bits.of(found)
        for act, slots, first, second, others, _ in self._ways:
            if not (known & first and known & second and all(known & other for other in others)):
                continue
            for hit, parts in _spans(act.id, slots, found):
                turned = _turned(hit, parts, act, found)
                if turned is not None and not any(hit.same_words(other) for other in found.get(turned, ())):
                    found.setdefault(turned, []).append(hit._replace(concept=turned))
                    known |= self._bits.of((turned,))


_NONE = ActFinder(())


def _spans(
    concept: str, way: tuple[frozenset[str], ...], by_concept: dict[str, list[Hit]]
) -> list[tuple[Hit, tuple[Hit, ...]]]:
    """Where every slot of ``way`` is filled within reach of the next, in one sentence, with what fills them.

    The search starts at the last slot, the thing, and takes the nearest verb: in "blocks cuts in aid" that is
    the cuts.
    """
    # In the text's order: a set's own differs between processes.
    things = [hit for name, hits in by_concept.items() if name in way[-1] for hit in hits]
    spans: list[tuple[Hit, tuple[Hit, ...]]] = [(thing, (thing,)) for thing in things]
    for slot in reversed(way[:-1]):
        others = [hit for name, hits in by_concept.items() if name in slot for hit in hits]
        spans = [
            (
                Hit(
                    concept,
                    span.field,
                    min(span.start, nearest.start),
                    max(span.end, nearest.end),
                    span.sentence,
                    span.zone,
                ),
                (*parts, nearest),
            )
            for span, parts in spans
            if (nearest := _nearest(span, others)) is not None
        ]
    return spans


def _nearest(span: Hit, others: Iterable[Hit]) -> Hit | None:
    """Of ``others``, the one closest to ``span`` in its sentence, or None where all are too far."""
    within = [
        (max(gap, 0), other.start, other)
        for other in others
        if span.same_sentence(other)
        and not span.same_words(other)
        and (gap := _gap(span, other)) <= PARTED_WORDS
    ]
    return min(within, key=lambda item: item[:2])[2] if within else None


def _gap(one: Hit, other: Hit) -> int:
    """Words between two hits of one field; negative where they overlap."""
    return max(one.start, other.start) - min(one.end, other.end)


def _turned(
    hit: Hit, parts: tuple[Hit, ...], act: ComposedAct, by_concept: dict[str, list[Hit]]
) -> str | None:
    """The act that was found, or what it becomes where something beside it turns it round.

    A word does not turn the act that it tells itself: "blocks funds" is a cut.
    """
    for name in act.turned_by & by_concept.keys():
        for other in by_concept[name]:
            near = hit.same_sentence(other) and _gap(hit, other) <= TURNED_WORDS
            if near and not any(other.same_words(part) for part in parts):
                return act.into
    return act.id

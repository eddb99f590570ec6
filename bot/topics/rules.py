"""Weigh what was found: rules, nearness, places in the entry, other parts of the world, other subjects.

Pure arithmetic over hits; every constant is explained in docs/method.md, "How an entry is judged".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from bot.topics.bits import ConceptBits
from bot.topics.taxonomy import Rule

TITLE, LEAD, BODY = 3, 2, 1
#: The number of the summary among an entry's fields.
_SUMMARY = 1
#: Words of the summary that count as its lead: what most feeds send of a story (some 350 characters).
#: Datelines and bylines come first in many, so a single sentence would often hold no news.
LEAD_WORDS = 60
#: A single weak sign that stands further into the summary than this is said in passing: the sentence that
#: tells what happened is over by then.
EARLY_WORDS = 30
#: Words between two hits in the body that still count as near when a full stop stands between them.
NEAR_WORDS = 12
#: A topic is spoken of from this score on: one weak sign in a title, one fair sign in a lead, or one
#: strong sign anywhere.
LINE = 3.0
#: No single reason counts more than this, so that ten mentions do not outweigh what the entry is about.
CAP = 12.0
#: What a rule that does not hold is worth when the nearest miss is named, times the share of its slots
#: that are filled.
MISS = 0.5
#: A rule of this strength says by itself what an entry is about; no other topic can claim its words.
PLAIN = 3
#: Topics told by places and means, which other stories name in passing: the border that a truck crossed, the
#: soldiers who made an arrest, the country that a migrant came from.
NAMED_IN_PASSING = frozenset(("border_security", "regional_security", "defense_policy"))


class Hit(NamedTuple):
    """One concept found: where, and how much its place in the entry weighs."""

    concept: str
    field: int
    start: int
    end: int
    sentence: int
    zone: int

    def near(self, other: Hit) -> bool:
        """Whether two hits speak of one thing: one sentence, neighbouring words, or title and lead.

        Title and lead are one statement, written to be read together.
        """
        if self.zone != BODY and other.zone != BODY:
            return True
        if self.field != other.field:
            return False
        if self.sentence == other.sentence:
            return True
        return max(self.start, other.start) - min(self.end, other.end) <= NEAR_WORDS

    def same_sentence(self, other: Hit) -> bool:
        """Whether two hits stand in one sentence of one field."""
        return self.field == other.field and self.sentence == other.sentence

    def same_words(self, other: Hit) -> bool:
        """Whether both were read from exactly the same words."""
        return (self.field, self.start, self.end) == (other.field, other.start, other.end)

    def inside(self, other: Hit) -> bool:
        """Whether this hit's words are some, but not all, of the other's."""
        return (
            self.field == other.field
            and other.start <= self.start
            and self.end <= other.end
            and self.end - self.start < other.end - other.start
        )


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that holds, with the hits that filled its slots, or what it lacked."""

    rule: Rule
    score: float
    hits: tuple[Hit, ...]
    lacks: str = ""

    def rank(self) -> tuple[float, str]:
        """What misses are compared by."""
        return self.score, self.rule.id


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule with what it asks of the whole entry: a concept of each slot but the first, none of others."""

    rule: Rule
    slots: tuple[int, ...]
    unless: int

    def holds(self, present: int, elsewhere: bool) -> bool:
        """Whether the concepts ``present`` lack nothing that the rule asks for."""
        if present & self.unless or (elsewhere and not self.rule.anywhere):
            return False
        for slot in self.slots:  # noqa: SIM110 – a third faster than all() on a generator, for each rule
            if not present & slot:
                return False
        return True


class RuleBook:
    """The rules, by the concepts that can open them."""

    def __init__(self, rules: Iterable[Rule], ties: frozenset[str]) -> None:
        """``ties`` are the concepts that bind a text to the subject; missing one of them is ``no_nexus``."""
        self._bits = ConceptBits()
        self._by_head: dict[str, list[_Asked]] = defaultdict(list)
        for rule in rules:
            number = self._bits.numbered
            asked = _Asked(rule, tuple(map(number, rule.slots[1:])), number(rule.unless_anywhere))
            for concept in rule.slots[0]:
                self._by_head[concept].append(asked)
        self._ties = ties

    def fire(self, found: Mapping[str, list[Hit]], elsewhere: bool) -> list[Fired]:
        """The rules that hold, once for each hit that opens them.

        ``found`` are an entry's hits by their concepts, in the text's order. ``elsewhere`` says that it is
        set in another part of the world: then only rules that hold anywhere are asked.
        """
        present = self._bits.of(found)
        return [
            fired
            for concept, heads in found.items()
            for asked in self._by_head.get(concept, ())
            if asked.holds(present, elsewhere)
            for head in heads
            if not (fired := self._complete(asked.rule, head, found)).lacks
        ]

    def nearest_miss(self, found: Mapping[str, list[Hit]], elsewhere: bool) -> Fired | None:
        """Of the rules that do not hold, the one that came nearest, with what it lacked."""
        present = self._bits.of(found)
        nearest: Fired | None = None
        rank = (0.0, "")
        for concept, heads in found.items():
            best = max(heads, key=lambda hit: hit.zone)
            for asked in self._by_head.get(concept, ()):
                rule = asked.rule
                if asked.holds(present, elsewhere):
                    for miss in (self._complete(rule, head, found) for head in heads):
                        if nearest is None or miss.rank() > rank:
                            nearest, rank = miss, miss.rank()
                    continue
                filled = 1
                for slot in asked.slots:
                    if present & slot:
                        filled += 1
                worth = rule.strength * best.zone * MISS * filled / len(rule.slots)
                if nearest is None or (worth, rule.id) > rank:
                    rank = worth, rule.id
                    nearest = Fired(rule, worth, (best,), self._lacks(rule, found, elsewhere))
        return nearest

    def _lacks(self, rule: Rule, found: Mapping[str, list[Hit]], elsewhere: bool) -> str:
        """The code of the first thing that the whole entry lacks for a rule that does not hold."""
        if elsewhere and not rule.anywhere:
            return "elsewhere"
        for slot in rule.slots[1:]:
            if slot.isdisjoint(found):
                return "no_act" if slot.isdisjoint(self._ties) else "no_nexus"
        return "exception"

    def _complete(self, rule: Rule, head: Hit, found: Mapping[str, list[Hit]]) -> Fired:
        """Fill the other slots with the hits nearest to ``head``."""
        worth = float(rule.strength * head.zone)
        for name in rule.unless & found.keys():
            if any(head.same_sentence(hit) for hit in found[name]):
                return Fired(rule, worth * MISS, (head,), "exception")
        filled = [head]
        taken = [_words(head)]
        wherever = rule.near == "entry"
        for slot in rule.slots[1:]:
            near = [
                hit
                for name, hits in found.items()  # in the text's order: a set's own differs between processes
                if name in slot
                for hit in hits
                if (wherever or head.near(hit)) and _words(hit) not in taken
            ]
            if not near:
                return Fired(rule, worth * MISS, tuple(filled), "too_far")
            nearest = near[0] if len(near) == 1 else min(near, key=lambda hit: _distance(head, hit))
            filled.append(nearest)
            taken.append(_words(nearest))
        return Fired(rule, worth, tuple(filled))


def topic_scores(fired: Iterable[Fired]) -> dict[str, tuple[float, list[Fired]]]:
    """The score of each topic and the rules behind it, strongest first.

    A concept counts once in the title, once in the lead and once in the body, by its strongest rule:
    repeating a word is not more evidence.
    """
    best: dict[tuple[str, str, int], Fired] = {}
    for item in without_claimed(list(fired)):
        head = item.hits[0]
        key = (item.rule.topic, head.concept, head.zone)
        if key not in best or item.score > best[key].score:
            best[key] = item
    late = _said_late(best.values())
    topics: dict[str, list[Fired]] = defaultdict(list)
    for (topic, _, _), item in best.items():
        topics[topic].append(item)
    titled = any(item.hits[0].zone == TITLE and item.score >= LINE for item in best.values())
    return {
        topic: (
            items[0].rule.strength * float(BODY) if late else min(CAP, sum(item.score for item in items)),
            sorted(items, key=lambda item: (-item.score, item.rule.id)),
        )
        for topic, items in topics.items()
        if not (titled and topic in NAMED_IN_PASSING and _in_passing(items))
    }


def _said_late(items: Iterable[Fired]) -> bool:
    """Whether all topics rest on one word well into the summary and on no plain rule.

    Words for the border itself are seldom said in passing, and are spared.
    """
    heads = {(item.hits[0].field, item.hits[0].start) for item in items}
    field, start = next(iter(heads), (0, 0))
    return (
        len(heads) == 1
        and field == _SUMMARY
        and start >= EARLY_WORDS
        and all(item.rule.strength < PLAIN and item.rule.topic != "border_security" for item in items)
    )


def _in_passing(items: Sequence[Fired]) -> bool:
    """Whether a topic rests on one word of the summary and on no plain rule."""
    heads = {(item.hits[0].field, item.hits[0].start) for item in items}
    return (
        len(heads) == 1
        and items[0].hits[0].zone != TITLE
        and all(item.rule.strength < PLAIN for item in items)
    )


def without_claimed(fired: list[Fired]) -> list[Fired]:
    """Leave out what a rule of another topic claims: words of the summary that only serve that rule.

    A tariff until fentanyl stops flowing is a story of tariffs; the word for the drug is its reason, not a
    second subject. Titles and plain rules are never claimed: what they name, the entry is about.
    """
    taken = [(topic, hit) for item in fired for topic in item.rule.claims for hit in item.hits]
    if not taken:
        return fired
    claimed = {
        (item.rule.topic, item.hits[0].concept)
        for item in fired
        for topic, hit in taken
        if topic == item.rule.topic and hit.same_words(item.hits[0])
    }
    return [
        item
        for item in fired
        if item.hits[0].zone == TITLE
        or item.rule.strength == PLAIN
        or (item.rule.topic, item.hits[0].concept) not in claimed
    ]


def set_elsewhere(hits: Iterable[Hit], home: frozenset[str], elsewhere: frozenset[str]) -> bool:
    """Whether the entry is set in another part of the world.

    It is when other countries stand in a weightier place than anything of ours: in the title while we are
    only in the summary, or anywhere while we are nowhere.
    """
    ours = theirs = 0
    for hit in hits:
        if hit.concept in home:
            ours = max(ours, hit.zone)
        elif hit.concept in elsewhere:
            theirs = max(theirs, hit.zone)
    return theirs > ours


def by_concept(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits by their concepts, in their order."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        found[hit.concept].append(hit)
    return found


#: Which words a hit was read from: its field, and from where to where.
_words = itemgetter(1, 2, 3)


def _distance(head: Hit, other: Hit) -> tuple[int, int]:
    if head.field != other.field:
        return 1, other.start
    return 0, abs(other.start - head.start)

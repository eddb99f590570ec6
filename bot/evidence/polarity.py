"""What is done to a thing: does it end and shrink, or begin, grow and stay?

Acts compose: to block a cut is to keep, to reject a restoration is to end. The act nearest to the thing gives
the sign; each act before it that undoes what follows turns the sign around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.topics.rules import Hit

FEWER, SINKS, MORE, UNDONE, NOT = "fewer", "sinks", "more", "undone", "negated"
RESTORED, JOINED, THAT = "restored", "joined", "that"
#: What each concept of ``lexicon/acts.yaml``, and each list of verbs of the taxonomy, does to a thing.
ROLES = {
    FEWER: FEWER,
    "ending": FEWER,
    "closing_down": FEWER,
    SINKS: SINKS,
    MORE: MORE,
    "keeping": MORE,
    "giving": MORE,
    "opening_up": MORE,
    "resuming": MORE,
    UNDONE: UNDONE,
    "refusal": UNDONE,
    NOT: NOT,
    RESTORED: RESTORED,
    JOINED: JOINED,
    THAT: THAT,
}
#: Words between a thing and the act upon it: a clause. Beyond that the act is mostly somebody else's.
REACH = 9
#: Words between an act and the one that undoes it: "judges refuse to let the president end".
CHAIN = 6
#: The same for acts that end things as often as acts: "suspends the ban", but "closes the year with fewer".
ENDING_CHAIN = 4
#: Words between a thing and the act that ends it where that follows: "strikes are ruled out".
PASSIVE = 3
#: An act after its thing counts as this many words further away: "aid cut" is rarer than "cuts aid".
AFTER = 2


def acts_among(hits: Iterable[Hit]) -> list[Hit]:
    """The acts among ``hits``, named by their roles, without those that are words of a longer one.

    "Back" is an act of its own, but not in "walks back". What is known to sink ends no other act.
    """
    acts = {replace(hit, concept=ROLES[hit.concept]): None for hit in hits if hit.concept in ROLES}
    return [
        act
        for act in acts
        if not any(act.inside(other) for other in acts)
        and not (act.concept == FEWER and replace(act, concept=SINKS) in acts)
    ]


def polarity(thing: Hit, acts: Sequence[Hit]) -> int:
    """+1 where the thing begins, grows or stays, -1 where it ends or shrinks, 0 where nothing is done to it.

    ``acts`` are the hits of the roles above (``acts_among``); only those of the thing's own sentence count.
    """
    near = [
        act for act in acts if act.same_sentence(thing) and (act.end <= thing.start or act.start >= thing.end)
    ]
    bases = [act for act in near if act.concept in (FEWER, SINKS, MORE) and _distance(thing, act) <= REACH]
    if not bases:
        undone = any(act.concept in (UNDONE, NOT) and _distance(thing, act) <= REACH for act in near)
        return -1 if undone else 0
    base = min(bases, key=lambda act: (_distance(thing, act), act.concept == MORE))
    sign = 1 if base.concept == MORE else -1
    return -sign if _turned(base, near) else sign


def undone(thing: Hit, acts: Sequence[Hit]) -> bool:
    """Whether an act is refused, blocked or ended: "rules out strikes", "tariffs are suspended"."""
    near = [
        act for act in acts if act.same_sentence(thing) and (act.end <= thing.start or act.start >= thing.end)
    ]
    clauses = [act.start for act in near if act.concept == THAT]
    after = any(
        act.concept in (FEWER, UNDONE)
        and 0 <= act.start - thing.end < PASSIVE
        and not any(thing.end <= at < act.start for at in clauses)
        for act in near
    )
    return after != _turned(thing, near)


#: How far each act that undoes others reaches.
_REACHES = {FEWER: ENDING_CHAIN, UNDONE: CHAIN, NOT: CHAIN, RESTORED: 1}


def _turned(base: Hit, near: Sequence[Hit]) -> bool:
    """Whether an odd number of acts before ``base`` undo what follows them."""
    joins = [act.start for act in near if act.concept == JOINED]
    turned, edge = False, base
    for act in sorted(near, key=lambda act: -act.start):
        gap = edge.start - act.end
        if gap < 0 or gap > _REACHES.get(act.concept, -1):
            continue
        beside = gap == 0 or any(act.end <= at < edge.start for at in joins)
        if beside and act.concept == FEWER and edge.concept in (FEWER, SINKS):
            continue
        turned, edge = not turned, act
    return turned


def _distance(thing: Hit, act: Hit) -> int:
    if act.end <= thing.start:
        return thing.start - act.end
    return act.start - thing.end + AFTER

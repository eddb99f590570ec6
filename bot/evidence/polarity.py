"""What is done to a thing: does it end and shrink, or begin, grow and stay?

Acts compose: to block a cut is to keep, to reject a restoration is to end. The act nearest to the thing gives
the sign; each act before it that undoes what follows turns the sign around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.topics.rules import Hit

FEWER, SINKS, MORE, UNDONE, NOT = "fewer", "sinks", "more", "undone", "negated"
RESTORED, JOINED, THAT = "restored", "joined", "that"
#: What follows at once is not there: "without homicides", but not "begins without delay".
LACKING = "lacking"
#: What may begin or grow a thing, but mostly stands beside it: it counts where no plainer act does.
WEAKLY_MORE = "weakly_more"
#: An act is only asked for.
ASKED_FOR = "asked_for"
#: A form that has its object after it.
ACTIVE = "active"
#: A new clause of a title begins.
CLAUSE = "clause"
#: What each concept of ``lexicon/acts.yaml``, and each list of verbs of the taxonomy, does to a thing.
ROLES = {
    FEWER: FEWER,
    "ending": FEWER,
    "closing_down": FEWER,
    SINKS: SINKS,
    MORE: MORE,
    WEAKLY_MORE: WEAKLY_MORE,
    "keeping": MORE,
    "giving": MORE,
    "opening_up": MORE,
    "resuming": MORE,
    UNDONE: UNDONE,
    "refusal": UNDONE,
    NOT: NOT,
    LACKING: LACKING,
    RESTORED: RESTORED,
    JOINED: JOINED,
    THAT: THAT,
    ASKED_FOR: ASKED_FOR,
    ACTIVE: ACTIVE,
    CLAUSE: CLAUSE,
}
#: Words between a thing and the act upon it: a clause. Beyond that the act is mostly somebody else's.
REACH = 9
#: The same for what mostly stands beside things: "more aid", but not "aid hinges on more arrests".
WEAK_REACH = 2
#: Words between an act and the one that undoes it: "judges refuse to let the president end".
CHAIN = 6
#: The same for acts that end things as often as acts: "suspends the ban", but "closes the year with fewer".
ENDING_CHAIN = 4
#: Words between a thing and the act that ends it where that follows: "strikes are ruled out".
PASSIVE = 3
#: Words between one who asks and the word of asking: "Trump's trade chief calls for".
BESIDE = 3
#: An act after its thing counts as this many words further away: "aid cut" is rarer than "cuts aid".
AFTER = 2


def acts_among(hits: Iterable[Hit]) -> list[Hit]:
    """The acts among ``hits``, named by their roles, without those that are words of a longer one.

    "Back" is an act of its own, but not in "walks back". What is known to sink ends no other act, and what is
    known to be weak is no plain act in another list.
    """
    acts = {hit._replace(concept=ROLES[hit.concept]): None for hit in hits if hit.concept in ROLES}
    return [
        act
        for act in acts
        if act.concept in (CLAUSE, ACTIVE, ASKED_FOR)
        or not (
            any(act.inside(other) for other in acts)
            or (act.concept == FEWER and act._replace(concept=SINKS) in acts)
            or (act.concept == MORE and act._replace(concept=WEAKLY_MORE) in acts)
        )
    ]


def polarity(thing: Hit, acts: Sequence[Hit], named: Sequence[Hit] = (), *, sinks_only: bool = False) -> int:
    """+1 where the thing begins, grows or stays, -1 where it ends or shrinks, 0 where nothing is done to it.

    ``acts`` are the hits of the roles above (``acts_among``); only those of the thing's own sentence count,
    and of its own clause where that has one: "shelters turn people away as numbers double". ``named`` are the
    words that the rule has read already: they stand between a verb and its object without parting them
    ("takes the Sinaloa cartel off the list"). Of a figure (``sinks_only``), what ends or closes says nothing.
    """
    ends = (SINKS,) if sinks_only else (FEWER, SINKS)
    near = _near(thing, acts)
    if any(act.concept in (NOT, LACKING) and 0 <= thing.start - act.end <= 1 for act in near):
        return -1
    for some in _scopes(thing, near):
        reached = [act for act in some if _distance(thing, act, named) <= REACH]
        bases = [act for act in reached if act.concept == MORE or act.concept in ends]
        bases = bases or [
            act
            for act in reached
            if act.concept == WEAKLY_MORE and _distance(thing, act, named) <= WEAK_REACH
        ]
        if bases:
            base = min(bases, key=lambda act: (_distance(thing, act, named), act.concept == MORE))
            sign = -1 if base.concept in ends else 1
            between = sum(
                act.concept == UNDONE and base.end <= act.start and act.end <= thing.start for act in some
            )
            # What befalls the thing is not undone by an act before it: "a freeze leaves it in limbo".
            if base.concept == SINKS and base.start >= thing.end:
                some = [act for act in some if act.start >= thing.end]
            return (
                -sign
                if _turned(base, [act for act in some if not (sinks_only and act.concept == FEWER)], named)
                != bool(between % 2)
                else sign
            )
        if not sinks_only and any(act.concept in (UNDONE, NOT) for act in reached):
            return -1
    return 0


def undone(thing: Hit, acts: Sequence[Hit], named: Sequence[Hit] = ()) -> bool:
    """Whether an act is refused, blocked or ended: "rules out strikes", "tariffs are suspended".

    What has its object after it is done by the thing, not to it: "vetting bars aid". A thing that is itself
    an end is not undone by another word of ending after it ("pulls troops out of"), and where it was undone
    already, a second act that "and" joins says the same again ("suspends the reform and withdraws").
    """
    near = _beside(thing, _near(thing, acts), CLAUSE)
    ends = any(act.concept == FEWER and act.same_words(thing) for act in acts)
    active = [act for act in near if act.concept == ACTIVE]
    before = _turned(thing, near, named, begun=False)
    joins = [act.start for act in near if act.concept == JOINED] if before else []
    clauses = [act.start for act in near if act.concept == THAT]
    after = any(
        act.concept in ((UNDONE,) if ends else (FEWER, UNDONE))
        and act.start >= thing.end
        and not any(thing.end <= at < act.start for at in joins)
        and not any(act.same_words(form) for form in active)
        and _gap(thing.end, act.start, named) < PASSIVE
        and not any(thing.end <= at < act.start for at in clauses)
        and not (act.concept == UNDONE and any(hit.start == act.end for hit in named))
        for act in near
    )
    return after != before


def only_asked(thing: Hit, acts: Sequence[Hit], powers: Sequence[Hit]) -> bool:
    """Whether what is done to a thing is only asked for, and by nobody who has power over it.

    ``powers`` are those who have; one of them stands beside the word of asking where it is theirs.
    """
    return any(
        act.concept == ASKED_FOR
        and act.end <= thing.start
        and thing.start - act.end <= REACH
        and not any(
            act.same_sentence(power) and max(power.start - act.end, act.start - power.end) <= BESIDE
            for power in powers
        )
        for act in _beside(thing, _near(thing, acts), CLAUSE)
    )


def _near(thing: Hit, acts: Sequence[Hit]) -> list[Hit]:
    return [
        act for act in acts if act.same_sentence(thing) and (act.end <= thing.start or act.start >= thing.end)
    ]


def _scopes(thing: Hit, near: Sequence[Hit]) -> list[Sequence[Hit]]:
    """The acts of the thing's own clause, of its part of the title, and of its sentence, without repeats."""
    part = _beside(thing, near, CLAUSE)
    scopes: list[Sequence[Hit]] = [_beside(thing, part, THAT)]
    for wider in (part, near):
        if len(wider) > len(scopes[-1]):
            scopes.append(wider)
    return scopes


def _beside(thing: Hit, near: Sequence[Hit], border: str) -> list[Hit]:
    """Those that no ``border`` parts from the thing: a colon or semicolon, or a word that begins a clause."""
    marks = [act.start for act in near if act.concept == border]
    return [
        act
        for act in near
        if not any(min(act.start, thing.start) < at <= max(act.start, thing.start) for at in marks)
    ]


#: How far each act that undoes others reaches.
_REACHES = {FEWER: ENDING_CHAIN, UNDONE: CHAIN, NOT: CHAIN, LACKING: 0, RESTORED: 1}
#: What falls by itself can also be made to fall, and then stands before its thing: "drops the tariff".
SUNK = 4


def _turned(base: Hit, near: Sequence[Hit], named: Sequence[Hit], *, begun: bool = True) -> bool:
    """Whether an odd number of acts before ``base`` undo what follows them.

    To restore undoes an act that ended something; a thing (``begun`` false) that is restored is not undone.
    """
    joins = [act.start for act in near if act.concept == JOINED]
    turned, edge = False, base
    for act in sorted(near, key=lambda act: -act.start):
        reach = SUNK if act.concept == SINKS and not begun and edge is base else _REACHES.get(act.concept, -1)
        if edge.start < act.end or _gap(act.end, edge.start, named) > reach:
            continue
        if act.concept == RESTORED and not begun:
            continue
        joined = any(act.end <= at < edge.start for at in joins)
        beside = edge.start - act.end <= 1 and act.concept == FEWER and edge.concept in (FEWER, SINKS)
        if joined or beside:
            continue
        turned, edge, begun = not turned, act, True
    return turned


def _distance(thing: Hit, act: Hit, named: Sequence[Hit]) -> int:
    if act.end <= thing.start:
        return _gap(act.end, thing.start, named)
    return _gap(thing.end, act.start, named) + AFTER


def _gap(start: int, end: int, named: Sequence[Hit]) -> int:
    """Words between two places, without those of the names between them."""
    inside = {
        at for hit in named if start <= hit.start and hit.end <= end for at in range(hit.start, hit.end)
    }
    return end - start - len(inside)

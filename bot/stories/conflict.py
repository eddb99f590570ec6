"""What keeps two like events apart: another place, another toll, other people. Pure.

The only error that the method makes on ECB+ is to join an event with another of its kind ("12 killed in a
bar in Irapuato", "9 killed in a bar in Guadalajara"). Each rule asks for evidence on both sides and gives
way to a name that both share, because one event is told with many places: a drug lord flown out of
Hermosillo is arrested in El Paso.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.stories import places
from bot.stories.features import Features

T = TypeVar("T")
#: Likeness is cut to this share where place, toll or names disagree: two events of one kind seldom score
#: above .55, and a third of that is below the line for joining; two reports of one event that are likelier
#: than that may still disagree on a place.
CONFLICT_SHARE = 0.35
#: Tolls rise in the first hours (37 to 41 in one fire). Twice as many, and three more, is another event.
TOLL_RATIO, TOLL_GAP = 2.0, 3


def tolls_conflict(killed: int | None, told: Collection[int]) -> bool:
    """Whether a toll is far from every toll that a story tells."""
    if not killed or not told:
        return False
    return all(
        abs(killed - other) >= TOLL_GAP and max(killed, other) >= TOLL_RATIO * min(killed, other)
        for other in told
    )


@dataclass(slots=True)
class StoryTally:
    """What the articles of a story say of it, each with how many say it."""

    places: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    tolls: dict[int, int] = field(default_factory=dict)
    hurt: dict[int, int] = field(default_factory=dict)

    def count(self, found: Features, sign: int) -> None:
        """Add an article's (``sign`` 1), or take it away (−1)."""
        tally(self.places, found.places, sign)
        tally(self.people, found.people, sign)
        tally(self.acts, found.acts, sign)
        tally(self.tolls, (found.victims.killed,) if found.victims.killed else (), sign)
        tally(self.hurt, (found.victims.hurt,) if found.victims.hurt else (), sign)


def conflict(found: Features, told: StoryTally) -> str:
    """The rule that keeps an article out of a story: ``place``, ``toll``, ``name``, or empty."""
    if any(name in found.names for name in told.people) or any(name in told.people for name in found.people):
        return ""
    if places.conflict(found.places, frozenset(told.places)):
        return "place"
    same_town = any(town in told.places for town in places.towns(found.places))
    if not same_town and tolls_conflict(found.victims.killed, told.tolls):
        return "toll"
    if found.people and told.people and any(act in told.acts for act in found.acts):
        return "name"
    return ""


def tally(counts: dict[T, int], values: Iterable[T], sign: int) -> None:
    """Count ``values`` up or down; what falls to nought goes."""
    for value in values:
        counts[value] = counts.get(value, 0) + sign
        if not counts[value]:
            del counts[value]

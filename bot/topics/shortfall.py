"""What a text that was left out names, and what it lacks: for readers who ask why it is not shown.

Told from the concepts of a verdict, which leave out words that mean something only beside others. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.match import Match
from bot.topics.taxonomy import Taxonomy

#: Subjects that a text may name, each with the groups and concepts that name it, in the order in which they
#: are told.
_SUBJECTS = {
    "mexico": ("mx",),
    "border": ("border", "southern_border", "us_border"),
    "central_america": ("ca",),
    "migrants": ("people_on_the_way", "plain_migration", "deport", "asylum"),
    "crime": ("killing", "kidnapping", "gunfire", "mass_killing", "many_dead", "crime_traces"),
    "drugs": ("drugs", "fentanyl"),
    "forces": ("mx_military_plain", "troops", "us_military"),
    "trade": ("tariffs", "trade_agreements"),
}
#: What binds a text to the subject of this project.
_TIES = frozenset(("mexico", "border", "central_america"))
#: What each subject lacks where it is named with a tie and is not enough, and what would have filled it.
_ASKED = (
    ("crime", "organised_crime", ("crime_marker", "narco_signs")),
    ("drugs", "smuggling", ("crime_marker", "narco_signs")),
    ("trade", "lever", ("organised_crime", "people_on_the_way", "fentanyl", "plain_migration")),
    ("forces", "orders", ()),
)
#: The reasons of verdicts that say that something is missing.
LACKING = frozenset(("no_nexus", "no_act"))


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The subjects that a text names, and the one thing that it lacks: ``tie``, or a value of ``_ASKED``."""

    names: tuple[str, ...]
    lacks: str


def shortfall(taxonomy: Taxonomy, match: Match) -> Shortfall | None:
    """What a text with this verdict lacks; None where the reason of the verdict says all that is known."""
    if match.reason not in LACKING:
        return None
    present = frozenset(match.concepts)
    names = tuple(name for name, groups in _SUBJECTS.items() if _holds(taxonomy, present, groups))
    matters = [name for name in names if name not in _TIES]
    if not matters:
        return None
    if _TIES.isdisjoint(names):
        return Shortfall(names, "tie")
    for subject, lacks, fillers in _ASKED:
        if subject in names and not _holds(taxonomy, present, fillers):
            return Shortfall(tuple(name for name in names if name in _TIES or name == subject), lacks)
    return None


def _holds(taxonomy: Taxonomy, present: Collection[str], names: Collection[str]) -> bool:
    return any(not taxonomy.groups.get(name, frozenset((name,))).isdisjoint(present) for name in names)

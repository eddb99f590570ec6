"""The places a text names, from a short list of our own: enough to keep like incidents apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a place: its words after the first, the place, and whether it needs care."""

    rest: tuple[str, ...]
    place: str
    careful: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """``names`` by first word, longest first; ``parents`` of the places that lie in a state or country."""

    names: dict[str, tuple[Name, ...]]
    parents: dict[str, str]


def parse(text: str) -> Gazetteer:
    """A gazetteer from lines ``place:parent: name, name``. Raises ValueError naming a line it cannot read."""
    names: dict[str, list[Name]] = {}
    parents: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(":")
        if len(parts) != 3:
            raise ValueError(f"places line {number}: wanted 'place:parent: names'")
        place, parent, forms = (part.strip() for part in parts)
        if parent:
            parents[place] = parent
        for form in forms.split(","):
            first, *rest = form.strip().lstrip("!").split()
            names.setdefault(first, []).append(Name(tuple(rest), place, form.strip().startswith("!")))
    ordered = {
        first: tuple(sorted(found, key=lambda name: -len(name.rest))) for first, found in names.items()
    }
    return Gazetteer(ordered, parents)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The list that comes with the programme."""
    return parse(resources.files("bot.stories").joinpath("places.txt").read_text("utf-8"))


def find(words: Sequence[str], capital: Sequence[bool]) -> tuple[tuple[str, int, int], ...]:
    """The places named in folded ``words``: (place, first word, one past the last), longest names first.

    ``capital`` says which words were written with a capital. Every place needs one. A careful name
    (*Juárez*, *Guerrero*) does not count right after another capital, which makes it *Benito Juárez*, unless
    that is a place itself: *Acapulco, Guerrero*.
    """
    names = gazetteer().names
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(words):
        end = at + 1
        for name in names.get(words[at], ()):
            stop = at + 1 + len(name.rest)
            if not capital[at] or tuple(words[at + 1 : stop]) != name.rest:
                continue
            after_place = bool(found) and found[-1][2] == at
            if name.careful and at and capital[at - 1] and not after_place:
                continue
            found.append((name.place, at, stop))
            end = stop
            break
        at = end
    return tuple(found)


def around(place: str) -> str:
    """The state or country in which ``place`` lies, or itself where it is one."""
    return gazetteer().parents.get(place, place)


def towns(found: frozenset[str]) -> frozenset[str]:
    """Those of ``found`` that lie in a state or country of the list."""
    return frozenset(place for place in found if place in gazetteer().parents)


def conflict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of places cannot be of one incident: both named some, and none agrees.

    A town agrees with its state, not with another town of it. A state that is named for itself, not for its
    town, agrees with every town of it: Texas sues over Del Rio, Texas sues over the border with Juárez.
    """
    if not one or not other or towns(one) & towns(other):
        return False
    parents = gazetteer().parents
    wide_one = {parents.get(place, place) for place in one}
    wide_other = {parents.get(place, place) for place in other}
    if towns(one) and towns(other):
        return not (_for_itself(one) & wide_other or _for_itself(other) & wide_one)
    return not wide_one & wide_other


def _for_itself(found: frozenset[str]) -> frozenset[str]:
    """The states and countries of ``found`` of which it has no town."""
    parents = gazetteer().parents
    named = towns(found)
    return found - named - {parents[town] for town in named}

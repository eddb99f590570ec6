"""What keeps two like events apart: another place, another toll, other people. Pure.

The only error that the method makes on ECB+ is to join an event with another of its kind ("12 killed in a
bar in Irapuato", "9 killed in a bar in Guadalajara"). Each rule asks for evidence on both sides and gives
way to a name that both share, because one event is told with many places: a drug lord flown out of
Hermosillo is arrested in El Paso.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeVar

from bot.stories import bridge, places
from bot.stories.cues import CORRECTING, REACTIONS
from bot.stories.features import ROUNDED_FROM, Features, figure_key, rounded_key

T = TypeVar("T")
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


#: The conflict of titles of one pattern that is filled with other places: "Weather in Tecate today".
PATTERN = "pattern"


def one_pattern(found: Features, other: Features) -> bool:
    """Whether two titles are one pattern that is filled with other places."""
    return places.conflict(found.places, other.places) and template(found, other)


#: Tolls of one event that two papers give on one day: at least so many, in one state, this near.
LEAST_TOLL, TOLL_SHARE, TOLL_DAYS = 7, 0.15, 1.5


def same_toll(found: Features, other: Features, days: float) -> bool:
    """Whether two reports of about one day tell about the same number of dead in one state."""
    one, two = found.victims.killed, other.victims.killed
    if one is None or two is None or min(one, two) < LEAST_TOLL or days > TOLL_DAYS:
        return False
    near = abs(one - two) <= max(1.0, TOLL_SHARE * max(one, two))
    states = ({places.around(place) for place in each.places} for each in (found, other))
    return near and bool(next(states) & next(states))


def same_amount(found: Features, other: Features, days: float) -> bool:
    """Whether two titles of about one day name an amount that agrees when it is rounded."""
    return days <= TOLL_DAYS and bool(_amounts(found) & _amounts(other))


def tells_count(found: Features) -> bool:
    """Whether a report tells a toll or an amount that another may be held against."""
    return (found.victims.killed or 0) >= LEAST_TOLL or bool(_amounts(found))


def _amounts(found: Features) -> set[str]:
    """The rounded amounts of a title."""
    figures = (float(key[1:]) for key in found.title_keys if key.startswith("#"))
    return {rounded_key(value) for value in figures if value >= ROUNDED_FROM}


@dataclass(slots=True)
class StoryTally:
    """What the articles of a story say of it, each with how many say it."""

    places: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    tolls: dict[int, int] = field(default_factory=dict)
    hurt: dict[int, int] = field(default_factory=dict)
    spots: dict[str, int] = field(default_factory=dict)
    cues: dict[str, int] = field(default_factory=dict)
    offices: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, found: Features, sign: int) -> None:
        """Add an article's (``sign`` 1), or take it away (−1)."""
        tally(self.places, found.places, sign)
        tally(self.people, found.people, sign)
        tally(self.acts, found.acts, sign)
        tally(self.spots, found.spots, sign)
        tally(self.cues, found.cues, sign)
        for name, office in found.offices:
            held = self.offices.setdefault(name, {})
            tally(held, (office,), sign)
            if not held:
                del self.offices[name]
        tally(self.tolls, (found.victims.killed,) if found.victims.killed else (), sign)
        tally(self.hurt, (found.victims.hurt,) if found.victims.hurt else (), sign)


def conflict(
    found: Features,
    story: StoryTally,
    terms: Collection[str] = (),
    nearest: Features | None = None,
    *,
    paraphrases: bool = False,
    same_day: bool = True,
) -> str:
    """The rule that keeps an article out of a story, or empty.

    ``office`` (the same name under another office: *Judge Treviño*, *Sheriff Treviño*), ``place``, ``toll``,
    ``name``, and, beside the ``nearest`` article, ``figure`` (the same title with other figures in it, on
    another day), ``template`` (the same title with other nouns in it) and ``pattern`` (with other places in
    it), unless it ``paraphrases`` that one.
    """
    if any(name in story.offices and office not in story.offices[name] for name, office in found.offices):
        return "office"
    reaction = (found.title_cues & REACTIONS) | (found.cues & CORRECTING)
    if nearest is not None and not same_day and not reaction and other_figures(found, nearest):
        return "figure"
    if nearest is not None and not paraphrases and not reaction - nearest.cues and template(found, nearest):
        return PATTERN if one_pattern(found, nearest) else "template"
    if any(name in found.names for name in story.people) or any(
        name in story.people for name in found.people
    ):
        return ""
    if places.conflict(found.places, frozenset(story.places)) or _elsewhere(found, story, terms):
        return "place"
    same_town = any(town in story.places for town in places.towns(found.places))
    if not same_town and tolls_conflict(found.victims.killed, story.tolls):
        return "toll"
    if found.people and story.people and any(act in story.acts for act in found.acts):
        return "name"
    return ""


def _elsewhere(found: Features, story: StoryTally, terms: Collection[str]) -> bool:
    """Whether both titles name places that the list does not have, and not the same.

    A next step often happens elsewhere: the kidnapped are found in another town.
    """
    if not found.spots or not story.spots or any(spot in story.spots for spot in found.spots):
        return False
    if any(bridge.key(word, found.language) in terms for spot in found.spots for word in spot.split()):
        return False
    return found.title_cues <= set(story.cues) or not found.title_cues


#: Two titles of which this share of the longer one stands in the same order in the other, and each
#: of which has a noun of its own in the gap, are one pattern filled in twice: "Federal agents raid El Paso
#: jewelry store in laundering probe", "… bus company in smuggling probe". So is a shorter title of which
#: nearly all stands in the other.
TEMPLATE_SHARE = 0.5
TEMPLATE_SHORTER = 0.75
#: Words of a title that must stand in both in the same order for that.
TEMPLATE_WORDS = 3


def _pattern(one: Features, other: Features) -> SequenceMatcher[str] | None:
    """How two titles fit each other, if they are one pattern."""
    if one.language != other.language or one.title_keys == other.title_keys:
        return None
    matcher = SequenceMatcher(None, one.title_keys, other.title_keys, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    short, long = sorted((len(one.title_keys), len(other.title_keys)))
    if same < TEMPLATE_WORDS or (same < TEMPLATE_SHARE * long and same < TEMPLATE_SHORTER * short):
        return None
    return matcher


def other_figures(one: Features, other: Features) -> bool:
    """Whether two titles are one pattern with other figures in it, none of which the other report gives.

    "INM rescues 74 migrants from the river", "INM rescues 11 migrants from the river". Tolls rise, and do not
    count.
    """
    victims = (one.victims.killed, one.victims.hurt, other.victims.killed, other.victims.hurt)
    tolls = {figure_key(count) for count in victims if count}
    mine, theirs = _title_figures(one) - tolls, _title_figures(other) - tolls
    if not mine or not theirs or mine & other.names.keys() or theirs & one.names.keys():
        return False
    return _pattern(one, other) is not None


def _title_figures(found: Features) -> set[str]:
    return {key for key in found.title_keys if key.startswith("#")}


def template(one: Features, other: Features) -> bool:
    """Whether two titles are one pattern with different nouns or places in it."""
    matcher = _pattern(one, other)
    if matcher is None:
        return False
    if any(key.startswith("#") and key in other.marks for key in one.title_keys):
        return False
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "replace":
            mine = _filling(one.title_keys[left:left_end], one, other)
            theirs = _filling(other.title_keys[right:right_end], other, one)
            if mine and theirs:
                return True
    return False


def _filling(keys: Sequence[str], own: Features, other: Features) -> bool:
    """Whether words fill a pattern: nouns or names that the other report does not have, no verbs of ours."""
    return any(
        key not in other.terms and key not in own.cue_words and not key.startswith("#") for key in keys
    )


def tally(counts: dict[T, int], values: Iterable[T], sign: int) -> None:
    """Count ``values`` up or down; what falls to nought goes."""
    for value in values:
        counts[value] = counts.get(value, 0) + sign
        if not counts[value]:
            del counts[value]

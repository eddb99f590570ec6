"""The why of a verdict is the same in every process."""

from __future__ import annotations

from itertools import permutations

from bot.topics.rules import TITLE, Hit, RuleBook, by_concept
from bot.topics.taxonomy import Rule

NAMES = ("migrant", "sign", "crossing", "arrest")
NONE: frozenset[str] = frozenset()


def test_of_concepts_at_one_distance_the_first_in_the_text_fills_a_slot() -> None:
    slots = (frozenset({"border"}), frozenset(NAMES))
    rule = Rule("border", "border_security", 2, slots, "near", NONE, NONE, False, NONE, {})
    border = Hit("border", 0, 2, 3, 0, TITLE)
    for names in permutations(NAMES):
        hits = [border, *(Hit(name, 0, 5, 6, 0, TITLE) for name in names)]
        (fired,) = RuleBook([rule], frozenset({"border"})).fire(by_concept(hits), elsewhere=False)
        assert fired.hits == (border, hits[1])

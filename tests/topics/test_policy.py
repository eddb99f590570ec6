"""Acts of policy are told with their direction, in both languages, and taken up."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.topics.acts import ActFinder
from bot.topics.matcher import Matcher
from bot.topics.rules import TITLE, Hit, by_concept
from bot.topics.taxonomy import ComposedAct

MATCHER = Matcher.load()
ACTS = yaml.safe_load((Path(__file__).parent / "policy" / "acts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("act", "language", "title"),
    [
        (act, language, title)
        for act, texts in ACTS.items()
        for language, titles in texts.items()
        for title in titles
    ],
)
def test_a_headline_of_our_own_gives_its_act(act: str, language: str, title: str) -> None:
    match = MATCHER.judge(title, "", language)
    assert act in match.concepts, match
    assert match.relevant, match


def _hits(*placed: tuple[str, int, int]) -> list[Hit]:
    return [Hit(concept, 0, start, end, 0, TITLE) for concept, start, end in placed]


CUT = ComposedAct("cut", ((frozenset({"ending"}), frozenset({"aid"})),), frozenset({"refusal"}), "kept")


@pytest.mark.parametrize(
    ("hits", "told"),
    [
        (_hits(("ending", 0, 1), ("aid", 3, 5)), [("cut", 0, 5)]),
        (_hits(("aid", 0, 2), ("ending", 3, 4)), [("cut", 0, 4)]),
        (_hits(("ending", 0, 1), ("aid", 20, 22)), []),
        (_hits(("refusal", 0, 1), ("ending", 2, 3), ("aid", 4, 5)), [("kept", 2, 5)]),
        (_hits(("refusal", 0, 1), ("ending", 0, 1), ("aid", 4, 5)), [("cut", 0, 5)]),
        (_hits(("refusal", 0, 1), ("ending", 0, 1), ("ending", 2, 3), ("aid", 4, 5)), [("kept", 2, 5)]),
        (_hits(("ending", 0, 1)), []),
    ],
)
def test_an_act_is_told_by_its_parts_and_turned_by_what_refuses_it(
    hits: list[Hit], told: list[tuple[str, int, int]]
) -> None:
    found = by_concept(hits)
    ActFinder([CUT]).find(found)
    acts = [hit for name in ("cut", "kept") for hit in found.get(name, ())]
    assert [(hit.concept, hit.start, hit.end) for hit in acts] == told


def test_parts_in_two_sentences_are_no_act() -> None:
    hits = [Hit("ending", 1, 0, 1, 0, 2), Hit("aid", 1, 3, 4, 1, 2)]
    found = by_concept(hits)
    ActFinder([CUT]).find(found)
    assert found == by_concept(hits)


def test_each_act_has_ten_headlines_in_each_language() -> None:
    for act, texts in ACTS.items():
        assert {language: len(titles) for language, titles in texts.items()} == {"en": 10, "es": 10}, act

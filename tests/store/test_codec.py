from __future__ import annotations

import hashlib
import json
import zlib

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.match import Finding, Match, TopicScore
from bot.domain.match_codec import concepts_of, pack_match, unpack_match
from bot.domain.verdict_words import DICTIONARY

_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_findings = st.lists(
    st.builds(Finding, _words, _words, _words, st.integers(0, 999), st.integers(0, 999), _words), max_size=3
).map(tuple)
_scores = st.builds(TopicScore, _words, st.floats(0, 99), _words, _findings)
_matches = st.builds(
    Match,
    st.lists(_scores, max_size=3).map(tuple),
    _words,
    st.floats(0, 99),
    st.lists(_words, max_size=4).map(tuple),
    st.none() | _scores,
    _findings,
)


@given(_matches)
def test_a_verdict_is_read_as_it_was_packed(match: Match) -> None:
    packed = pack_match(match)
    assert unpack_match(packed) == match
    assert concepts_of(packed) == match.concepts


def test_verdicts_of_before_the_dictionary_are_still_read() -> None:
    wall = ["wall", "wall", "title", 0, 4, "act"]
    old = [[["migration", 1.5, "border_wall", [wall]]], "matched", 1.5, ["wall"], None, []]
    match = unpack_match(zlib.compress(json.dumps(old).encode()))
    assert match.topics[0].findings == (Finding("wall", "wall", "title", 0, 4, "act"),)
    assert unpack_match(pack_match(match)) == match
    assert len(pack_match(match)) < 60


def test_the_dictionary_stays_as_it_is() -> None:
    assert hashlib.blake2b(DICTIONARY, digest_size=8).hexdigest() == "b66b1c767c56a574"

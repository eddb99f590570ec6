from __future__ import annotations

import json
import zlib

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.match import Finding, Match, TopicScore
from bot.domain.match_codec import concepts_of, pack_match, unpack_match

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


def test_the_form_of_stored_verdicts_stays() -> None:
    wall = ["wall", "wall", "title", 0, 4, "act"]
    stored = [[["migration", 1.5, "border_wall", [wall]]], "matched", 1.5, ["wall"], None, []]
    match = unpack_match(zlib.compress(json.dumps(stored).encode()))
    assert match.topics[0].findings == (Finding("wall", "wall", "title", 0, 4, "act"),)
    assert unpack_match(pack_match(match)) == match

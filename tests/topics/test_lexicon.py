"""Phrases in folded words; longest name wins; masks take their words first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.topics.lexicon import Lexicon, drop_masked, longest
from bot.topics.spellings import Phrase


def lexicon(**concepts: str) -> Lexicon:
    return Lexicon((name, Phrase(tuple(words.split()))) for name, words in concepts.items())


def found(book: Lexicon, text: str) -> list[tuple[str, int, int]]:
    return [(concept, start, end) for start, end, concept, _ in book.find(text.split())]


def test_finds_overlapping_phrases_with_their_words() -> None:
    book = lexicon(wall="border wall", border="border", mexico="mexico")
    assert sorted(found(book, "a border wall with mexico")) == [
        ("border", 1, 2),
        ("mexico", 4, 5),
        ("wall", 1, 3),
    ]


def test_a_phrase_is_not_found_across_the_end() -> None:
    assert found(lexicon(wall="border wall"), "the border") == []


def test_a_name_absorbs_the_words_inside_it() -> None:
    book = lexicon(south="mexico s southern border", border="border", mexico="mexico")
    hits = book.find(["on", "mexico", "s", "southern", "border"])
    kept = longest(hits, absorbing=frozenset({"south"}), ties=frozenset())
    assert [hit[2] for hit in kept] == ["south"]


def test_a_tie_stays_inside_a_longer_phrase_that_has_none() -> None:
    book = lexicon(aid="aid to mexico", mexico="mexico")
    hits = book.find(["aid", "to", "mexico"])
    kept = longest(hits, absorbing=frozenset({"aid"}), ties=frozenset({"mexico"}))
    assert [hit[2] for hit in kept] == ["aid", "mexico"]


def test_a_description_absorbs_nothing() -> None:
    book = lexicon(entry="illegal immigrants", migrant="immigrants")
    hits = book.find(["illegal", "immigrants"])
    assert len(longest(hits, absorbing=frozenset(), ties=frozenset())) == 2


def masked(book: Lexicon, text: str, masks: set[str]) -> tuple[list[str], list[str]]:
    kept, taken = drop_masked(
        book.find(text.split()), frozenset(masks), frozenset(masks), frozenset({"mexico"})
    )
    return [hit[2] for hit in kept], [hit[2] for hit in taken]


def test_a_mask_takes_its_words_and_what_starts_in_it() -> None:
    book = lexicon(new_mexico="new mexico", mexico="mexico", border="mexico border")
    assert masked(book, "the new mexico border", {"new_mexico"}) == ([], ["new_mexico"])


def test_the_word_counts_where_it_stands_alone() -> None:
    book = lexicon(new_mexico="new mexico", mexico="mexico")
    assert masked(book, "from new mexico to mexico", {"new_mexico"}) == (["mexico"], ["new_mexico"])


def test_a_longer_phrase_beats_a_mask() -> None:
    book = lexicon(general="in general", officer="in general smith")
    assert masked(book, "in general smith", {"general"}) == (["officer"], [])


words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=3), max_size=6), words)
def test_finds_exactly_what_a_plain_comparison_finds(phrases: list[list[str]], text: list[str]) -> None:
    book = Lexicon((str(number), Phrase(tuple(phrase))) for number, phrase in enumerate(phrases))
    expected = {
        (at, at + len(phrase), str(number))
        for number, phrase in enumerate(phrases)
        for at in range(len(text))
        if text[at : at + len(phrase)] == phrase
    }
    assert {hit[:3] for hit in book.find(text)} == expected

"""Folding: one character in, one out; where it cannot be, the way back is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.fold import TABLE, fold, fold_phrase

pieces = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aeiouñÁé\u0301\u0303\u0308 .-’—")))


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("Ciudad Juárez", "ciudad juarez"),
        ("MÉXICO", "mexico"),
        ("niñez", "ninez"),
        ("Müller façade", "muller facade"),
        ("U.S.–Mexico", "u s  mexico"),
        ("Mexico’s “wall”", "mexico s  wall "),
        ("El «Chapo»", "el  chapo "),
        ("Z-40", "z 40"),
        ("½ 3ª 2º", "  3  2 "),
        ("Ž中", "z "),
        ("ＣＡＲＴＥＬ ｄｅ Ｊuárez", "cartel de juarez"),
        ("oﬃcers at the ﬁrst wall", "officers at the first wall"),
        ("Méxi\u00adco y fron\u200btera", "mexico y frontera"),
        ("𝐌𝐞𝐱𝐢𝐜𝐨", "mexico"),
        ("", ""),
    ],
)
def test_folds_case_accents_and_punctuation(source: str, folded: str) -> None:
    assert fold(source).text == folded


def test_table_holds_only_letters_digits_and_space() -> None:
    assert len(TABLE) == 256
    assert set(TABLE) <= set(b"abcdefghijklmnopqrstuvwxyz0123456789 ")


def test_a_phrase_is_its_words() -> None:
    assert fold_phrase("  Cártel de Sinaloa’s ") == ("cartel", "de", "sinaloa", "s")


def test_separate_accents_do_not_cut_a_word() -> None:
    source = unicodedata.normalize("NFD", "el cártel en México")
    folded = fold(source)
    assert folded.text == "el cartel en mexico"
    start = folded.text.index("mexico")
    begin, end = folded.span(start, start + len("mexico"))
    assert unicodedata.normalize("NFC", source[begin:end]) == "México"


@given(pieces)
def test_every_folded_piece_points_into_the_source(source: str) -> None:
    folded = fold(source)
    if folded.starts is None:
        assert len(folded.text) == len(source)
    for start in range(0, len(folded.text), 7):
        begin, end = folded.span(start, min(start + 3, len(folded.text)))
        assert 0 <= begin < end <= len(source)


@given(pieces)
def test_composed_and_decomposed_text_fold_to_the_same_words(source: str) -> None:
    latin = "".join(c for c in source if ord(c) < 256)
    composed = unicodedata.normalize("NFC", latin)
    assert fold(composed).text.split() == fold(unicodedata.normalize("NFD", composed)).text.split()

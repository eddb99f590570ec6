"""The table of common words, packed: what it says is what the file says."""

from __future__ import annotations

import gzip
from importlib import resources

import pytest

from bot.topics.background import Background, background


def test_every_word_of_the_file_has_its_value() -> None:
    packed = resources.files("bot.topics").joinpath("background.tsv.gz").read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(packed).decode("ascii").splitlines()]
    expected = {word: 100 * int(english or 0) + int(spanish or 0) for word, english, spanish in rows}
    table = background()
    assert dict(table.items()) == expected and len(table) == len(expected) > 80_000
    assert all(table.get(word) == value for word, value in expected.items())


@pytest.mark.parametrize("word", ["", "A", "zzzzzz", "ñandú", "fronter", "fronteraa", "\0", "a\n"])
def test_what_is_not_in_it_is_zero(word: str) -> None:
    assert background().get(word) == 0


def test_a_table_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="not sorted"):
        Background(iter([b"b\t1\t\n", b"a\t1\t\n"]))

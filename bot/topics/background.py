"""How common words are: a table of 85,000 words in little more room than their letters take.

A dictionary of them takes 9 MB; sorted bytes and a search by halves take one, and the few thousand words
that most texts are made of are remembered.
"""

from __future__ import annotations

import gzip
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

#: Words remembered; by Zipf's law these are nine in ten of a running text.
_REMEMBERED = 4096


class Background:
    """Folded word → 100·en + es, Zipf in tenths, 0 where a language does not have it."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        """``lines``: word, tab, English tenths, tab, Spanish tenths; ASCII, sorted, or a ValueError."""
        letters, starts, values = bytearray(), array("I", (0,)), array("H")
        before = b""
        for line in lines:
            word, english, spanish = line.rstrip(b"\n").split(b"\t")
            if word <= before:
                raise ValueError(f"{word!r} follows {before!r}: the table is not sorted")
            letters += word
            starts.append(len(letters))
            values.append(100 * int(english or 0) + int(spanish or 0))
            before = word
        self._letters, self._starts, self._values = bytes(letters), starts, values
        self.get = lru_cache(maxsize=_REMEMBERED)(self._get)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> Iterator[tuple[str, int]]:
        """Every word with its value, by the alphabet."""
        for at, value in enumerate(self._values):
            yield self._word(at).decode("ascii"), value

    def _get(self, word: str) -> int:
        """The word's value; 0 for one that is not in the table."""
        if not word.isascii():
            return 0
        wanted = word.encode("ascii")
        at = bisect_left(range(len(self._values)), wanted, key=self._word)
        return self._values[at] if at < len(self._values) and self._word(at) == wanted else 0

    def _word(self, at: int) -> bytes:
        return self._letters[self._starts[at] : self._starts[at + 1]]


@lru_cache(maxsize=1)
def background() -> Background:
    """The table, read on first use."""
    with (
        resources.files("bot.topics").joinpath("background.tsv.gz").open("rb") as packed,
        gzip.open(packed) as lines,
    ):
        return Background(iter(lines))

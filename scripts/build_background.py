"""Write bot/topics/background.tsv.gz: how common a word is in English and in Spanish.

Run by hand, rarely: ``python -m scripts.build_background``. It needs ``wordfreq`` (2 wheels, 58 MB), which
the bot itself never imports: at run time wordfreq holds 94 MB for two languages, this table about 10 MB.

Each line is ``word TAB en TAB es``: the Zipf frequency (log10 of uses per billion words) in tenths, empty
where the word is not among the language's most frequent. Words are lower case with accents folded, so
that *detención* and *detencion* are one; their uses are added up. A tenth is a factor of 1.26 in frequency
and moves the weight of a word (8 − zipf) by about two per cent, which no measured result can tell apart.
"""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import wordfreq

from bot.stories.words import fold

TARGET = Path(__file__).resolve().parent.parent / "bot" / "topics" / "background.tsv.gz"
#: At rank 50,000 a word is used about once in two million: rarer words all get the weight of the unknown.
TOP = 50_000


def table(language: str) -> dict[str, int]:
    """Zipf frequency in tenths of the ``TOP`` words of ``language``, folded."""
    uses: dict[str, float] = {}
    for word in wordfreq.top_n_list(language, TOP):
        folded = fold(word)
        if folded.isascii() and folded.isalpha() and len(folded) > 1:
            uses[folded] = uses.get(folded, 0.0) + wordfreq.word_frequency(word, language)
    return {word: round(10 * (math.log10(use) + 9)) for word, use in uses.items()}


def main() -> None:
    english, spanish = table("en"), table("es")
    lines = [
        f"{word}\t{english.get(word, '')}\t{spanish.get(word, '')}\n"
        for word in sorted(english.keys() | spanish.keys())
    ]
    # mtime=0 so that the same data gives the same bytes.
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        packed.write("".join(lines).encode("ascii"))
    print(f"{len(lines)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""How like two headlines are by the pieces of their words. Pure."""

from __future__ import annotations

import math
from functools import lru_cache

from bot.stories.reading import TOKEN
from bot.stories.words import fold, idf


@lru_cache(maxsize=100)
def title_grams(title: str, language: str) -> dict[str, float]:
    """The 3–5-letter pieces of a title's words, each weighed like its word; of length 1.

    Pieces of headlines match better than words where there is nothing else to go by, and across the two
    languages (cognates: extradición, extradition).
    """
    weights: dict[str, float] = {}
    for word in TOKEN.findall(title):
        folded = fold(word)
        weight = idf(folded, language)
        if weight == 0 or len(folded) < 2:
            continue
        padded = f" {folded} "
        pieces = [padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)]
        for piece in pieces:
            weights[piece] = weights.get(piece, 0.0) + weight / len(pieces) ** 0.5
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {piece: weight / norm for piece, weight in weights.items()}


def gram_similarity(one: str, one_language: str, other: str, other_language: str) -> float:
    """Cosine of two titles' letter pieces, 0..1."""
    mine, theirs = title_grams(one, one_language), title_grams(other, other_language)
    return sum(weight * theirs[piece] for piece, weight in mine.items() if piece in theirs)

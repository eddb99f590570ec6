"""Figures that a text gives with no number before them: "a thousand", "hundreds of", "miles de", "la mitad".

Pure. ``bot.stories.reading.figures`` leaves them out, because two reports of one event round differently; a
text that may add nothing must not add these either.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Words for a magnitude by language, folded, with what they count.
_MAGNITUDES: dict[str, dict[str, float]] = {
    "en": {
        "tens": 10, "dozen": 12, "dozens": 12, "scores": 20, "hundred": 100, "hundreds": 100,
        "thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9,
        "trillion": 1e12, "trillions": 1e12,
    },
    "es": {
        "decena": 10, "decenas": 10, "docena": 12, "docenas": 12, "veintena": 20, "veintenas": 20,
        "centena": 100, "centenas": 100, "centenar": 100, "centenares": 100, "cientos": 100, "miles": 1e3,
        "millar": 1e3, "millares": 1e3, "millon": 1e6, "millones": 1e6, "billon": 1e12, "billones": 1e12,
    },
}  # fmt: skip
#: Before a magnitude in the singular they make it a number: "a thousand" is 1,000.
_ONE = {"en": {"a", "an", "one"}, "es": {"un", "una", "uno"}}
#: Shares and multiples in words; "third" and "quarter" only in the forms that are no ordinal and no season.
_SHARES: dict[str, dict[str, float]] = {
    "en": {"half": 1 / 2, "twice": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3, "tenfold": 10},
    "es": {"mitad": 1 / 2, "doble": 2, "duplico": 2, "duplicaron": 2, "triple": 3, "triplico": 3,
           "triplicaron": 3, "tercio": 1 / 3, "tercios": 1 / 3},
}  # fmt: skip
_SHARE_PHRASES: dict[str, dict[tuple[str, str], float]] = {
    "en": {("a", "third"): 1 / 3, ("one", "third"): 1 / 3, ("two", "thirds"): 1 / 3, ("a", "quarter"): 1 / 4,
           ("one", "quarter"): 1 / 4, ("three", "quarters"): 1 / 4},
    "es": {("tercera", "parte"): 1 / 3, ("cuarta", "parte"): 1 / 4, ("quinta", "parte"): 1 / 5,
           ("decima", "parte"): 1 / 10},
}  # fmt: skip
_HALVES = {"en": {"half"}, "es": {"medio", "media"}}


def magnitudes(words: Sequence[str], taken: frozenset[int], language: str) -> set[tuple[str, float]]:
    """(``exact``, ``about`` or ``share``, its value) of each magnitude in folded ``words``.

    ``taken`` are the words that belong to figures already. "A thousand" is exactly 1,000, "half a million"
    500,000; "hundreds", "several hundred" and "cientos" are about a hundred, whatever stands before them.
    "Miles de millones" and "billions" are one.
    """
    known = _MAGNITUDES.get(language, {})
    found: set[tuple[str, float]] = set()
    at = 0
    while at < len(words):
        pair = (words[at - 1], words[at]) if at else ("", "")
        if (share := _SHARE_PHRASES.get(language, {}).get(pair)) is not None:
            found.add(("share", share))
        share = _SHARES.get(language, {}).get(words[at])
        if share is not None and not any(word in known for word in words[at + 1 : at + 3]):
            found.add(("share", share))
        if at in taken or words[at] not in known:
            at += 1
            continue
        start, value = at, known[words[at]]
        while (step := _next(words, at, known, taken)) is not None:
            at = step
            value *= known[words[at]]
        at += 1
        found.add(_counted(words, start, value, language))
    return found


def _next(words: Sequence[str], at: int, known: dict[str, float], taken: frozenset[int]) -> int | None:
    """Where the magnitude goes on: "tens of thousands", "a hundred thousand", "miles de millones"."""
    at += 1
    if at < len(words) and words[at] in ("of", "de"):
        at += 1
    return at if at < len(words) and at not in taken and words[at] in known else None


def _counted(words: Sequence[str], start: int, value: float, language: str) -> tuple[str, float]:
    before = words[start - 1] if start else ""
    halves, ones = _HALVES.get(language, set()), _ONE.get(language, set())
    if before in halves or (before in ones and start > 1 and words[start - 2] in halves):
        return "exact", value / 2
    plural = words[start].endswith("s")
    return ("exact" if before in ones and not plural else "about"), value

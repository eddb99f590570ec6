"""Numbers in running text, in digits or in words, English and Spanish: twelve, doce and 12 are one."""

from __future__ import annotations

import re
from collections.abc import Sequence

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro "
    "veinticinco veintiseis veintisiete veintiocho veintinueve",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
_SMALL: dict[str, dict[str, int]] = {
    language: {
        **{word: value for value, word in enumerate(units.split())},
        **{word: 10 * value for value, word in enumerate(_TENS[language].split(), start=2)},
    }
    for language, units in _UNITS.items()
}
_SMALL["en"]["dozen"] = _SMALL["es"]["docena"] = 12
_SMALL["es"].update(
    {
        "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
        "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500,
        "quinientas": 500, "seiscientos": 600, "seiscientas": 600, "setecientos": 700,
        "setecientas": 700, "ochocientos": 800, "ochocientas": 800, "novecientos": 900,
        "novecientas": 900, "veintiun": 21, "veintiuna": 21,
    }
)  # fmt: skip
_SCALES = {
    "en": {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000},
    "es": {"mil": 1_000, "millon": 1_000_000, "millones": 1_000_000},
}
#: 1,234 and 1.234 and 1 234 567: thousands are set apart in threes, with a comma in the US and Mexico and a
#: point in Spain.
_GROUPED = re.compile(r"^\d{1,3}(?:[.,\u00a0\u202f]\d{3})+$")
_DIGITS = re.compile(r"^\d+(?:[.,]\d+)?")


def digits(word: str) -> float | None:
    """The value of a word that begins with digits (``1,200``, ``3.5``, ``29th``), else None."""
    if not word[:1].isdigit():
        return None
    if _GROUPED.match(word):
        return float(re.sub(r"\D", "", word))
    found = _DIGITS.match(word)
    if found is None:
        return None
    try:
        return float(found.group().replace(",", "."))
    except ValueError:  # other scripts' digits in a form that float does not read
        return None


def spelled(words: Sequence[str], start: int, language: str) -> tuple[float, int] | None:
    """The number written in folded words from ``start``, and how many words it takes; None if there is none.

    *thirty-nine* arrives as two words. *y* and *and* join parts (*treinta y nueve*). A lone *one*, *uno*
    or *un* is an article more often than a figure and is not read; *once* is read in Spanish only.
    """
    small, scales = _SMALL.get(language), _SCALES.get(language)
    if small is None or scales is None:
        return None
    if words[start] not in small and words[start] not in scales:
        return None
    total, part, at = 0, 0, start
    ended = start
    while at < len(words):
        word = words[at]
        if word in small:
            value = small[word]
            if part and not (part % 100 >= 20 and value < 10) and not (part % 100 == 0 and value < 100):
                break
            part += value
        elif word in scales and (part or (word == "mil" and ended == start)):
            scale = scales[word]
            if scale == 100:
                part *= 100
            else:
                total, part = total + max(part, 1) * scale, 0
        elif word in ("y", "and") and ended > start and at + 1 < len(words) and words[at + 1] in small:
            at += 1
            continue
        else:
            break
        at += 1
        ended = at
    value = total + part
    if ended == start or value < 2:
        return None
    return float(value), ended - start

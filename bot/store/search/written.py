"""One spelling for what is written in several: countries, acronyms, codes, figures, names with an article.

``same`` puts it into texts beside what they say, and into questions in its place: "EE. UU." then finds what
says "the U.S.", "30,000" what says "30 mil", and "El Paso" nothing that says "el paso de migrantes".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.stories.numbers import digits
from bot.topics.fold import word_set
from bot.topics.same_names import SAME, SAME_ES

#: What begins the words that stand for a spelling. No stemmer touches them.
MARK = "zz"

#: What asks for a meaning in a question whatever its case: nobody looks for the pronoun.
_ASKED = {"us": ("us",)}
#: "Estados Unidos Mexicanos" is Mexico; "US$" is money.
_NOT_BEFORE = r"(?!\$|\s+[mM]exicanos)"

#: The second word of names that begin with an article and are ordinary words without their capital: towns,
#: papers and groups of both countries and of Central America.
_ORDINARY = word_set(
    "paso paz oro salto centro valle monte cajon fuerte rosario carmen cruz cruces libertad union mesa palma "
    "palmas linea sol norte sur pais diario financiero economista universal heraldo jornada razon opinion "
    "prensa tribuna cronica familia rojos mayo progreso porvenir joya villa feria habra mirada puente barca "
    "piedad huerta antigua perla cabos reyes altos vegas angeles salvador ceiba esperanza nueva laguna sauz "
    "mante tule nayar grullo llano marques fresnos chaparral guardian arco barredora santa nacion verdad "
    "palabra voz hora grafica estrella verde mochis zetas ardillas"
)

_LETTER = r"[^\W\d_]"
_WORD = re.compile(r"[^\W_]+")
#: What both of the next need: a stop with a letter behind it. A pattern that begins with a plain sign passes
#: over a text ten times as fast as one that may begin anywhere.
_STOP_BEFORE_LETTER = re.compile(rf"\. ?{_LETTER}")
#: "U.S.", "U. S.", "F.B.I", "a.m."
_DOTTED = re.compile(
    rf"(?<![^\W_])(?:{_LETTER}\.){{1,5}}{_LETTER}(?![^\W_])\.?|(?<![^\W_])(?:[A-Z]\. ?){{1,5}}[A-Z]\."
)
#: "EE.UU.", "FF. AA.": Spanish doubles the letters of what is many.
_DOUBLED = re.compile(rf"(?<![^\W_])({_LETTER})\1\. ?({_LETTER})\2(?![^\W_])\.?")
_SCALES = {
    "k": 3, "mil": 3, "thousand": 3, "millon": 6, "millones": 6, "million": 6, "millions": 6, "mdd": 6,
    "mdp": 6, "billion": 9, "mil millones": 9, "mil mdd": 9, "mil mdp": 9,
}  # fmt: skip
_FIGURE = re.compile(
    r"""(?<![\w.,])
    (?P<number>\d{1,3}(?P<comma>[.,'\ ])\d{3}(?:(?P=comma)\d{3})*(?!\d)|\d{1,9}(?:[.,]\d{1,2})?)(?!\d)
    (?:(?P<gap>[\ -]?)
       (?P<scale>mil(?:\ (?:millones|mdd|mdp))?|thousand|mill[oó]n(?:es)?|millions?|mdd|mdp|billion|k)\b
       (?:\ (?P<rest>\d{3})(?![\d.,]))?)?
    (?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_ARTICLES = frozenset(("el", "la", "las", "lo", "los"))
_NAME = re.compile(r"(?<![^\W_])([Ee][Ll]|[Ll][AaOo][Ss]?) ([A-ZÁÉÍÓÚÑ][^\W\d_]+)")
#: Letters and figures that are one code: MS-13, H2A, T-MEC, SB-4.
CODE = re.compile(
    rf"(?<![^\W_])(?:({_LETTER}{{1,6}})-?(\d{{1,6}}{_LETTER}?)|([A-Z])-([A-Z]{{2,5}}))(?![^\W_])"
)
_DIGIT = re.compile(r"\d")
#: What every code has.
_IN_CODES = re.compile(r"\d|-[A-Z]")


def same(text: str, language: str = "", *, question: bool = False) -> str:
    """``text``, with one more word beside all that has several spellings; of a question, in its place."""
    text = unicodedata.normalize("NFKC", text).replace("\u2010", "-").replace("’", "'")
    if _STOP_BEFORE_LETTER.search(text):
        text = _DOTTED.sub(_joined, text)
        text = _DOUBLED.sub(lambda found: (found[1] * 2 + found[2] * 2).upper(), text)
    if _DIGIT.search(text):
        text = _FIGURE.sub(lambda found: _figure(found, question=question), text)
    words = set(_WORD.findall(text.lower()))
    if not text.isascii():
        words.update([_bare(word) for word in words if not word.isascii()])
    if begun := _FIRST_WORDS & words:
        text = _meanings("" if question else language, begun, question=question).sub(
            lambda found: _told(found[0], f"{MARK}{found.lastgroup}", question=question), text
        )
    if not _ARTICLES.isdisjoint(words):
        text = _NAME.sub(lambda found: _name(found, question=question), text)
    return text


def parts_of(code: str) -> tuple[str, tuple[str, ...]] | None:
    """A code written as one word, and its parts; None for what is no code."""
    found = CODE.fullmatch(code)
    if found is None:
        return None
    parts = tuple(part for part in found.groups() if part)
    return "".join(parts), parts


def with_codes(text: str) -> str:
    """``text`` with its codes written in both ways, as one word and as their parts."""
    if _IN_CODES.search(text) is None:
        return text

    def both(found: re.Match[str]) -> str:
        parts = [part for part in found.groups() if part]
        return f"{' '.join(parts)} {''.join(parts)}"

    return CODE.sub(both, text)


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"[. ]", "", found[0]).upper()


def _figure(found: re.Match[str], *, question: bool) -> str:
    number, scale = found["number"], found["scale"]
    value = digits(number.replace(found["comma"], "") if found["comma"] else number)
    if value is None or (scale in ("k", "K") and found["gap"]):
        return found[0]
    if scale:
        value *= 10.0 ** _SCALES[_bare(scale.lower())]
    if found["rest"]:
        value += int(found["rest"])
    plain = str(round(value))
    if plain == found[0] or value != round(value) or len(plain) > 15:
        return found[0]
    return plain if question else f"{found[0]} {plain}"


def _name(found: re.Match[str], *, question: bool) -> str:
    word = _bare(found[2].lower())
    if word not in _ORDINARY:
        return found[0]
    return _told(found[0], f"{MARK}n{found[1].lower()}{word}", question=question)


def _told(written: str, meaning: str, *, question: bool) -> str:
    return meaning if question else f"{written} {meaning}"


def _bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _first_word(spelling: str) -> str:
    return _bare(_WORD.findall(spelling.lower())[0])


#: With which words the spellings of the meanings begin: most texts have none of them.
_FIRST_WORDS = frozenset(
    _first_word(spelling)
    for written in (*SAME.values(), *SAME_ES.values(), *_ASKED.values())
    for spelling in written
)


_NOTHING = re.compile(r"(?!)")


@lru_cache(maxsize=512)  # a text has one or two of these words, which are thirty: mostly the same
def _meanings(language: str, begun: frozenset[str], *, question: bool) -> re.Pattern[str]:
    """The spellings of the meanings that begin with one of ``begun``.

    The name of the group that matched is the meaning.
    """
    found = []
    for meaning, written in SAME.items():
        more = SAME_ES.get(meaning, ()) if language == "es" else ()
        asked = _ASKED.get(meaning, ()) if question else ()
        spellings = [one for one in (*written, *more, *asked) if _first_word(one) in begun]
        if spellings:
            longest_first = sorted(spellings, key=len, reverse=True)
            found.append(f"(?P<{meaning}>{'|'.join(map(_pattern, longest_first))})")
    if not found:
        return _NOTHING  # "EU", which Spanish alone writes so
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_]){_NOT_BEFORE}")


_ACCENTED = {"a": "[aáAÁ]", "e": "[eéEÉ]", "i": "[iíIÍ]", "o": "[oóOÓ]", "u": "[uúUÚ]", "n": "[nñNÑ]"}


def _pattern(written: str) -> str:
    if written.isupper():
        return written
    letters = [_ACCENTED.get(_bare(one), _both_cases(one)) for one in written]
    return "".join(letters).replace(" ", r"\s+").replace("-", r"[-–\s]").replace(",", ",?")


def _both_cases(letter: str) -> str:
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else letter

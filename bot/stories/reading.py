"""An article read word by word: which words are names, places and figures. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.patterns import late_pattern
from bot.stories import numbers, places
from bot.stories.document import Document
from bot.stories.words import fold, idf, word_set, zipf

#: Words read of an article. A feed's summary is rarely longer, and cost must not hang on one that is:
#: on ECB+ title and four sentences lost two points against the whole text.
MAX_WORDS = 160
#: A capital at the head of a sentence, or in a Title Case Headline, makes a name only of a word this rare.
NAME_ZIPF = 3.8
TOKEN = late_pattern(
    r"(?:U\.S\.A?\.?|EE\.?\s?UU\.?|D\.C\.)|\d[\d.,]*%|\d[\d.,]*\d(?![^\W\d_])|[^\W_]+(?:['’][^\W_]+)?"
)
_SENTENCE_END = late_pattern(r"[.!?:;¿¡•|\n“\"«‘—–-]")
_UNITED_STATES = late_pattern(
    r"\b(?:United States|Estados Unidos|the US|The US|EEUU|EUA|USA|U\.S\.A?\.?|EE\.?\s?UU\.?)(?=$|[^\w])"
)
_CUT = late_pattern(r"^(.{1,40}?)['’](?:s|t|re|ve|ll|d|m)?$", re.IGNORECASE)

#: Where a summary was written, before its first sentence or instead of one: "Acapulco, Gro.", "EAGLE PASS,
#: TX.", "WASHINGTON (AP) —". It says where a reporter sits; many reports of one day share it.
_DATELINE = late_pattern(
    r"^\s*[A-ZÁÉÍÓÚÑ][\w'’]+\.?(?:[ -](?:de|del|la|las|los|el|y|of|[A-ZÁÉÍÓÚÑ][\w'’]*\.?)){0,4}"
    r"(?:,\s*(?:[A-ZÁÉÍÓÚÑ][\w.]{0,6}|[A-ZÁÉÍÓÚÑ]\w+(?:\s[A-ZÁÉÍÓÚÑ]\w+){0,2}))?"
    r"(?:\s{0,9}\((?:AP|EFE|AFP|Reuters|UPI|Apro|Notimex|Xinhua|DPA|Border Report)\))?"
    r"\s{0,9}(?:\.?\s?[-–—]+\s+|\.?\s{0,9}$|(?<=\.)\s{1,9}(?=[A-ZÁÉÍÓÚÑ¿“\"]))"
)
#: A summary of so few words that ends in a stop is a dateline even without a comma: "Washington."
_DATELINE_WORDS = 6

_MONTHS = word_set(
    "january february march april may june july august september october november december enero febrero "
    "marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_CALENDAR = _MONTHS | word_set(
    "monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado "
    "domingo"
)
_SCALES = {
    "mil": 1e3, "thousand": 1e3, "million": 1e6, "millon": 1e6, "millones": 1e6, "billion": 1e9,
    "mdd": 1e6, "mdp": 1e6, "mmdd": 1e9, "mmdp": 1e9, "bn": 1e9,
}  # fmt: skip
#: "$1bn", "$30m": the scale is written into the figure.
_WRITTEN_SCALE = late_pattern(r"^\d[\d.,]*(bn|m|k)$")
_SUFFIXES = {"bn": 1e9, "m": 1e6, "k": 1e3}
_TIME_UNITS = word_set(
    "year years old anos ano hours hour horas hora minutes minutos days dias am pm st nd rd th"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written and folded; whether it has a capital, opens a sentence, stands in the title."""

    text: str
    folded: str
    capital: bool
    opens: bool
    in_title: bool


def without_dateline(summary: str) -> str:
    """``summary`` without the place that it was written at."""
    found = _DATELINE.match(summary)
    if not found or len(found.group().split()) > _DATELINE_WORDS:
        return summary
    rest = summary[found.end() :]
    alone = not rest.strip()
    dashed = found.group().rstrip().endswith(("-", "–", "—"))
    return rest if alone or dashed or "," in found.group() or found.group().isupper() else summary


def language_of(code: str) -> str:
    """``en`` of ``en-US``; empty for an unknown code."""
    return code.lower()[:2]


def _tokens(title: str, summary: str, language: str) -> list[Token]:
    tokens: list[Token] = []
    for text, in_title in ((title, True), (summary, False)):
        text = _UNITED_STATES.sub(" Usa ", text)
        previous = 0
        for found in TOKEN.finditer(text):
            if len(tokens) >= MAX_WORDS:
                return tokens
            word = found.group()
            if (cut := _CUT.match(word)) is not None:
                word = cut.group(1)
            if (word, language) in (("EU", "es"), ("US", "en")):
                word = "Usa"  # EU is what Mexico's press calls the United States
            opens = previous == 0 or _SENTENCE_END.search(text, previous, found.start()) is not None
            tokens.append(Token(word, fold(word), word[:1].isupper(), opens, in_title))
            previous = found.end()
    return tokens


def _title_case(tokens: list[Token]) -> bool:
    """Whether the title is set in Title Case or in capitals, where a capital says nothing."""
    long = [token for token in tokens if token.in_title and len(token.text) > 3]
    return len(long) >= 4 and sum(token.capital for token in long) >= 0.7 * len(long)


def _name_flags(tokens: list[Token], language: str, in_places: set[int]) -> list[bool]:
    """For each token, whether it is part of a name."""
    loud_title = _title_case(tokens)
    sure = {token.folded for token in tokens if token.capital and not token.opens and not token.in_title}
    flags = []
    for index, token in enumerate(tokens):
        named = token.capital and len(token.folded) > 1 and token.folded not in _CALENDAR
        if named and index not in in_places and (token.opens or (token.in_title and loud_title)):
            named = (
                token.folded in sure
                or zipf(token.folded, language) < NAME_ZIPF
                or (len(token.text) > 1 and token.text.isupper() and not loud_title)
            )
        flags.append(named and idf(token.folded, language) > 0)
    return flags


def figures(tokens: list[Token], language: str, every: bool = False) -> list[tuple[float, int, int]]:
    """(value, first token, one past the last) of each number that is not a day of the month or a time.

    With ``every``, those too. Digits and words mix: *mil 500* and *60 millones* are read as one.
    """
    folded = [token.folded for token in tokens]
    found: list[tuple[float, int, int]] = []
    at = 0
    while at < len(tokens):
        value, end = _figure(folded, at, language)
        if value is None:
            at += 1
            continue
        if every or not _calendar(folded, at, end):
            found.append((value, at, end))
        at = end
    return found


def _figure(folded: list[str], at: int, language: str) -> tuple[float | None, int]:
    value, size = numbers.digits(folded[at]), 1
    if value is not None and (written := _WRITTEN_SCALE.match(folded[at])):
        return value * _SUFFIXES[written.group(1)], at + 1
    if value is None:
        spelt = numbers.spelled(folded, at, language)
        if spelt is None:
            return None, at
        value, size = spelt
    end = at + size
    thousands = folded[end - 1] == "mil"
    while end < len(folded) and folded[end] in _SCALES:  # "30 mil millones"
        thousands = folded[end] == "mil"
        value, end = value * _SCALES[folded[end]], end + 1
    if thousands and end < len(folded) and (rest := numbers.digits(folded[end])) is not None and rest < 1000:
        value, end = value + rest, end + 1  # "mil 500", as Mexican papers write it
        if end < len(folded) and folded[end] in _SCALES:  # "13 mil 500 millones"
            value, end = value * _SCALES[folded[end]], end + 1
    return value, end


def _calendar(folded: list[str], at: int, end: int) -> bool:
    """Whether the number of ``folded[at:end]`` is a day, an hour, an age or a share."""
    near = folded[max(0, at - 1) : at] + folded[end : end + 1]
    after = folded[end : end + 2]
    if any(word in _MONTHS and word != "may" for word in near):
        return True
    if len(after) == 2 and after[0] == "de" and after[1] in _MONTHS:
        return True
    return bool(after) and after[0] in _TIME_UNITS


def is_year(value: float) -> bool:
    """Whether a figure is more likely a year."""
    return value.is_integer() and 1900 <= value <= 2050


def title_key(title: str) -> str:
    """A title without case, accents, punctuation: equal keys are one text."""
    return " ".join(fold(word) for word in TOKEN.findall(title))


#: " - The New York Times", " | Letters": what aggregators and outlets put behind a title.
_OUTLET_TAIL = late_pattern(
    r"(?<!\s)\s+[-–—|]\s+[A-Z\d][\w.'’&]*(?:\s+(?:[A-Z\d(][\w.'’&)]*|of|the|de|la|del|el|y|and|&))*\s*$"
)


def bare_title(title: str) -> str:
    """``title`` without the outlet's name behind a dash or a bar."""
    cut = _OUTLET_TAIL.search(title)
    return title[: cut.start()] if cut and cut.start() >= 20 and len(cut.group().split()) <= 6 else title


@dataclass(frozen=True, slots=True)
class StoryReading:
    """An article's words with what is known of each: the ground of its features and of its new facts."""

    language: str
    tokens: list[Token]
    named: list[bool]
    places: tuple[tuple[str, int, int], ...]
    figures: list[tuple[float, int, int]]

    @property
    def in_places(self) -> set[int]:
        """Indexes of the tokens that are part of a place."""
        return {at for _, start, end in self.places for at in range(start, end)}


@lru_cache(maxsize=4)  # a report is read for its features, then for what it adds
def read(document: Document) -> StoryReading:
    """The words, names, places and figures of a title without its outlet, and of the summary."""
    return read_text(document.title, document.summary, document.language)


def read_text(title: str, summary: str, language: str) -> StoryReading:
    """As ``read``, of a text that is no document; ``language`` is a code such as ``en-US``."""
    language = language_of(language)
    tokens = _tokens(bare_title(title), without_dateline(summary), language)
    found = places.find([t.folded for t in tokens], [t.capital for t in tokens])
    in_places = {at for _, start, end in found for at in range(start, end)}
    return StoryReading(
        language, tokens, _name_flags(tokens, language, in_places), found, figures(tokens, language)
    )

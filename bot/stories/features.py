"""What grouping compares: an article's words, names, figures, places and victims. Pure and cheap."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from bot.stories import bridge, numbers, places
from bot.stories.document import Document
from bot.stories.words import everyday, fold, idf, zipf

#: Words read of an article. A feed's summary is rarely longer, and cost must not hang on one that is:
#: on ECB+ title and four sentences lost two points against the whole text.
MAX_WORDS = 160
#: Integers, so that sums over a story's members come out the same in whatever order they are made.
UNIT = 1000
#: A capital at the head of a sentence, or in a Title Case Headline, makes a name only of a word this rare.
NAME_ZIPF = 3.8
#: A figure weighs as much as a fairly rare word; one that could be a year or is below ten, less.
FIGURE_WEIGHT, SMALL_FIGURE_WEIGHT, YEAR_WEIGHT = 5.0, 2.5, 1.5
#: A word this rare tells something by itself: about one in 20,000.
TELLING = 3.7
#: Length below which a vector counts as short: a name that the table does not know; three rare words.
NAMES_FLOOR, TERMS_FLOOR = 6.0, 8.0
#: The weight of a place's words: many things happen in Culiacán in one week.
PLACE_WEIGHT = 3.0

_TOKEN = re.compile(r"(?:U\.S\.A?\.?|EE\.?\s?UU\.?|D\.C\.)|\d[\d.,]*\d(?![^\W\d_])|[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END = re.compile(r"[.!?:;¿¡•|\n“\"«‘—–-]")
_UNITED_STATES = re.compile(
    r"\b(?:United States|Estados Unidos|the US|The US|EEUU|EUA|USA|U\.S\.A?\.?|EE\.?\s?UU\.?)(?=$|[^\w])"
)
_CUT = re.compile(r"^(.{1,40}?)['’](?:s|t|re|ve|ll|d|m)?$", re.IGNORECASE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MONTHS = _set(
    "january february march april may june july august september october november december enero febrero "
    "marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_CALENDAR = _MONTHS | _set(
    "monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado "
    "domingo"
)
_TIME_UNITS = _set(
    "year years old anos ano hours hour horas hora minutes minutos days dias am pm percent ciento st nd rd th"
)


@dataclass(frozen=True, slots=True)
class Victims:
    """How many were killed and hurt, as a text says; None where it does not."""

    killed: int | None = None
    hurt: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """One article, ready to be compared.

    ``terms`` and ``names`` are vectors of length ``UNIT``; ``people`` and ``acts`` are whom the title names
    and what was done to them; ``short`` says that there is little but a title. ``telling`` are rare words
    and ``marks`` names and figures, without places and what is named every day: what two reports of one
    event should share.
    """

    language: str
    terms: dict[str, int]
    names: dict[str, int]
    places: frozenset[str]
    people: frozenset[str]
    acts: frozenset[str]
    victims: Victims
    title_key: str
    short: bool
    telling: frozenset[str]
    marks: frozenset[str]


#: What happens to one person at a time: a title with the same act and another name is another event.
_ACTS = frozenset(
    f"={act}"
    for act in ("arrest", "kill", "murder", "kidnap", "disappear", "extradite", "convict", "sentence")
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written and folded; whether it has a capital, opens a sentence, stands in the title."""

    text: str
    folded: str
    capital: bool
    opens: bool
    in_title: bool


def language_of(code: str) -> str:
    """``en`` of ``en-US``; empty for an unknown code."""
    return code.lower()[:2]


@lru_cache(maxsize=20_000)
def weighed(folded: str, language: str) -> tuple[str, float]:
    """The key of a folded word, the same for its partner in the other language, and its weight."""
    return bridge.key(folded, language), idf(folded, language)


def unit(weights: dict[str, float], floor: float) -> dict[str, int]:
    """``weights`` scaled to length ``UNIT`` and rounded; shorter where they are less than ``floor`` long.

    A text whose only name is *Mexico* would else be as like as can be to every other of that kind.
    """
    norm = max(math.sqrt(sum(weight * weight for weight in weights.values())), floor)
    scaled = ((word, round(UNIT * weight / norm)) for word, weight in weights.items())
    return {word: weight for word, weight in scaled if weight}


def _tokens(title: str, summary: str, language: str) -> list[Token]:
    tokens: list[Token] = []
    for text, in_title in ((title, True), (summary, False)):
        text = _UNITED_STATES.sub(" Usa ", text)
        previous = 0
        for found in _TOKEN.finditer(text):
            if len(tokens) >= MAX_WORDS:
                return tokens
            word = found.group()
            if (cut := _CUT.match(word)) is not None:
                word = cut.group(1)
            if word == "EU" and language == "es":  # in Mexico's press, the United States
                word = "Usa"
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


def _figures(tokens: list[Token], language: str) -> list[tuple[float, int, int]]:
    """(value, first token, one past the last) of each number that is not a day of the month or a time."""
    folded = [token.folded for token in tokens]
    found: list[tuple[float, int, int]] = []
    at = 0
    while at < len(tokens):
        value, size = numbers.digits(folded[at]), 1
        if value is None:
            spelt = numbers.spelled(folded, at, language)
            if spelt is None:
                at += 1
                continue
            value, size = spelt
        end = at + size
        if end < len(folded) and folded[end] in ("million", "millones", "millon", "mil", "thousand"):
            value *= 1000 if folded[end] in ("mil", "thousand") else 1_000_000
            end += 1
        near = folded[max(0, at - 1) : at] + folded[end : end + 1]
        after = folded[end : end + 2]
        dated = any(word in _MONTHS and word != "may" for word in near) or (
            len(after) == 2 and after[0] == "de" and after[1] in _MONTHS
        )
        if not dated and not any(word in _TIME_UNITS for word in folded[end : end + 1]):
            found.append((value, at, end))
        at = end
    return found


def is_year(value: float) -> bool:
    """Whether a figure is more likely a year."""
    return value.is_integer() and 1900 <= value <= 2050


#: How far from a figure its victims' word may stand: "39 people were killed", "killed at least 40".
_AFTER, _BEFORE = 5, 4


def _label(keys: list[str], span: range, taken: set[int]) -> str:
    """The first word of ``span`` that says killed or hurt, up to another figure or an *and*."""
    for at in span:
        if at in taken or keys[at] in ("and", "y"):
            return ""
        if keys[at] in ("=kill", "=wound"):
            return keys[at]
    return ""


def _victims(keys: list[str], figures: list[tuple[float, int, int]]) -> Victims:
    counts: dict[str, list[int]] = {"=kill": [], "=wound": []}
    taken = {at for _, start, end in figures for at in range(start, end)}
    for value, start, end in figures:
        if is_year(value) or not value.is_integer() or value > 100_000:
            continue
        label = _label(keys, range(start - 1, max(start - 1 - _BEFORE, -1), -1), taken) or _label(
            keys, range(end, min(end + _AFTER, len(keys))), taken
        )
        if label:
            counts[label].append(int(value))
    # The first figure given is the event's own; later ones are often of earlier events.
    return Victims(*(values[0] if values else None for values in counts.values()))


def title_key(title: str) -> str:
    """A title without case, accents, punctuation: equal keys are one text."""
    return " ".join(fold(word) for word in _TOKEN.findall(title))


#: " - The New York Times", " | Letters": what aggregators and outlets put behind a title.
_OUTLET_TAIL = re.compile(
    r"\s+[-–—|]\s+[A-Z\d][\w.'’&]*(?:\s+(?:[A-Z\d(][\w.'’&)]*|of|the|de|la|del|el|y|and|&))*\s*$"
)


def bare_title(title: str) -> str:
    """``title`` without the outlet's name behind a dash or a bar."""
    cut = _OUTLET_TAIL.search(title)
    return title[: cut.start()] if cut and cut.start() >= 20 and len(cut.group().split()) <= 6 else title


@dataclass(frozen=True, slots=True)
class Reading:
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


def read(document: Document) -> Reading:
    """The words, names, places and figures of a title without its outlet, and of the summary."""
    language = language_of(document.language)
    tokens = _tokens(bare_title(document.title), document.summary, language)
    found = places.find([t.folded for t in tokens], [t.capital for t in tokens])
    in_places = {at for _, start, end in found for at in range(start, end)}
    return Reading(
        language, tokens, _name_flags(tokens, language, in_places), found, _figures(tokens, language)
    )


def features(document: Document) -> Features:
    """What grouping compares of ``document``."""
    reading = read(document)
    language, tokens = reading.language, reading.tokens
    in_figures = {at for _, start, end in reading.figures for at in range(start, end)}
    in_places = reading.in_places

    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    names: dict[str, float] = {}
    keys: list[str] = []
    telling: set[str] = set()
    marks: set[str] = set()
    for at, token in enumerate(tokens):
        word, weight = weighed(token.folded, language)
        keys.append(word)
        if weight == 0 or at in in_figures or token.folded[:1].isdigit() or len(token.folded) < 2:
            continue
        if at in in_places:
            weight = min(weight, PLACE_WEIGHT)
        else:
            if weight >= TELLING:
                telling.add(word)
            if reading.named[at] and not word.startswith("=") and not everyday(token.folded):
                marks.add(word)
        counts[word] = counts.get(word, 0) + 1
        weights[word] = max(weights.get(word, 0.0), weight)
        if reading.named[at]:
            names[token.folded] = max(names.get(token.folded, 0.0), weight)
    for value, _, _ in reading.figures:
        number = figure_key(value)
        weight = YEAR_WEIGHT if is_year(value) else FIGURE_WEIGHT if value >= 10 else SMALL_FIGURE_WEIGHT
        names[number] = max(names.get(number, 0.0), weight)
        if weight == FIGURE_WEIGHT:
            marks.add(number)
    return Features(
        language=language,
        terms=unit({w: weight * (1 + math.log(counts[w])) for w, weight in weights.items()}, TERMS_FLOOR),
        names=unit(names, NAMES_FLOOR),
        places=frozenset(place for place, _, _ in reading.places),
        people=_people(tokens, reading.named, in_places),
        acts=frozenset(
            _ACTS.intersection(k for k, token in zip(keys, tokens, strict=True) if token.in_title)
        ),
        victims=_victims(keys, reading.figures),
        title_key=title_key(bare_title(document.title)),
        short=len(tokens) - sum(token.in_title for token in tokens) < 5,
        telling=frozenset(telling),
        marks=frozenset(marks),
    )


def figure_key(value: float) -> str:
    """How a figure stands among the names of ``Features``."""
    return f"#{value:g}"


#: Last words of names that are no people's.
NO_PERSON = _set(
    "court courts department district county park house room forest city state states united national "
    "committee council congress senate university school hospital street police patrol guard army navy "
    "force agency institute center centre bank party company group news times post cartel corte suprema "
    "guardia nacional secretaria instituto congreso senado camara universidad hospital calle policia "
    "ejercito marina fuerza agencia centro banco partido empresa grupo noticias fiscalia general "
    "republica federal gobierno estado iii ii jr sr"
)


def _people(tokens: list[Token], flags: list[bool], in_places: set[int]) -> frozenset[str]:
    """Whom a title names: last words of names of two words and more, and bynames after *El* or *La*."""
    people = set()
    run = 0
    title = sum(token.in_title for token in tokens)
    for at in range(title + 1):
        in_name = at < title and flags[at] and at not in in_places
        if in_name and not (tokens[at].opens and run):
            byname = at > 0 and tokens[at - 1].folded in ("el", "la") and tokens[at - 1].capital
            run += 2 if byname and not run else 1
            continue
        if run >= 2 and tokens[at - 1].folded not in NO_PERSON:
            people.add(tokens[at - 1].folded)
        run = 1 if in_name else 0
    return frozenset(people)


@lru_cache(maxsize=500)
def title_grams(title: str, language: str) -> dict[str, float]:
    """The 3–5-letter pieces of a title's words, each weighed like its word; of length 1.

    Pieces of headlines match better than words where there is nothing else to go by, and across the two
    languages (cognates: extradición, extradition).
    """
    weights: dict[str, float] = {}
    for word in _TOKEN.findall(title):
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

"""What grouping compares: an article's words, names, figures, places and victims. Pure and cheap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from bot.stories import bridge
from bot.stories.document import Document
from bot.stories.reading import Token, bare_title, is_year, read, read_text, title_key
from bot.stories.words import everyday, idf, word_set

#: Integers, so that sums over a story's members come out the same in whatever order they are made.
UNIT = 1000
#: A figure weighs as much as a fairly rare word; one that could be a year or is below ten, less.
FIGURE_WEIGHT, SMALL_FIGURE_WEIGHT, YEAR_WEIGHT = 5.0, 2.5, 1.5
#: A word this rare tells something by itself: about one in 20,000.
TELLING = 3.7
#: Length below which a vector counts as short: a name that the table does not know; three rare words.
NAMES_FLOOR, TERMS_FLOOR = 6.0, 8.0
#: The weight of a place's words: many things happen in Culiacán in one week.
PLACE_WEIGHT = 3.0


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


@lru_cache(maxsize=4_096)
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


#: How far from a figure its victims' word may stand: "39 people were killed", "killed at least 40"; and how
#: far before it a *death toll* or *cifra de muertos*: "Death toll in Laredo trailer rises to 12".
_AFTER, _BEFORE, _TOLL_BEFORE = 5, 4, 9


def _label(keys: list[str], span: range, taken: set[int]) -> str:
    """The first word of ``span`` that says killed or hurt, up to another figure or an *and*."""
    for at in span:
        if at in taken or keys[at] in ("and", "y"):
            return ""
        if keys[at] in ("=kill", "=wound"):
            return keys[at]
    return ""


def _toll(before: list[str]) -> str:
    """That the words before a figure speak of a toll of deaths."""
    return "=kill" if "=kill" in before and ("toll" in before or "cifra" in before) else ""


def _victims(keys: list[str], figures: list[tuple[float, int, int]]) -> Victims:
    counts: dict[str, list[int]] = {"=kill": [], "=wound": []}
    taken = {at for _, start, end in figures for at in range(start, end)}
    for value, start, end in figures:
        if is_year(value) or not value.is_integer() or value > 100_000:
            continue
        label = (
            _label(keys, range(start - 1, max(start - 1 - _BEFORE, -1), -1), taken)
            or _label(keys, range(end, min(end + _AFTER, len(keys))), taken)
            or _toll(keys[max(start - _TOLL_BEFORE, 0) : start])
        )
        if label:
            counts[label].append(int(value))
    # The first figure given is the event's own; later ones are often of earlier events.
    return Victims(*(values[0] if values else None for values in counts.values()))


@lru_cache(maxsize=2_048)
def victims_of(title: str, language: str) -> Victims:
    """How many victims a title by itself tells of."""
    reading = read_text(title, "", language)
    keys = [weighed(token.folded, reading.language)[0] for token in reading.tokens]
    return _victims(keys, reading.figures)


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
NO_PERSON = word_set(
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

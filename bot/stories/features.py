"""What grouping compares: an article's words, names, figures, places and victims. Pure and cheap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from bot.stories import bridge, cues, places
from bot.stories.document import Document
from bot.stories.forms import form_of
from bot.stories.reading import StoryReading, Token, bare_title, is_year, read, read_text, title_key
from bot.stories.victims import Victims, victims_in
from bot.stories.voices import speaker
from bot.stories.words import everyday, idf, word_set

#: Integers, so that sums over a story's members come out the same in whatever order they are made.
UNIT = 1000
#: A figure weighs as much as a fairly rare word; one that could be a year or is below ten, less.
FIGURE_WEIGHT, SMALL_FIGURE_WEIGHT, YEAR_WEIGHT = 5.0, 2.5, 1.5
#: Articles whose features are remembered, some 4 kB each: those that a placement comes back to. With 512 of
#: them, a third of a busy day's were made twice.
_REMEMBERED = 2_048
#: A word this rare tells something by itself: about one in 20,000.
TELLING = 3.7
#: Length below which a vector counts as short: a name that the table does not know; three rare words.
NAMES_FLOOR, TERMS_FLOOR = 6.0, 8.0
#: The weight of a place's words: many things happen in Culiacán in one week.
PLACE_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Features:
    """One article, ready to be compared.

    ``terms`` and ``names`` are vectors of length ``UNIT``; ``people`` and ``acts`` are whom the title names
    and what was done to them; ``short`` says that there is little but a title. ``marks``
    are names and figures, without places and what is named every day: what two reports of one event should
    share. ``spots`` are places that the list does not have, known by the preposition before
    them; ``offices`` says by which office somebody is called (*Judge Treviño*). ``cues`` are what the words
    say has happened (``bot.stories.cues``), ``title_cues`` those of the title and ``negated`` those that
    follow a *not*; ``not_figures`` are figures that the text takes back (*four, not six*). ``speaker``
    is whose voice the title is (``bot.stories.voices``).
    """

    language: str
    terms: dict[str, int]
    names: dict[str, int]
    places: frozenset[str]
    people: frozenset[str]
    acts: frozenset[str]
    victims: Victims
    title_key: str
    title_keys: tuple[str, ...]
    cue_words: frozenset[str]
    short: bool
    marks: frozenset[str]
    evidence: dict[str, float]
    place_words: frozenset[str]
    spots: frozenset[str]
    offices: frozenset[tuple[str, str]]
    form: str
    cues: frozenset[str]
    title_cues: frozenset[str]
    negated: frozenset[str]
    not_figures: frozenset[float]
    speaker: str


#: What happens to one person at a time: a title with the same act and another name is another event.
_ACTS = frozenset(
    f"={act}"
    for act in ("arrest", "kill", "murder", "kidnap", "disappear", "extradite", "convict", "sentence")
)


@lru_cache(maxsize=65_536)
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


@lru_cache(maxsize=2_048)
def victims_of(title: str, language: str) -> Victims:
    """How many victims a title by itself tells of."""
    reading = read_text(title, "", language)
    if not reading.figures:
        return Victims(None, None)
    keys = [weighed(token.folded, reading.language)[0] for token in reading.tokens]
    return victims_in(reading.tokens, keys, reading.figures)


@lru_cache(maxsize=_REMEMBERED)
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
    marks: set[str] = set()
    evidence: dict[str, float] = {}
    place_words: set[str] = set()
    spots, in_spots = _spots(reading)
    lengths = {at: end - start for _, start, end in reading.places for at in range(start, end)}
    for at, token in enumerate(tokens):
        word, weight = weighed(token.folded, language)
        keys.append(word)
        if weight == 0 or at in in_figures or token.folded[:1].isdigit() or len(token.folded) < 2:
            continue
        if at in in_places or at in in_spots:
            evidence[word] = PLACE_EVIDENCE / lengths.get(at, 1)
            place_words.add(word)
            weight = min(weight, PLACE_WEIGHT) if at in in_places else weight
        else:
            share = _meaning(weight) if word.startswith("=") else weight
            if everyday(token.folded):
                share = 0.0
            elif reading.named[at] and language in ("en", "es"):
                share = min(share, idf(token.folded, ""))  # a surname is as common as in its own language
            evidence[word] = max(evidence.get(word, 0.0), share - COMMON_EVIDENCE)
            if reading.named[at] and not word.startswith("=") and not everyday(token.folded):
                marks.add(word)
        counts[word] = counts.get(word, 0) + 1
        weights[word] = max(weights.get(word, 0.0), weight)
        if reading.named[at]:
            # A place of two words is one name: "Nuevo León" must not weigh more than "Sonora".
            share = weight / math.sqrt(lengths.get(at, 1))
            names[token.folded] = max(names.get(token.folded, 0.0), share)
    for value, at, _ in reading.figures:
        number = figure_key(value)
        weight = YEAR_WEIGHT if is_year(value) else FIGURE_WEIGHT if value >= 10 else SMALL_FIGURE_WEIGHT
        names[number] = max(names.get(number, 0.0), weight)
        if weight == FIGURE_WEIGHT or tokens[at].folded.endswith("%"):
            marks.add(number)
            exact = value >= 100 and value % 50
            evidence[number] = EXACT_FIGURE_EVIDENCE if exact else FIGURE_EVIDENCE
            if value >= ROUNDED_FROM:
                evidence[number] -= ROUNDED_EVIDENCE
                evidence[rounded_key(value)] = ROUNDED_EVIDENCE
        elif weight == SMALL_FIGURE_WEIGHT:
            evidence[number] = SMALL_FIGURE_EVIDENCE
    found_cues = _cues(reading, in_places)
    title = sum(token.in_title for token in tokens)
    in_figures_keys = {start: figure_key(value) for value, start, _ in reading.figures}
    return Features(
        language=language,
        terms=unit({w: weight * (1 + math.log(counts[w])) for w, weight in weights.items()}, TERMS_FLOOR),
        names=unit(names, NAMES_FLOOR),
        places=frozenset(
            places.around(place) if _near(tokens, at) else place for place, at, _ in reading.places
        ),
        people=_people(tokens, reading.named, in_places),
        acts=frozenset(
            _ACTS.intersection(k for k, token in zip(keys, tokens, strict=True) if token.in_title)
        ),
        victims=victims_in(tokens, keys, reading.figures),
        title_key=title_key(bare_title(document.title)),
        title_keys=tuple(
            figure if (figure := in_figures_keys.get(at)) else keys[at]
            for at in range(title)
            if weighed(tokens[at].folded, language)[1] and (at not in in_figures or at in in_figures_keys)
        ),
        cue_words=frozenset(
            keys[at]
            for cue in found_cues
            for at in range(cue.start, cue.end)
            if at == cue.start or not reading.named[at]  # a name within a phrase: "lets Casa Amapola reopen"
        ),
        short=len(tokens) - title < 5,
        marks=frozenset(marks),
        evidence={word: share for word, share in evidence.items() if share > 0},
        place_words=frozenset(place_words),
        spots=spots,
        offices=_offices(tokens, reading.named),
        form=form_of(document.title, document.publisher, document.form),
        cues=frozenset(cue.name for cue in found_cues),
        title_cues=frozenset(cue.name for cue in found_cues if cue.start < title),
        negated=frozenset(cue.name for cue in found_cues if _negated(tokens, cue.start)),
        not_figures=_not_figures(reading),
        speaker=speaker([token.folded for token in tokens[:title]], language, found_cues),
    )


#: What two reports that share a word have in common by it, from 0 to about 5. A place is told by how many
#: stories name it; a meaning that both languages have a word for is of a kind of event, not of one.
PLACE_EVIDENCE, MEANING_EVIDENCE, COMMON_EVIDENCE = 3.0, 4.5, 1.5
FIGURE_EVIDENCE, SMALL_FIGURE_EVIDENCE = 3.0, 0.5
EXACT_FIGURE_EVIDENCE = 4.0
#: Amounts from this on are told rounded, and what two reports share by one that agrees when rounded.
ROUNDED_FROM, ROUNDED_EVIDENCE = 1e6, 2.0
MEANING_RARE, MEANING_COMMON = 4.2, 3.0


def _meaning(weight: float) -> float:
    """The weight of what both languages have a word for: that of its word, but for common ones."""
    return min(weight, MEANING_EVIDENCE) if weight >= MEANING_RARE else min(weight, MEANING_COMMON)


def _near(tokens: list[Token], at: int) -> bool:
    """Whether the words before the place at ``at`` say that it is only near: "near Acapulco"."""
    before = [token.folded for token in tokens[max(at - 2, 0) : at]]
    return before[-1:] in (["near"], ["outside"]) or before in (["cerca", "de"], ["afueras", "de"])


_NOT = word_set("not no never nunca tampoco ni without sin")
_LOCATIVE = {
    "en": word_set("in at near outside"),
    "es": word_set("en"),
}
#: What opens a name after a preposition without being part of a place's name.
_NO_SPOT = word_set(
    "congress senate house court jail prison washington custody senado camara congreso corte tribunal "
    "mexico estados usa materia numeros facebook twitter instagram whatsapp youtube palacio caso operativo "
    "operation president southern northern delincuencia redes radio television guerra"
)
_OFFICES = frozenset(
    f"={office}"
    for office in ("president", "minister", "senator", "governor", "mayor", "prosecutor", "ambassador")
) | word_set(
    "judge juez jueza sheriff capt captain capitan general gral rep representative diputado diputada"
)


def _spots(reading: StoryReading) -> tuple[frozenset[str], frozenset[int]]:
    """Places that the list does not have, as a title names them after *in* or *en*, and where they stand."""
    prepositions = _LOCATIVE.get(reading.language, frozenset())
    tokens, in_places = reading.tokens, reading.in_places
    spots: set[str] = set()
    where: set[int] = set()
    for at, token in enumerate(tokens[1:], start=1):
        if tokens[at - 1].folded not in prepositions or not reading.named[at] or token.opens:
            continue
        if at in in_places or token.folded in _NO_SPOT or everyday(token.folded):
            continue
        end = _name_end(reading, at)
        where.update(range(at, end))
        if token.in_title:
            spots.add(" ".join(one.folded for one in tokens[at:end]))
    return frozenset(spots), frozenset(where)


def _name_end(reading: StoryReading, at: int) -> int:
    """One past the name that begins at ``at``: *Encarnación de Díaz*."""
    end = at
    while end < len(reading.tokens):
        joins = reading.tokens[end].folded in ("de", "del", "la", "los", "las")
        named = reading.named[end + joins] if end + joins < len(reading.tokens) else False
        if not named or (end > at and reading.tokens[end].opens) or end in reading.in_places:
            break
        end += 1
    return end


def _offices(tokens: list[Token], named: list[bool]) -> frozenset[tuple[str, str]]:
    """(name, office) of whoever a title calls by an office right before the name."""
    found = set()
    for before, token, flag in zip(tokens, tokens[1:], named[1:], strict=False):
        if token.in_title and flag and token.capital and before.capital:
            office = bridge.key(before.folded, "en") if before.folded not in _OFFICES else before.folded
            if office in _OFFICES:
                found.add((token.folded, office))
    return frozenset(found)


def _cues(reading: StoryReading, in_places: set[int]) -> tuple[cues.Cue, ...]:
    words = [token.folded for token in reading.tokens]
    found = cues.find(words, reading.language)
    return tuple(cue for cue in found if cue.start not in in_places)


def _negated(tokens: list[Token], at: int) -> bool:
    """Whether one of the two words before the word at ``at`` says *not*: "no ha renunciado"."""
    return any(token.folded in _NOT for token in tokens[max(at - 2, 0) : at])


def _not_figures(reading: StoryReading) -> frozenset[float]:
    """Figures right after a *not* that follows another figure: "four, not six"; "mil, no diez mil"."""
    words = [token.folded for token in reading.tokens]
    starts = {start: value for value, start, _ in reading.figures}
    ends = {end for _, _, end in reading.figures}
    return frozenset(
        value
        for start, value in starts.items()
        if start and words[start - 1] in ("not", "no") and ends & set(range(max(start - 4, 0), start))
    )


def figure_key(value: float) -> str:
    """How a figure stands among the names of ``Features``."""
    return f"#{value:g}"


def rounded_key(value: float) -> str:
    """A figure as papers round it, to two digits: "$13.6 billion" and "$14 billion" are ``#~1.4e+10``."""
    return f"#~{value:.1e}"


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

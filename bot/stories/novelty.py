"""What an article adds to a story that is known, and where its articles disagree. Pure.

A story has a new revision when an article brings something that a reader of the earlier ones does not know:
another number of victims, an authority speaking for the first time, somebody not named before, or a text
that is mostly new. Another outlet's words for the same are no news.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.stories.claims import Mark
from bot.stories.document import Document
from bot.stories.features import NO_PERSON, TELLING, Features, features, figure_key, victims_of, weighed
from bot.stories.forms import NEWS
from bot.stories.reading import StoryReading, is_year, read
from bot.stories.words import fold, word_set, words

#: Share of an article's weight that must be new for the text to be news of its own, and for a new name.
MOSTLY_NEW, PARTLY_NEW = 0.6, 0.35
#: New telling words that such a text must have: three words of a short line are mostly new by chance.
NEW_WORDS = 6
#: Facts told of one article; more would be the article.
MOST_FACTS = 6
#: Whoever prints a report is no fact of it. Aggregators put outlets behind each headline that they list.
_OUTLETS = word_set(
    "cnn nbc msnbc cbs abc bbc npr pbs fox ap afp efe upi reuters notimex xinhua apro bloomberg guardian "
    "politico axios newsweek time times post telegraph herald tribune chronicle telemundo univision televisa "
    "milenio reforma jornada proceso excelsior universal infobae breitbart"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a story's articles say: word and name keys, tolls, languages, and whether an authority spoke."""

    terms: Mapping[str, int]
    names: Mapping[str, int]
    killed: Mapping[int, int]
    hurt: Mapping[int, int]
    languages: Mapping[str, int]
    official: bool


def facts(
    document: Document,
    found: Features,
    known: Known,
    mark: Mark | None = None,
    steps: Sequence[str] = (),
    voice: str = "",
) -> tuple[str, ...]:
    """What ``document`` adds, most weighty first, as ``kind:value``; empty where it makes no new revision.

    Kinds: ``corrected``, ``reversed`` and ``denied`` (the id of a report that it marks), ``killed`` and
    ``hurt`` (a count), ``official`` (a publisher), ``reply`` (who answers, a name of ``voices.txt``),
    ``step`` (what has happened, a name of ``cues.txt``), ``name`` (as written), ``figure`` (a number),
    ``term`` (a word as written: it says why the text counts as new). Steps and terms are reasons and are not
    told. ``found`` are the document's features, ``voice`` who speaks for the first time.
    """
    reading = read(document)
    tolls = _tolls(found, known)
    if found.form != NEWS:
        # Comment and background repeat what is known: only a headline's toll is theirs to tell.
        title = victims_of(document.title, document.language)
        return tuple(fact for fact in tolls if fact in (f"killed:{title.killed}", f"hurt:{title.hurt}"))
    marks = [f"{mark.kind}:{article_id}" for article_id in mark.article_ids] if mark else []
    official = [f"official:{document.publisher}"] if document.official and not known.official else []
    names = _names(reading, known, document.publisher)
    figures = _figures(reading, found, known)
    told = [f"step:{step}" for step in steps]
    if voice and "replied" in steps:
        told.insert(0, f"reply:{voice}")
    # A story's first report in the other language has few of its words by nature: they are no news.
    foreign = found.language not in known.languages
    terms, share = ([], 0.0) if foreign else _terms(reading, known)
    if len(terms) < NEW_WORDS or share < MOSTLY_NEW:
        terms = []
    named = names and (foreign or share >= PARTLY_NEW)
    counted = any(_key(fact) in found.title_keys for fact in figures)
    if not (marks or tolls or official or told or terms or named or counted):
        return ()
    return tuple([*marks, *tolls, *official, *told, *names, *figures, *terms][:MOST_FACTS])


def _key(fact: str) -> str:
    return "#" + fact.partition(":")[2]


def _tolls(found: Features, known: Known) -> list[str]:
    """Victim counts above all that the story gave. A lower one is an older one, as a rule."""
    given = (("killed", found.victims.killed, known.killed), ("hurt", found.victims.hurt, known.hurt))
    return [f"{kind}:{count}" for kind, count, told in given if count and count > max(told, default=0)]


def _names(reading: StoryReading, known: Known, publisher: str) -> list[str]:
    """Names of two words and more none of which the story knows; none of outlets."""
    names: dict[str, None] = {}
    outlets = _OUTLETS | {fold(word) for word in words(publisher)}
    unnamed = reading.in_places | {at for at, token in enumerate(reading.tokens) if token.folded in outlets}
    run: list[int] = []
    for at in range(len(reading.tokens) + 1):
        inside = at < len(reading.tokens) and reading.named[at] and at not in unnamed
        if inside and not (run and reading.tokens[at].opens):
            run.append(at)
            continue
        run = _without_office(reading, run)
        if len(run) >= 2 and not any(_known(reading.tokens[i].folded, reading.language, known) for i in run):
            names[" ".join(reading.tokens[i].text for i in run)] = None
        run = [at] if inside else []
    return [f"name:{name}" for name in names]


def _without_office(reading: StoryReading, run: list[int]) -> list[int]:
    """*President Claudia Sheinbaum* without the office; nothing where the name is everyday or no person's."""
    while run and weighed(reading.tokens[run[0]].folded, reading.language)[0].startswith("="):
        run = run[1:]
    if not run:
        return run
    last = reading.tokens[run[-1]].folded
    return run if weighed(last, reading.language)[1] >= TELLING and last not in NO_PERSON else []


def _known(folded: str, language: str, known: Known) -> bool:
    return folded in known.names or weighed(folded, language)[0] in known.terms


def _figures(reading: StoryReading, found: Features, known: Known) -> list[str]:
    victims = {found.victims.killed, found.victims.hurt}
    new = (
        f"figure:{value:g}"
        for value, _, _ in reading.figures
        if value >= 10
        and not is_year(value)
        and value not in victims
        and figure_key(value) not in known.names
        and not _converted(value, known)
    )
    return list(dict.fromkeys(new))


#: Other units for the same: pounds and kilos, tons, feet and metres, miles and kilometres.
_UNITS = (0.4536, 0.0004536, 0.001, 0.3048, 1.609)
#: Two figures this near are one, rounded.
_ROUNDED = 0.06


def _converted(value: float, known: Known) -> bool:
    """Whether a figure is one of the story's in another unit, or rounded."""
    given = [float(name[1:]) for name in known.names if name.startswith("#")]
    factors = (1.0, *_UNITS, *(1 / unit for unit in _UNITS))
    return any(abs(value - other * factor) <= _ROUNDED * value for other in given for factor in factors)


def _terms(reading: StoryReading, known: Known) -> tuple[list[str], float]:
    """Telling words that the story has not, rarest first, and the share of the text's weight they make."""
    new: dict[str, tuple[float, str]] = {}
    whole = fresh = 0.0
    seen = set()
    for token in reading.tokens:
        key, weight = weighed(token.folded, reading.language)
        if weight == 0 or key in seen or len(token.folded) < 3 or token.folded[:1].isdigit():
            continue
        seen.add(key)
        whole += weight
        if key not in known.terms:
            fresh += weight
            if weight >= TELLING:
                new[key] = (weight, token.text)
    ranked = sorted(new.values(), key=lambda pair: (-pair[0], pair[1]))
    return [f"term:{text}" for _, text in ranked], fresh / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A count and who gives it, newest report of each publisher."""

    value: int
    publisher: str
    article_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different counts of one kind (``killed``, ``hurt``), highest first."""

    kind: str
    claims: tuple[Claim, ...]


def disagreements(documents: Sequence[Document]) -> tuple[Disagreement, ...]:
    """Where publishers' newest counts differ: "12 dead: Milenio; 9 dead: AP"."""
    newest: dict[tuple[str, str], Claim] = {}
    for document in sorted(documents, key=lambda d: (d.at, d.id)):
        victims = features(document).victims
        for kind, value in (("killed", victims.killed), ("hurt", victims.hurt)):
            if value:
                newest[kind, document.publisher] = Claim(value, document.publisher, document.id, document.at)
    found = []
    for kind in ("killed", "hurt"):
        claims = [claim for (one, _), claim in newest.items() if one == kind]
        if len({claim.value for claim in claims}) > 1:
            ordered = sorted(claims, key=lambda claim: (-claim.value, claim.publisher))
            found.append(Disagreement(kind, tuple(ordered)))
    return tuple(found)

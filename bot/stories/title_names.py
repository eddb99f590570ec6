"""How names are written: what a title in capitals is read with. Read at the first such title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.patterns import late_pattern
from bot.stories import places
from bot.stories.words import fold, word_set, zipf
from bot.topics.checks import mapping, read_yaml
from bot.topics.taxonomy import HOME

WORD = late_pattern(r"(?:[^\W\d_]\.){2,}|[OD]['’][^\W\d_]{2,}|[^\W_]+", re.IGNORECASE)
#: The files of the taxonomy that hold names.
_NAMING_FILES = ("actors.yaml", "institutions.yaml", "places.yaml", "policy.yaml")
#: Sections of the list: names in both languages, and in one.
_BOTH = ("acronyms", "forenames", "surnames", "names")
_ONE = {"en": ("english",), "es": ("spanish",)}
#: Words inside a name that keep their small letter.
PARTICLES = word_set("de del la las los el y e of and the for to v")

#: A state as papers shorten it, which is a word without its stop: "Son.", "Ver."
_SHORTENED = late_pattern(r"[a-z]\.$")
#: A word so common in its language that a capital elsewhere makes no name of it.
COMMON_ZIPF = 3.8

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenNames:
    """Names by their folded words, each with its words as written.

    ``after_a_name`` are family names that are ordinary words too, ``people`` single names of people.
    """

    written: dict[Phrase, Phrase]
    after_a_name: frozenset[str]
    people: frozenset[str]
    acronyms: frozenset[str]


@cache
def written_names(language: str) -> WrittenNames:
    """The names of the list, the taxonomy and the places, as ``language`` (``en``, ``es``) writes them."""
    sections = _sections()
    written: dict[Phrase, Phrase] = {}
    for place in _place_names():
        _put(written, place)
    for phrase in _taxonomy_phrases(language):
        if len(phrase) > 1 and phrase[0][:1].isupper():
            _put(written, phrase)
        for name in names_in(phrase):
            if len(name) > 1 or is_acronym(name[0]) or zipf(fold(name[0]), language) < COMMON_ZIPF:
                _put(written, name)
    for section in (*_BOTH, *_ONE.get(language, ())):
        for listed in sections[section]:
            name = tuple(words_of(listed))
            written[tuple(map(fold, name))] = name
    return WrittenNames(
        written,
        frozenset(map(fold, sections["after_a_name"])),
        frozenset(map(fold, (*sections["forenames"], *sections["surnames"]))),
        frozenset(key[0] for key, name in written.items() if len(name) == 1 and is_acronym(name[0])),
    )


def words_of(text: str) -> list[str]:
    """The words of ``text`` as names are held against them: those of "T-MEC" are two."""
    return WORD.findall(text)


def is_acronym(word: str) -> bool:
    """Whether a word is written in capitals all through."""
    return len(word) > 1 and word.isupper()


def _put(written: dict[Phrase, Phrase], name: Phrase) -> None:
    written.setdefault(tuple(map(fold, name)), name)


def _sections() -> dict[str, list[str]]:
    """The names of ``title_names.txt`` by section. Raises ValueError for a line that has none."""
    found: dict[str, list[str]] = {}
    text = resources.files("bot.stories").joinpath("title_names.txt").read_text("utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        section, colon, names = line.partition(":")
        if not colon:
            raise ValueError(f"title names line {number}: wanted 'section: names'")
        found.setdefault(section, []).extend(name.strip() for name in names.split(","))
    return found


def _place_names() -> Iterator[Phrase]:
    """The places, whose list is in small letters. A careful one is a word too, and listed with the names."""
    for first, names in places.gazetteer().names.items():
        for name in names:
            if not name.careful:
                words = (first, *name.rest)
                yield tuple(w if at and w in PARTICLES else w.capitalize() for at, w in enumerate(words))


def _taxonomy_phrases(language: str) -> Iterator[Phrase]:
    for file in _NAMING_FILES:
        for concept in mapping(read_yaml(HOME / file), file).values():
            if concept.get("kind") in ("mask", "setting"):
                continue
            for section in ("both", language):
                for phrase in map(str, concept.get(section) or ()):
                    if not _SHORTENED.search(phrase):
                        yield tuple(words_of(phrase))


def names_in(phrase: Phrase) -> Iterator[Phrase]:
    """The names in written words: from a capital to the last capital that only particles part from it."""
    start: int | None = None
    end = 0
    for at, word in enumerate(phrase):
        if word[:1].isupper():
            start = at if start is None else start
            end = at + 1
        elif start is not None and word not in PARTICLES:
            yield phrase[start:end]
            start = None
    if start is not None:
        yield phrase[start:end]

"""Words as the search index knows them: stemmed in their language, then without accents.

Both engines get the same tokens, made here, so that they find the same articles. Stemming comes first:
folding first would part ``vacunación`` from ``vacunas``; not folding at all would part ``años`` from
``anos``.
A word of a question is looked for in both languages' stems, because a reader may ask in either, and by what
it is called in the other language where the bridge between stories knows that: a question for "shelter"
should find what says "albergue".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from bot.stories import bridge

#: Raised whenever the same text would give other tokens; a store with another number rebuilds its index.
VERSION = "2"

#: Longer runs of letters are no words. PostgreSQL takes 2 KB, but nobody searches for them.
_LONGEST = 40
#: Words of one text that are indexed; news items are bounded far below.
_MOST = 4000
#: Words of one question.
_MOST_ASKED = 12

_WORD = re.compile(r"[^\W_]+")

#: Words that carry no meaning of their own are not asked for, unless nothing else is: a question for
#: "aid to Mexico" should find what says "aid for Mexico", and "ayuda a México" too.
_COMMON = frozenset(
    _WORD.findall(
        "a an and are as at be by for from has have in into is it its of on or that the their this to was "
        "were will with "
        "al ante con contra de del desde el ella en entre es esta este ha hasta la las le les lo los más mas "
        "mi muy ni no o para pero por que se sin sobre su sus un una unas unos y ya"
    )
)

#: Stems that are kept: 4 MB when full. A stem costs 25 µs; of an article in a stream of real news, seven
#: words have to be stemmed anew with 8,192 of them, three or four with these, and two with twice as many.
_REMEMBERED = 16_384
#: What says in a question that one of two words is enough. In capitals: "o" alone carries no meaning.
_OR = frozenset(("OR", "O"))
#: Tokens that say something else in the other language, of which 15,000 headlines had many (policía – policy,
#: firma – firm, calle – call), and those of names of places (Baja, Nuevo, Grande). No word leads to them or
#: from them.
_NOT_BRIDGED = frozenset(
    _WORD.findall(
        "agent alt baj call cap demand design fall final firm front grand hall her instal liber mar men nuev "
        "paz polici polit present red rest revel sen sold sub trail vet"
    )
)

_lock = Lock()
_stemmers = {"en": snowballstemmer.stemmer("english"), "es": snowballstemmer.stemmer("spanish")}
_OTHER = {"en": "es", "es": "en"}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked: every group must be found, by any of its tokens, and no token of ``without``.

    ``prefix`` and the stems of the last word are one more group, if the last word may be unfinished.
    """

    groups: tuple[tuple[str, ...], ...]
    prefix: str = ""
    prefix_stems: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups) or bool(self.prefix)


def tokens(text: str, language: str) -> list[str]:
    """The tokens of ``text``, which is in ``language``: ``en`` or ``es``; others are read as Spanish."""
    tongue = language if language in _stemmers else "es"
    return [_token(word, tongue) for word in _words(text)[:_MOST]]


def question(text: str, *, prefix: bool = False) -> SearchQuery:
    """What ``text`` asks for. No character of it has a meaning to either engine.

    ``-word`` must not be found, and of two words with ``OR`` (``O``) between them one is enough. With
    ``prefix``, or with ``*`` at its end, the last word may be the beginning of a word.
    """
    text = unicodedata.normalize("NFKC", text[:500])
    asked: list[tuple[str, bool]] = []  # each word, and whether it is another choice for the one before
    without: list[str] = []
    other = False
    for part in text.split():
        if part in _OR:
            other = bool(asked)
            continue
        words = _words(part)
        if part.startswith("-"):
            without += words
        else:
            asked += [(word, other and place == 0) for place, word in enumerate(words)]
        other = False
    unfinished = prefix or text.rstrip().endswith("*")
    return _question(asked[:_MOST_ASKED], without[:_MOST_ASKED], unfinished=unfinished)


def _question(asked: list[tuple[str, bool]], without: Sequence[str], *, unfinished: bool) -> SearchQuery:
    last = asked.pop()[0] if unfinished and asked and not asked[-1][1] else ""
    meant = [one for one in asked if one[0] not in _COMMON] or ([] if last else asked)
    groups: list[tuple[str, ...]] = []
    for word, other in meant:
        if other and groups:
            groups[-1] = tuple(dict.fromkeys((*groups[-1], *_group(word))))
        else:
            groups.append(_group(word))
    return SearchQuery(
        tuple(dict.fromkeys(groups)),
        _plain(_fold(last)) if last else "",
        _group(last) if last else (),
        tuple(dict.fromkeys(token for word in without for token in _group(word))),
    )


def _group(word: str) -> tuple[str, ...]:
    """The tokens by which a word is found: its stems in both languages, and its partners in the other."""
    stems = {tongue: _token(word, tongue) for tongue in _stemmers}
    partners = (token for tongue, stem in stems.items() for token in _partners(word, tongue, stem))
    return tuple(dict.fromkeys((*stems.values(), *partners)))


def _partners(word: str, language: str, stem: str) -> tuple[str, ...]:
    """The tokens of what a word is called in the other language. ``stem`` must be one of its meaning's own:
    the bridge takes "surgery" for a surge.
    """
    meaning = _meanings().get(bridge.key(_fold(word), language), {})
    return meaning[_OTHER[language]] if stem in meaning.get(language, ()) else ()


@lru_cache(maxsize=1)
def _meanings() -> dict[str, dict[str, tuple[str, ...]]]:
    """For each meaning of the bridge its tokens by language.

    A token of several is left to those with most forms of it: "mur" stands for muro and muros, and not for
    murieron.
    """
    listed = bridge.meanings()
    tally = Counter(
        (name, language, token)
        for name, meaning in listed.items()
        for language, forms in meaning.items()
        for form in forms
        for token in _form(form, language)
        if token not in _NOT_BRIDGED
    )
    most: dict[tuple[str, str], int] = {}
    for (_, language, token), count in tally.items():
        most[language, token] = max(count, most.get((language, token), 0))
    found: dict[str, dict[str, list[str]]] = {name: {"en": [], "es": []} for name in listed}
    for (name, language, token), count in tally.items():
        if count == most[language, token]:
            found[name][language].append(token)
    return {name: {tongue: tuple(tokens) for tongue, tokens in one.items()} for name, one in found.items()}


def _form(form: str, language: str) -> tuple[str, ...]:
    """The tokens of a form in the bridge: one that stands for any ending is mostly a stem as it is."""
    word = form.removesuffix("*")
    stem = _token(word, language)
    return (stem,) if word == form else (word, stem)


def _words(text: str) -> list[str]:
    return [word[:_LONGEST] for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower())]


@lru_cache(maxsize=_REMEMBERED)
def _token(word: str, language: str) -> str:
    with _lock:  # a stemmer keeps the word it works on in itself
        stem = _stemmers[language].stemWord(word)
    return _plain(_fold(stem)) or _plain(_fold(word)) or "x"


def _fold(word: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )


def _plain(word: str) -> str:
    """Letters that are not a–z or digits as hexadecimal: the engines disagree on what else is a letter."""
    return word if word.isascii() else "x" + word.encode("utf-8", "replace").hex()

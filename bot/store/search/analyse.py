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
from functools import lru_cache

from bot.store.search.written import MARK, same, with_codes
from bot.stories import bridge
from bot.stories.stems import stem

#: Raised whenever the same text would give other tokens; a store with another number rebuilds its index.
VERSION = "3"

#: Longer runs of letters are no words. PostgreSQL takes 2 KB, but nobody searches for them.
_LONGEST = 40
#: Words of one text that are indexed; news items are bounded far below.
_MOST = 4000
_WORD = re.compile(r"[^\W_]+")

#: Words that carry no meaning of their own are not asked for, unless nothing else is: a question for
#: "aid to Mexico" should find what says "aid for Mexico", and "ayuda a México" too.
COMMON = frozenset(
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
#: Tokens that say something else in the other language, of which 15,000 headlines had many (policía – policy,
#: firma – firm, calle – call), and those of names of places (Baja, Nuevo, Grande). No word leads to them or
#: from them.
_NOT_BRIDGED = frozenset(
    _WORD.findall(
        "agent alt baj call cap demand design fall final firm front grand hall her instal liber mar men nuev "
        "pac paz polici polit present red rest revel sen sold sub trail vet"
    )
)


def fold_word(word: str) -> str:
    """A word without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )


#: Endings of words that both languages have from Latin, English and Spanish, the longest first.
_ENDINGS = (
    ("tions", "ciones"),
    ("tion", "ción"),
    ("sions", "siones"),
    ("sion", "sión"),
    ("ities", "idades"),
    ("ity", "idad"),
    ("ence", "encia"),
    ("ance", "ancia"),
    ("ism", "ismo"),
)
_ENDINGS_ES = tuple((fold_word(spanish), english) for english, spanish in _ENDINGS)

_OTHER = {"en": "es", "es": "en"}


def tokens(text: str, language: str) -> list[str]:
    """The tokens of ``text``, which is in ``language``: ``en`` or ``es``; others are read as Spanish."""
    tongue = language if language in _OTHER else "es"
    return [token_of(word, tongue) for word in words_of(with_codes(same(text, language)))[:_MOST]]


def tokens_for(word: str) -> tuple[str, ...]:
    """The tokens by which a word is found: its stems in both languages, and its partners in the other."""
    stems = {tongue: token_of(word, tongue) for tongue in _OTHER}
    if word.startswith(MARK):
        return tuple(dict.fromkeys(stems.values()))
    partners = (token for tongue, stem in stems.items() for token in _partners(word, tongue, stem))
    return tuple(dict.fromkeys((*stems.values(), *partners, *_cognates(word))))


def _cognates(word: str) -> list[str]:
    """The tokens that a word of Latin has in the other language: extradition, extradición."""
    bare = fold_word(word)
    found = []
    for language, other, endings in (("en", "es", _ENDINGS), ("es", "en", _ENDINGS_ES)):
        for ending, theirs in endings:
            if bare.endswith(ending) and len(bare) > len(ending) + 2:
                token = token_of(bare[: -len(ending)] + theirs, other)
                if token not in _NOT_BRIDGED and token_of(word, language) not in _NOT_BRIDGED:
                    found.append(token)
                break
    return found


def _partners(word: str, language: str, stem: str) -> tuple[str, ...]:
    """The tokens of what a word is called in the other language. ``stem`` must be one of its meaning's own:
    the bridge takes "surgery" for a surge.
    """
    meaning = _meanings().get(bridge.key(fold_word(word), language), {})
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
    stem = token_of(word, language)
    return (stem,) if word == form else (word, stem)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word[:_LONGEST] for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower())]


@lru_cache(maxsize=_REMEMBERED)
def token_of(word: str, language: str) -> str:
    """The token of a word in lower case: its stem, without accents."""
    if word.startswith(MARK):
        return plain_token(fold_word(word))
    stemmed = stem(word, language)
    if language == "es" and stemmed.endswith("z"):
        stemmed = stemmed[:-1] + "c"  # juez and jueces, luz and luces
    return plain_token(fold_word(stemmed)) or plain_token(fold_word(word)) or "x"


def plain_token(word: str) -> str:
    """Letters that are not a–z or digits as hexadecimal: the engines disagree on what else is a letter."""
    return word if word.isascii() else "x" + word.encode("utf-8", "replace").hex()

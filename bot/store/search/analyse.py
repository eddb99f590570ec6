"""Words as the search index knows them: stemmed in their language, then without accents.

Both engines get the same tokens, made here, so that they find the same articles. Stemming comes first:
folding first would part ``vacunación`` from ``vacunas``; not folding at all would part ``años`` from
``anos``.
A word of a question is looked for in both languages' stems, because a reader may ask in either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

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

#: Stems that are kept: 8 MB when full. The usual words of both languages; a stem costs 25 µs, and with 8,192
#: of them ten words of an article had to be stemmed anew, with these three.
_REMEMBERED = 32_768

_lock = Lock()
_stemmers = {"en": snowballstemmer.stemmer("english"), "es": snowballstemmer.stemmer("spanish")}
_OTHER = {"en": "es", "es": "en"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: every group must be found, by any of its tokens.

    ``prefix`` and the stems of the last word are one more group, if the last word may be unfinished.
    """

    groups: tuple[tuple[str, ...], ...]
    prefix: str = ""
    prefix_stems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups) or bool(self.prefix)


def tokens(text: str, language: str) -> list[str]:
    """The tokens of ``text``, which is in ``language``: ``en`` or ``es``; others are read as Spanish."""
    tongue = language if language in _stemmers else "es"
    return [_token(word, tongue) for word in _words(text)[:_MOST]]


def question(text: str, *, prefix: bool = False) -> Question:
    """What ``text`` asks for. No character of it has a meaning to either engine.

    With ``prefix``, or with ``*`` at its end, the last word may be the beginning of a word.
    """
    text = text[:500]
    words = _words(text)[:_MOST_ASKED]
    last = words.pop() if words and (prefix or text.rstrip().endswith("*")) else ""
    meant = [word for word in words if word not in _COMMON] or ([] if last else words)
    groups = dict.fromkeys(_group(word) for word in meant)
    if not last:
        return Question(tuple(groups))
    return Question(tuple(groups), _plain(_fold(last)), _group(last))


def _group(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((_token(word, "en"), _token(word, "es"))))


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

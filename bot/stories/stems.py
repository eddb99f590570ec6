"""Stems of English and Spanish words."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Protocol

_NAMES = {"en": "english", "es": "spanish"}
#: A stemmer keeps the word that it works on: one thread at a time.
_lock = Lock()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


@cache
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer  # late: it loads its stemmers of thirty languages

    made: _Stemmer = snowballstemmer.stemmer(_NAMES[language])
    return made


def stem(word: str, language: str) -> str:
    """The stem of a word in lower case by Snowball's algorithm; the word itself in a third language."""
    if language not in _NAMES:
        return word
    with _lock:
        return _stemmer(language).stemWord(word)

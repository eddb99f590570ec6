"""Every way to write a phrase of the taxonomy: inflections, numbers, acronyms with and without stops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.topics.abbreviations import SHORT_FORMS
from bot.topics.fold import fold_phrase

#: A word with this mark stands for all its inflected forms, as listed in the forms file.
INFLECT = "~"
#: This word stands for any number from three to ninety-nine, in digits, or to twenty in words.
NUMBER = "NN"
#: A phrase with this mark must be written exactly so, capitals and accents included.
EXACT = "="
#: The places in SHORT_FORMS of what begins with a word.
_SHORT = {
    word: [number for number, (long, _) in enumerate(SHORT_FORMS) if long[0] == word]
    for word in {long[0] for long, _ in SHORT_FORMS}
}
_STOP_INSIDE = re.compile(r"\.(?=\w)")


class SpellingFault(ValueError):
    """A phrase that cannot be spelt out. ``code`` is the kind of fault."""

    def __init__(self, message: str, code: str = "taxonomy_invalid") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write a concept: folded words, and the exact spelling where that matters."""

    words: tuple[str, ...]
    exact: str | None = None


def spellings(
    text: str, language: str, forms: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Iterator[Phrase]:
    """Every way to write ``text``: its inflections, and its acronyms with and without stops.

    ``forms`` are the inflected forms by language and lemma. Raises SpellingFault.
    """
    if text.startswith(EXACT):
        yield Phrase(fold_phrase(text[1:]), text[1:])
        if (spaced := _STOP_INSIDE.sub(". ", text[1:])) != text[1:]:
            yield Phrase(fold_phrase(spaced), spaced)
        return
    if INFLECT in text and language == "both":
        raise SpellingFault("an inflected word belongs under en or es, not under both")
    variants: list[tuple[str, ...]] = [()]
    choices: list[tuple[str, ...]]
    for word in text.split():
        if word == NUMBER:
            choices = _numbers(language)
        elif word.endswith(INFLECT):
            lemma = word[:-1]
            table = forms[language]
            if lemma not in table:
                raise SpellingFault(f"no forms of {lemma!r}; run scripts/expand_forms.py", "forms_missing")
            choices = [(form,) for form in table[lemma]]
        else:
            choices = [fold_phrase(word)]
        variants = [left + right for left in variants for right in choices]
    for words in variants:
        if not words:
            raise SpellingFault(f"{text!r} holds no letter")
        for form in (words, *_short_forms(words)):
            yield Phrase(form)
            joined = _join_letters(form)
            if joined != form and (len(joined) > 1 or len(joined[0]) > 2):
                yield Phrase(joined)
    if text.isupper() and text.isalpha() and 2 < len(text) < 6:
        yield Phrase(tuple(text.lower()))


def _short_forms(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The phrase with one of its words abbreviated; only where other words stand beside it."""
    for number, at in sorted(
        (number, at) for at, word in enumerate(words) for number in _SHORT.get(word, ())
    ):
        long, shorts = SHORT_FORMS[number]
        if words[at : at + len(long)] == long and len(words) > len(long):
            for short in shorts:
                yield words[:at] + short + words[at + len(long) :]


_NUMBER_WORDS = {
    "en": "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty dozens scores hundreds",
    "es": "tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte decenas cientos",
}


def _numbers(language: str) -> list[tuple[str, ...]]:
    return [(str(number),) for number in range(3, 100)] + [
        fold_phrase(word) for word in _NUMBER_WORDS["es" if language == "es" else "en"].split()
    ]


def _join_letters(words: tuple[str, ...]) -> tuple[str, ...]:
    """``u s mexico`` as ``us mexico``, ``ee uu`` as ``eeuu``: acronyms lose their stops in many feeds."""
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 or word in ("ee", "uu"):
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    if run:
        joined.append(run)
    return tuple(joined)

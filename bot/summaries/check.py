"""Whether sentences that a model wrote say only what their sources say, as far as that can be seen. Pure.

Names, figures and citations are held against the cited sentences alone. What cannot be seen is a false
connection between true words; so the text is labelled, and each sentence keeps its links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.stories import places
from bot.stories.document import Document
from bot.stories.features import weighed
from bot.stories.reading import StoryReading, figures, read
from bot.stories.words import zipf
from bot.summaries.extract import Cited
from bot.summaries.magnitudes import magnitudes

#: A capital at the head of a sentence is no name where the word is this common (the 1,500 commonest).
COMMON_OPENING = 5.0
#: Translation into Spanish is about a fifth longer; twice the sources is no summary.
MOST_LENGTH = 2.0
_LINK = re.compile(r"https?:|www\.|[<>@`\[\]]|\bdiscord\b", re.IGNORECASE)
#: Control and format characters, surrogates, private use, unassigned, and separators of lines: they can hide
#: a word from the check or turn the text around, and no sentence needs them.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: What is drawn as nothing or as a blank though its category says letter, mark or symbol.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def fault(
    sentences: Sequence[tuple[str, Sequence[int]]], cited: Sequence[Cited], language: str, limit: int
) -> str:
    """Why an answer is refused, or empty where nothing speaks against it.

    ``refused_empty``, ``refused_length``, ``refused_unseen`` (characters that are not seen),
    ``refused_link``, ``refused_id`` (a number that no sentence has, or none at all), ``refused_figure``,
    ``refused_name``. ``sentences`` are (text, numbers of ``cited`` from 1).
    """
    if not sentences or any(not text.strip() for text, _ in sentences):
        return "refused_empty"
    allowed = MOST_LENGTH * sum(len(one.text) for one in cited)
    if len(sentences) > limit or sum(len(text) for text, _ in sentences) > allowed:
        return "refused_length"
    for text, numbers in sentences:
        if _has_unseen(text):
            return "refused_unseen"
        if _LINK.search(text):
            return "refused_link"
        if not numbers or not all(1 <= number <= len(cited) for number in numbers):
            return "refused_id"
        sources = [cited[number - 1] for number in dict.fromkeys(numbers)]
        said = _read(text, language)
        given = [_read(source.text, source.language) for source in sources]
        if not _figures(said) <= set().union(*map(_figures, given)):
            return "refused_figure"
        if not _names_given(said, given):
            return "refused_name"
    return ""


def _read(text: str, language: str) -> StoryReading:
    # As a summary: a title's capitals and outlet are read by other rules.
    return read(Document(0, language, "", text, _NO_TIME))


def _has_unseen(text: str) -> bool:
    """Whether a text holds a character that is not seen."""
    return _BLANK.search(text) is not None or any(
        unicodedata.category(character) in _UNSEEN_CATEGORIES for character in text
    )


def _figures(reading: StoryReading) -> set[tuple[str, float]]:
    """Every figure in a text, days and years too, in digits or in words, and bare magnitudes."""
    found = figures(reading.tokens, reading.language, every=True)
    taken = frozenset(at for _, start, end in found for at in range(start, end))
    words = [token.folded for token in reading.tokens]
    return {("exact", value) for value, _, _ in found} | magnitudes(words, taken, reading.language)


def _names_given(said: StoryReading, given: Sequence[StoryReading]) -> bool:
    words = {token.folded for reading in given for token in reading.tokens}
    keys = {weighed(token.folded, reading.language)[0] for reading in given for token in reading.tokens}
    where = {place for reading in given for place, _, _ in reading.places}
    # The state of a town that a source names is no new name.
    where |= {places.gazetteer().parents[place] for place in places.towns(frozenset(where))}
    if any(place not in where for place, _, _ in said.places):
        return False
    in_places = said.in_places
    for at, token in enumerate(said.tokens):
        if not token.capital or at in in_places:
            continue
        key, weight = weighed(token.folded, said.language)
        if token.folded in words or key in keys or weight == 0:
            continue
        if not (token.opens and zipf(token.folded, said.language) >= COMMON_OPENING):
            return False
    return True

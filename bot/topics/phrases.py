"""A server's own phrases: words that must occur as they stand, in any case and with or without accents.

Singular and plural count as one, where a phrase has them: "albergue temporal" finds "albergues temporales",
and "migrant shelter" finds "migrant shelters". So do the spellings of one name ("EE. UU.", "U.S."), and names
are names: "El Paso" does not find "el paso" (``phrase_forms``). No patterns: what a member types is compared
word by word, so that it can neither hang the bot nor mean something else than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.topics.fold import Folded, fold, fold_phrase, word_set
from bot.topics.lexicon import Lexicon
from bot.topics.phrase_forms import ABBREVIATION, forms
from bot.topics.spellings import Phrase

#: Phrases of one watch. More are two watches, which can then be told apart in the list.
MOST_PHRASES = 12
#: Words of one phrase: a headline's worth. Longer ones match only one outlet's own wording.
MOST_WORDS = 8
#: Letters of the shortest phrase: "INM" and "FGR" are worth watching, "de" and "of" are in every text.
FEWEST_LETTERS = 3
#: Words without a meaning of their own, folded: they are in nearly every text.
_COMMON = word_set(
    "the and for that with this from was were are has have had not but they their its his her our you "
    "your who all what when where will would can could may more than been being into over about after "
    "before said says one two new also out off own any how why she him them there these those some such "
    "only other los las del que con por para una uno sus como mas pero este esta estos estas ese esa eso "
    "sin sobre entre cuando muy hasta desde donde quien todo toda todos todas han hay fue ser son era mas "
    "tras segun ante tambien otro otra otros otras dijo cada nos les porque durante contra bajo a an as "
    "at be by do he i if in is it me my no of on or so to up us we el la lo le se su un y o e de al en es "
    "ya si ni mi te tu ha"
)
#: As much of a text is read as the matcher reads of it.
READ_CHARS = 20_000
_WORD = re.compile(r"\S+")
#: A comma between phrases, and not between the thousands of a figure.
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")


class PhraseFault(ValueError):
    """Phrases that cannot be watched.

    ``code`` is ``none``, ``no_letters``, ``too_short``, ``too_common``, ``too_long`` or ``too_many``;
    ``phrase`` the one at fault, if it is one.
    """

    def __init__(self, code: str, phrase: str = "") -> None:
        super().__init__(f"{code}: {phrase}")
        self.code = code
        self.phrase = phrase


@dataclass(frozen=True, slots=True)
class Owned:
    """A phrase and whose it is."""

    owner: int
    phrase: str


def read_phrases(text: str) -> tuple[str, ...]:
    """The phrases in a text, separated by commas, semicolons or lines, each once. Raises PhraseFault."""
    for mark in (";", "\n", "\r", "，"):
        text = text.replace(mark, ", ")
    found: dict[tuple[str, ...], str] = {}
    for piece in _COMMA.split(text):
        phrase = " ".join(piece.strip().strip("\"'“”«»").split())
        if not phrase:
            continue
        words = fold_phrase(phrase)
        if not words:
            raise PhraseFault("no_letters", phrase)
        if sum(map(len, words)) < FEWEST_LETTERS and not (phrase.isupper() and len(phrase) > 1):
            raise PhraseFault("too_short", phrase)
        if _COMMON.issuperset(words) and not phrase.isupper():
            raise PhraseFault("too_common", phrase)
        if len(words) > MOST_WORDS:
            raise PhraseFault("too_long", phrase)
        found.setdefault(words, phrase)
    if not found:
        raise PhraseFault("none")
    if len(found) > MOST_PHRASES:
        raise PhraseFault("too_many")
    return tuple(found.values())


class PhraseBook:
    """The phrases of many owners, ready to be looked for. Holds no state between texts."""

    def __init__(self, phrases: Iterable[Owned]) -> None:
        self._owned: list[Owned] = []
        self._capitals: dict[tuple[str, tuple[str, ...]], Mapping[int, str]] = {}
        entries: list[tuple[str, Phrase]] = []
        for one in phrases:
            number, found = str(len(self._owned)), forms(one.phrase)
            for form in found:
                entries.append((number, Phrase(form.words)))
                if form.capitals:
                    self._capitals[number, form.words] = form.capitals
            if found:
                self._owned.append(one)
        self._lexicon = Lexicon(entries)

    @classmethod
    def of(cls, phrases: Sequence[str]) -> PhraseBook:
        """Phrases, each by its place among them."""
        return cls(Owned(place, phrase) for place, phrase in enumerate(phrases))

    def __len__(self) -> int:
        return len(self._owned)

    def find(self, title: str, summary: str) -> dict[int, str]:
        """For each owner whose phrase occurs in the title or the text, the first one that does."""
        found: dict[int, str] = {}
        for text in (title, summary):
            read = text[:READ_CHARS]
            folded = fold(read)
            words = folded.text.split()
            for at, end, number, _ in self._lexicon.find(words):
                capitals = self._capitals.get((number, tuple(words[at:end])))
                if capitals is None or _stand_in_capitals(read, folded, at, capitals):
                    one = self._owned[int(number)]
                    found.setdefault(one.owner, one.phrase)
        return found


def _stand_in_capitals(source: str, folded: Folded, first: int, capitals: Mapping[int, str]) -> bool:
    """Whether the words of ``source`` from the ``first`` on are capitals where a form asks for them."""
    places = [found.span() for found in islice(_WORD.finditer(folded.text), first + max(capitals) + 1)]
    for at, kind in capitals.items():
        begin, end = folded.span(*places[first + at])
        written = source[begin:end]
        if not (written.isupper() if kind == ABBREVIATION else written[:1].isupper()):
            return False
    return True

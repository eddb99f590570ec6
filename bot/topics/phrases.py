"""A server's own phrases: words that must occur as they stand, in any case and with or without accents.

No patterns: what a member types is compared word by word, so that it can neither hang the bot nor mean
something else than it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.topics.fold import fold, fold_phrase
from bot.topics.lexicon import Lexicon
from bot.topics.taxonomy import Phrase

#: Phrases of one watch. More are two watches, which can then be told apart in the list.
MOST_PHRASES = 12
#: Words of one phrase: a headline's worth. Longer ones match only one outlet's own wording.
MOST_WORDS = 8
#: Letters of the shortest phrase: "INM" and "FGR" are worth watching, "de" and "of" are in every text.
FEWEST_LETTERS = 3
#: As much of a text is read as the matcher reads of it.
READ_CHARS = 20_000


class PhraseFault(ValueError):
    """Phrases that cannot be watched.

    ``code`` is ``none``, ``no_letters``, ``too_short``, ``too_long`` or ``too_many``; ``phrase`` the one at
    fault, if it is one.
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
    """The phrases in a text, parted by commas, semicolons or lines, each once. Raises PhraseFault."""
    for mark in (";", "\n", "\r", "，"):
        text = text.replace(mark, ",")
    found: dict[tuple[str, ...], str] = {}
    for piece in text.split(","):
        phrase = " ".join(piece.strip().strip("\"'“”«»").split())
        if not phrase:
            continue
        words = fold_phrase(phrase)
        if not words:
            raise PhraseFault("no_letters", phrase)
        if sum(map(len, words)) < FEWEST_LETTERS:
            raise PhraseFault("too_short", phrase)
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
        entries: list[tuple[str, Phrase]] = []
        for one in phrases:
            words = fold_phrase(one.phrase)
            if words:
                entries.append((str(len(self._owned)), Phrase(words)))
                self._owned.append(one)
        self._lexicon = Lexicon(entries)

    @classmethod
    def of(cls, phrases: Sequence[str], owner: int = 0) -> PhraseBook:
        """The phrases of one owner."""
        return cls(Owned(owner, phrase) for phrase in phrases)

    def __len__(self) -> int:
        return len(self._owned)

    def find(self, title: str, summary: str) -> dict[int, str]:
        """For each owner whose phrase occurs in the title or the text, the first one that does."""
        found: dict[int, str] = {}
        for text in (title, summary):
            for hit in self._lexicon.find(fold(text[:READ_CHARS]).text.split()):
                one = self._owned[int(hit[2])]
                found.setdefault(one.owner, one.phrase)
        return found

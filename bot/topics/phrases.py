"""A server's own phrases: words that must occur as they stand, in any case and with or without accents.

Singular and plural count as one, where a phrase has them: "albergue temporal" finds "albergues temporales",
and "migrant shelter" finds "migrant shelters". No patterns: what a member types is compared word by word, so
that it can neither hang the bot nor mean something else than it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from bot.topics.fold import fold, fold_phrase
from bot.topics.lexicon import Lexicon
from bot.topics.spellings import Phrase

#: Phrases of one watch. More are two watches, which can then be told apart in the list.
MOST_PHRASES = 12
#: Words of one phrase: a headline's worth. Longer ones match only one outlet's own wording.
MOST_WORDS = 8
#: Letters of the shortest phrase: "INM" and "FGR" are worth watching, "de" and "of" are in every text.
FEWEST_LETTERS = 3
#: Words shorter than this have no other number that could be told from another word.
SHORTEST_VARIED = 4
#: Forms of one phrase for each way of changing it: two endings in eight words would be 256.
MOST_FORMS = 16
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


def forms(phrase: str) -> tuple[tuple[str, ...], ...]:
    """A phrase as folded words, first as it was typed, then with its other number.

    The first word, the last, both, or all change: "centros de detención", "migrant shelters", "albergues
    temporales". Short words, words with digits and words in capitals (INM) stay as they are.
    """
    words = fold_phrase(phrase)
    if not words:
        return ()
    capitals = {word for piece in phrase.split() if piece.isupper() for word in fold_phrase(piece)}
    others = [[] if word in capitals else _other_number(word) for word in words]
    last = len(words) - 1
    found = {words: None}
    for places in ({0}, {last}, {0, last}, set(range(len(words)))):
        choices = [(others[at] or [word]) if at in places else [word] for at, word in enumerate(words)]
        for form in islice(product(*choices), MOST_FORMS):
            found[form] = None
    return tuple(found)


def _other_number(word: str) -> list[str]:
    """The plural forms of a folded word that looks singular, the singular forms of one that looks plural."""
    if len(word) < SHORTEST_VARIED or not word.isalpha():
        return []
    if word.endswith("ces"):
        return [word[:-3] + "z", word[:-1]]
    if word.endswith("es"):
        return [word[:-1], word[:-2]]
    if word.endswith("s"):
        return [word[:-1]]
    if word.endswith("z"):
        return [word[:-1] + "ces"]
    if word[-1] in "aeio":
        return [word + "s"]
    return [word + "s", word + "es"]


class PhraseBook:
    """The phrases of many owners, ready to be looked for. Holds no state between texts."""

    def __init__(self, phrases: Iterable[Owned]) -> None:
        self._owned: list[Owned] = []
        entries: list[tuple[str, Phrase]] = []
        for one in phrases:
            found = forms(one.phrase)
            entries += [(str(len(self._owned)), Phrase(words)) for words in found]
            if found:
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

"""What the words of a report say has happened: arrested, overturned, denied … Pure.

The phrases are in ``cues.txt``. A cue says only that the words are there; what follows from them is decided
in ``bot.stories.claims``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.stories.words import word_set

#: What says that a matter goes on: a report with one of these in its title may come late.
FOLLOWING = word_set(
    "corrected untrue revised denied undone restored freed ended resumed arrested charged sentenced "
    "found bodies passed failed signed in_force imposed closed sanctioned sued stopped extradited resigned "
    "confirmed identified agreed paid replied"
)
#: What can only be said of something that was said before.
REACTIONS = word_set("corrected untrue revised denied undone restored replied confirmed freed")
#: Those of them that name what they are about: a denial says what is denied. Whoever replies or confirms may
#: speak of anything.
TAKING_BACK = REACTIONS - {"replied", "confirmed"}
#: Those of them that count wherever a report says them.
CORRECTING = frozenset(("corrected", "revised", "denied", "undone", "restored"))
#: Words that ``_`` in a phrase may stand for.
GAP_WORDS = 3
#: No prefix is shorter: three letters begin words of many meanings.
SHORTEST_PREFIX = 3
#: Words whose phrases are remembered: most of a running text are among the commonest few thousand.
_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a text: its name, and the places of its first word and of the one after its last."""

    name: str
    start: int
    end: int


#: One word of a phrase: its forms, each with whether any ending may follow. None stands for a gap.
_Word = tuple[tuple[str, bool], ...] | None
_Phrase = tuple[str, tuple[_Word, ...]]


class CueBook:
    """The phrases of one language, by their first word."""

    def __init__(self) -> None:
        self._whole: dict[str, list[_Phrase]] = {}
        self._prefixes: dict[str, list[_Phrase]] = {}
        self._starting = lru_cache(maxsize=_REMEMBERED)(self._find_starting)

    def put(self, name: str, phrase: str) -> None:
        """Add a phrase such as ``withdr*/pull* _ report/story``."""
        words = [_word(part) for part in phrase.split()]
        first = words[0]
        if first is None:
            raise ValueError(f"cue {name}: {phrase!r} begins with a gap")
        entry = (name, tuple(words[1:]))
        for form, open_ended in first:
            (self._prefixes if open_ended else self._whole).setdefault(form, []).append(entry)
        self._starting.cache_clear()

    def find(self, words: Sequence[str]) -> tuple[Cue, ...]:
        """The cues in folded ``words``, by their place; each name once for each first word."""
        found: dict[tuple[int, str], Cue] = {}
        for at, word in enumerate(words):
            for name, rest in self._starting(word):
                end = _end(words, at + 1, rest)
                if end and (at, name) not in found:
                    found[at, name] = Cue(name, at, end)
        return tuple(found.values())

    def _find_starting(self, word: str) -> list[_Phrase]:
        phrases = list(self._whole.get(word, ()))
        for length in range(SHORTEST_PREFIX, len(word) + 1):
            phrases += self._prefixes.get(word[:length], ())
        return phrases


def _word(part: str) -> _Word:
    if part == "_":
        return None
    return tuple((form.rstrip("*"), form.endswith("*")) for form in part.split("/"))


def _end(words: Sequence[str], at: int, rest: tuple[_Word, ...]) -> int:
    """One past the last word of a phrase whose ``rest`` begins at ``at``; 0 where it does not match."""
    if not rest:
        return at
    first = rest[0]
    if first is None:
        return next((end for skip in range(GAP_WORDS + 1) if (end := _end(words, at + skip, rest[1:]))), 0)
    if at >= len(words):
        return 0
    word = words[at]
    fits = any(word == form or (open_ended and word.startswith(form)) for form, open_ended in first)
    return _end(words, at + 1, rest[1:]) if fits else 0


def parse(text: str) -> dict[str, CueBook]:
    """Language → its phrases, from lines ``name: English, … | Spanish, …``.

    Raises ValueError naming a line that it cannot read.
    """
    books = {"en": CueBook(), "es": CueBook()}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, phrases = line.partition(":")
        english, bar, spanish = phrases.partition("|")
        if not (colon and bar):
            raise ValueError(f"cues line {number}: wanted 'name: English | Spanish'")
        for language, half in (("en", english), ("es", spanish)):
            for phrase in half.split(","):
                if phrase.strip():
                    books[language].put(name.strip(), phrase.strip())
    return books


@lru_cache(maxsize=1)
def _books() -> dict[str, CueBook]:
    return parse(resources.files("bot.stories").joinpath("cues.txt").read_text("utf-8"))


def find(words: Sequence[str], language: str) -> tuple[Cue, ...]:
    """The cues in folded words of ``en`` or ``es``; none in another language."""
    book = _books().get(language)
    return book.find(words) if book else ()

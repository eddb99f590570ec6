"""Every way to write a phrase that somebody typed: other spellings of names, codes and figures, and numbers.

A form is folded words. Some of them must stand in capitals in the text: "El Paso" is not "el paso", and "US"
is not "us".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product

from bot.topics.fold import fold_phrase, word_set
from bot.topics.same_names import SAME

#: Words shorter than this have no other number that could be told from another word.
SHORTEST_VARIED = 4
#: Forms of one phrase for each way of changing its number: two endings in eight words would be 256.
MOST_FORMS = 16
#: Spellings of one phrase: two names with ten spellings each would be a hundred.
MOST_SPELLINGS = 40
#: A word in capitals with no more letters than this is an abbreviation, and its letters may be another word.
_LONGEST_AMBIGUOUS = 3

NAME, ABBREVIATION = "name", "abbreviation"
_ARTICLES = word_set("el la los las")
#: In a phrase typed in capitals, no abbreviations.
_SHORT_WORDS = word_set(
    "a al de del e el en la las los o of the to un una y and by for from in on with con por"
)
_CODE = re.compile(r"([^\W\d_]{1,6})[-\s]?(\d{1,6}[^\W\d_]?)|([A-Z])-([A-Z]{2,5})")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.){1,5}[^\W\d_]?\.?|[A-Z]{2,5}")
_FIGURE = re.compile(r"(\d{1,3})(?:[.,](\d{3}))+|\d{4,9}")
_THOUSANDS = re.compile(r"\d{1,3}")
_THOUSAND = word_set("mil thousand k")


@dataclass(frozen=True, slots=True)
class Form:
    """A phrase as folded words, and which of them, by place, must be a name or an abbreviation in a text."""

    words: tuple[str, ...]
    capitals: Mapping[int, str] = field(default_factory=dict)
    #: Places of plain words: those that have a plural.
    plain: frozenset[int] = frozenset()


def forms(phrase: str) -> tuple[Form, ...]:
    """A phrase as it was typed, then with its other spellings, each then with its other number.

    The first plain word, the last, both, or all change: "centros de detención", "migrant shelters",
    "albergues temporales". Short words, words with digits and words in capitals (INM) stay as they are.
    """
    found: dict[tuple[str, ...], Form] = {}
    for form in islice(_spelled(phrase), MOST_SPELLINGS):
        for words in _numbers(form):
            known = found.get(words)
            if known is None or len(known.capitals) > len(form.capitals):
                found[words] = Form(words, form.capitals, form.plain)
    return tuple(found.values())


def _spelled(phrase: str) -> Iterator[Form]:
    """The phrase with each of its pieces in each of its spellings."""
    pieces = phrase.split()
    slots: list[list[Form]] = []
    at = 0
    while at < len(pieces):
        length, choices = _meaning(pieces, at)
        if not choices:
            length, choices = _thousands(pieces, at)
        if not choices:
            after_article = at > 0 and "".join(fold_phrase(pieces[at - 1])) in _ARTICLES
            length, choices = 1, _piece(pieces[at], after_article=after_article)
        slots.append(choices)
        at += length
    for chosen in product(*slots):
        form = _together(chosen)
        if form.words:
            yield form


def _together(forms: tuple[Form, ...]) -> Form:
    words: tuple[str, ...] = ()
    capitals: dict[int, str] = {}
    plain: set[int] = set()
    for one in forms:
        capitals |= {len(words) + at: kind for at, kind in one.capitals.items()}
        plain |= {len(words) + at for at in one.plain}
        words += one.words
    return Form(words, capitals, frozenset(plain))


def _meaning(pieces: list[str], at: int) -> tuple[int, list[Form]]:
    """The longest name from ``at`` that has several spellings, with its pieces counted, and all of them."""
    known = _meanings()
    for length in range(min(6, len(pieces) - at), 0, -1):
        written = " ".join(pieces[at : at + length])
        if (forms := known.get(_key(written))) and (written.isupper() or not _in_capitals(_key(written))):
            return length, list(forms)
    return 1, []


@cache
def _meanings() -> dict[tuple[str, ...], tuple[Form, ...]]:
    found: dict[tuple[str, ...], tuple[Form, ...]] = {}
    for spellings in SAME.values():
        forms: dict[tuple[str, ...], Form] = {}
        for spelling in spellings:
            for form in _piece(spelling.upper() if len(spelling) < 6 and spelling.isalpha() else spelling):
                forms.setdefault(form.words, form)
        found |= {_key(spelling): tuple(forms.values()) for spelling in spellings}
    return found


def _in_capitals(key: tuple[str, ...]) -> bool:
    """Whether that spelling means the name only if it is in capitals."""
    return len(key) == 1 and any(key[0].upper() in spellings for spellings in SAME.values())


def _key(written: str) -> tuple[str, ...]:
    """The words of a name; of letters with stops, the letters together."""
    words = fold_phrase(written)
    joined = "".join(words)
    return (joined,) if len(joined) <= 4 and "." in written else words


def _thousands(pieces: list[str], at: int) -> tuple[int, list[Form]]:
    """A figure that is written with "mil" or "thousand"."""
    number = fold_phrase(pieces[at])
    if at + 1 < len(pieces) and len(number) == 1 and _THOUSANDS.fullmatch(number[0]):
        scale = fold_phrase(pieces[at + 1])
        if len(scale) == 1 and scale[0] in _THOUSAND - {"k"}:
            return 2, _figures(int(number[0]) * 1000)
    return 1, []


def _figures(value: int) -> list[Form]:
    """The ways to write a whole number: 30000, 30,000, 30 mil."""
    grouped = tuple(f"{value:,}".split(","))
    written = [(str(value),), grouped]
    if value % 1000 == 0 and value < 1_000_000:
        thousands = str(value // 1000)
        written += [(thousands, "mil"), (thousands, "thousand"), (f"{thousands}k",)]
    return [Form(words) for words in dict.fromkeys(written)]


def _piece(piece: str, *, after_article: bool = False) -> list[Form]:
    """The spellings of what stands between two spaces, as it was typed first."""
    bare = piece.strip(",;:!?()[]\"'“”«»")
    words = fold_phrase(bare)
    if _FIGURE.fullmatch(bare):
        return _figures(int(re.sub(r"\D", "", bare)))
    if code := _CODE.fullmatch(bare):
        parts = fold_phrase(" ".join(filter(None, code.groups())))
        return [Form(one) for one in dict.fromkeys((words, parts, ("".join(parts),)))]
    is_word = after_article or bare.lower() in _SHORT_WORDS
    if _ACRONYM.fullmatch(bare) and ("." in bare or not is_word):
        return _acronym("".join(words))
    name = {0: NAME} if after_article and words and bare[:1].isupper() else {}
    if not bare.isupper() or name:
        return [Form(words, name, frozenset(at for at, word in enumerate(words) if word.isalpha()))]
    return [Form(words)]


def _acronym(letters: str) -> list[Form]:
    ambiguous = {0: ABBREVIATION} if len(letters) <= _LONGEST_AMBIGUOUS else {}
    found = [Form((letters,), ambiguous), Form(tuple(letters))]
    if len(letters) == 4 and letters[0] == letters[1] and letters[2] == letters[3]:
        found.append(Form((letters[:2], letters[2:])))  # EE. UU.
    return found


def _numbers(form: Form) -> Iterator[tuple[str, ...]]:
    words = form.words
    yield words
    places = sorted(form.plain)
    if not places:
        return
    others = [_other_number(word) if at in form.plain else [] for at, word in enumerate(words)]
    for changed in ({places[0]}, {places[-1]}, {places[0], places[-1]}, set(places)):
        choices = [(others[at] or [word]) if at in changed else [word] for at, word in enumerate(words)]
        yield from islice(product(*choices), MOST_FORMS)


def _other_number(word: str) -> list[str]:
    """The plural forms of a folded word that looks singular, the singular forms of one that looks plural."""
    if len(word) < SHORTEST_VARIED or not word.isalpha():
        # Of the short ones, only "juez" and "luz" have a plural that is no other word.
        return [word[:-1] + "ces"] if word.endswith("z") and len(word) > 2 else []
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

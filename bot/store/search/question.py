"""What a question asks for: words, quoted words, what must not be found, and days."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from bot.record import load_record
from bot.sources.numbers import with_bare_numbers
from bot.store.search.analyse import COMMON, fold_word, plain_token, token_of, tokens_for, words_of
from bot.store.search.written import CODE, MARK, parts_of, same
from bot.topics.fold import fold

#: Characters of a question that are read.
_LONGEST = 500
#: Words of one question.
_MOST_ASKED = 12
#: What says in a question that one of two words is enough. In capitals: "o" alone carries no meaning.
_OR = frozenset(("OR", "O"))
_QUOTED = re.compile(r"""(?<![^\W_])(-?)["“”„«»]([^"“”„«»]+)["“”„«»]""")
_DAY = re.compile(r"(?<!\S)(since|desde|before|antes):(\S*)", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
#: What a phrase or a text may say in another spelling: figures, letters with stops, capitals in a row.
_SPELT = re.compile(rf"\d|{MARK}|\b[^\W\d_]\.|[A-Z]{{2}}")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_NAMES = {"since": "since", "desde": "since", "before": "before", "antes": "before"}
#: A code such as MS-13 is one piece; other words are separated by what is no letter.
_PIECE = re.compile(CODE.pattern + r"|[^\W_]+")

#: Tokens that must all be found.
All = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked: every group must be found, by any of its tokens, and no token of ``without``.

    ``either`` are groups of which one choice must be found with all its tokens. ``prefix`` and the stems
    of the last word are one more group, if the last word may be unfinished. Of each of ``phrases`` one must
    stand in the text as it is, and none of ``without_phrases``: the index keeps no places, so that they are
    looked for in what it finds. ``since`` and ``before`` are the days that the question names, ``not_days``
    what it gives as one and is none; ``words`` is the question without all that.
    """

    groups: tuple[tuple[str, ...], ...]
    prefix: str = ""
    prefix_stems: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    either: tuple[tuple[All, ...], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without_phrases: tuple[str, ...] = ()
    since: date | None = None
    before: date | None = None
    not_days: tuple[str, ...] = ()
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.groups) or bool(self.prefix) or bool(self.either)

    def fits(self, *texts: str) -> bool:
        """Whether the phrases stand in one of the texts, and those that must not in none."""
        if not self.phrases and not self.without_phrases:
            return True
        read = [_Read(text) for text in texts]
        wanted = all(any(text.holds(one) for one in phrase for text in read) for phrase in self.phrases)
        return wanted and not any(text.holds(phrase) for phrase in self.without_phrases for text in read)


class _Read:
    """A text in which phrases are looked for. Its spellings are worked out only if a phrase needs them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = f" {' '.join(fold(text).text.split())} "

    def holds(self, phrase: str) -> bool:
        """Whether the phrase stands in it."""
        if MARK not in phrase and phrase in self._folded:
            return True
        return _SPELT.search(f"{phrase}{self._text}") is not None and phrase in self._spelt

    @cached_property
    def _spelt(self) -> str:
        return phrase_of(self._text)


def phrase_of(text: str) -> str:
    """The words of a text as quoted words are looked for in it: in order, without case and accents."""
    written = CODE.sub(lambda found: "".join(filter(None, found.groups())), same(text, question=True))
    return f" {' '.join(map(fold_word, words_of(written)))} "


def question(text: str, *, prefix: bool = False) -> SearchQuery:
    """What ``text`` asks for. No character of it has a meaning to either engine.

    A number of a document is asked for by its digits, however it is spelled. ``-word`` must not be found,
    words in quotes must stand so, and of two words with ``OR`` (``O``) between them one is enough.
    ``since:2025-01`` (``desde:``) and ``before:2025-01-20`` (``antes:``) name days. With ``prefix``, or with
    ``*`` at its end, the last word may be the beginning of a word.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST])
    days = {_NAMES[name.lower()]: _day(value) for name, value in _DAY.findall(text)}
    not_days = tuple(value for _, value in _DAY.findall(text) if _day(value) is None)
    text = _DAY.sub(" ", text)
    quoted = [(bool(minus), inner) for minus, inner in _QUOTED.findall(text) if words_of(inner)]
    unquoted = _QUOTED.sub(_kept, text)
    asked, without = _asked(same(with_bare_numbers(unquoted), question=True))
    last = ""
    if asked and not asked[-1].other and (prefix or text.rstrip().endswith("*")):
        last = asked.pop().word.lower()
    choices, named = _choices(asked[:_MOST_ASKED], alone=not last)
    return SearchQuery(
        tuple(dict.fromkeys(tuple(one[0] for one in some) for some in choices if _single(some))),
        plain_token(fold_word(last)) if last else "",
        tokens_for(last) if last else (),
        tuple(dict.fromkeys(token for word in without[:_MOST_ASKED] for token in tokens_for(word))),
        tuple(tuple(some) for some in choices if not _single(some)),
        (*named, *((phrase_of(inner),) for minus, inner in quoted if not minus)),
        tuple(phrase_of(inner) for minus, inner in quoted if minus),
        days.get("since"),
        days.get("before"),
        not_days,
        " ".join(word for word in unquoted.split() if not word.startswith("-")),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word that is asked for. ``other``: as another choice for the one before. ``code``: as MS-13 is."""

    word: str
    other: bool = False
    code: bool = False


def _kept(found: re.Match[str]) -> str:
    """Quoted words are asked for as others are; of those that must not be found, each alone may be."""
    return " " if found[1] else f" {found[2]} "


def _asked(text: str) -> tuple[list[_Asked], list[str]]:
    asked: list[_Asked] = []
    without: list[str] = []
    other = False
    for part in text.split():
        if part in _OR:
            other = bool(asked)
        elif part.startswith("-"):
            without += words_of(part)
            other = False
        else:
            for piece in (found[0] for found in _PIECE.finditer(part)):
                whole = parts_of(piece)
                words = [piece] if whole else words_of(piece)
                asked += [_Asked(word, other and at == 0, whole is not None) for at, word in enumerate(words)]
                other = other and not words
    return asked, without


def _choices(asked: list[_Asked], *, alone: bool) -> tuple[list[list[All]], list[tuple[str, ...]]]:
    """For each word, or name of a policy, by what it is found; and for each policy its names as phrases.

    With nothing else, common words count too.
    """
    groups: list[list[All]] = []
    named = []
    at = 0
    while at < len(asked):
        one = asked[at]
        length, policy = _policy(asked, at)
        at += length
        if policy is not None:
            groups.append(list(policy.choices))
            named.append(policy.phrases)
            continue
        if one.word in COMMON and (not alone or any(other.word not in COMMON for other in asked)):
            continue
        choices = _found_by(one)
        if one.other and groups:
            groups[-1] = list(dict.fromkeys((*groups[-1], *choices)))
        else:
            groups.append(choices)
    return groups, named


def _found_by(one: _Asked) -> list[All]:
    split = parts_of(one.word) if one.code else None
    if split is None:
        return [(token,) for token in tokens_for(one.word)]
    whole, parts = split
    return [(token_of(whole.lower(), "en"),), tuple(token_of(part.lower(), "en") for part in parts)]


def _single(choices: list[All]) -> bool:
    return all(len(choice) == 1 for choice in choices)


@dataclass(frozen=True, slots=True)
class _Policy:
    """All names of a policy of the record: the tokens of each, and each as a phrase."""

    choices: tuple[All, ...]
    phrases: tuple[str, ...]


def _policy(asked: list[_Asked], at: int) -> tuple[int, _Policy | None]:
    """The longest name of a policy that begins at a word, by how many words it takes: 1 for none."""
    names = _policies()
    rest = [fold_word(one.word.lower()) for one in asked[at:]]
    for length in range(min(len(rest), max(map(len, names), default=0)), 0, -1):
        policy = names.get(tuple(rest[:length]))
        if policy is not None and not any(one.other for one in asked[at : at + length + 1]):
            return length, policy
    return 1, None


@lru_cache(maxsize=1)
def _policies() -> dict[tuple[str, ...], _Policy]:
    """Every policy by the words of each of its proper names.

    "boat strikes" describes as much as it names, so that reports of strikes on boats are wanted too.
    """
    found: dict[tuple[str, ...], _Policy] = {}
    for policy in load_record().objects:
        names = [("en", name) for name in (policy.name.en, *policy.aliases_en)]
        names += [("es", name) for name in (policy.name.es, *policy.aliases_es)]
        read = [(language, name, words_of(same(name, question=True))) for language, name in names]
        tokens = tuple(dict.fromkeys(_tokens(words, language) for language, _, words in read))
        fewest = tuple(one for one in tokens if not any(set(other) < set(one) for other in tokens))
        whole = _Policy(fewest, tuple(dict.fromkeys(phrase_of(name) for _, name, _ in read)))
        found.update({tuple(map(fold_word, words)): whole for _, name, words in read if _is_proper(name)})
    return found


def _is_proper(name: str) -> bool:
    words = [word for word in _PLAIN_WORD.findall(name) if word.lower() not in COMMON]
    return sum(not word[0].islower() for word in words) * 2 > len(words) and (
        len(words) > 1 or name.isupper()
    )


def _tokens(words: list[str], language: str) -> All:
    return tuple(sorted({token_of(word, language) for word in words if word not in COMMON}))


def _day(value: str) -> date | None:
    """The first day of what is written as a year, a month or a day (ISO 8601); None where it is none."""
    found = _DATE.fullmatch(value)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None

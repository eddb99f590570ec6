"""Whether an entry is an article that is known already: a score, with its reasons.

A guid or an address that is met again proves little by itself: sites number their items 1 to n at each
update, and put all press releases on one page. Titles get corrected and dates too. So a known article that
shares a key with an entry is compared with it in five respects, and each adds its points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

SAME_FROM = 3
"""Points from which an entry is the known article. The tables below are made for this line: an own guid or an
own address carries a rewritten title, and a number or a list's address does not."""

_GUID_POINTS = (0, 1, 8)
"""An own guid (a UUID, a permalink) holds even where address and title both changed."""

_ADDRESS_POINTS = (0, 1, 7)
"""An article's own address holds through a new title and a new guid."""

_OTHER_ADDRESS = -2
_BOTH = 3
"""A guid and an address that prove little alone, and agree."""

_TITLE_EQUAL, _TITLE_ALIKE, _TITLE_OTHER = 3, 2, -3
_TEXT_EQUAL = 2
_DATE_EQUAL, _DATE_OTHER = 1, -2

_ALIKE, _UNLIKE = 0.5, 0.25
"""Shares of common words between which two titles say neither. A correction keeps most of a headline."""

_TEXT_ALIKE = 0.8
_TEXT_WORDS = 8
"""Words that a summary needs to prove anything: "Read more on our site" stands under every item."""

_OTHER_DAY = timedelta(hours=20)
"""Daily bulletins with one title are apart by about a day; corrections mostly follow within hours."""

_WORD = re.compile(r"\w+")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-/_]?[01]\d(?:[-/_]?[0-3]\d)?)?(?!\d)")
_LONG_NUMBER = re.compile(r"[1-9]\d{3}")
_SLUG = re.compile(r"(?<![^\W_])[^\W_]+(?:[-_][^\W_]+){3,}")
_HASH = re.compile(r"(?=[a-f0-9-]*\d)[a-f0-9-]{8,}|(?:[^\W\d_]+\d+){2,}[^\W_]*", re.IGNORECASE)


class Strength(IntEnum):
    """How well a guid or an address tells one article from all others."""

    NONE = 0
    #: A short number as guid; the address of a list of articles, or of a place in it.
    WEAK = 1
    OWN = 2


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an entry is compared. ``guid`` and ``url`` say how much these prove, if they are the same.

    ``page`` is the address as it identifies a page, empty where there is none; ``exact`` says that places on
    one page are meant, for the document lists several.
    """

    guid: Strength
    url: Strength
    page: str
    exact: bool
    title: str
    summary: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """A known article that shares a key with an entry; ``published`` is None where it was not kept."""

    page: str
    title: str
    summary: str
    published: datetime | None
    guid_is_same: bool


@dataclass(frozen=True, slots=True)
class Sameness:
    """The decision. ``reasons`` are codes, each with its points, such as ``("guid_weak", 1)``."""

    score: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def same(self) -> bool:
        """Whether the entry is the known article."""
        return self.score >= SAME_FROM


def sameness(entry: Traits, past: Past) -> Sameness:
    """How surely ``entry`` is the article ``past``."""
    reasons = []
    if past.guid_is_same and entry.guid:
        reasons.append(("guid_own" if entry.guid is Strength.OWN else "guid_weak", _GUID_POINTS[entry.guid]))
    if entry.page and past.page:
        if entry.page != past.page:
            reasons.append(("address_other", _OTHER_ADDRESS))
        elif entry.url:
            name = "address_own" if entry.url is Strength.OWN else "address_weak"
            reasons.append((name, _ADDRESS_POINTS[entry.url]))
            if past.guid_is_same and entry.guid:
                reasons.append(("guid_and_address", _BOTH))
    reasons += _title(entry.title, past.title)
    if texts_alike(entry.summary, past.summary):
        reasons.append(("text_equal", _TEXT_EQUAL))
    if entry.published and past.published:
        if entry.published == past.published:
            reasons.append(("date_equal", _DATE_EQUAL))
        elif days_differ(entry.published, past.published):
            reasons.append(("date_other", _DATE_OTHER))
    return Sameness(sum(points for _, points in reasons), tuple(reasons))


def guid_strength(guid: str) -> Strength:
    """What a guid proves. A number below 1,000 may be a place in a list, and so may "item-12" or a date."""
    if not guid:
        return Strength.NONE
    bare = _DATE.sub(" ", guid)
    own = (
        _LONG_NUMBER.search(bare)
        or _SLUG.search(bare)
        or any(map(_HASH.fullmatch, re.split(r"[^\w-]+", bare)))
    )
    return Strength.OWN if own else Strength.WEAK


def address_strength(path: str, query: str, fragment: str) -> Strength:
    """What an address proves. Words alone name a section or a list, and a fragment a place on a page."""
    if fragment:
        return Strength.WEAK
    bare = _DATE.sub(" ", f"{path} {query}")
    return Strength.OWN if re.search(r"\d", bare) or _SLUG.search(bare) else Strength.WEAK


def titles_alike(one: str, other: str) -> bool:
    """Whether two titles may be versions of one."""
    return _share(_title_words(one), _title_words(other)) >= _ALIKE


def texts_alike(one: str, other: str) -> bool:
    """Whether two texts are long enough to prove something, and nearly the same."""
    if not one or not other:
        return False
    words, others = _words(one), _words(other)
    if min(len(words), len(others)) < _TEXT_WORDS:
        return False
    return len(words & others) >= _TEXT_ALIKE * len(words | others)


def days_differ(one: datetime, other: datetime) -> bool:
    """Whether two dates are those of different days' bulletins."""
    return abs(one - other) >= _OTHER_DAY


def _title(one: str, other: str) -> list[tuple[str, int]]:
    if not one or not other:
        return []
    words, others = _title_words(one), _title_words(other)
    if _WORD.findall(one.casefold()) == _WORD.findall(other.casefold()):
        # "Comunicado" is the title of many.
        return [("title_equal", _TITLE_EQUAL if len(words) > 2 else 1)]
    share = 1.0 if _is_cut(one, other) or _is_cut(other, one) else _share(words, others)
    if share >= _ALIKE:
        return [("title_alike", _TITLE_ALIKE)]
    return [("title_other", _TITLE_OTHER)] if share < _UNLIKE else []


def _is_cut(cut: str, whole: str) -> bool:
    """Whether ``cut`` is the beginning of ``whole``, with an ellipsis."""
    bare = cut.rstrip(" .…")
    return bool(bare) and bare != cut and whole.startswith(bare)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _title_words(text: str) -> frozenset[str]:
    """The words that carry a title: long ones, numbers and abbreviations; all, if there are none such."""
    words = _WORD.findall(text)
    kept = [word for word in words if len(word) > 3 or word.isupper() or not word.isalpha()]
    return frozenset(word.casefold() for word in kept or words)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))

"""Titles as readers see them: what a feed sends in capitals, in sentence case with its names kept. Pure.

What is stored, matched and grouped is the title as it came; only letters' case is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.articles import Article
from bot.patterns import late_pattern
from bot.stories.title_names import (
    COMMON_ZIPF,
    PARTICLES,
    WORD,
    Phrase,
    WrittenNames,
    is_acronym,
    names_in,
    words_of,
    written_names,
)
from bot.stories.words import fold, word_set, zipf
from bot.topics.abbreviations import abbreviates

#: Titles remembered: those of the lists that are asked for all day.
_REMEMBERED = 2048
#: Letters read of a report's text for how it writes its names.
_CONTEXT = 2_000
#: A word of a language's table, and one so common that capitals are no acronym.
_KNOWN_ZIPF, _COMMON_ZIPF = 2.1, 3.3
#: A word right after a forename or a family name that is rarer is one too: "Evelyn Salgado".
_SURNAME_ZIPF = 3.5
#: Words of a listed name that are looked for.
MOST_WORDS = 6
#: Unknown words of so few letters in capitals are acronyms, longer ones names.
_ACRONYM_LETTERS = 3

_CAPITALS = late_pattern(r"[A-ZÁÉÍÓÚÜÑ]{2}")
_ENDS = late_pattern(r"[.!?…|•][\s\"”’»)]*(?:[¿¡\"“‘«(\s]|$)|[|•]")
_LABEL_END = late_pattern(r"\s*[:|•/–—]|\s+-\s")
_ROMAN = late_pattern(r"(?=[XVI]{2})X{0,3}(?:IX|IV|V?I{0,3})|(?=[XVIL]{3})L?X{0,3}(?:IX|IV|V?I{0,3})")
_ORDINAL = late_pattern(r"\d+(?:ST|ND|RD|TH|ER|RO|RA|DO|DA|TO|TA|VO|VA|MO|MA|NO|NA|S|KM|KG|MG|HRS|MIL)", re.I)
_INNER = late_pattern(r"(MC|[OD]['’])([A-ZÁÉÍÓÚÑ])([A-ZÁÉÍÓÚÑ]{2,})")
_SENTENCES = late_pattern(r"[.!?:;\n“\"«‘¿¡—–]+|\s'")
#: "TRUMP'S", "DON'T", "THEY'VE": what stands after the apostrophe.
_ENDINGS = word_set("s t d m re ve ll")
#: Letters of a label that is one word; fewer may be the initials of who says it.
_LABEL_LETTERS = 5
#: Words without a vowel that are no initials, and the first half of "hasn't".
_SHORT_WORDS = word_set(
    "vs km kg mg hrs mdp mdd ft lb lbs pm hmm shh hasn isn wasn don doesn didn won wouldn couldn shouldn "
    "aren weren haven hadn ain "
    "mustn"
)
_BYNAME_ARTICLES = word_set("el la los las")
_QUOTES = frozenset("\"'“”‘’«»")
#: Words of a label before a dash or a colon, and the fewest of a sentence after one.
_LABEL_WORDS, _SENTENCE_WORDS = 2, 3
#: Labels of a kind of item; one alone before a headline is a label even without a colon.
_LABELS = word_set(
    "video videos foto fotos photo photos audio urgente alerta exclusiva exclusivo exclusive breaking live "
    "watch update updated opinion editorial analysis analisis podcast entrevista interview cronica reportaje"
)
#: Endings that Spanish words have and names have not.
_SPANISH_SHAPES = late_pattern(
    r"(?:istas?|enses?|mente|dad(?:es)?|cion(?:es)?|ador(?:es|as?)?|[ai]ndo|[ae]ron|[aeo]d[ao]s|[aei]r(?:se|los?|las?|les?))"
    r"$"
)
_SPANISH_ENDINGS = word_set(
    "aron ieron ando iendo aban ados adas idos idas ado ada ido ida aba ara era ira aran eran iran an en ar "
    "er ir o a e as os es mente on"
)
_ENGLISH_ENDINGS = ("ing", "ers", "er", "ed", "es", "s", "ly", "ness")
#: Words of one letter; others stand for something: "Z-40", "Felipe V".
_SMALL_LETTERS = {"en": "av", "es": "aeouyv"}
#: Before these "US" is the pronoun.
_TO_US = word_set("let tell join help give show teach of for with all")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        return fold(self.text)


def title_of(article: Article) -> str:
    """An article's title as readers see it."""
    return shown_title(article.title, article.language, f"{article.summary[:_CONTEXT]} . {article.publisher}")


def shown_title(title: str, language: str, context: str = "") -> str:
    """``title`` with what is set in capitals in sentence case, names and acronyms kept; else as it is.

    ``context`` is what the report says itself, whose way to write a name comes first. Only the case of
    letters is changed.
    """
    return title if _CAPITALS.search(title) is None else _shown(title, language[:2].lower(), context)


@lru_cache(maxsize=_REMEMBERED)
def _shown(title: str, language: str, context: str) -> str:
    words = [_Word(found.group(), *found.span()) for found in WORD.finditer(title)]
    names: WrittenNames | None = None
    pieces = list(title)
    for start, end in _runs(words):
        names = names or written_names(language)
        if _shouts(title, words, start, end, language, names):
            own = _own_names(context, language)
            for at, text in enumerate(_cased(title, words, start, end, language, names, own), start=start):
                if len(text) == len(words[at].text):  # a few letters have no small form of their own
                    pieces[words[at].start : words[at].end] = text
    return "".join(pieces)


def _runs(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """The stretches of words in capitals that hold one of two letters or more."""
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(len(words) + 1):
        if at < len(words) and words[at].text == words[at].text.upper():
            continue
        if any(is_acronym(word.text) for word in words[start:at]):
            found.append((start, at))
        start = at + 1
    return found


def _shouts(
    title: str, words: Sequence[_Word], start: int, end: int, language: str, names: WrittenNames
) -> bool:
    """Whether a stretch in capitals is a sentence or a label in capitals, and not acronyms beside a name."""
    if end - start == len(words):
        return True
    common = [word for word in words[start:end] if _is_common(word.folded, language, names)]
    listed = _listed(words, start, end, names.written)
    if len(common) >= 2 or sum(not is_acronym(name) for name in listed.values()) >= 2:
        return True
    before = title[words[start - 1].end : words[start].start] if start else "|"
    after = title[words[end - 1].end : words[end].start] if end < len(words) else "|"
    label = re.search(r"[|:.!?•]|\s[-–—]\s", before) is not None and _LABEL_END.match(after) is not None
    people = any(word.folded in names.people for word in words[start:end])
    if not (label or (start == 0 and after[:1] == "!")):
        return start == 0 and end == 1 and words[0].folded in _LABELS
    if end - start > 1:
        return bool(common) or people
    # "FAO: …" and "…: IDF" say who says it.
    return words[start].folded in _LABELS or (
        bool(common) and not start and len(words[0].text) >= _LABEL_LETTERS
    )


def _is_common(word: str, language: str, names: WrittenNames) -> bool:
    """Whether a word is an ordinary word, so that its capitals are no acronym."""
    return word not in names.acronyms and len(word) > 1 and zipf(word, language) >= _COMMON_ZIPF


def _own_names(context: str, language: str) -> Mapping[Phrase, Phrase]:
    """How a text in mixed case writes its names, and the single words that are no names of it.

    The head of a sentence begins a name only where a capital follows. A common word of a longer name is no
    name alone: of "Guardia Nacional" not every guard.
    """
    found: dict[Phrase, Phrase] = {}
    small: dict[Phrase, Phrase] = {}
    if sum(map(str.islower, words_of(context))) * 3 < len(words_of(context)):
        return found  # in capitals itself
    for sentence in _SENTENCES.split(context):
        written = words_of(sentence)
        small.update(((fold(word),), (word,)) for word in written if word.islower())
        if len(written) > 1 and not written[1][:1].isupper() and not is_acronym(written[0]):
            del written[0]
        for name in names_in(tuple(written)):
            if len(name) == 1:
                found.setdefault((fold(name[0]),), name)
                continue
            for start in range(len(name)):
                if name[start][:1].isupper() and start + 1 < len(name):
                    found.setdefault(tuple(map(fold, name[start:])), name[start:])
                if is_acronym(name[start]) or zipf(fold(name[start]), language) < COMMON_ZIPF:
                    found.setdefault((fold(name[start]),), name[start : start + 1])
    for key in small:
        if key in found and not is_acronym(found[key][0]):
            del found[key]
    return small | found


def _cased(
    title: str,
    words: Sequence[_Word],
    start: int,
    end: int,
    language: str,
    names: WrittenNames,
    own: Mapping[Phrase, Phrase],
) -> list[str]:
    """The words of a stretch in capitals, each as a sentence writes it."""
    texts: list[str] = []
    listed = _listed(words, start, end, names.written) | _listed(words, start, end, own)
    for at in range(start, end):
        word = words[at]
        if at > start and word.folded in _ENDINGS and title[words[at - 1].end : word.start] in ("'", "’"):
            texts.append(word.text.lower())  # "Trump's", "they've"
            continue
        form = listed.get(at) or _unlisted(words, at, start, language, names)
        text = _as_written(word.text, form)
        if _opens(title, words, at, language) or _is_byname(title, words, at, end):
            text = _capitalised(text)
        texts.append(text)
    return texts


def _listed(words: Sequence[_Word], start: int, end: int, names: Mapping[Phrase, Phrase]) -> dict[int, str]:
    """The words of a stretch that stand in ``names``, the longest names first from the left."""
    found: dict[int, str] = {}
    at = start
    folded = [word.folded for word in words]
    while at < end:
        for size in range(min(MOST_WORDS, end - at), 0, -1):
            name = names.get(tuple(folded[at : at + size]))
            if name is not None and not (is_acronym(name[0]) and words[at].text != name[0].upper()):
                found.update(zip(range(at, at + size), name, strict=True))
                at += size
                break
        else:
            at += 1
    return found


def _unlisted(words: Sequence[_Word], at: int, start: int, language: str, names: WrittenNames) -> str:
    """How a word is written that neither the report nor the lists know."""
    text, folded = words[at].text, words[at].folded
    if _ORDINAL.fullmatch(text):
        return text.lower()
    if "." in text or any(sign.isdigit() for sign in text):
        return text
    if len(text) == 1:
        return text.lower() if folded in _SMALL_LETTERS.get(language, "av") else text
    if folded == "us" and language == "en":
        return text.lower() if at > start and words[at - 1].folded in _TO_US else text
    if _ROMAN.fullmatch(text):
        return text
    if (inner := _INNER.fullmatch(text)) is not None:
        return f"{inner.group(1).capitalize()}{inner.group(2)}{inner.group(3).lower()}"
    if text.endswith("S") and folded[:-1] in names.acronyms and zipf(folded, language) < COMMON_ZIPF:
        return text[:-1] + "s"
    if _after_person(words, at, start, names) and (
        folded in names.after_a_name or zipf(folded, language) < _SURNAME_ZIPF
    ):
        return text.capitalize()
    if _has_no_vowel(folded) and folded not in _SHORT_WORDS:
        return text
    if folded in PARTICLES or folded in _SHORT_WORDS or _known(folded, language):
        return text.lower()
    return text if len(text) <= _ACRONYM_LETTERS else text.capitalize()


def _after_person(words: Sequence[_Word], at: int, start: int, names: WrittenNames) -> bool:
    """Whether a forename or a family name stands before a word, with *de la* between them or nothing."""
    before = at - 1
    while before >= start and words[before].folded in PARTICLES:
        before -= 1
    if before < start or at - before > 3:
        return False
    return words[before].folded in names.people or words[before].folded in names.after_a_name


def _known(word: str, language: str) -> bool:
    """Whether a word, or one that it is a form of, is in the language's table."""
    if zipf(word, language) >= _KNOWN_ZIPF or (language == "es" and _SPANISH_SHAPES.search(word)):
        return True
    endings: Iterable[str] = _ENGLISH_ENDINGS
    stems: tuple[str, ...] = ("", "e", "y")
    if language == "es":
        endings, stems = _SPANISH_ENDINGS, ("ar", "er", "ir", "o", "a", "")
    for ending in endings:
        body = word.removesuffix(ending)
        if (
            len(body) >= 4
            and body != word
            and any(zipf(body + one, language) >= _KNOWN_ZIPF for one in stems)
        ):
            return True
    return False


def _has_no_vowel(word: str) -> bool:
    """Whether a word has no vowel, as initials have none."""
    return not any(sign in "aeiouy" for sign in word)


def _opens(title: str, words: Sequence[_Word], at: int, language: str) -> bool:
    """Whether a sentence, or what follows a label, begins with this word.

    English begins a sentence after a colon, but not who says it: "Toll is wrong: report".
    """
    gap = title[words[at - 1].end : words[at].start] if at else ""
    if not at:
        return True
    if _ENDS.search(gap) is not None:
        stop = words[at - 1].end
        return gap[:1] != "." or not abbreviates(title, stop, stop + 1)
    if ":" in gap:
        english = language == "en" and len(words) - at >= _SENTENCE_WORDS
        return english or words[at].folded in _LABELS or at <= _LABEL_WORDS or gap[-1:] in "\"“«'‘¿¡"
    return at <= _LABEL_WORDS and re.search(r"\s[-–—]\s", gap) is not None


def _is_byname(title: str, words: Sequence[_Word], at: int, end: int) -> bool:
    """Whether a word stands in a quoted byname: "'EL MARRO'"."""
    first = at if words[at].folded in _BYNAME_ARTICLES else at - 1
    if first < 0 or first + 1 >= end or words[first].folded not in _BYNAME_ARTICLES:
        return False
    quoted = title[words[first].start - 1 : words[first].start] in _QUOTES if words[first].start else False
    return quoted and title[words[first + 1].end : words[first + 1].end + 1] in _QUOTES


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _as_written(text: str, form: str) -> str:
    """``text`` with each letter in the case that ``form``, which has the same letters, gives it."""
    if len(form) != len(text):
        return text.capitalize() if form[:1].isupper() else text.lower()
    return "".join(
        sign.upper() if shape.isupper() else sign.lower() for sign, shape in zip(text, form, strict=True)
    )

"""The text of one entry: its words with their positions, its sentences and its dateline."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from bot.domain.match import Finding
from bot.topics.abbreviations import abbreviates
from bot.topics.fold import fold
from bot.topics.language import detect
from bot.topics.lexicon import RawHit
from bot.topics.rules import BODY, LEAD, LEAD_WORDS, TITLE, Hit

FIELDS = ("title", "summary")
#: Characters of a field that are read; what a feed sends beyond this says nothing new and costs time.
READ_CHARS = 20_000

# A sentence ends at a stop followed by a space and a capital or a digit, except after an abbreviation.
# The pattern begins with all signs at which one may end: others are passed over at once.
_SENTENCE_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[\"'”’»)\]]*\s+(?=[\"'“‘«¿¡(\[]*[A-ZÁÉÍÓÚÑ0-9]))")
# A colon or semicolon ends a clause, but not the hours of "10:30".
_CLAUSE_END = re.compile(r"[:;](?=\s)")
# "MEXICO CITY (AP) —", "CIUDAD JUÁREZ.-", "WASHINGTON, March 3 (Reuters) -", "MEXICO CITY A court …"
_DATELINE = re.compile(
    r"\s*[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ.,/ ]{3,40}"
    r"(?=\s*(?:,[^.—–-]{0,40})?(?:\([A-Za-z /]{2,30}\)|[—–-]|\.\s?[-—–])|\s[A-Z][a-z])"
)
#: Makes a hit of its values: ``Hit`` itself is a Python function, which an entry of many hits calls a hundred
#: times.
_hit = tuple.__new__


class Reading:
    """An entry's two fields. Positions are only worked out once something was found."""

    def __init__(self, title: str, summary: str) -> None:
        self._texts = (title[:READ_CHARS], summary[:READ_CHARS])
        self._folded = (fold(self._texts[0]), fold(self._texts[1]))
        self.words = (self._folded[0].text.split(), self._folded[1].text.split())
        self._starts: tuple[list[int], list[int]] = ([], [])
        self._firsts: list[list[int] | None] = [None, None]
        self._told: tuple[str, str] | None = None  # a declared language, and what the text then speaks

    @property
    def title(self) -> str:
        """The title, as far as it is read."""
        return self._texts[0]

    @property
    def summary(self) -> str:
        """The summary, as far as it is read."""
        return self._texts[1]

    def language(self, declared: str) -> str:
        """The code of the language of the text, as ``bot.topics.language.detect`` tells it."""
        if self._told is None or self._told[0] != declared:
            spoken = detect(" ".join(self._texts), declared, self.words[0] + self.words[1])
            self._told = declared, spoken
        return self._told[1]

    def _start(self, field: int, at: int) -> int:
        """Where a word of a field begins in its folded text; looked for up to there only."""
        starts, words = self._starts[field], self.words[field]
        if at >= len(starts):
            text = self._folded[field].text
            place = starts[-1] + len(words[len(starts) - 1]) if starts else 0
            for word in words[len(starts) : at + 1]:
                place = text.index(word, place)
                starts.append(place)
                place += len(word)
        return starts[at]

    def _sentences_of(self, field: int) -> list[int]:
        """The first word of each sentence of a field but the first."""
        firsts = self._firsts[field]
        if firsts is None:
            firsts = self._firsts[field] = []
            folded, before, words = self._folded[field], 0, 0
            for end in _sentence_ends(self._texts[field]):
                at = end if folded.starts is None else bisect_left(folded.starts, end)
                words += len(folded.text[before:at].split())
                firsts.append(words)
                before = at
        return firsts

    def span(self, field: int, start: int, end: int) -> tuple[int, int]:
        """The bounds in the source of the words ``start`` to ``end`` of a field."""
        last = end - 1
        stop = self._start(field, last) + len(self.words[field][last])
        return self._folded[field].span(self._start(field, start), stop)

    def fitting(self, field: int, raw: list[RawHit]) -> list[RawHit]:
        """The hits that do not run over the end of a sentence and are spelt as they have to be."""
        text, firsts = self._texts[field], self._sentences_of(field)
        return [
            item
            for item in raw
            if (
                item[1] - item[0] == 1
                or not firsts
                or bisect_right(firsts, item[0]) == bisect_right(firsts, item[1] - 1)
            )
            and (item[3] is None or text.startswith(item[3], self.span(field, item[0], item[1])[0]))
        ]

    def clauses(self) -> list[int]:
        """Where a new clause of the title begins: the first word after each colon or semicolon."""
        marks = [match.end() for match in _CLAUSE_END.finditer(self._texts[0])]
        if not marks:
            return []
        starts = [self.span(0, at, at + 1)[0] for at in range(len(self.words[0]))]
        return [at for mark in marks if (at := bisect_right(starts, mark - 1)) < len(starts)]

    def hits(self, field: int, raw: Sequence[RawHit]) -> list[Hit]:
        """Raw hits with their sentences and the weight of their places."""
        if field == 0:
            return [_hit(Hit, (concept, 0, start, end, 0, TITLE)) for start, end, concept, _ in raw]
        if not raw:
            return []
        firsts = self._sentences_of(field)
        return [
            _hit(
                Hit,
                (
                    concept,
                    field,
                    start,
                    end,
                    bisect_right(firsts, start) if firsts else 0,
                    LEAD if start < LEAD_WORDS else BODY,
                ),
            )
            for start, end, concept, _ in raw
        ]

    def in_dateline(self, hit: Hit) -> bool:
        """Whether a hit is the place that the entry was filed from."""
        dateline = _DATELINE.match(self._texts[hit.field])
        return dateline is not None and self.span(hit.field, hit.start, hit.end)[1] <= dateline.end()

    def finding(self, hit: Hit, role: str) -> Finding:
        """The finding of a hit: its words as written, and their position in the field."""
        start, end = self.span(hit.field, hit.start, hit.end)
        return Finding(hit.concept, self._texts[hit.field][start:end], FIELDS[hit.field], start, end, role)


def _sentence_ends(text: str) -> list[int]:
    """Where each sentence but the last ends."""
    return [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if text[match.start()] != "." or not abbreviates(text, match.start(), match.start() + 1)
    ]

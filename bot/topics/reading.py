"""One entry as it is read: its words, their positions, sentences and datelines."""

from __future__ import annotations

import re
from bisect import bisect_right

from bot.domain.match import Finding
from bot.topics.abbreviations import abbreviates
from bot.topics.fold import fold
from bot.topics.language import detect
from bot.topics.lexicon import RawHit
from bot.topics.rules import BODY, LEAD, LEAD_WORDS, TITLE, Hit

FIELDS = ("title", "summary")
#: Characters of a field that are read; what a feed sends beyond this says nothing new and costs time.
READ_CHARS = 20_000

_WORD = re.compile(r"\S+")
# A sentence ends at a stop followed by a space and a capital or a digit, except after an abbreviation.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«¿¡(\[]*[A-ZÁÉÍÓÚÑ0-9])|\n+")
# A colon or semicolon ends a clause, but not the hours of "10:30".
_CLAUSE_END = re.compile(r"[:;](?=\s)")
# "MEXICO CITY (AP) —", "CIUDAD JUÁREZ.-", "WASHINGTON, March 3 (Reuters) -", "MEXICO CITY A court …"
_DATELINE = re.compile(
    r"\s*[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ.,/ ]{3,40}"
    r"(?=\s*(?:,[^.—–-]{0,40})?(?:\([A-Za-z /]{2,30}\)|[—–-]|\.\s?[-—–])|\s[A-Z][a-z])"
)


class Reading:
    """An entry's two fields. Positions are only worked out once something was found."""

    def __init__(self, title: str, summary: str) -> None:
        self._texts = (title[:READ_CHARS], summary[:READ_CHARS])
        self._folded = (fold(self._texts[0]), fold(self._texts[1]))
        self.words = (self._folded[0].text.split(), self._folded[1].text.split())
        self._spans: tuple[list[tuple[int, int]], ...] = ()
        self._ends: tuple[list[int], ...] = ()
        self._datelines: tuple[int, ...] = ()

    def language(self, declared: str) -> str:
        """The code of the language of the text, as ``bot.topics.language.detect`` tells it."""
        return detect(" ".join(self._texts), declared, self.words[0] + self.words[1])

    def locate(self) -> None:
        """Work out positions, sentences and datelines; to be called before the methods below."""
        self._spans = tuple([m.span() for m in _WORD.finditer(f.text)] for f in self._folded)
        self._ends = tuple(_sentence_ends(text) for text in self._texts)
        self._datelines = tuple(m.end() if (m := _DATELINE.match(text)) else 0 for text in self._texts)

    def span(self, field: int, start: int, end: int) -> tuple[int, int]:
        """The bounds in the source of the words ``start`` to ``end`` of a field."""
        spans = self._spans[field]
        return self._folded[field].span(spans[start][0], spans[end - 1][1])

    def fitting(self, field: int, raw: list[RawHit]) -> list[RawHit]:
        """The hits that do not run over the end of a sentence and are spelt as they have to be."""
        text, ends = self._texts[field], self._ends[field]
        kept: list[RawHit] = []
        for item in raw:
            if item[3] is None and item[1] - item[0] == 1:
                kept.append(item)
                continue
            start, end = self.span(field, item[0], item[1])
            spelt = item[3] is None or text.startswith(item[3], start)
            if spelt and bisect_right(ends, start) == bisect_right(ends, end - 1):
                kept.append(item)
        return kept

    def clauses(self) -> list[int]:
        """Where a new clause of the title begins: the first word after each colon or semicolon."""
        marks = [match.end() for match in _CLAUSE_END.finditer(self._texts[0])]
        if not marks:
            return []
        starts = [self.span(0, at, at + 1)[0] for at in range(len(self._spans[0]))]
        return [at for mark in marks if (at := bisect_right(starts, mark - 1)) < len(starts)]

    def hit(self, field: int, raw: RawHit) -> Hit:
        """A raw hit with its sentence and the weight of its place."""
        start = self.span(field, raw[0], raw[1])[0]
        sentence = 0 if field == 0 else bisect_right(self._ends[field], start)
        zone = TITLE if field == 0 else LEAD if raw[0] < LEAD_WORDS else BODY
        return Hit(raw[2], field, raw[0], raw[1], sentence, zone)

    def in_dateline(self, hit: Hit) -> bool:
        """Whether a hit is the place that the entry was filed from."""
        return self.span(hit.field, hit.start, hit.end)[1] <= self._datelines[hit.field]

    def finding(self, hit: Hit, role: str) -> Finding:
        """A hit as it is told: the words as written and where they stand."""
        start, end = self.span(hit.field, hit.start, hit.end)
        return Finding(hit.concept, self._texts[hit.field][start:end], FIELDS[hit.field], start, end, role)


def _sentence_ends(text: str) -> list[int]:
    """Where each sentence but the last ends."""
    return [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if text[match.start()] != "." or not abbreviates(text, match.start(), match.start() + 1)
    ]

"""Judge an entry: which of the topics it speaks of, how strongly, and why; or why not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.topics import language as languages
from bot.topics.fold import Folded, fold
from bot.topics.lexicon import Lexicon, RawHit, drop_masked
from bot.topics.match import Finding, Match, TopicScore
from bot.topics.rules import (
    BODY,
    LEAD,
    LEAD_WORDS,
    LINE,
    TITLE,
    Fired,
    Hit,
    RuleBook,
    set_elsewhere,
    topic_scores,
)
from bot.topics.taxonomy import HOME, Taxonomy, load_taxonomy

FIELDS = ("title", "summary")
#: The declared language is overruled only by this many more votes: short titles vote thinly.
OVERRULE = 2
#: What a setting (sport, film, food …) takes from every topic, times its own weight, by its place. Less
#: than what a topic earns there: people are shot in restaurants, and an entry is about what its title says.
SETTING_ZONES = {TITLE: 3, LEAD: 2, BODY: 0}
#: Characters of a field that are read; what a feed sends beyond this says nothing new and costs time.
READ_CHARS = 20_000

_WORD = re.compile(r"\S+")
# A sentence ends at a stop followed by a space and a capital or a digit, except after the usual
# abbreviations and single capitals ("U.S. Senate", "Gov. Abbott", "Gral. Trevilla").
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:St|Mr|Ms|Dr|Ej|Lt|Jr|Sr))(?<!\b(?:Sen|Rep|Gov|Gen|Col|Mrs|Lic|Ing|Dra|Sra|Cmd))"
    r"(?<!\bHgo)(?<!\b(?:Gral|Sgto|Cmdr))[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«¿¡(\[]*[A-ZÁÉÍÓÚÑ0-9])|\n+"
)
# "MEXICO CITY (AP) —", "CIUDAD JUÁREZ.-", "WASHINGTON, March 3 (Reuters) -", "MEXICO CITY A court …"
_DATELINE = re.compile(
    r"\s*[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ.,/ ]{3,40}"
    r"(?=\s*(?:,[^.—–-]{0,40})?(?:\([A-Za-z /]{2,30}\)|[—–-]|\.\s?[-—–])|\s[A-Z][a-z])"
)


class Matcher:
    """The taxonomy, ready to judge. Holds no state between entries; safe to share between threads."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        concepts = taxonomy.concepts.values()
        self._lexicons = {tongue: Lexicon.for_language(concepts, tongue) for tongue in ("en", "es")}
        self._masks = frozenset(c.id for c in concepts if c.kind == "mask")
        self._absorbing = frozenset(c.id for c in concepts if c.kind not in ("act", "setting"))
        self._settings = {c.id: c.weight for c in concepts if c.kind == "setting"}
        groups = taxonomy.groups
        self._home = groups["mx"] | groups["border"] | groups["ca"] | groups["us_border_towns"]
        self._elsewhere = groups["elsewhere"]
        self._ties = self._home | groups["us"]
        self._places = frozenset(c.id for c in concepts if c.kind == "place")
        self._bound = self._ties | self._elsewhere
        self._soft_home = groups["soft_border"]
        self._us = groups["us"]
        self._spares = {c.id: c.spares for c in concepts}
        self._book = RuleBook(taxonomy.rules, self._ties)

    @classmethod
    def load(cls, folder: Path = HOME) -> Matcher:
        """A matcher with the taxonomy that ships with the package. Raises TaxonomyError."""
        return cls(load_taxonomy(folder))

    def judge(self, title: str, summary: str, language: str = "", categories: Sequence[str] = ()) -> Match:
        """The verdict on an entry, with its reason. Never raises, whatever the text.

        ``language`` is what the feed declares (``en``, ``es``, ``es-MX`` …); the text overrules it when it
        clearly speaks the other. ``categories`` are the entry's own labels; only those that name another
        subject ("Sports") count.
        """
        texts = (title[:READ_CHARS], summary[:READ_CHARS])
        folded = (fold(texts[0]), fold(texts[1]))
        words = (folded[0].text.split(), folded[1].text.split())
        if not words[0] and not words[1]:
            return Match((), "empty", 0.0)
        lexicon = self._lexicons[_language(language, texts, words)]
        raw = (lexicon.find(words[0]), lexicon.find(words[1]))
        if not raw[0] and not raw[1]:
            return Match((), "nothing_found", 0.0)
        reading = _Reading(texts, folded)
        hits: list[Hit] = []
        masked: list[Finding] = []
        for number in (0, 1):
            kept, masks = drop_masked(
                reading.exact(number, raw[number]), self._masks, self._absorbing, self._bound
            )
            hits.extend(reading.hit(number, item) for item in kept)
            masked.extend(reading.finding(reading.hit(number, item), "mask") for item in masks)
        hits = self._without_dateline(hits, reading)
        return self._verdict(hits, masked, reading, lexicon, categories)

    def _verdict(
        self,
        hits: list[Hit],
        masked: list[Finding],
        reading: _Reading,
        lexicon: Lexicon,
        categories: Sequence[str],
    ) -> Match:
        settings = [hit for hit in hits if hit.concept in self._settings]
        plain = [hit for hit in hits if hit.concept not in self._settings]
        elsewhere = self._set_elsewhere(plain)
        fired, missed = self._book.apply(hits, elsewhere)
        penalty = self._penalty(settings, lexicon, categories)
        excluded = (*masked, *(reading.finding(hit, "setting") for hit in settings))
        concepts = tuple(sorted({hit.concept for hit in plain}))
        scored = sorted(
            (
                self._topic_score(topic, max(0.0, score - self._taken(penalty, topic)), items, reading)
                for topic, (score, items) in topic_scores(fired).items()
            ),
            key=lambda item: (-item.score, item.topic),
        )
        topics = tuple(item for item in scored if item.score >= LINE)
        if topics:
            nearest = next((item for item in scored if item.score < LINE), None)
            return Match(topics, "matched", topics[0].score, concepts, nearest, excluded)
        if scored:
            reason = "other_subject" if penalty else "below_line"
            return Match((), reason, scored[0].score, concepts, scored[0], excluded)
        if missed:
            best = max(missed, key=lambda item: (item.score, item.rule.id))
            near = self._topic_score(best.rule.topic, min(best.score, LINE - MISS_GAP), [best], reading)
            return Match((), best.lacks, near.score, concepts, near, excluded)
        reason = "masked" if masked and not plain else "no_act"
        return Match((), reason, 0.0, concepts, None, excluded)

    def _set_elsewhere(self, hits: list[Hit]) -> bool:
        """Whether the entry is set in another part of the world.

        A border wall or border security is anybody's, unless the United States are named too.
        """
        home = self._home
        if any(hit.concept in self._us for hit in hits):
            home = home | self._soft_home
        return set_elsewhere(hits, home, self._elsewhere)

    def _penalty(self, settings: list[Hit], lexicon: Lexicon, categories: Sequence[str]) -> dict[str, int]:
        """What each other subject takes; each counts once, where it weighs most."""
        worst: dict[str, int] = {}
        for hit in settings:
            worth = self._settings[hit.concept] * SETTING_ZONES[hit.zone]
            worst[hit.concept] = max(worst.get(hit.concept, 0), worth)
        for category in categories[:20]:
            for item in lexicon.find(fold(category[:100]).text.split()):
                if item[2] in self._settings:
                    worst[item[2]] = max(worst.get(item[2], 0), self._settings[item[2]] * LEAD)
        return worst

    def _taken(self, penalty: dict[str, int], topic: str) -> int:
        return sum(worth for setting, worth in penalty.items() if topic not in self._spares[setting])

    def _without_dateline(self, hits: list[Hit], reading: _Reading) -> list[Hit]:
        """Leave out the place that an entry was merely filed from, when it speaks of other countries."""
        if not any(hit.concept in self._elsewhere for hit in hits):
            return hits
        return [hit for hit in hits if not (hit.concept in self._places and reading.in_dateline(hit))]

    def _topic_score(self, topic: str, score: float, items: Iterable[Fired], reading: _Reading) -> TopicScore:
        findings: dict[Finding, None] = {}
        first = ""
        for item in items:
            first = first or item.rule.id
            for hit in item.hits:
                findings[reading.finding(hit, "nexus" if hit.concept in self._ties else "act")] = None
        return TopicScore(topic, score, first, tuple(findings))


#: How far below the line a near miss is shown at most.
MISS_GAP = 0.1


class _Reading:
    """One entry's two fields, with the positions that only texts with hits need."""

    def __init__(self, texts: tuple[str, str], folded: tuple[Folded, Folded]) -> None:
        self._texts = texts
        self._folded = folded
        self._spans = tuple([m.span() for m in _WORD.finditer(f.text)] for f in folded)
        self._ends = tuple([m.end() for m in _SENTENCE_END.finditer(text)] for text in texts)
        self._datelines = tuple(m.end() if (m := _DATELINE.match(text)) else 0 for text in texts)

    def span(self, field: int, start: int, end: int) -> tuple[int, int]:
        """The bounds in the source of the words ``start`` to ``end`` of a field."""
        spans = self._spans[field]
        return self._folded[field].span(spans[start][0], spans[end - 1][1])

    def exact(self, field: int, raw: list[RawHit]) -> list[RawHit]:
        """The hits whose spelling is as it has to be."""
        text = self._texts[field]
        return [
            item
            for item in raw
            if item[3] is None or text[slice(*self.span(field, item[0], item[1]))] == item[3]
        ]

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
        surface = self._texts[hit.field][start:end]
        return Finding(hit.concept, surface, FIELDS[hit.field], start, end, role)


def _language(declared: str, texts: tuple[str, str], words: tuple[list[str], list[str]]) -> str:
    """The language to read in: the declared one unless the text clearly speaks the other."""
    english, spanish = languages.votes(texts[0] + texts[1], words[0] + words[1])
    if declared[:2] == "es":
        return "en" if english >= spanish + OVERRULE else "es"
    if declared[:2] == "en":
        return "es" if spanish >= english + OVERRULE else "en"
    return "es" if spanish > english else "en"

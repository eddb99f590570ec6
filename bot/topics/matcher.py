"""Judge an entry: which of the topics it speaks of, how strongly, and why; or why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.domain.match import Finding, Match, TopicScore
from bot.topics.acts import ActFinder
from bot.topics.background import background
from bot.topics.fold import fold
from bot.topics.form import FORMS, form_of_entry
from bot.topics.language import read_as
from bot.topics.lexicon import Lexicon, drop_masked
from bot.topics.reading import Reading
from bot.topics.rules import (
    BODY,
    LEAD,
    LINE,
    TITLE,
    Fired,
    Hit,
    RuleBook,
    by_concept,
    set_elsewhere,
    topic_scores,
)
from bot.topics.taxonomy import HOME, NAMING_KINDS, Taxonomy, load_taxonomy

#: What a setting (sport, film, food …) takes from every topic, times its own weight, by its place. Nothing
#: in the body: a long text about a killing may well name a stadium.
SETTING_ZONES = {TITLE: 3, LEAD: 2, BODY: 0}
#: How far below the line a near miss is shown at least.
MISS_GAP = 0.1
#: Entries of these forms are no reports: one is made up, the other tells of a life.
NO_REPORTS = frozenset(("satire", "obituary"))
#: The forms up to those: the first that an entry has stands.
_ASKED_FORMS = FORMS[: 1 + max(FORMS.index(form) for form in NO_REPORTS)]
#: Categories of an entry that are read, and characters of each: feeds send hundreds.
CATEGORIES, CATEGORY_CHARS = 20, 100


class Matcher:
    """The taxonomy, ready to judge. Holds no state between entries; safe to share between threads."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        concepts = taxonomy.concepts.values()
        groups = taxonomy.groups
        self._lexicons = {tongue: Lexicon.for_language(concepts, tongue) for tongue in ("en", "es")}
        self._masks = frozenset(c.id for c in concepts if c.kind == "mask")
        self._absorbing = frozenset(c.id for c in concepts if c.kind in NAMING_KINDS)
        self._settings = {c.id: c for c in concepts if c.kind == "setting"}
        self._signs = frozenset(c.id for c in concepts if c.kind == "sign")
        self._places = frozenset(c.id for c in concepts if c.kind == "place")
        self._us, self._elsewhere = groups["us"], groups["elsewhere"]
        self._home, self._home_with_us = groups["home"], groups["home"] | groups["home_with_us"]
        self._ties = groups["mx"] | groups["border"] | groups["ca"] | groups["us"]
        background()  # read now, and not by the first title whose language is in doubt
        self._places_told = self._ties | self._elsewhere
        self._book = RuleBook(taxonomy.rules, self._ties)
        self._acts = ActFinder(taxonomy.composed)
        asked = (
            name
            for rule in taxonomy.rules
            for slot in (*rule.slots, rule.unless, rule.unless_anywhere)
            for name in slot
        )
        #: Verbs and things that only matter as part of an act; most stand in a text without their other half.
        self._mere_parts = self._signs & self._acts.parts() - set(asked)

    @classmethod
    @cache
    def load(cls, folder: Path = HOME) -> Matcher:
        """The matcher with the taxonomy that ships with the package, made once. Raises TaxonomyError."""
        return cls(load_taxonomy(folder))

    def lexicon(self, language: str) -> Lexicon:
        """The phrases that count in ``en`` or ``es``."""
        return self._lexicons[language]

    def judge(self, title: str, summary: str, language: str = "", categories: Sequence[str] = ()) -> Match:
        """As ``judge_reading``, for a text that was not read yet."""
        return self.judge_reading(Reading(title, summary), language, categories)

    def judge_reading(self, reading: Reading, language: str = "", categories: Sequence[str] = ()) -> Match:
        """The verdict on an entry, with its reason. Never raises, whatever the text.

        ``language`` is what the feed declares (``en``, ``es``, ``es-MX`` …); the text overrules it when it
        clearly speaks another. A text in a third language is left out unless its feed declares it.
        ``categories`` are the entry's own labels; only those that name another subject ("Sports") count.

        Reasons: ``matched``; ``empty`` (no letters), ``other_language`` (neither English nor Spanish),
        ``nothing_found`` (none of our phrases), ``masked`` (only look-alikes), ``elsewhere`` (set in another
        part of the world), ``no_nexus`` (no tie to Mexico or the border), ``no_act`` (a tie, but nothing of
        ours is done), ``too_far`` (both, but apart), ``exception`` (an exception of the rule stands beside
        it), ``below_line`` (too weak), ``other_subject`` (sport, film … outweigh it, or it is satire or an
        obituary).
        """
        if not reading.words[0] and not reading.words[1]:
            return Match((), "empty", 0.0)
        spoken = reading.language(language)
        if spoken not in self._lexicons and spoken != language[:2].lower():
            return Match((), "other_language", 0.0)
        lexicon = self._lexicons[read_as(spoken)]
        spotted = tuple(lexicon.spot(words) for words in reading.words)
        present = set[str]().union(*(one.concepts() for one in spotted))
        if not present:
            return Match((), "nothing_found", 0.0)
        # Words that are only parts of acts say nothing where no act can be made of what there is.
        acts = self._acts.possible(present)
        idle = (present & self._mere_parts) - acts.parts()
        raw = tuple(one.hits(idle) for one in spotted)
        hits: list[Hit] = []
        excluded: list[Finding] = []
        for field, found in enumerate(raw):
            kept, masks = drop_masked(
                reading.fitting(field, found), self._masks, self._absorbing, self._places_told
            )
            hits += reading.hits(field, kept)
            excluded += [reading.finding(hit, "mask") for hit in reading.hits(field, masks)]
        hits = self._without_dateline(hits, reading)
        everything = by_concept(hits)
        acts.find(everything)
        if not present.isdisjoint(self._settings):
            excluded += [reading.finding(hit, "setting") for hit in hits if hit.concept in self._settings]
        taken = self._taken_by_settings(hits, lexicon, categories)
        match = self._verdict(everything, taken, excluded, reading)
        if (
            match.relevant
            and form_of_entry(reading.title, categories=categories, asked=_ASKED_FORMS) in NO_REPORTS
        ):
            return replace(match, topics=(), reason="other_subject", nearest=match.topics[0])
        return match

    def _verdict(
        self, found: dict[str, list[Hit]], taken: dict[str, int], excluded: list[Finding], reading: Reading
    ) -> Match:
        plain = found.keys() - self._settings.keys()
        concepts = tuple(sorted(plain - self._signs))
        elsewhere = self._set_elsewhere(found)
        scored = sorted(
            (
                self._topic_score(topic, max(0.0, score - self._penalty(taken, topic)), items, reading)
                for topic, (score, items) in topic_scores(self._book.fire(found, elsewhere)).items()
            ),
            key=lambda item: (-item.score, item.topic),
        )
        topics = tuple(item for item in scored if item.score >= LINE)
        below = next((item for item in scored if item.score < LINE), None)
        if topics:
            return Match(topics, "matched", topics[0].score, concepts, below, tuple(excluded))
        if below:
            reason = "other_subject" if taken else "below_line"
            return Match((), reason, below.score, concepts, below, tuple(excluded))
        if not plain and excluded:
            return Match((), "masked", 0.0, concepts, None, tuple(excluded))
        missed = self._book.nearest_miss(found, elsewhere)
        if missed is None:
            return Match((), "no_act", 0.0, concepts, None, tuple(excluded))
        near = self._topic_score(missed.rule.topic, min(missed.score, LINE - MISS_GAP), [missed], reading)
        # What the rule lacks may be the other country; a text that names Mexico is not without a tie.
        tied = missed.lacks == "no_nexus" and not self._home.isdisjoint(plain)
        return Match((), "no_act" if tied else missed.lacks, near.score, concepts, near, tuple(excluded))

    def _set_elsewhere(self, found: Mapping[str, list[Hit]]) -> bool:
        """Whether the entry is set in another part of the world.

        A border wall or border security is anybody's, unless the United States are named too.
        """
        if self._elsewhere.isdisjoint(found):
            return False
        home = self._home if self._us.isdisjoint(found) else self._home_with_us
        plain = (hit for name, hits in found.items() if name not in self._settings for hit in hits)
        return set_elsewhere(plain, home, self._elsewhere)

    def _taken_by_settings(
        self, hits: list[Hit], lexicon: Lexicon, categories: Sequence[str]
    ) -> dict[str, int]:
        """What each other subject takes; each counts once, where it weighs most."""
        taken: dict[str, int] = {}
        for hit in hits:
            if hit.concept in self._settings:
                worth = self._settings[hit.concept].weight * SETTING_ZONES[hit.zone]
                taken[hit.concept] = max(taken.get(hit.concept, 0), worth)
        for category in categories[:CATEGORIES]:
            for _, _, concept, exact in lexicon.find(fold(category[:CATEGORY_CHARS]).text.split()):
                if concept in self._settings and exact is None:
                    worth = self._settings[concept].weight * SETTING_ZONES[LEAD]
                    taken[concept] = max(taken.get(concept, 0), worth)
        return taken

    def _penalty(self, taken: dict[str, int], topic: str) -> int:
        return sum(worth for concept, worth in taken.items() if topic not in self._settings[concept].spares)

    def _without_dateline(self, hits: list[Hit], reading: Reading) -> list[Hit]:
        """Leave out the place that an entry was merely filed from, when it speaks of other countries."""
        if self._elsewhere.isdisjoint([hit.concept for hit in hits]):
            return hits
        return [hit for hit in hits if not (hit.concept in self._places and reading.in_dateline(hit))]

    def _topic_score(self, topic: str, score: float, items: Iterable[Fired], reading: Reading) -> TopicScore:
        findings: dict[Finding, None] = {}
        rule = ""
        for item in items:
            rule = rule or item.rule.id
            for hit in item.hits:
                findings[reading.finding(hit, "nexus" if hit.concept in self._ties else "act")] = None
        return TopicScore(topic, score, rule, tuple(findings))

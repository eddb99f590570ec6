"""Judge a report: which of the article's questions it bears on, how directly, in which direction, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.article import Brief, load_brief
from bot.domain.evidence import BEARS, DECISIVE, SOLID, Bearing, Evidence
from bot.domain.match import Match, TopicScore
from bot.evidence.polarity import CLAUSE, ROLES, THAT, acts_among, only_asked, polarity, undone
from bot.evidence.questions import DATED, HERE, POWERS, QuestionRule, Rules, load_rules
from bot.topics.acts import ActFinder
from bot.topics.fold import word_set
from bot.topics.language import read_as
from bot.topics.lexicon import Lexicon, drop_masked
from bot.topics.reading import Reading
from bot.topics.rules import LINE as RELEVANT
from bot.topics.rules import TITLE, Hit, set_elsewhere
from bot.topics.taxonomy import Taxonomy, load_taxonomy

#: Words of the summary that are read: beyond that, a text names in passing what it is not about.
READ_WORDS = 45
#: What a rule's weight is worth by where its words stand: all in the title; the title and the lead together;
#: the lead alone.
IN_TITLE, IN_BOTH, IN_LEAD = 3.0, 2.5, 2.0
#: A rule holds from weight times place on: a rule of weight 2 in the lead, of weight 1 in the title alone.
LINE = 3.0
#: Reasons of the matcher that evidence overrules: it missed a tie, an act or their nearness.
_OVERRULED = frozenset({"no_nexus", "no_act", "too_far", "below_line"})
#: The matcher's reason for what one of its exceptions takes out; only a rule that stands alone overrules it.
_EXCEPTED = "exception"
#: So many things named together leave little to chance: solid evidence then needs no verdict of the matcher.
#: One less where the matcher found at least what such acts are about, and a place of ours: migrants are
#: anywhere.
NAMED_TOGETHER = 3
#: Topics that ask for a mark of organised crime, which the matcher reads and evidence does not: only what is
#: decisive is taken up without it, or every murder in a border state would be.
_MARKED_TOPICS = frozenset({"organized_crime"})
#: Other subjects: a report with one of these in its title is no evidence of anything.
_OTHER_SUBJECTS = ("sport", "film_and_shows", "reviews", "food_and_travel")
#: Kinds that take the words inside them: "Mexico's southern border" is not "southern border". Those who hold
#: an office are read inside their names: "Mexican police" are police.
_ABSORBING_KINDS = ("place", "programme", "law", "mask")
#: A column is headed by its author's name: "Ana Pérez / The long night".
_BYLINE = re.compile(r"\s*(?:[A-ZÁÉÍÓÚÑ][\w.áéíóúñü-]+\s+){2,4}/\s")
#: A summary that is a caption ends in the picture's credit, "(Javier Ruiz/Agency)"; it may show another day.
_CAPTION = re.compile(r"\([^()/]{3,40}/[^()/]{3,40}\)\s*\Z")
#: The concept of a way into Mexico, and the folded words before any of its places that make one:
#: "expelled to Tabasco", "hacia suelo mexicano".
_TO_MEXICO, _LEADING_TO = "to_mexico", word_set("to into toward towards a hacia hasta")
#: A year, the folded words before it that date something by it, and months: "on 5 November of 2023" is a day.
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATING = word_set("in of en de del")
_MONTHS = word_set(
    "january february march april may june july august september october november december "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
#: Places of Mexico that are no concept of the taxonomy.
_SOUTH = frozenset({"south"})
#: How the folded words for Mexico's people begin: "a mexicanos" is no way into Mexico.
_MEXICANS = "mexican"
#: People on the way: the country they are told by is not where the report is set.
_TRAVELLERS = "not_mexican"
#: Those who travel towards the United States: a report on them is ours.
_PEOPLE = "people_moving"


@dataclass(frozen=True, slots=True)
class _Held:
    rule: QuestionRule
    hits: tuple[Hit, ...]
    place: float
    direction: str


class EvidenceJudge:
    """The rules of evidence, ready to judge. Holds no state between reports; threads may share it."""

    def __init__(self, rules: Rules, taxonomy: Taxonomy, topics: Mapping[str, str]) -> None:
        """``topics`` names for each question the topic under which its evidence stands first."""
        self._topics = topics
        concepts = rules.concepts.values()
        groups = taxonomy.groups
        self._lexicons = {tongue: Lexicon.for_language(concepts, tongue) for tongue in ("en", "es")}
        self._composed = ActFinder(rules.composed)
        self._masks = frozenset(c.id for c in concepts if c.kind == "mask")
        self._places = frozenset(c.id for c in concepts if c.kind == "place")
        self._of_mexico = _SOUTH | {c.id for c in concepts if c.kind == "place" and c.tie == "mx"}
        self._absorbing = frozenset(c.id for c in concepts if c.kind in _ABSORBING_KINDS)
        named = frozenset(c.id for c in rules.concepts.values() if c.kind in ("programme", "law"))
        self._home, self._elsewhere = groups["home"] | named, groups["elsewhere"]
        self._abroad = groups["elsewhere"] | groups["ca"]
        self._matters, self._interior = groups["matters"], groups["us_interior"]
        self._ties = groups["mx"] | groups["border"] | groups["ca"] | groups["us"] | groups["elsewhere"]
        self._by_head: dict[str, list[QuestionRule]] = defaultdict(list)
        for rule in rules.rules:
            for concept in rule.slots[0]:
                self._by_head[concept].append(rule)
        self._order = {rule: place for place, rule in enumerate(rules.rules)}
        self._alone = frozenset(rule.id for rule in rules.rules if rule.alone)

    @classmethod
    def load(cls, taxonomy: Taxonomy, brief: Brief | None = None) -> EvidenceJudge:
        """A judge with the rules that ship with the package. Raises TaxonomyError."""
        brief = brief or load_brief()
        topics = {q.id: q.topics[0] for concern in brief.concerns for q in concern.questions}
        return cls(load_rules(taxonomy, tuple(topics)), taxonomy, topics)

    @classmethod
    @cache
    def shipped(cls) -> EvidenceJudge:
        """The judge with the rules and the taxonomy that ship with the package, made once."""
        return cls.load(load_taxonomy())

    def weigh(
        self, title: str, summary: str, language: str, match: Match, *, document: bool = False
    ) -> tuple[Match, Evidence]:
        """The verdict on a report and what it is evidence of, the one corrected by the other. Never raises.

        A report whose title alone decides or plainly shows something on a question of the article is
        relevant, although the matcher found no tie or no act of its topics in it ("Court voids the tariffs
        over fentanyl"). Where the rule does not stand alone, the matcher must have found at least what such
        acts are about: courts, armies and shelters are many.
        """
        if match.relevant:
            return match, self.read(title, summary, language, document=document)
        if match.reason in _OVERRULED or match.reason == _EXCEPTED:
            evidence = self.read(title, summary, language, document=document)
            for one in evidence.bearings:
                if self._overrules(one, match, language):
                    topic = TopicScore(self._topics[one.question], RELEVANT, one.rule, one.findings)
                    bears = replace(match, topics=(topic,), reason=BEARS, score=RELEVANT, nearest=None)
                    return bears, evidence
        return match, Evidence((), "not_relevant")

    def _overrules(self, one: Bearing, match: Match, language: str) -> bool:
        """Whether evidence makes a report relevant that the matcher left out."""
        if any(finding.field != "title" for finding in one.findings):
            return False
        alone = one.rule in self._alone
        if match.reason == _EXCEPTED:
            return alone and one.weight == DECISIVE
        tied = not self._home.isdisjoint(match.concepts)
        ours = self._interior.isdisjoint(match.concepts) and (
            not self._matters.isdisjoint(match.concepts)
            or (tied and any(finding.concept == _PEOPLE for finding in one.findings))
        )
        solid = (
            one.weight == SOLID
            and len(one.findings) >= NAMED_TOGETHER - (ours and tied)
            and self._topics[one.question] not in _MARKED_TOPICS
        )
        # A Spanish text that names no country is Mexico's, as its papers are most of those that are read.
        here = tied or (language[:2].lower() == "es" and self._elsewhere.isdisjoint(match.concepts))
        return (solid or one.weight == DECISIVE) and ((ours and here) or alone)

    def read(self, title: str, summary: str, language: str = "", *, document: bool = False) -> Evidence:
        """What a report is evidence of, taken to be relevant. Never raises.

        ``language`` is the report's own, ``en`` or ``es``; where it is neither, the text tells it.
        ``document`` says that it is an official document: what its title shows is the act itself.
        """
        reading = Reading(title, "" if _CAPTION.search(summary) else summary)
        del reading.words[1][READ_WORDS:]
        spoken = language if language in self._lexicons else reading.language(language)
        lexicon = self._lexicons[read_as(spoken)]
        raw = tuple(lexicon.find(words) for words in reading.words)
        found: dict[str, list[Hit]] = defaultdict(list)
        for field, hits in enumerate(raw):
            kept, _ = drop_masked(reading.fitting(field, hits), self._masks, self._absorbing, self._ties)
            for hit in reading.hits(field, kept):
                found[hit.concept].append(hit)
        self._composed.find(found)
        found[_TO_MEXICO] += self._ways_into_mexico(found, reading)
        if not found[_TO_MEXICO]:
            del found[_TO_MEXICO]
        if dated := [hit for field in (0, 1) for hit in _years(reading, field)]:
            found[DATED] = dated
        other = "opinion" if _BYLINE.match(title) else self._other(found)
        if other:
            return Evidence((), other)
        found[CLAUSE] = [Hit(CLAUSE, 0, at, at, 0, TITLE) for at in reading.clauses()]
        if lexicon is self._lexicons["es"] and self._abroad.isdisjoint(found):
            found[HERE] = []
        held = self._held(found)
        if not held:
            return Evidence((), "no_rule")
        bearings = [self._bearing(one, reading) for one in self._best(held)]
        if document:
            bearings = sorted(map(_of_document, bearings), key=lambda one: -one.weight)
        return Evidence(tuple(bearings), BEARS)

    def _other(self, found: Mapping[str, Sequence[Hit]]) -> str:
        """Why a report is no evidence of anything, whatever its words."""
        titled = {concept for concept, hits in found.items() if any(hit.zone == TITLE for hit in hits)}
        if "opinion" in titled:
            return "opinion"
        if "looking_back" in titled:
            return "looking_back"
        if not titled.isdisjoint(_OTHER_SUBJECTS):
            return "other_subject"
        everything = [hit for hits in found.values() for hit in hits]
        people = {(hit.field, hit.start, hit.end) for hit in found.get(_TRAVELLERS, ())}
        everything = [
            hit
            for hit in everything
            if hit.concept in self._home or (hit.field, hit.start, hit.end) not in people
        ]
        return "elsewhere" if set_elsewhere(everything, self._home, self._elsewhere) else ""

    def _ways_into_mexico(self, found: Mapping[str, Sequence[Hit]], reading: Reading) -> list[Hit]:
        """A hit for each place of Mexico that a word of direction stands before."""
        ways = []
        for name in [name for name in found if name in self._of_mexico]:
            for hit in found[name]:
                words = reading.words[hit.field]
                people = hit.end - hit.start == 1 and words[hit.start].startswith(_MEXICANS)
                if hit.start and words[hit.start - 1] in _LEADING_TO and not people:
                    ways.append(hit._replace(concept=_TO_MEXICO, start=hit.start - 1))
        return sorted(ways)

    def _held(self, found: Mapping[str, Sequence[Hit]]) -> list[_Held]:
        present = frozenset(found)
        # In the text's order here and below: a set's own differs between processes.
        acts = acts_among(hit for name, hits in found.items() if name in ROLES for hit in hits)
        powers = [hit for name in POWERS for hit in found.get(name, ())]
        held: list[_Held] = []
        for concept in found:
            for rule in self._by_head.get(concept, ()):
                if any(present.isdisjoint(slot) for slot in rule.slots) or not present.isdisjoint(
                    rule.unless_anywhere
                ):
                    continue
                for head in found[concept]:
                    one = _complete(rule, head, found, acts, powers, self._places)
                    if one is not None and rule.weight * one.place >= LINE:
                        held.append(one)
        return held

    def _best(self, held: Sequence[_Held]) -> list[_Held]:
        """For each question the rule whose words stand highest; among equals the first in the file."""
        best: dict[str, _Held] = {}
        for one in sorted(held, key=lambda one: (-one.place, self._order[one.rule], one.hits[0].start)):
            best.setdefault(one.rule.question, one)
        return sorted(best.values(), key=lambda one: (-one.rule.weight * one.place, self._order[one.rule]))

    @staticmethod
    def _bearing(held: _Held, reading: Reading) -> Bearing:
        findings = tuple(dict.fromkeys(reading.finding(hit, "evidence") for hit in held.hits))
        weight = held.rule.weight if held.place > IN_LEAD else max(1, held.rule.weight - 1)
        return Bearing(held.rule.question, weight, held.direction, held.rule.id, findings)


def _years(reading: Reading, field: int) -> list[Hit]:
    """The years that date something in a field: "the massacre of 2019"."""
    words = reading.words[field]
    raw = [
        (at, at + 1, DATED, None)
        for at in range(1, len(words))
        if words[at - 1] in _DATING
        and _YEAR.fullmatch(words[at])
        and not (at > 1 and words[at - 2] in _MONTHS)
    ]
    return reading.hits(field, raw) if raw else []


def _of_document(bearing: Bearing) -> Bearing:
    titled = any(finding.field == "title" for finding in bearing.findings)
    return replace(bearing, weight=DECISIVE) if titled and bearing.weight == SOLID else bearing


def _complete(
    rule: QuestionRule,
    head: Hit,
    found: Mapping[str, Sequence[Hit]],
    acts: Sequence[Hit],
    powers: Sequence[Hit],
    places: frozenset[str],
) -> _Held | None:
    """The rule with its slots filled by the hits nearest to ``head``, or None where it does not hold.

    No words fill two slots, except the place that another concept's words name: "funds for Mexico".
    """
    filled = [head]
    for slot in rule.slots[1:]:
        if HERE in slot and HERE in found:
            continue
        near = [
            hit
            for name, hits in found.items()
            if name in slot
            for hit in hits
            if _near(rule, head, hit)
            and not any(_overlap(hit, used) and not (name in places and hit.inside(used)) for used in filled)
        ]
        if not near:
            return None
        filled.append(min(near, key=lambda hit: _distance(head, hit)))
    for name in rule.unless & found.keys():
        if any(
            hit.same_sentence(head)
            and (head.inside(hit) or not _overlap(hit, head))
            and not any(hit.inside(used) for used in filled)
            for hit in found[name]
        ):
            return None
    direction = _direction(rule, filled, acts)
    if direction is None:
        return None
    if only_asked(head, acts, powers):
        direction = "unclear"
    titles = [hit.zone == TITLE for hit in filled]
    place = IN_TITLE if all(titles) else IN_BOTH if any(titles) else IN_LEAD
    return _Held(rule, tuple(filled), place, direction)


def _direction(rule: QuestionRule, filled: Sequence[Hit], acts: Sequence[Hit]) -> str | None:
    head = filled[0]
    acts = [
        act for act in acts if act.concept in (CLAUSE, THAT) or not any(act.inside(hit) for hit in filled)
    ]
    way = rule.direction
    if way.fixed:
        return way.undone if way.undone and undone(head, acts, filled) else way.fixed
    sign = polarity(head, acts, filled, sinks_only=way.sinks is not None)
    if sign == 0:
        return way.plain
    return way.more if sign > 0 else way.fewer or way.sinks


def _near(rule: QuestionRule, head: Hit, hit: Hit) -> bool:
    if head.same_sentence(hit):
        return _distance(head, hit)[1] <= rule.within
    return rule.near == "lead" and (head.zone == TITLE or hit.zone == TITLE)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _distance(head: Hit, other: Hit) -> tuple[int, int]:
    if head.field != other.field:
        return 1, other.start
    return 0, max(other.start - head.end, head.start - other.end, 0)

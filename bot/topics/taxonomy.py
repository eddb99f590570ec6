"""Read the taxonomy: the YAML files in which meaning lives, checked key by key.

The files under ``taxonomy/`` are written for a reader who knows the field, not for a programmer; the
format is explained at the head of ``taxonomy/topics.yaml``. ``rules/`` holds one file of rules per topic.
Everything that can be wrong in them is said with the key at fault, here, once, so that the matcher need not
ask again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.match import TOPICS
from bot.topics.checks import TaxonomyError, a_list, known_keys, mapping, read_yaml
from bot.topics.spellings import INFLECT, Phrase, SpellingFault, spellings

HOME = Path(__file__).parent / "taxonomy"
#: Where phrases may be written: both languages alike (names), or one.
LANGUAGES = ("both", "en", "es")
#: A ``sign`` is a word that only means something beside others ("agents", "meeting"); it is weighed but not
#: told as one of the concepts of an entry. Masks and settings speak against.
KINDS = ("agency", "programme", "law", "place", "act", "actor", "person", "thing", "sign", "mask", "setting")
#: Kinds that name one thing, so that the words inside a name are not counted again.
NAMING_KINDS = frozenset(KINDS) - {"act", "sign", "setting"}
#: What a concept binds a text to. ``elsewhere`` is every country that is not part of the subject.
TIES = ("mx", "us", "border", "ca", "elsewhere")
#: What makes a concept an act told by others: the combinations, and what turns it into its opposite.
COMPOSING = ("of", "turned_by", "into")
NEARNESS = ("sentence", "entry")
STRENGTHS = (1, 2, 3)
#: Groups that the matcher itself asks for: what is ours, and what is ours once the United States are named.
NEEDED_GROUPS = ("home", "home_with_us")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that texts speak of, under all its names, or an act told by two other concepts together."""

    id: str
    kind: str
    tie: str | None
    phrases: Mapping[str, tuple[Phrase, ...]]
    weight: int = 1
    spares: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComposedAct:
    """An act that is told by other concepts standing close together: "freezes" and "police aid".

    ``ways`` are the combinations that tell it, each a tuple of slots. Where a concept of ``turned_by``
    stands beside them ("rejects"), the act is ``into`` instead, or none at all.
    """

    id: str
    ways: tuple[tuple[frozenset[str], ...], ...]
    turned_by: frozenset[str] = frozenset()
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When a topic is spoken of: one concept of every slot, near enough, and none of the exceptions.

    ``slots[0]`` is what the rule is about; its place in the entry gives the rule its weight.
    ``anywhere`` rules hold even where the entry is set in another part of the world. ``claims`` are topics
    for which the words of this rule no longer count where they stand in the summary.
    """

    id: str
    topic: str
    strength: int
    slots: tuple[frozenset[str], ...]
    near: str
    unless: frozenset[str]
    unless_anywhere: frozenset[str]
    anywhere: bool
    claims: frozenset[str]
    say: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Topic:
    """A label and what it means, in both languages."""

    id: str
    definition: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All that the matcher knows."""

    topics: tuple[Topic, ...]
    concepts: Mapping[str, Concept]
    rules: tuple[Rule, ...]
    groups: Mapping[str, frozenset[str]]
    composed: tuple[ComposedAct, ...] = ()

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id. Raises KeyError."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)


@cache
def load_taxonomy(folder: Path = HOME) -> Taxonomy:
    """The taxonomy in ``folder``, read once: ``topics.yaml``, the rules and concepts beside it, the forms.

    Raises TaxonomyError with the key at fault.
    """
    topics_text = dict(mapping(read_yaml(folder / "topics.yaml"), "topics.yaml"))
    topics = dict(mapping(topics_text.get("topics"), "topics"))
    for path in sorted((folder / "rules").glob("*.yaml")):
        key = f"topics.{path.stem}"
        topics[path.stem] = {**mapping(topics.get(path.stem), key), "rules": read_yaml(path)}
    topics_text["topics"] = topics
    concepts_raw: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "topics.yaml":
            continue
        for concept_id, raw in mapping(read_yaml(path), path.name).items():
            if concept_id in concepts_raw:
                raise TaxonomyError(f"{path.name}.{concept_id}", "this id is used twice", "duplicate_id")
            concepts_raw[concept_id] = raw
    return build_taxonomy(topics_text, concepts_raw, load_forms(folder))


def load_forms(folder: Path = HOME) -> dict[str, dict[str, tuple[str, ...]]]:
    """The inflected forms by language and lemma, both folded: ``forms.en.json`` and ``forms.es.json``."""
    forms: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in ("en", "es"):
        path = folder / f"forms.{language}.json"
        table = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        forms[language] = {lemma: tuple(words.split()) for lemma, words in table.items()}
    return forms


def build_taxonomy(
    topics_raw: Any, concepts_raw: Mapping[str, Any], forms: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Taxonomy:
    """The taxonomy from parsed YAML. Raises TaxonomyError with the key at fault."""
    top = mapping(topics_raw, "topics.yaml")
    known_keys(top, {"topics", "groups"}, "topics.yaml")
    concepts = read_concepts(concepts_raw, forms)
    groups = _groups(mapping(top.get("groups") or {}, "groups"), concepts)
    composed = _composed(concepts_raw, groups)
    for name in NEEDED_GROUPS:
        if name not in groups:
            raise TaxonomyError(f"groups.{name}", "this group is needed to tell where an entry is set")
    topics: list[Topic] = []
    rules: list[Rule] = []
    seen: set[str] = set()
    topics_map = mapping(top.get("topics"), "topics")
    for topic_id, raw in topics_map.items():
        key = f"topics.{topic_id}"
        if topic_id not in TOPICS:
            raise TaxonomyError(key, f"no such topic; known are {', '.join(TOPICS)}")
        body = mapping(raw, key)
        known_keys(body, {"definition", "rules"}, key)
        topics.append(Topic(topic_id, _both_languages(body.get("definition"), f"{key}.definition")))
        for rule_id, rule_raw in mapping(body.get("rules"), f"{key}.rules").items():
            if rule_id in seen:
                raise TaxonomyError(f"{key}.rules.{rule_id}", "this id is used twice", "duplicate_id")
            seen.add(rule_id)
            rules.append(_rule(rule_id, topic_id, rule_raw, groups, f"{key}.rules.{rule_id}"))
    missing = set(TOPICS) - {topic.id for topic in topics}
    if missing:
        raise TaxonomyError("topics", f"missing: {', '.join(sorted(missing))}")
    order = {topic_id: place for place, topic_id in enumerate(TOPICS)}
    return Taxonomy(
        tuple(sorted(topics, key=lambda t: order[t.id])), concepts, tuple(rules), groups, composed
    )


def read_concepts(
    concepts_raw: Mapping[str, Any], forms: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> dict[str, Concept]:
    """The concepts of parsed YAML, by id. Raises TaxonomyError with the key at fault."""
    return {cid: _concept(cid, raw, forms) for cid, raw in concepts_raw.items()}


def marked_words(concepts_raw: Mapping[str, Any]) -> dict[str, set[str]]:
    """The words that carry the inflection mark, by language: what the forms file must hold."""
    words: dict[str, set[str]] = {"en": set(), "es": set()}
    for raw in concepts_raw.values():
        for language in ("en", "es"):
            for phrase in raw.get(language) or ():
                words[language].update(w[:-1] for w in str(phrase).split() if w.endswith(INFLECT))
    return words


def _concept(concept_id: str, raw: Any, forms: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Concept:
    body = mapping(raw, concept_id)
    known_keys(body, {"kind", "tie", "weight", "spares", "note", *COMPOSING, *LANGUAGES}, concept_id)
    kind, tie, weight = body.get("kind"), body.get("tie"), body.get("weight", 1)
    if kind not in KINDS:
        raise TaxonomyError(f"{concept_id}.kind", f"{kind!r} is not one of {', '.join(KINDS)}")
    if tie is not None and tie not in TIES:
        raise TaxonomyError(f"{concept_id}.tie", f"{tie!r} is not one of {', '.join(TIES)}")
    if weight not in STRENGTHS:
        raise TaxonomyError(f"{concept_id}.weight", f"{weight!r} is not 1, 2 or 3")
    spares = frozenset(body.get("spares") or ())
    if not spares <= set(TOPICS):
        raise TaxonomyError(f"{concept_id}.spares", f"known topics are {', '.join(TOPICS)}")
    phrases: dict[str, tuple[Phrase, ...]] = {}
    for language in LANGUAGES:
        written = body.get(language) or []
        if not isinstance(written, list):
            raise TaxonomyError(f"{concept_id}.{language}", "must be a list of phrases")
        found: dict[Phrase, None] = {}
        for number, text in enumerate(written):
            key = f"{concept_id}.{language}[{number}]"
            if not isinstance(text, str):
                raise TaxonomyError(key, f"{text!r} is not text; put it in quotes")
            try:
                found.update(dict.fromkeys(spellings(text, language, forms)))
            except SpellingFault as fault:
                raise TaxonomyError(key, str(fault), fault.code) from fault
        phrases[language] = tuple(found)
    if not any(phrases.values()) and not body.get("of"):
        raise TaxonomyError(concept_id, "has no phrase")
    return Concept(concept_id, kind, tie, phrases, weight, spares)


def _groups(raw: Mapping[str, Any], concepts: Mapping[str, Concept]) -> dict[str, frozenset[str]]:
    """Every name that a rule may use, with the concepts it stands for."""
    groups: dict[str, frozenset[str]] = {cid: frozenset((cid,)) for cid in concepts}
    for tie in TIES:
        if tie in groups:
            raise TaxonomyError(tie, "is a tie and cannot be a concept too", "duplicate_id")
        groups[tie] = frozenset(c.id for c in concepts.values() if c.tie == tie and c.kind != "mask")
    for name, members in raw.items():
        if name in groups:
            raise TaxonomyError(f"groups.{name}", "this id is used twice", "duplicate_id")
        if not isinstance(members, list):
            raise TaxonomyError(f"groups.{name}", "must be a list of concepts or earlier groups")
        groups[name] = frozenset().union(*(_named(m, groups, f"groups.{name}") for m in members))
    return groups


def _composed(
    concepts_raw: Mapping[str, Any], groups: Mapping[str, frozenset[str]]
) -> tuple[ComposedAct, ...]:
    """The acts told by other concepts, each after those that it is made of."""
    later = [concept_id for concept_id, raw in concepts_raw.items() if raw.get("of")]
    found: list[ComposedAct] = []
    while later:
        concept_id = later.pop(0)
        raw = concepts_raw[concept_id]
        key = f"{concept_id}.of"
        ways = tuple(
            tuple(_slot(slot, groups, key) for slot in str(way).split("+")) for way in a_list(raw["of"], key)
        )
        for way in ways:
            if len(way) < 2:
                raise TaxonomyError(key, "needs at least two concepts, as in 'cutting + security_aid'")
            if any(not slot.isdisjoint((concept_id, *later)) for slot in way):
                raise TaxonomyError(key, "is made of an act that is defined later, or of itself")
        turned = (
            _slot(raw["turned_by"], groups, f"{concept_id}.turned_by")
            if raw.get("turned_by")
            else frozenset()
        )
        into = raw.get("into")
        if into is not None:
            _named(into, groups, f"{concept_id}.into")
        found.append(ComposedAct(concept_id, ways, turned, into))
    return tuple(found)


def _rule(rule_id: str, topic: str, raw: Any, groups: Mapping[str, frozenset[str]], key: str) -> Rule:
    body = mapping(raw, key)
    known_keys(
        body, {"all", "near", "strength", "unless", "unless_anywhere", "anywhere", "claims", "say"}, key
    )
    slots = body.get("all")
    if not isinstance(slots, list) or not slots:
        raise TaxonomyError(f"{key}.all", "must be a list of at least one name")
    near = body.get("near", "sentence")
    if near not in NEARNESS:
        raise TaxonomyError(f"{key}.near", f"{near!r} is not one of {', '.join(NEARNESS)}")
    strength = body.get("strength")
    if strength not in STRENGTHS:
        raise TaxonomyError(f"{key}.strength", f"{strength!r} is not 1, 2 or 3")
    anywhere = body.get("anywhere", False)
    if not isinstance(anywhere, bool):
        raise TaxonomyError(f"{key}.anywhere", "must be true or false")
    claims = body.get("claims") or []
    if not isinstance(claims, list) or not set(claims) <= set(TOPICS) - {topic}:
        raise TaxonomyError(f"{key}.claims", f"must be a list of other topics: {', '.join(TOPICS)}")

    def union(name: str) -> frozenset[str]:
        members = body.get(name) or []
        if not isinstance(members, list):
            raise TaxonomyError(f"{key}.{name}", "must be a list of names")
        return frozenset().union(*(_named(m, groups, f"{key}.{name}") for m in members))

    return Rule(
        id=rule_id,
        topic=topic,
        strength=strength,
        slots=tuple(_slot(slot, groups, f"{key}.all") for slot in slots),
        near=near,
        unless=union("unless"),
        unless_anywhere=union("unless_anywhere"),
        anywhere=anywhere,
        claims=frozenset(claims),
        say=_both_languages(body.get("say"), f"{key}.say"),
    )


def _slot(raw: Any, groups: Mapping[str, frozenset[str]], key: str) -> frozenset[str]:
    """``mx | border`` as the set of concepts that may fill the slot."""
    names = [name.strip() for name in str(raw).split("|")]
    return frozenset().union(*(_named(name, groups, key) for name in names))


def _named(name: Any, groups: Mapping[str, frozenset[str]], key: str) -> frozenset[str]:
    if name not in groups:
        raise TaxonomyError(key, f"{name!r} is neither a concept, a tie nor a group", "unknown_name")
    return groups[name]


def _both_languages(raw: Any, key: str) -> Mapping[str, str]:
    body = mapping(raw, key)
    for language in ("en", "es"):
        text = body.get(language)
        if not isinstance(text, str) or not text.strip():
            raise TaxonomyError(f"{key}.{language}", "a sentence is missing")
    return {"en": body["en"].strip(), "es": body["es"].strip()}

"""Read the rules of evidence: ``lexicon/questions.yaml`` and the concepts beside it, checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.evidence import DIRECTIONS
from bot.evidence.polarity import ROLES
from bot.record import load_record
from bot.topics.acts import ActFinder
from bot.topics.checks import TaxonomyError, known_keys, mapping, read_yaml
from bot.topics.policies import policy_names
from bot.topics.taxonomy import ComposedAct, Concept, Taxonomy, load_forms, read_concepts

#: Stands for Mexico in a Spanish report that names no country but the United States: its own goes unsaid.
HERE = "here"
#: Stands for a year that a report gives: "the massacre of 2019". News of the day gives none.
DATED = "dated"
#: Concepts of those whose asking is an act: governments, congresses, and who speaks for them.
POWERS = (
    "us_actor",
    "us_purse",
    "governments",
    "head_of_state",
    "office",
    "mx_government",
    "us_leaders",
    "who_decides",
    "mexico",
    "guatemala",
    "honduras",
)
HOME = Path(__file__).parent / "lexicon"
QUESTIONS_FILE = "questions.yaml"
#: Where a rule's words may stand: in one sentence, or in the title and the lead read together.
NEARNESS = ("sentence", "lead")
#: The weights of a rule; its place in the text can only lower it.
WEIGHTS = (1, 2, 3)
_RULE_KEYS = {
    "all",
    "near",
    "within",
    "unless",
    "unless_anywhere",
    "weight",
    "direction",
    "undone",
    "fewer",
    "sinks",
    "more",
    "plain",
    "alone",
}
#: Words between the first concept of a rule and another one in its sentence, unless the rule says otherwise:
#: a long sentence speaks of several things.
WITHIN = 20


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a report points: ``fixed``, or by what is done to the rule's first concept.

    Of a fixed direction, ``undone`` holds where the first concept is refused, blocked or ended. Otherwise
    ``fewer`` holds where it ends or shrinks (``sinks`` for a figure, which falls but is not ended), ``more``
    where it begins, grows or is kept, ``plain`` where neither is said. A rule does not hold where the
    direction found is None.
    """

    fixed: str | None = None
    undone: str | None = None
    fewer: str | None = None
    sinks: str | None = None
    more: str | None = None
    plain: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """When a report bears on a question: one concept of every slot, near enough, and no exception.

    ``slots[0]`` is what the rule is about; the others stand at most ``within`` words from it where they share
    its sentence. ``unless`` counts in the same sentence, ``unless_anywhere`` in the title and lead. The words
    of a rule that stands ``alone`` make a report relevant without the matcher.
    """

    id: str
    question: str
    slots: tuple[frozenset[str], ...]
    near: str
    within: int
    unless: frozenset[str]
    unless_anywhere: frozenset[str]
    weight: int
    direction: Direction
    alone: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of evidence, in the order of the file, and the concepts and composed acts that they name."""

    rules: tuple[QuestionRule, ...]
    concepts: Mapping[str, Concept]
    composed: tuple[ComposedAct, ...]


def load_rules(taxonomy: Taxonomy, questions: tuple[str, ...], folder: Path = HOME) -> Rules:
    """The rules in ``folder``; they may name concepts, ties and groups of the taxonomy besides their own.

    Raises TaxonomyError with the key at fault, also where a question of the article has no rules.
    """
    raw: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != QUESTIONS_FILE:
            raw.update(mapping(read_yaml(path), path.name))
    named = with_policy_names(raw)
    return build_rules(read_yaml(folder / QUESTIONS_FILE), named, load_forms(folder), taxonomy, questions)


def with_policy_names(concepts: Mapping[str, Any]) -> dict[str, Any]:
    """Concepts of parsed YAML with the names of the policies of the record that they list (``policies``).

    Raises TaxonomyError for a policy that is not in the record.
    """
    names = policy_names(load_record())
    found = {}
    for concept_id, raw in concepts.items():
        body = dict(mapping(raw, concept_id))
        for policy in body.pop("policies", ()):
            if policy not in names:
                raise TaxonomyError(
                    f"{concept_id}.policies", f"{policy!r} is not in the record", "unknown_name"
                )
            body["both"] = [*body.get("both", ()), *names[policy]["en"], *names[policy]["es"]]
        found[concept_id] = body
    return found


def build_rules(
    questions_raw: Any,
    concepts_raw: Mapping[str, Any],
    forms: Mapping[str, Mapping[str, tuple[str, ...]]],
    taxonomy: Taxonomy,
    questions: tuple[str, ...],
) -> Rules:
    """The rules from parsed YAML. Raises TaxonomyError with the key at fault."""
    own = read_concepts(concepts_raw, forms)
    for concept_id in own:
        if concept_id in taxonomy.groups:
            raise TaxonomyError(concept_id, "this id is used by the taxonomy", "duplicate_id")
    names = {
        **taxonomy.groups,
        HERE: frozenset((HERE,)),
        DATED: frozenset((DATED,)),
        **{concept_id: frozenset((concept_id,)) for concept_id in own},
    }
    rules: list[QuestionRule] = []
    top = mapping(questions_raw, QUESTIONS_FILE)
    if tuple(top) != questions:
        raise TaxonomyError(QUESTIONS_FILE, f"must hold the questions of the brief: {', '.join(questions)}")
    for question, body in top.items():
        block = mapping(body, question)
        known_keys(block, {"definition", "rules"}, question)
        if not block.get("definition"):
            raise TaxonomyError(f"{question}.definition", "a sentence is missing")
        for rule_id, rule in mapping(block.get("rules"), f"{question}.rules").items():
            rules.append(_rule(rule_id, question, rule, names))
    used = frozenset((*ROLES, *POWERS)).union(
        *(name for rule in rules for name in (*rule.slots, rule.unless, rule.unless_anywhere))
    )
    composed = _composed(taxonomy, used)
    used = used.union(ActFinder(composed).parts())
    concepts = {cid: concept for cid, concept in taxonomy.concepts.items() if cid in used or _always(concept)}
    return Rules(tuple(rules), {**concepts, **own}, composed)


def _composed(taxonomy: Taxonomy, used: frozenset[str]) -> tuple[ComposedAct, ...]:
    """The composed acts of the taxonomy that the rules name, and those that these are made of."""
    wanted, found = set(used), list[ComposedAct]()
    for act in reversed(taxonomy.composed):
        if act.id in wanted or act.into in wanted:
            found.append(act)
            wanted.update(ActFinder((act,)).parts())
    return tuple(reversed(found))


def _always(concept: Concept) -> bool:
    """Concepts of the taxonomy that every report is read for: places, look-alikes and other subjects."""
    return concept.kind in ("mask", "setting") or (concept.tie is not None and concept.kind == "place")


def _rule(rule_id: str, question: str, raw: Any, names: Mapping[str, frozenset[str]]) -> QuestionRule:
    key = f"{question}.rules.{rule_id}"
    body = mapping(raw, key)
    known_keys(body, _RULE_KEYS, key)
    slots = body.get("all")
    if not isinstance(slots, list) or not slots:
        raise TaxonomyError(f"{key}.all", "must be a list of at least one name")
    near = body.get("near", "sentence")
    if near not in NEARNESS:
        raise TaxonomyError(f"{key}.near", f"{near!r} is not one of {', '.join(NEARNESS)}")
    if body.get("weight") not in WEIGHTS:
        raise TaxonomyError(f"{key}.weight", f"{body.get('weight')!r} is not 1, 2 or 3")
    return QuestionRule(
        id=rule_id,
        question=question,
        slots=tuple(_named(str(slot).split("|"), names, f"{key}.all") for slot in slots),
        near=near,
        within=int(body.get("within", WITHIN)),
        unless=_named(body.get("unless") or [], names, f"{key}.unless"),
        unless_anywhere=_named(body.get("unless_anywhere") or [], names, f"{key}.unless_anywhere"),
        weight=body["weight"],
        direction=_direction(body, key),
        alone=body.get("alone") is True,
    )


def _direction(body: Mapping[str, Any], key: str) -> Direction:
    found = {name: body.get(name) for name in ("direction", "undone", "fewer", "sinks", "more", "plain")}
    for name, value in found.items():
        if value is not None and value not in DIRECTIONS:
            raise TaxonomyError(f"{key}.{name}", f"{value!r} is not one of {', '.join(DIRECTIONS)}")
    acts = [found[name] for name in ("fewer", "sinks", "more", "plain") if found[name]]
    if bool(found["direction"]) == bool(acts):
        raise TaxonomyError(key, "needs either a direction, or what fewer, more and plain mean")
    return Direction(
        found["direction"], found["undone"], found["fewer"], found["sinks"], found["more"], found["plain"]
    )


def _named(members: list[str], names: Mapping[str, frozenset[str]], key: str) -> frozenset[str]:
    found: set[str] = set()
    for member in members:
        name = str(member).strip()
        if name not in names:
            raise TaxonomyError(key, f"{name!r} is neither a concept, a tie nor a group", "unknown_name")
        found |= names[name]
    return frozenset(found)

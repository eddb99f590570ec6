"""The taxonomy that ships is sound, and a broken one is told with the key at fault."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from bot.article import load_brief
from bot.domain.match import TOPICS
from bot.evidence.questions import load_rules
from bot.topics.checks import TaxonomyError
from bot.topics.taxonomy import HOME, Taxonomy, build_taxonomy, load_forms, load_taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def test_every_topic_is_defined_in_both_languages(taxonomy: Taxonomy) -> None:
    assert tuple(topic.id for topic in taxonomy.topics) == TOPICS
    for topic in taxonomy.topics:
        assert topic.definition["en"].endswith(".")
        assert topic.definition["es"].endswith(".")
        assert topic.definition["en"] != topic.definition["es"]


def test_every_rule_says_itself_in_both_languages(taxonomy: Taxonomy) -> None:
    for rule in taxonomy.rules:
        assert rule.say["en"].endswith("."), rule.id
        assert rule.say["es"].endswith("."), rule.id


def test_topics_can_be_asked_for_by_id(taxonomy: Taxonomy) -> None:
    assert taxonomy.topic("migration").id == "migration"
    with pytest.raises(KeyError):
        taxonomy.topic("weather")


def test_every_concept_is_asked_for_or_is_a_mask_a_setting_or_a_tie(taxonomy: Taxonomy) -> None:
    used = {
        concept
        for rule in taxonomy.rules
        for names in (*rule.slots, rule.unless, rule.unless_anywhere)
        for concept in names
    }
    questions = tuple(question.id for concern in load_brief().concerns for question in concern.questions)
    for rule in load_rules(taxonomy, questions).rules:
        used |= rule.unless.union(rule.unless_anywhere, *rule.slots)
    for act in taxonomy.composed:
        used |= act.turned_by.union(*(slot for way in act.ways for slot in way))
    # What a composed act says is for grouping and for the questions of the article, too.
    used |= {act.id for act in taxonomy.composed}
    idle = {c.id for c in taxonomy.concepts.values() if c.kind not in ("mask", "setting")} - used
    assert idle <= taxonomy.groups["elsewhere"]


def test_every_rule_can_be_opened_by_a_concept_that_has_phrases(taxonomy: Taxonomy) -> None:
    for rule in taxonomy.rules:
        for slot in rule.slots:
            assert slot, rule.id


def test_most_concepts_speak_both_languages(taxonomy: Taxonomy) -> None:
    """English and Spanish are equals: what has phrases in one has them in the other, names apart."""
    one_sided = [
        concept.id
        for concept in taxonomy.concepts.values()
        if concept.id not in {act.id for act in taxonomy.composed}
        and not concept.phrases["both"]
        and not (concept.phrases["en"] and concept.phrases["es"])
    ]
    # The one English place that Spanish says as "frontera de Estados Unidos".
    assert set(one_sided) <= {"us_border"}


def test_the_files_are_pleasant_to_read() -> None:
    for path in HOME.rglob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 2100, path.name
        longest = max(len(line) for line in lines)
        assert longest <= 120, f"{path.name}: a line of {longest} characters"


def test_names_of_agencies_stand_with_and_without_stops(taxonomy: Taxonomy) -> None:
    words = {phrase.words for phrase in taxonomy.concepts["us_police_agencies"].phrases["both"]}
    assert ("dea",) in words
    assert ("d", "e", "a") in words
    border = {phrase.words for phrase in taxonomy.concepts["us_mexico_border"].phrases["both"]}
    assert ("u", "s", "mexico", "border") in border
    assert ("us", "mexico", "border") in border


TOPIC_STUBS: dict[str, Any] = {
    topic: {"definition": {"en": "A.", "es": "A."}, "rules": {f"rule_{topic}": None}} for topic in TOPICS
}


def small() -> tuple[dict[str, Any], dict[str, Any]]:
    rule = {"all": ["wall", "mx"], "strength": 2, "say": {"en": "A.", "es": "A."}}
    topics = {
        "groups": {"home": ["mx"], "home_with_us": ["wall"]},
        "topics": {
            topic: {"definition": {"en": "A.", "es": "A."}, "rules": {f"r_{topic}": copy.deepcopy(rule)}}
            for topic in TOPICS
        },
    }
    concepts = {
        "wall": {"kind": "thing", "en": ["wall"], "es": ["muro"]},
        "mexico": {"kind": "place", "tie": "mx", "both": ["Mexico"]},
    }
    return topics, concepts


def fault(topics: Any, concepts: Any) -> TaxonomyError:
    with pytest.raises(TaxonomyError) as raised:
        build_taxonomy(topics, concepts, {"en": {}, "es": {}})
    return raised.value


def test_the_small_taxonomy_is_sound() -> None:
    topics, concepts = small()
    assert len(build_taxonomy(topics, concepts, {"en": {}, "es": {}}).rules) == len(TOPICS)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("topics.migration.definition.es", "", "topics.migration.definition.es"),
        ("topics.migration.rules.r_migration.strength", 7, "topics.migration.rules.r_migration.strength"),
        ("topics.migration.rules.r_migration.all", [], "topics.migration.rules.r_migration.all"),
        ("topics.migration.rules.r_migration.all", ["nowhere"], "topics.migration.rules.r_migration.all"),
        ("topics.migration.rules.r_migration.near", "town", "topics.migration.rules.r_migration.near"),
        ("topics.migration.rules.r_migration.unless", "wall", "topics.migration.rules.r_migration.unless"),
        ("topics.migration.rules.r_migration.anywhere", "yes", "topics.migration.rules.r_migration.anywhere"),
        (
            "topics.migration.rules.r_migration.claims",
            ["migration"],
            "topics.migration.rules.r_migration.claims",
        ),
        ("topics.migration.rules.r_migration.claims", "weather", "topics.migration.rules.r_migration.claims"),
        ("topics.migration.rules.r_migration.al", [], "topics.migration.rules.r_migration.al"),
        ("topics.weather", {}, "topics.weather"),
        ("groups.home_with_us", ["gone"], "groups.home_with_us"),
        ("groups.wall", ["wall"], "groups.wall"),
        ("groups.far", "wall", "groups.far"),
    ],
)
def test_a_fault_in_topics_names_its_key(path: str, value: Any, key: str) -> None:
    topics, concepts = small()
    *parents, last = path.split(".")
    target: Any = topics
    for name in parents:
        target = target[name]
    target[last] = value
    assert fault(topics, concepts).key == key


@pytest.mark.parametrize(
    ("concept", "key"),
    [
        ({"kind": "thing"}, "new"),
        ({"kind": "ghost", "en": ["x"]}, "new.kind"),
        ({"kind": "thing", "tie": "moon", "en": ["x"]}, "new.tie"),
        ({"kind": "setting", "weight": 9, "en": ["x"]}, "new.weight"),
        ({"kind": "setting", "spares": ["weather"], "en": ["x"]}, "new.spares"),
        ({"kind": "thing", "en": "x"}, "new.en"),
        ({"kind": "thing", "en": ["ok", 42]}, "new.en[1]"),
        ({"kind": "thing", "en": ["..."]}, "new.en[0]"),
        ({"kind": "thing", "en": ["walk~"]}, "new.en[0]"),
        ({"kind": "thing", "both": ["walk~"]}, "new.both[0]"),
        ({"kind": "thing", "fr": ["mur"]}, "new.fr"),
        (["x"], "new"),
    ],
)
def test_a_fault_in_a_concept_names_its_key(concept: Any, key: str) -> None:
    topics, concepts = small()
    concepts["new"] = concept
    assert fault(topics, concepts).key == key


@pytest.mark.parametrize(
    ("composed", "key"),
    [
        ({"kind": "act", "of": "wall + mexico"}, "new.of"),
        ({"kind": "act", "of": ["wall"]}, "new.of"),
        ({"kind": "act", "of": ["wall + nowhere"]}, "new.of"),
        ({"kind": "act", "of": ["wall + new"]}, "new.of"),
        ({"kind": "act", "of": ["wall + mexico"], "turned_by": "nowhere"}, "new.turned_by"),
        ({"kind": "act", "of": ["wall + mexico"], "turned_by": "wall", "into": "nowhere"}, "new.into"),
    ],
)
def test_a_fault_in_a_composed_act_names_its_key(composed: Any, key: str) -> None:
    topics, concepts = small()
    concepts["new"] = composed
    assert fault(topics, concepts).key == key


def test_an_act_is_made_of_acts_before_it() -> None:
    topics, concepts = small()
    concepts["first"] = {"kind": "act", "of": ["second + mexico"]}
    concepts["second"] = {"kind": "act", "of": ["wall + mexico"]}
    assert fault(topics, concepts).key == "first.of"


def test_a_topic_that_is_missing_is_named() -> None:
    topics, concepts = small()
    del topics["topics"]["migration"]
    assert "migration" in str(fault(topics, concepts))


def test_a_group_that_the_matcher_needs_is_asked_for() -> None:
    topics, concepts = small()
    del topics["groups"]["home"]
    assert fault(topics, concepts).key == "groups.home"


def test_a_rule_id_is_used_once() -> None:
    topics, concepts = small()
    rules = topics["topics"]["migration"]["rules"]
    rules["r_border_security"] = rules["r_migration"]
    assert fault(topics, concepts).code == "duplicate_id"


def test_a_concept_cannot_be_called_like_a_tie() -> None:
    topics, concepts = small()
    concepts["border"] = {"kind": "place", "en": ["border"]}
    assert fault(topics, concepts).code == "duplicate_id"


def test_a_missing_file_and_broken_yaml_are_told(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(tmp_path)
    assert raised.value.code == "taxonomy_unreadable"
    (tmp_path / "topics.yaml").write_text("topics: [", encoding="utf-8")
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(tmp_path)
    assert raised.value.code == "taxonomy_not_yaml"


def test_a_concept_in_two_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("topics: {}", encoding="utf-8")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("wall: {kind: thing, en: [wall]}", encoding="utf-8")
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(tmp_path)
    assert raised.value.code == "duplicate_id"


def test_forms_are_folded_and_sorted() -> None:
    for language, table in load_forms().items():
        assert list(table) == sorted(table), language
        for lemma, forms in table.items():
            assert list(forms) == sorted(set(forms)), lemma
            assert all(re.fullmatch(r"[a-z0-9]+", form) for form in forms), lemma


def test_a_number_stands_for_numbers_in_digits_and_words() -> None:
    topics, concepts = small()
    concepts["wall"]["es"] = ["NN muertos"]
    taxonomy = build_taxonomy(topics, concepts, {"en": {}, "es": {}})
    words = {phrase.words for phrase in taxonomy.concepts["wall"].phrases["es"]}
    assert {("3", "muertos"), ("43", "muertos"), ("doce", "muertos")} <= words
    assert ("2", "muertos") not in words

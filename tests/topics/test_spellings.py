"""Every phrase of the taxonomy is found as it is written, with stops, without them and abbreviated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.topics.matcher import Matcher
from bot.topics.reading import Reading
from bot.topics.taxonomy import HOME

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("abbreviations_and_aid.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.load()


def written() -> Iterator[tuple[str, str, str]]:
    """(concept, language, phrase) of every phrase that is written without marks of its own."""
    for path in sorted(HOME.glob("*.yaml")):
        concepts: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
        if path.name == "topics.yaml":
            continue
        for concept, raw in concepts.items():
            for language in ("both", "en", "es"):
                for phrase in raw.get(language) or ():
                    if "~" not in phrase and "NN" not in phrase.split():
                        yield concept, "en" if language == "both" else language, phrase.removeprefix("=")


def found_in(matcher: Matcher, language: str, text: str) -> set[str]:
    """The concepts whose phrases occur in ``text``, masks and all."""
    reading = Reading(text, "")
    raw = matcher.lexicon(language).find(reading.words[0])
    return {item[2] for item in reading.fitting(0, raw)}


def respelt(phrase: str) -> set[str]:
    """The ways in which newspapers write the abbreviations in a phrase."""
    forms = {phrase}
    for long, shorts in (
        ("Estados Unidos", ("EE. UU.", "EE.UU.", "EEUU", "E.U.", "E. U.", "EU", "EUA")),
        ("United States", ("U.S.", "U. S.", "US")),
        ("EE. UU.", ("EE.UU.", "EEUU", "EE UU")),
        ("U.S.", ("U. S.", "US")),
        ("Ciudad ", ("Cd. ", "Cd ")),
    ):
        if long in phrase and phrase != long:
            forms |= {phrase.replace(long, short) for short in shorts}
    return forms


def test_every_phrase_matches_itself_in_every_spelling(matcher: Matcher) -> None:
    missed = [
        (concept, spelling)
        for concept, language, phrase in written()
        for spelling in respelt(phrase)
        for text in (spelling, f"Hoy {spelling} Capital")
        if concept not in found_in(matcher, language, text)
    ]
    assert missed == []


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_abbreviations_break_no_phrase(matcher: Matcher, case: dict[str, Any]) -> None:
    match = matcher.judge(case["title"], case["summary"], case["language"])
    assert match.relevant is case["expect_matched"], match
    assert set(match.topic_ids) & set(case["expect_any_topic"]), match


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Militares de EE.UU. patrullan la frontera con México", "es"),
        ("La frontera con EE. UU. amanece con más soldados", "es"),
        ("E. U. enviará mil soldados a la frontera con México", "es"),
        ("Detienen en Cd. Acuña a líder del Cártel del Noreste", "es"),
        ("El Gral. Trevilla defiende el presupuesto de la Sedena", "es"),
        ("Migrantes duermen en las calles de Cd. Juárez", "es"),
        ("U. S. Border Patrol rescues nine near Del Rio", "en"),
        ("Soldiers reach the U. S.-Mexico border", "en"),
        ("Ｂorder Ｐatrol agents ﬁnd a tunnel in Nogales", "en"),
        ("Gov. Abbott sends more troops to the border", "en"),
    ],
)
def test_abbreviated_names_count(matcher: Matcher, title: str, language: str) -> None:
    assert matcher.judge(title, "", language).relevant


def test_portuguese_is_left_out_unless_its_feed_declares_it(matcher: Matcher) -> None:
    title = "México envia dez mil soldados à fronteira com os Estados Unidos para conter o fentanil"
    summary = "O governo mexicano disse que as tropas vão patrulhar."
    assert matcher.judge(title, summary, "es").reason == "other_language"
    assert matcher.judge(title, summary, "").reason == "other_language"
    assert matcher.judge(title, summary, "pt-BR").reason != "other_language"

"""Judging entries: our own cases, the reasons, the places of what was found, and any text at all."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.match import TOPICS, Match
from bot.topics.matcher import Matcher
from bot.topics.rules import LINE

CASES = Path(__file__).parent / "cases"
MATCHER = Matcher.load()


def cases() -> list[pytest.param]:
    parameters = []
    for path in sorted(CASES.glob("*.yaml")):
        for language, items in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for number, item in enumerate(items, 1):
                summary = item.get("summary") or ""
                parameters.append(
                    pytest.param(
                        path.stem, language, item["title"], summary, id=f"{path.stem}-{language}-{number}"
                    )
                )
    return parameters


@pytest.mark.parametrize(("kind", "language", "title", "summary"), cases())
def test_our_own_cases(kind: str, language: str, title: str, summary: str) -> None:
    match = MATCHER.judge(title, summary, language)
    if kind in TOPICS:
        assert kind in match.topic_ids, explain(match)
    else:
        assert not match.relevant, explain(match)


def test_each_topic_and_each_hard_negative_has_ten_cases_in_each_language() -> None:
    names = {path.stem for path in CASES.glob("*.yaml")}
    assert set(TOPICS) <= names
    for path in CASES.glob("*.yaml"):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {language: len(items) for language, items in body.items()} == {"en": 10, "es": 10}, path.stem


def explain(match: Match) -> str:
    told = [f"{t.topic} {t.score:g} by {t.rule}: {[f.surface for f in t.findings]}" for t in match.topics]
    return f"{match.reason}: {told or match.nearest}"


@pytest.mark.parametrize(
    ("title", "summary", "reason"),
    [
        ("", "", "empty"),
        ("… — !", " ", "empty"),
        ("A quiet evening", "Nothing stirred.", "nothing_found"),
        ("New Mexico", "", "masked"),
        ("Poland builds a border wall", "", "elsewhere"),
        ("Cartel leaders arrested", "", "no_nexus"),
        ("Mexico names new culture minister", "", "no_act"),
    ],
)
def test_a_verdict_says_why_not(title: str, summary: str, reason: str) -> None:
    match = MATCHER.judge(title, summary, "en")
    assert not match.relevant
    assert match.reason == reason


def test_a_near_miss_names_its_rule_and_stays_below_the_line() -> None:
    match = MATCHER.judge("Cartel leaders arrested", "", "en")
    assert match.nearest is not None
    assert match.nearest.topic == "organized_crime"
    assert 0 < match.nearest.score < LINE
    assert match.nearest.findings[0].surface == "Cartel leaders"


def test_other_subjects_outweigh_a_weak_sign() -> None:
    match = MATCHER.judge("Mexico: migrants win soccer championship", "", "en")
    assert match.reason == "other_subject"
    assert {finding.concept for finding in match.excluded} == {"sport"}


def test_a_category_that_names_another_subject_counts() -> None:
    title, summary = "Soldiers beat teachers in Mexico", ""
    assert MATCHER.judge(title, summary, "en").relevant
    assert not MATCHER.judge(title, summary, "en", ("News", "Baseball")).relevant


def test_a_match_tells_what_was_found_and_where() -> None:
    title = "Hallan narcofosa en Culiacán"
    summary = "El Ejército resguarda el sitio; la Fiscalía investiga al Cártel de Sinaloa."
    match = MATCHER.judge(title, summary, "es")
    crime = next(topic for topic in match.topics if topic.topic == "organized_crime")
    told = {(finding.field, finding.surface, finding.concept) for finding in crime.findings}
    assert ("summary", "Cártel de Sinaloa", "cartel_sinaloa") in told
    assert "sinaloa" in match.concepts
    for finding in crime.findings:
        source = title if finding.field == "title" else summary
        assert source[finding.start : finding.end] == finding.surface


def test_masks_are_told() -> None:
    match = MATCHER.judge("Drug arrests in New Mexico", "", "en")
    assert [(finding.surface, finding.role) for finding in match.excluded] == [("New Mexico", "mask")]


def test_a_title_weighs_more_than_a_lead_and_a_lead_more_than_the_body() -> None:
    words = "The council met on a quiet evening and spoke of many small things. " * 6
    sentence = "Gunmen attacked a town in Sinaloa."
    by_title = MATCHER.judge(sentence, words, "en").score
    by_lead = MATCHER.judge("A quiet evening", sentence + " " + words, "en").score
    by_body = MATCHER.judge("A quiet evening", words + sentence, "en").score
    assert by_title > by_lead > by_body


def test_what_stands_far_apart_in_the_body_does_not_count() -> None:
    filler = "The council met on a quiet evening and spoke of many small things. " * 6
    apart = f"{filler} Gunmen were seen. {filler} Her sister lives in Sinaloa."
    match = MATCHER.judge("A quiet evening", apart, "en")
    assert not match.relevant


def test_repeating_a_word_is_not_more_evidence() -> None:
    once = MATCHER.judge("News", "Cartels rule in Mexico.", "en").score
    often = MATCHER.judge("News", "Cartels rule in Mexico. Cartels, cartels, cartels.", "en").score
    assert often == once


@pytest.mark.parametrize("declared", ["", "en", "en-US", "es", "es-MX", "fr", "zz"])
def test_a_feed_that_lies_about_its_language_is_read_in_its_own(declared: str) -> None:
    match = MATCHER.judge(
        "Hallan cuerpos en fosas clandestinas de Guanajuato",
        "Un colectivo de madres buscadoras dio aviso a la fiscalía del estado.",
        declared,
    )
    assert "organized_crime" in match.topic_ids


def test_case_matters_where_the_taxonomy_says_so() -> None:
    assert "ice" in MATCHER.judge("ICE opens office in Mexico", "", "en").concepts
    assert "ice" not in MATCHER.judge("Ice on the roads", "", "en").concepts


def test_decomposed_accents_are_read() -> None:
    title = unicodedata.normalize("NFD", "Cártel de Sinaloa: cae líder en Culiacán")
    match = MATCHER.judge(title, "", "es")
    assert match.relevant
    for finding in match.topics[0].findings:
        assert title[finding.start : finding.end] == finding.surface


SAMPLES = (
    "Mexico|México|New Mexico|border|frontera|wall|cartel|cártel|migrants|migrantes|Border Patrol|killed|"
    "Sheinbaum|Trump|tariffs|aranceles|soldiers|Ejército|Ukraine|soccer|U.S.|EE. UU.|\n|. | |—|’|Juárez|"
    "CJNG|MEXICO CITY (AP)|DEA|e\u0301|\x00|\ud800|🙂|ﬁ|ß"
)
samples = st.sampled_from(SAMPLES.split("|"))
wild = st.one_of(st.text(), st.lists(st.one_of(samples, st.text(max_size=4)), max_size=30).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(wild, wild, st.sampled_from(["", "en", "es", "xx"]), st.lists(wild, max_size=3))
def test_any_text_is_judged_the_same_twice_and_told_by_its_own_words(
    title: str, summary: str, language: str, categories: list[str]
) -> None:
    match = MATCHER.judge(title, summary, language, tuple(categories))
    assert match == MATCHER.judge(title, summary, language, tuple(categories))
    scores = [topic.score for topic in match.topics]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= LINE for score in scores)
    assert match.relevant == (match.reason == "matched")
    near = match.nearest.findings if match.nearest else ()
    for finding in (*(f for topic in match.topics for f in topic.findings), *near, *match.excluded):
        source = title if finding.field == "title" else summary
        assert source[finding.start : finding.end] == finding.surface != ""


def test_a_huge_text_is_read_only_as_far_as_it_says_something() -> None:
    match = MATCHER.judge("x" * 1_000_000, "word " * 200_000 + "Sinaloa cartel", "en")
    assert not match.relevant


def test_a_phrase_does_not_run_over_the_end_of_a_sentence() -> None:
    match = MATCHER.judge("News", "He returned from Mexico. Cartels were not mentioned.", "en")
    assert "cartel_others" not in match.concepts
    assert "us_mexico_border" in MATCHER.judge("Fence along the U.S. Mexico border", "", "en").concepts


@pytest.mark.parametrize(
    ("title", "summary", "crime"),
    [
        (
            "Sheinbaum wins a month's pause on duties",
            "The tariffs were meant to stop fentanyl, Trump said.",
            False,
        ),
        ("Sheinbaum logra un mes sin aranceles", "Trump los ligaba al fentanilo que sale de México.", False),
        ("Fentanyl from Mexico falls as duties loom", "Trump had tied the tariffs to it.", True),
        ("Sheinbaum wins a pause on duties", "Trump had tied the tariffs to the Sinaloa cartel.", True),
    ],
)
def test_what_only_serves_a_tariff_story_is_not_a_second_subject(
    title: str, summary: str, crime: bool
) -> None:
    """The reason given for a tariff is claimed in the summary; titles and named cartels never are."""
    topics = MATCHER.judge(title, summary).topic_ids
    assert "trade_leverage" in topics
    assert ("organized_crime" in topics) is crime


@pytest.mark.parametrize(
    ("title", "summary", "defence"),
    [
        ("Sinaloa cartel treasurer caught in Zapopan", "Mexican marines found him in a hotel.", False),
        ("Cae tesorero del Cártel de Sinaloa", "Lo hallaron marinos mexicanos en Zapopan.", False),
        ("Mexican marines catch Sinaloa cartel treasurer", "He was found in Zapopan.", True),
        ("Treasurer caught in Zapopan", "Mexican marines found him in a hotel.", True),
    ],
)
def test_soldiers_named_in_passing_are_not_a_second_subject(title: str, summary: str, defence: bool) -> None:
    """One word of the summary is not enough where another topic holds the title; alone it is."""
    assert ("defense_policy" in MATCHER.judge(title, summary).topic_ids) is defence


@pytest.mark.parametrize(
    ("title", "categories"),
    [
        ("Satire: Border wall asks for a raise", ()),
        ("Mexico and U.S. agree to share the fog at the border wall", ("Satire",)),
        ("Retired Border Patrol chief Otto Marsh, 84, dies", ()),
        ("Fallece a los 90 años el general que fundó la Guardia Nacional de México", ()),
    ],
)
def test_satire_and_obituaries_are_no_reports(title: str, categories: tuple[str, ...]) -> None:
    match = Matcher.load().judge(title, "", "", categories)
    assert match.reason == "other_subject"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Mexico's new airline will fly to nine beaches", "no_act"),
        ("México inaugura un puente con Chiapas y su selva", "no_act"),
        ("Gunfire in a bar of Mexico City, one man hurt", "no_act"),
        ("Ohio deputies seize fentanyl in a parking lot", "no_nexus"),
    ],
)
def test_a_text_that_names_mexico_is_not_told_that_it_has_no_tie(title: str, reason: str) -> None:
    assert Matcher.load().judge(title, "").reason == reason

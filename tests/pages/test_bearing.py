"""Which developments bear on the article's open questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import Bilingual, Question, load_brief
from bot.domain.stories import Development
from bot.locale import translator
from bot.pages.article import concern_page
from bot.pages.bearing import ENOUGH, LOOKED_AT, bearings
from bot.record import load_record
from bot.topics.matcher import Matcher
from tests.pages.making import HEALTHY, article, development, words

MATCHER = Matcher.load()
GROUPS = {"mx": frozenset(("mexico", "tijuana"))}


def question(name: str, *topics: str, bears: tuple[str, ...] = ()) -> Question:
    ways = tuple(tuple(frozenset(part.split(" | ")) for part in line.split(" + ")) for line in bears)
    return Question(name, Bilingual(name, name), topics, ways)


SHELTERS = question("shelters", "migration", bears=("shelter", "deport + shelter"))
AID = question("aid", "security_cooperation", "border_security", bears=("programmes | aid", "wall + mx"))


def asked(questions: list[Question], stories: list[Development], most: int = 2) -> dict[str, list[int]]:
    found = bearings(questions, stories, GROUPS, most)
    return {id: [one.development.story_id for one in chosen] for id, chosen in found.items()}


def test_a_topic_and_what_the_question_names_are_needed() -> None:
    both = development(article(1, "migration", titled=("shelter",)))
    topic_only = development(article(2, "migration", titled=("caravan",)))
    named_only = development(article(3, "organized_crime", titled=("shelter",)))
    assert asked([SHELTERS], [both, topic_only, named_only]) == {"shelters": [1]}


def test_a_word_in_passing_is_not_enough_and_two_are() -> None:
    passing = development(article(1, "migration", concepts=("shelter",)))
    two = development(article(2, "migration", concepts=("shelter", "deport")))
    assert asked([SHELTERS], [passing, two]) == {"shelters": [2]}


def test_two_words_in_two_articles_are_two_in_passing() -> None:
    story = development(
        article(1, "migration", concepts=("shelter",)), article(2, "migration", concepts=("deport",), hours=2)
    )
    assert asked([SHELTERS], [story]) == {"shelters": []}


def test_a_group_is_a_condition_and_no_evidence() -> None:
    here = development(article(1, "border_security", titled=("wall",), concepts=("tijuana",)))
    elsewhere = development(article(2, "border_security", titled=("wall",)))
    in_passing = development(article(3, "border_security", titled=("mexico",), concepts=("wall",)))
    assert asked([AID], [here, elsewhere, in_passing]) == {"aid": [1]}


def test_either_of_two_concepts_will_do() -> None:
    stories = [
        development(article(n, "security_cooperation", titled=(name,)))
        for n, name in ((1, "programmes"), (2, "aid"))
    ]
    assert sorted(asked([AID], stories)["aid"]) == [1, 2]


def test_a_question_that_names_nothing_asks_for_the_topic_alone() -> None:
    any_of = question("any", "trade_leverage")
    stories = [development(article(1, "trade_leverage")), development(article(2, "migration"))]
    assert asked([any_of], stories) == {"any": [1]}


def test_headlines_weigh_more_than_newness_and_among_equals_the_newest_comes_first() -> None:
    text = development(article(1, "migration", concepts=("shelter", "deport"), hours=1))
    titled = [development(article(n, "migration", titled=("shelter",), hours=n)) for n in (9, 5)]
    assert asked([SHELTERS], [text, *titled], most=3) == {"shelters": [5, 9, 1]}


def test_a_development_stands_under_the_question_that_it_answers_best() -> None:
    general = question("general", "migration", "security_cooperation", bears=("shelter",))
    one = development(article(1, "migration", titled=("shelter",), concepts=("deport",)))
    other = development(article(2, "security_cooperation", titled=("shelter",)))
    assert asked([general, SHELTERS], [one, other]) == {"general": [2], "shelters": [1]}


def test_a_question_is_not_said_to_have_no_report_when_another_took_it() -> None:
    general = question("general", "migration", bears=("shelter",))
    one = development(article(1, "migration", titled=("shelter",), concepts=("deport",)))
    assert asked([general, SHELTERS], [one]) == {"general": [1], "shelters": [1]}


def test_every_article_of_a_story_may_bear() -> None:
    story = development(
        article(1, "border_security", hours=3),
        article(2, "security_cooperation", titled=("programmes",), hours=2),
    )
    assert asked([AID], [story]) == {"aid": [1]}


def test_nothing_bears_on_nothing() -> None:
    assert asked([SHELTERS, AID], []) == {"shelters": [], "aid": []}
    assert asked([], [development(article(1))]) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["migration", "security_cooperation", "border_security"]),
            st.sets(st.sampled_from(["shelter", "deport", "wall", "programmes", "mexico"])),
            st.sets(st.sampled_from(["shelter", "wall", "programmes"])),
        ),
        max_size=12,
    )
)
def test_only_a_question_s_sole_answer_is_told_twice(stories) -> None:  # type: ignore[no-untyped-def]
    found = bearings(
        [SHELTERS, AID],
        [
            development(
                article(n, topic, concepts=tuple(sorted(text)), titled=tuple(sorted(title)), hours=n + 1)
            )
            for n, (topic, text, title) in enumerate(stories)
        ],
        GROUPS,
    )
    first, second = ({one.development.story_id for one in chosen} for chosen in found.values())
    assert all(len(chosen) <= 2 for chosen in found.values())
    assert all(one.weight >= ENOUGH for chosen in found.values() for one in chosen)
    assert not first & second or min(len(first), len(second)) == 1


def answers(topic: str, title: str, summary: str, language: str) -> set[str]:
    """The article's questions that a text bears on, judged by the real matcher."""
    match = MATCHER.judge(title, summary, language)
    one = article(1, *match.topic_ids, title=title, summary=summary, language=language, match=match)
    concern = load_brief().concern(topic)
    found = bearings(concern.questions, [development(one)], MATCHER.taxonomy.groups)
    return {id for id, chosen in found.items() if chosen}


@pytest.mark.parametrize(
    ("concern", "title", "summary", "language", "expected"),
    [
        (
            "regional_security",
            "Three town policemen arrested over gang ties in Guanajuato",
            "One of them once had a grant of the Mérida Initiative.",
            "en",
            set(),
        ),
        (
            "regional_security",
            "Arrestan a tres policías municipales en Guanajuato por nexos con un cártel",
            "Uno de ellos tuvo una beca de la Iniciativa Mérida.",
            "es",
            set(),
        ),
        (
            "border_security",
            "Judge orders papers in case of man deported to El Salvador",
            "The migrant was flown out of the United States in March.",
            "en",
            set(),
        ),
        (
            "border_security",
            "Deported Hondurans arrive in Tapachula, Mexico, by bus",
            "None of them is Mexican; each was given ten days to leave.",
            "en",
            {"non_mexican_returns"},
        ),
        (
            "border_security",
            "Llegan a Tapachula hondureños deportados por Estados Unidos",
            "México les dio diez días para salir del país.",
            "es",
            {"non_mexican_returns"},
        ),
        (
            "regional_security",
            "Auditors find no end-use checks on Mérida Initiative helicopters",
            "The State Department promised Mexico a count by June.",
            "en",
            {"carsi_future", "end_use_monitoring"},
        ),
    ],
)
def test_what_the_article_s_questions_are_answered_by(
    concern: str, title: str, summary: str, language: str, expected: set[str]
) -> None:
    assert answers(concern, title, summary, language) == expected


def test_the_brief_names_what_the_taxonomy_keeps() -> None:
    taxonomy = MATCHER.taxonomy
    signs = {concept.id for concept in taxonomy.concepts.values() if concept.kind == "sign"}
    for concern in load_brief().concerns:
        for one in concern.questions:
            named = {name for way in one.bears for part in way for name in part}
            assert named <= taxonomy.groups.keys(), one.id
            assert not named & signs, "a match does not keep the signs that it saw"


@pytest.mark.parametrize(
    ("language", "month", "newest"),
    [
        (
            "en",
            "No report on this in the last 30 days.",
            "No report on this among the newest 60 developments.",
        ),
        (
            "es",
            "Sin notas sobre esto en los últimos 30 días.",
            "Sin notas sobre esto entre las 60 novedades",
        ),
    ],
)
def test_no_report_is_said_of_no_more_than_was_looked_at(language: str, month: str, newest: str) -> None:
    brief = load_brief()
    for count, said in ((1, month), (LOOKED_AT, newest)):
        stories = [development(article(n, "organized_crime")) for n in range(count)]
        concern = brief.concern("trade_leverage")
        page = concern_page(translator(language), brief, load_record(), concern, stories, HEALTHY, GROUPS)
        assert said in words(page)

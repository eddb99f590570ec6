"""Which developments bear on the article's open questions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.article import Bilingual, Question, load_brief
from bot.pages.bearing import bearings
from tests.pages.making import article, development


def question(name: str, *topics: str, hints: tuple[str, ...] = ()) -> Question:
    return Question(name, Bilingual(name, name), topics, hints)


SHELTERS = question("shelters", "migration", hints=("shelter", "deport"))
AID = question("aid", "security_cooperation", "border_security", hints=("cooperation_programmes", "wall"))


def told(found: dict, name: str) -> list[int]:  # type: ignore[type-arg]
    return [bearing.development.story_id for bearing in found[name]]


def test_a_topic_and_a_hint_are_needed() -> None:
    both = development(article(1, "migration", concepts=("shelter",)))
    topic_only = development(article(2, "migration", concepts=("caravan",)))
    hint_only = development(article(3, "organized_crime", concepts=("shelter",)))
    assert told(bearings([SHELTERS], [both, topic_only, hint_only]), "shelters") == [1]


def test_a_question_without_hints_asks_for_the_topic_alone() -> None:
    any_of = question("any", "trade_leverage")
    found = bearings(
        [any_of], [development(article(1, "trade_leverage")), development(article(2, "migration"))]
    )
    assert told(found, "any") == [1]


def test_more_hints_and_headlines_weigh_more_than_newness() -> None:
    newest = development(article(1, "migration", concepts=("shelter",), hours=1))
    two = development(article(2, "migration", concepts=("shelter", "deport"), hours=5))
    titled = development(article(3, "migration", titled=("shelter",), hours=9))
    found = bearings([SHELTERS], [newest, two, titled])
    assert told(found, "shelters") == [3, 2]
    assert found["shelters"][1].concepts == ("shelter", "deport")


def test_among_equals_the_newest_comes_first() -> None:
    stories = [development(article(n, "migration", concepts=("shelter",), hours=n)) for n in (3, 1, 2)]
    assert told(bearings([SHELTERS], stories), "shelters") == [1, 2]


def test_a_development_stands_under_one_question_only_the_one_it_answers_best() -> None:
    general = question("general", "migration", "security_cooperation", hints=("shelter",))
    one = development(article(1, "migration", concepts=("shelter", "deport")))
    other = development(article(2, "security_cooperation", concepts=("shelter",)))
    found = bearings([general, SHELTERS], [one, other])
    assert told(found, "general") == [2]
    assert told(found, "shelters") == [1]


def test_every_article_of_a_story_may_bear() -> None:
    story = development(
        article(1, "border_security", hours=3),
        article(2, "security_cooperation", concepts=("cooperation_programmes",), hours=2),
    )
    assert told(bearings([AID], [story]), "aid") == [1]


def test_nothing_bears_on_nothing() -> None:
    assert bearings([SHELTERS, AID], []) == {"shelters": (), "aid": ()}
    assert bearings([], [development(article(1))]) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["migration", "security_cooperation", "border_security"]),
            st.sets(st.sampled_from(["shelter", "deport", "wall", "caravan"])),
        ),
        max_size=12,
    )
)
def test_no_development_is_told_twice_and_none_more_than_the_most(stories) -> None:  # type: ignore[no-untyped-def]
    found = bearings(
        [SHELTERS, AID],
        [
            development(article(n, topic, concepts=tuple(sorted(concepts)), hours=n + 1))
            for n, (topic, concepts) in enumerate(stories)
        ],
    )
    ids = [bearing.development.story_id for chosen in found.values() for bearing in chosen]
    assert len(ids) == len(set(ids))
    assert all(len(chosen) <= 2 for chosen in found.values())


def test_the_brief_s_own_questions_can_be_asked() -> None:
    for concern in load_brief().concerns:
        assert set(bearings(concern.questions, [])) == {one.id for one in concern.questions}

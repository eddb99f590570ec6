from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.extract import Source, summarize, survey

START = datetime(2031, 5, 4, tzinfo=UTC)


def source(
    id: int, language: str, title: str, summary: str = "", *, hours: float = 0, by: str = ""
) -> Source:
    return Source(id, language, title, summary, START + timedelta(hours=hours), f"paper {id}")


FIRST = "The Pardo dam burst at dawn near Salina Cruz. Hundreds of villagers fled uphill."
SECOND = "The Pardo dam near Salina Cruz burst at dawn. The army sent 300 soldiers."
DAM = [
    source(1, "en", "Dam bursts", FIRST),
    source(2, "en", "Dam: army sent", SECOND, hours=2),
    source(3, "es", "Revienta presa", "La presa Pardo reventó al amanecer cerca de Salina Cruz.", hours=1),
]  # fmt: skip


def test_sentences_are_the_sources_own_and_none_says_the_same() -> None:
    found = summarize(DAM, 3, "en")
    assert {one.text for one in found} <= {
        "The Pardo dam burst at dawn near Salina Cruz.",
        "The Pardo dam near Salina Cruz burst at dawn.",
        "Hundreds of villagers fled uphill.",
        "The army sent 300 soldiers.",
    }
    assert sum("burst at dawn" in one.text for one in found) == 1
    assert len(found) == 3


def test_the_readers_language_where_there_is_a_source_in_it() -> None:
    assert {one.language for one in summarize(DAM, 3, "es")} == {"es"}
    assert {one.language for one in summarize(DAM[:2], 3, "es")} == {"en"}
    assert summarize(DAM, 3, "es")[0].article_id == 3


def test_no_sentence_that_was_cut_off_where_a_clean_one_exists() -> None:
    cut = source(1, "en", "Soldiers leave the northern town", "Soldiers left the northern town after […]")
    assert [one.text for one in summarize([cut], 1)] == ["Soldiers leave the northern town"]
    clean = source(1, "en", "x", "Soldiers left the northern town on Monday. They will be back when […]")
    assert [one.text for one in summarize([clean], 3)] == ["Soldiers left the northern town on Monday."]


@pytest.mark.parametrize(
    ("language", "title", "caption", "insult", "news"),
    [
        (
            "en",
            "Marines seize drones near Matamoros",
            "Drones seized by marines near Matamoros, 2031.",
            "The pathetic mayor knew of the drones near Matamoros.",
            "Marines seized forty drones that a gang had flown over the river.",
        ),
        (
            "es",
            "Marinos aseguran drones cerca de Matamoros",
            "Drones asegurados por marinos cerca de Matamoros, 2031.",
            "El patético alcalde sabía de los drones cerca de Matamoros.",
            "Los marinos aseguraron cuarenta drones que una banda volaba sobre el río.",
        ),
    ],
)
def test_captions_abuse_and_the_headline_again_give_way_to_the_news(
    language: str, title: str, caption: str, insult: str, news: str
) -> None:
    whole = source(1, language, title, f"{title}. {caption} {insult} {news}")
    assert [one.text for one in summarize([whole], 3)] == [news]
    bare = source(2, language, title, caption)
    assert [one.text for one in summarize([bare], 3)] == [title]
    assert summarize([bare], 3, title=f"{title} | Border Wire") == ()


@pytest.mark.parametrize(
    ("language", "title", "dangling"),
    [
        ("en", "Spy plane circles off Ensenada", "The flight comes just days after a warning to Mexico."),
        ("es", "Avión espía vuela frente a Ensenada", "El vuelo ocurre días después de una advertencia."),
    ],
)
def test_a_sentence_that_leans_on_its_headline_leaves_the_word_to_it(
    language: str, title: str, dangling: str
) -> None:
    assert [one.text for one in summarize([source(1, language, title, dangling)], 1)] == [title]


def test_nothing_of_nothing() -> None:
    assert summarize([], 3) == ()
    assert summarize(DAM, 0) == ()
    assert summarize([source(1, "en", "", "")], 2) == ()


def test_a_week_gives_each_story_its_sentence_in_the_order_given() -> None:
    wall = [source(9, "es", "Muro", "Un juez frenó la obra del muro en Eagle Pass.", hours=5)]
    found = survey([DAM, wall], 5, "en")
    assert [(one.article_id in (1, 2), one.language) for one in found] == [(True, "en"), (False, "es")]
    assert len(survey([wall, DAM, wall], 5, "en")) == 2
    assert survey([[], wall], 1, "es")[0].article_id == 9


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=200)), max_size=4), st.integers(0, 4))
def test_any_sources(items: list[tuple[str, str]], limit: int) -> None:
    sources = [source(n, "en", title, summary) for n, (title, summary) in enumerate(items, 1)]
    found = summarize(sources, limit)
    assert len(found) <= limit
    assert all(one.text and 1 <= one.article_id <= len(sources) for one in found)

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.grouping import Row, pairwise
from benchmarks.stream import documents
from bot.stories.document import Document
from bot.stories.evidence import of_story
from bot.stories.grouping import Grouper
from bot.stories.joining import CLOSED_DAYS, LINK
from bot.stories.story_overrides import constraints_for_merge, constraints_for_split
from tests.stories.samples import START, dense, document, stream


def grouped(stream: list[Document], grouper: Grouper | None = None) -> dict[int, int]:
    grouper = grouper or Grouper()
    stories: dict[int, int] = {}
    for one in stream:
        placement = grouper.place(one)
        story = one.id if placement.story is None else placement.story
        grouper.add(one, story)
        stories[one.id] = story
        for gone in placement.merges:
            grouper.merge(story, gone)
            stories = {id: story if old == gone else old for id, old in stories.items()}
    return stories


def events_of(stories: dict[int, int], marked: list[tuple[str, Document]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for event, one in marked:
        found.setdefault(event, set()).add(stories[one.id])
    return found


@pytest.mark.parametrize("seed", range(6))
def test_events_of_one_kind_stay_apart_and_both_languages_join(seed: int) -> None:
    marked = stream()
    random.Random(seed).shuffle(marked)
    marked = [
        (event, Document(n, d.language, d.title, d.summary, d.at)) for n, (event, d) in enumerate(marked, 1)
    ]
    found = events_of(grouped([one for _, one in marked]), marked)
    assert all(len(stories) == 1 for stories in found.values()), found
    assert len({story for stories in found.values() for story in stories}) == len(found), found


@pytest.mark.parametrize("seed", range(3))
def test_a_dense_week_is_told_apart(seed: int) -> None:
    marked = dense(seed)
    stories = grouped([one for _, one in marked])
    rows = [Row(one, event) for event, one in marked]
    figures = pairwise(rows, stories, lambda one, other: True)
    assert figures["precision"] >= 0.8
    assert figures["recall"] >= 0.85


def test_nothing_known_is_new() -> None:
    placement = Grouper().place(document(1, "en", "Agents find tunnel in Otay Mesa"))
    assert (placement.story, placement.reason, placement.nearest) == (None, "new", None)


def test_the_very_title_joins_with_its_reason() -> None:
    grouper = Grouper()
    grouper.add(document(1, "en", "Senate votes on the border bill tonight", publisher="A"), 1)
    placement = grouper.place(
        document(2, "en", "Senate votes on the border bill tonight - The Daily Bee", hours=3)
    )
    assert (placement.story, placement.reason, placement.nearest) == (1, "same_title", 1)


def test_a_column_with_a_short_name_is_no_event() -> None:
    grouper = Grouper()
    grouper.add(document(1, "en", "Morning briefing", "The peso fell and a storm came."), 1)
    assert (
        grouper.place(document(2, "en", "Morning briefing", "A ferry sank off Yucatán.", hours=20)).story
        is None
    )


def test_one_report_of_several_counts_half() -> None:
    looks_back, others = (6.0, 2.0, 0.0), (1.0, 0.0, 0.0)
    assert of_story([others, looks_back], 2) == looks_back
    assert of_story([looks_back], 3) == (3.0, 1.0, 0.0)
    assert of_story([others, looks_back, others], 3) == (3.5, 1.0, 0.0)


def test_another_place_is_a_conflict_and_says_so() -> None:
    (_, first), *_ = [pair for pair in stream() if pair[0] == "bar_irapuato"]
    (_, twin), *_ = [pair for pair in stream() if pair[0] == "bar_uruapan"]
    grouper = Grouper()
    grouper.add(first, first.id)
    placement = grouper.place(twin)
    assert (placement.story, placement.reason, placement.nearest) == (None, "conflict", first.id)


WATER = ("Mexico and U.S. sign water deal in Hermosillo", "Governor Duarte praised the accord.")
DROUGHT = (
    "Productores del valle cierran la carretera por la sequía",
    "Reclaman a Duarte y al delegado Ochoa que los canales sigan vacíos y que suban las tarifas del riego.",
)


@pytest.mark.parametrize(
    ("first", "second"), [(("en", *WATER), ("es", *DROUGHT)), (("es", *DROUGHT), ("en", *WATER))]
)
def test_middling_likeness_across_languages_is_a_link_only(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    grouper = Grouper()
    grouper.add(document(1, *first), 1)
    placement = grouper.place(document(2, *second, hours=6))
    assert placement.story is None
    assert [(story, score >= LINK) for story, score in placement.also] == [(1, True)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("en", "Agents find two tunnels from Tijuana to Otay Mesa", "Both were sealed with concrete."),
            ("es", "Bajan los homicidios en Tijuana", "La fiscalía contó menos víctimas este mes."),
        ),
        (
            ("en", "State Department weighs successor to CARSI", "Prosecutors in Guatemala would get more."),
            ("es", "México y Guatemala abren un centro conjunto", "CARSI paga el equipo de cómputo."),
        ),
        (
            ("es", "Suspenden clases en Culiacán por violencia", "Las escuelas cierran hasta el viernes."),
            ("en", "Army destroys fentanyl lab near Culiacán", "Soldiers burned drums of chemicals."),
        ),
    ],
)
def test_a_place_or_a_programme_alone_makes_no_link(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    grouper = Grouper()
    grouper.add(document(1, *first), 1)
    placement = grouper.place(document(2, *second, hours=6))
    assert (placement.story, placement.also) == (None, ())


def test_a_report_that_looks_back_does_not_merge_two_instalments() -> None:
    threat = "Ibarra threatens to close the Río Pardo bridge"
    order = "Ibarra orders soldiers to the Río Pardo bridge"
    for days, merges in ((0.5, (2,)), (4, ())):
        grouper = Grouper()
        grouper.add(document(1, "en", threat, "Governor Ibarra spoke in Salina Cruz."), 1)
        grouper.add(document(2, "en", order, "Governor Ibarra spoke in Salina Cruz.", hours=24 * days), 2)
        newcomer = document(3, "en", f"{threat} and orders soldiers there", hours=24 * days + 1)
        assert grouper.place(newcomer).merges == merges, days


def test_placing_changes_nothing() -> None:
    marked = stream()
    grouper = Grouper()
    for _, one in marked[:5]:
        grouper.add(one, one.id)
    before = [grouper.place(one) for _, one in marked]
    assert before == [grouper.place(one) for _, one in marked]
    assert len(grouper) == 5


def test_an_edited_article_is_compared_with_the_others_only() -> None:
    first = document(
        1, "en", "Army captures Saúl Mota Quiñones in Culiacán", "Soldiers captured him at dawn."
    )
    grouper = Grouper()
    grouper.add(first, 1)
    assert grouper.place(first).story is None


def test_closed_stories_take_no_more() -> None:
    title = "Gunmen kill 12 in bar in Irapuato"
    grouper = Grouper()
    grouper.add(document(1, "en", title, "Armed men killed 12 people in the La Cabaña bar."), 1)
    late = document(2, "en", title, "Armed men killed 12 people in the bar.", hours=24 * (CLOSED_DAYS + 1))
    assert grouper.place(late).story is None


@pytest.mark.parametrize("nearer", ["the older", "the younger"])
def test_an_article_between_two_stories_merges_them_into_the_older(nearer: str) -> None:
    grouper = Grouper()
    reports = [
        ("Dam at Río Pardo bursts near Salina Cruz", "The Río Pardo dam burst at dawn."),
        ("Río Pardo dam: villagers of Salina Cruz flee flood", "The dam burst at dawn."),
    ]
    for number, report in enumerate(reports if nearer == "the older" else reversed(reports), 1):
        grouper.add(document(number, "en", *report), number)
    placement = grouper.place(
        document(
            3,
            "en",
            "Villagers flee as Río Pardo dam bursts near Salina Cruz",
            "The dam burst at dawn.",
            hours=2,
        )
    )
    assert placement.story == 1
    assert placement.merges == (2,)
    grouper.merge(1, 2)
    assert (
        grouper.place(document(4, "en", "Río Pardo dam: Salina Cruz flood", "The dam burst.", hours=3)).story
        == 1
    )


def test_a_split_is_left_alone() -> None:
    marked = [one for event, one in stream() if event == "bar_irapuato"]
    moved, *rest = marked
    grouper = Grouper(constraints_for_split([moved.id], [one.id for one in rest]))
    for one in marked:
        grouper.add(one, marked[0].id)
    for one in rest:
        grouper.move(one.id, rest[0].id)
    assert grouper.place(rest[0]).story == rest[0].id
    assert grouper.place(moved).story is None
    # A newcomer that could join both does not throw them together again.
    newcomer = document(90, "es", "Doce muertos en el bar La Cabaña de Irapuato, Guanajuato", hours=5)
    assert grouper.place(newcomer).merges == ()


def test_a_merge_by_hand_holds_when_an_article_is_placed_again() -> None:
    one = document(1, "en", "Agents find tunnel in Otay Mesa", "It ran to Tijuana.")
    other = document(2, "es", "Encuentran una obra clandestina", "Nadie fue detenido.", hours=2)
    grouper = Grouper(constraints_for_merge([1], [2]))
    grouper.add(one, 1)
    grouper.add(other, 1)
    placement = grouper.place(other)
    assert (placement.story, placement.reason) == (1, "pinned")


def test_forgetting_is_as_never_having_known() -> None:
    marked = [one for _, one in stream()]
    whole, part = Grouper(), Grouper()
    stories = grouped(marked)
    for one in marked:
        whole.add(one, stories[one.id])
    cut = START + timedelta(hours=6)
    assert whole.forget_before(cut) == 5
    for one in marked[5:]:
        part.add(one, stories[one.id])
    probes = list(documents(40, seed=3)) + marked
    assert [whole.place(one) for one in probes] == [part.place(one) for one in probes]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sets(st.integers(1, 119), max_size=4))
def test_restarts_change_nothing(seed: int, restarts: set[int]) -> None:
    """A grouper rebuilt from what was stored, in whatever order, decides as the old one would have."""
    feed = list(documents(120, seed=seed))
    steady = grouped(feed)
    grouper, stories, stored = Grouper(), {}, {}
    rng = random.Random(seed)
    for number, one in enumerate(feed):
        if number in restarts:
            grouper = Grouper()
            pairs = list(stored.values())
            rng.shuffle(pairs)
            for known in pairs:
                grouper.add(known, stories[known.id])
        placement = grouper.place(one)
        story = one.id if placement.story is None else placement.story
        grouper.add(one, story)
        stories[one.id], stored[one.id] = story, one
        for gone in placement.merges:
            grouper.merge(story, gone)
            stories = {id: story if old == gone else old for id, old in stories.items()}
    assert stories == steady


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["en", "es", "", "en-US", "xx"]))
def test_any_text_is_placed(title: str, summary: str, language: str) -> None:
    grouper = Grouper()
    one = Document(1, language, title, summary, START)
    grouper.place(one)
    grouper.add(one, 1)
    again = grouper.place(Document(2, language, title, summary, START))
    assert again.score >= 0
    assert grouper.forget_before(START + timedelta(days=1)) == 1
    assert len(grouper) == 0


@pytest.mark.parametrize("outlets", [("", "", ""), ("Wire", "Wire", "Wire"), ("Wire", "Courier", "Gaceta")])
def test_one_pattern_filled_in_twice_is_two_events(outlets: tuple[str, ...]) -> None:
    titles = [
        "Mexico extradites 26 cartel members to the United States",
        "Mexico extradites cartel accountant to the United States",
        "Mexico extradites former mayor to the United States",
    ]
    told = enumerate(zip(titles, outlets, strict=True), start=1)
    stories = grouped([document(n, "en", title, hours=n, publisher=outlet) for n, (title, outlet) in told])
    assert len(set(stories.values())) == 3


def test_two_outlets_words_for_one_event_are_no_pattern() -> None:
    first = "Matan a Anselmo Tirado, padre de la aspirante a la alcaldía de Xoloc"
    second = "Matan a Anselmo Tirado, padre de la precandidata por Morena en Xoloc"
    told = [
        document(1, "es", first, publisher="Gaceta"),
        document(2, "es", second, hours=3, publisher="Faro"),
    ]
    assert len(set(grouped(told).values())) == 1


def test_the_first_reports_of_a_new_store_need_more_than_everyday_words() -> None:
    live = document(1, "en", "Live updates: Mexico, U.S. officials meet on border security")
    other = document(2, "en", "Mexico deports cartel boss to the United States", hours=1)
    assert len(set(grouped([live, other]).values())) == 2


def test_a_correction_joins_its_outlets_own_report_and_marks_it() -> None:
    grouper = Grouper()
    grouper.add(document(1, "es", "Filtran audio de diputado pactando con capo", publisher="Gaceta"), 1)
    taken_back = document(2, "es", "Gaceta retira la nota del audio: era falso", hours=30, publisher="Gaceta")
    placement = grouper.place(taken_back)
    assert placement.story == 1 and "corrected:1" in placement.facts


def test_one_title_with_other_figures_on_another_day_is_another_event() -> None:
    first = "Agents rescue 74 migrants from the river at Ojinaga crossing"
    second = "Agents rescue 11 migrants from the river at Ojinaga crossing"
    told = [document(1, "en", first), document(2, "en", second, hours=30)]
    assert len(set(grouped(told).values())) == 2


def test_a_toll_that_rises_on_another_day_is_the_same_event() -> None:
    first = "Twelve killed in fire at Quimby warehouse in Ojinaga"
    second = "Fifteen killed in fire at Quimby warehouse in Ojinaga"
    told = [document(1, "en", first), document(2, "en", second, hours=30)]
    assert len(set(grouped(told).values())) == 1

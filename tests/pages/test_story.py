"""A story's page: figures that disagree, what each revision added, voices and stories beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.page import Link, Page
from bot.domain.stories import Development, StoryRevision
from bot.locale import Translator, translator
from bot.pages.facts import counts_before, documents_of, fact_words, new_facts, victim_counts
from bot.pages.gist import STORY_SENTENCES, gist_sources, quoted
from bot.pages.story import story_page
from bot.pages.wording import development_item
from bot.summaries.extract import summarize
from tests.pages.making import NOW, article, development, links, words
from tests.support.context import BRIEF


def page_of(
    t: Translator,
    development: Development,
    revisions: Sequence[StoryRevision] = (),
    related: Sequence[Development] = (),
    *,
    admin: bool = False,
) -> Page:
    """The story's page with its gist quoted."""
    cited = summarize(gist_sources(development.articles), STORY_SENTENCES, language=t.language)
    return story_page(t, BRIEF, development, quoted(cited), revisions, related, admin=admin)


def shooting() -> Development:
    return development(
        article(1, "organized_crime", title="Nine killed in shooting in Celaya", publisher="AP", hours=9),
        article(
            2,
            "organized_crime",
            title="Mueren 12 personas en ataque armado en Celaya",
            publisher="Milenio",
            language="es",
            hours=4,
        ),
        article(
            3,
            "organized_crime",
            title="Twelve killed in attack in Celaya, state says",
            publisher="Courier",
            hours=2,
        ),
        story=1,
    )


def line_with(page: Page, text: str) -> str:
    return next(line for line in words(page).splitlines() if text in line)


@pytest.mark.parametrize(
    ("language", "heading", "latest", "earlier"),
    [
        ("en", "Figures that disagree", "12 dead: Courier, Milenio · latest", "9 dead: AP"),
        ("es", "Cifras que no coinciden", "12 muertos: Courier, Milenio · la más reciente", "9 muertos: AP"),
    ],
)
def test_figures_that_disagree_stand_in_a_line_each_with_who_gives_them(
    language: str, heading: str, latest: str, earlier: str
) -> None:
    page = page_of(translator(language), shooting())
    assert heading in words(page)
    assert line_with(page, latest) != line_with(page, earlier)
    assert {"https://milenio.example/2", "https://ap.example/1"} <= set(links(page))


def test_figures_that_agree_are_not_told() -> None:
    one = development(article(1, title="Nine killed in shooting in Celaya"))
    assert "Figures that disagree" not in words(page_of(translator("en"), one))


@pytest.mark.parametrize(
    ("language", "heading", "added"),
    [
        ("en", "What was added, newest first", "12 dead (before: 9), Fiscalía speaks for the first time"),
        (
            "es",
            "Qué se agregó, lo más reciente primero",
            "12 muertos (antes: 9), Fiscalía se pronuncia por primera vez",
        ),
    ],
)
def test_each_revision_says_what_it_added(language: str, heading: str, added: str) -> None:
    revisions = [
        StoryRevision(1, 1, NOW - timedelta(hours=9), 1, "new", ("killed:9",)),
        StoryRevision(1, 2, NOW - timedelta(hours=4), 2, "same_event", ("killed:12", "official:Fiscalía")),
        StoryRevision(1, 3, NOW - timedelta(hours=1), 99, "same_event", ("term:unseen",)),
    ]
    page = page_of(translator(language), shooting(), revisions)
    lines = words(page).splitlines()
    start = lines.index(heading) + 1
    assert lines[start] == "Mueren 12 personas en ataque armado en Celaya"
    assert lines[start + 1].startswith("Milenio · ") and lines[start + 2] == added
    assert "unseen" not in words(page), "an article that this server does not see"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "What was added, newest first"), ("es", "Qué se agregó, lo más reciente primero")],
)
def test_single_words_are_no_facts_for_people(language: str, heading: str) -> None:
    revisions = [StoryRevision(1, 2, NOW, 3, "same_event", ("term:veiled", "term:rebuffs", "name:Ana Pérez"))]
    lines = words(page_of(translator(language), shooting(), revisions)).splitlines()
    start = lines.index(heading) + 1
    assert lines[start : start + 3] == [
        "Twelve killed in attack in Celaya, state says",
        "Courier · 2026-03-02",
        "Ana Pérez",
    ]
    added = new_facts(translator(language), ("term:veiled",), shooting().articles, 3)
    assert added.endswith(": Twelve killed in attack in Celaya, state says")


@pytest.mark.parametrize(
    ("fact", "english", "spanish"),
    [
        ("killed:1", "1 dead", "1 muerto"),
        ("killed:1200", "1,200 dead", "1,200 muertos"),
        ("hurt:5", "5 wounded (before: 3)", "5 heridos (antes: 3)"),
        ("figure:1500.5", "the figure 1,500.5", "la cifra 1,500.5"),
        ("name:Ana Pérez", "Ana Pérez", "Ana Pérez"),
        ("term:túnel", "", ""),
        ("strange", "strange", "strange"),
        ("killed:many", "killed:many", "killed:many"),
        ("figure:nan(1)", "the figure nan(1)", "la cifra nan(1)"),
        ("", "", ""),
    ],
)
def test_facts_in_words(fact: str, english: str, spanish: str) -> None:
    before = {"hurt": 3}
    assert fact_words(translator("en"), fact, before) == english
    assert fact_words(translator("es"), fact, before) == spanish


def test_counts_before_a_moment_are_the_newest_then() -> None:
    counts = victim_counts(documents_of(shooting().articles))
    assert counts_before(counts, NOW - timedelta(hours=3)) == {"killed": 12}
    assert counts_before(counts, NOW - timedelta(hours=4)) == {"killed": 9}
    assert counts_before(counts, NOW - timedelta(hours=10)) == {}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "2 independent sources: AP (agency, 2 reports), Delta"),
        ("es", "2 fuentes independientes: AP (agencia, 2 notas), Delta"),
    ],
)
def test_an_agency_s_text_in_two_papers_is_one_voice(language: str, said: str) -> None:
    story = development(
        article(1, title="Wall grows in Sonora", summary="SONORA (AP) — The wall grows.", publisher="Beta"),
        article(2, title="Border wall is growing", summary="SONORA (AP) — It grows.", publisher="Gamma"),
        article(3, title="New fence near Nogales worries ranchers there", publisher="Delta"),
        story=1,
    )
    assert said in words(page_of(translator(language), story))


@pytest.mark.parametrize(
    ("language", "heading", "first"),
    [("en", "Perhaps related", "first reported"), ("es", "Quizá relacionado", "primera nota")],
)
def test_stories_that_may_be_related_are_linked(language: str, heading: str, first: str) -> None:
    twin = development(article(9, title="Ataque en Celaya", language="es", publisher="Milenio"))
    page = page_of(translator(language), shooting(), related=[twin])
    assert heading in words(page)
    assert line_with(page, first).endswith(f"{first} 2026-03-02")
    if language == "en":
        assert "in Spanish" in line_with(page, "Milenio · 2026-03-02 · in")
    assert "https://milenio.example/9" in links(page)


@pytest.mark.parametrize(("language", "said"), [("en", "last report"), ("es", "última nota")])
def test_a_list_tells_when_a_story_was_last_reported_if_its_headline_is_of_another_day(
    language: str, said: str
) -> None:
    def listed(hours: float) -> str:
        titles = ("Agents find a tunnel at Otay", "Tunnel found at Otay", "Mothers march in Reynosa")
        story = development(
            *(
                article(n, title=title, language=language, publisher=f"P{n}", hours=at)
                for n, (title, at) in enumerate(zip(titles, (40, 41, hours), strict=True), start=1)
            )
        )
        item = development_item(translator(language), story)
        return words(Page("", (item,)))

    assert f"{said} 2026-03-02" in listed(2)
    assert said not in listed(39)


def test_only_admins_may_say_that_a_topic_is_wrong() -> None:
    t = translator("en")
    assert "Wrong topic" not in [one.label for one in page_of(t, shooting()).buttons]
    assert "Wrong topic" in [one.label for one in page_of(t, shooting(), admin=True).buttons]


def test_the_gist_is_cited() -> None:
    page = page_of(translator("en"), shooting())
    first = page.blocks[0]
    assert any(isinstance(span, Link) for span in getattr(first, "spans", ()))

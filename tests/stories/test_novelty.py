from __future__ import annotations

import pytest

from bot.stories.document import Document
from bot.stories.grouping import Grouper
from bot.stories.independent_sources import agency, independent_sources
from bot.stories.novelty import disagreements
from tests.stories.samples import document

FIRST = document(
    1,
    "en",
    "Fire at migrant center in Reynosa kills 37",
    "A fire at a migrant center in Reynosa killed 37 people.",
)


def added(*later: Document) -> tuple[str, ...]:
    """What the last document adds to a story of the others."""
    grouper = Grouper()
    grouper.add(FIRST, 1)
    for one in later[:-1]:
        grouper.add(one, 1)
    placement = grouper.place(later[-1])
    assert placement.story == 1, placement
    return placement.facts


def test_the_same_in_other_words_is_no_news() -> None:
    text = "At least 37 people died when a fire broke out at a center for migrants in Reynosa."
    assert added(document(2, "en", "Blaze at Reynosa migrant center leaves 37 dead", text)) == ()


def test_a_higher_toll_is_news_and_a_lower_one_is_not() -> None:
    more = document(2, "es", "Suben a 40 los muertos por incendio en centro de migrantes de Reynosa")
    fewer = document(3, "en", "Fire at migrant center in Reynosa kills 30", "Thirty people died in Reynosa.")
    assert "killed:40" in added(more)
    assert added(fewer) == ()
    assert (
        added(more, document(4, "en", "Reynosa migrant center fire: 40 killed", "Fire in Reynosa killed 40."))
        == ()
    )


def test_an_authority_speaking_first_is_news() -> None:
    official = document(
        2, "es", "Comunicado sobre el incendio en el centro de migrantes de Reynosa",
        "El incendio en el centro de migrantes de Reynosa.", publisher="INM", official=True,
    )  # fmt: skip
    assert added(official)[0] == "official:INM"
    again = document(3, "es", "Segundo comunicado: incendio en el centro de migrantes de Reynosa",
                     publisher="FGR", official=True)  # fmt: skip
    assert "official:FGR" not in added(official, again)


def test_a_new_name_is_news() -> None:
    text = "Guard Braulio Sotelo Arce locked the Reynosa migrant center as the fire spread."
    facts = added(document(2, "en", "Guard locked doors in Reynosa migrant center fire", text))
    assert "name:Braulio Sotelo Arce" in facts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Guards locked doors at migrant center is shut after Portland CNN. Fire kills 40 Border Wire"),
        ("es", "Cerraron con llave el centro de migrantes tras lo de Portland CNN. Suben a 40 Border Wire"),
    ],
)
def test_outlets_are_no_names(language: str, text: str) -> None:
    title = {"en": "Fire at Reynosa migrant center", "es": "Incendio en centro de migrantes de Reynosa"}
    facts = added(document(2, language, f"{title[language]} kills 40", text, publisher="Border Wire"))
    assert not [fact for fact in facts if fact.startswith("name:")]
    assert len(facts) == len(set(facts)), "and no figure is told twice"


def test_a_new_story_has_no_facts() -> None:
    assert Grouper().place(FIRST).facts == ()


def test_figures_that_disagree_are_data() -> None:
    documents = [
        document(1, "es", "Doce muertos en bar de Irapuato", publisher="Diario A"),
        document(2, "en", "9 dead in Irapuato bar", publisher="Wire B", hours=1),
        document(3, "en", "10 dead in Irapuato bar", publisher="Wire B", hours=2),
    ]
    (found,) = disagreements(documents)
    assert found.kind == "killed"
    assert [(claim.value, claim.publisher, claim.article_id) for claim in found.claims] == [
        (12, "Diario A", 1),
        (10, "Wire B", 3),
    ]
    assert disagreements(documents[:1]) == ()


def test_one_agency_in_five_papers_is_one_source() -> None:
    text = "MEXICO CITY (AP) — Soldiers captured a gang leader in Culiacán on Monday."
    documents = [
        document(n, "en", f"Gang leader captured, part {n}", text, publisher=f"P{n}") for n in range(1, 6)
    ]
    (source,) = independent_sources(documents)
    assert (source.name, source.kind, source.article_ids) == ("AP", "wire", (1, 2, 3, 4, 5))


def test_two_feeds_of_a_house_and_an_unsigned_copy_are_one_source() -> None:
    own = "Soldiers captured a gang leader in a hillside house in Culiacán on Monday, the army said."
    documents = [
        document(1, "en", "Gang leader captured in Culiacán", own, publisher="A"),
        document(2, "en", "Army: more on the capture", "A second man fled over the roof.", publisher="A"),
        document(3, "en", "Gang leader captured in Culiacán", own, publisher="B"),
        document(4, "en", "Who is the gang leader?", "He sold fish until 2009, they say.", publisher="C"),
    ]
    found = independent_sources(documents)
    assert [(source.name, source.article_ids) for source in found] == [("A", (1, 2, 3)), ("C", (4,))]


def test_signatures() -> None:
    def signed(title: str, summary: str = "", publisher: str = "") -> str:
        return agency(document(1, "es", title, summary, publisher=publisher))

    assert signed("x", "Ciudad de México, 3 mar (EFE).- El gobierno") == "EFE"
    assert signed("x", "Con información de Reuters") == "Reuters"
    assert signed("x", publisher="lopezdoriga.com (EFE)") == "EFE"
    assert signed("Un mapa de AP muestra", "La app EP no funciona") == ""

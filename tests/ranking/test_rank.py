"""What ranks above what, and that opinion never leads, in headlines of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.articles import Article
from bot.domain.evidence import Bearing, Evidence, pack_evidence
from bot.domain.stories import Development
from bot.ranking.kinds import kind_of
from bot.ranking.rank import WEIGHTS, by_rank, rank
from bot.stories.headlines import lead_article
from tests.support.clock import START

AID = Bearing("aid_moved", 3, "worse", "cut")
ARMY = Bearing("armed_forces_role", 2, "worse", "tasks")


def story(
    title: str,
    *bearings: Bearing,
    outlets: int = 1,
    kind: str = "news",
    language: str = "en",
    topics: tuple[str, ...] = ("organized_crime",),
    reason: str = "no_rule",
    number: int = 1,
) -> Development:
    evidence = Evidence(bearings, "bears" if bearings else reason)
    articles = tuple(
        Article(
            id=place,
            feed_id=place,
            url=f"https://outlet{place}.example/1",
            title=title,
            summary="",
            language=language,
            publisher=f"Outlet {place}",
            kind=kind,
            published_at=START - timedelta(minutes=place),
            first_seen_at=START,
            story_id=number,
            topics=topics,
            packed_evidence=pack_evidence(evidence),
        )
        for place in range(outlets)
    )
    return Development(number, None, (), articles, 1)


@pytest.mark.parametrize(
    ("title", "language", "kind"),
    [
        ("Miles de migrantes esperan en Tapachula", "es", "mass"),
        ("Perros caminan miles de kilómetros hasta la frontera", "es", "event"),
        ("President signs order that closes three border crossings", "en", "decided"),
        ("Treasury sanctions two banks in Tijuana", "en", "decided"),
        ("El gobierno de Estados Unidos recorta los fondos para policías de Oaxaca", "es", "decided"),
        ("La Secretaría de Marina asume el control de seis puertos", "es", "decided"),
        ("White House unveils a plan for the Suchiate", "en", "announced"),
        ("Gobernación anuncia un programa de albergues en Nogales", "es", "announced"),
        ("Border apprehensions hit a record in March", "en", "figure"),
        ("Suben en abril las detenciones de migrantes: cifras de la patrulla fronteriza", "es", "figure"),
        ("A caravan leaves Tapachula", "en", "mass"),
        ("Caravana parte de Tapachula", "es", "mass"),
        ("Gunmen kill 9 at a rehabilitation center", "en", "mass"),
        ("Former police chief sentenced to 20 years", "en", "verdict"),
        ("Senators introduce a bill to arm border guards", "en", "proposed"),
        ("Promueven en el Congreso una iniciativa sobre las aduanas", "es", "proposed"),
        ("Vinculan a proceso a exdirector de penales", "es", "case"),
        ("Senator warns that the deal could fall apart", "en", "statement"),
        ("Senador advierte que el acuerdo podría romperse", "es", "statement"),
        ("Marta Ruiz Peña: El muro y la memoria", "es", "statement"),
        ("Why the Darién is emptying", "en", "background"),
        ("Claves para entender la reforma de la Guardia Nacional", "es", "background"),
        ("Trucks wait for hours in Laredo", "en", "event"),
    ],
)
def test_the_kind_of_act_is_told_from_the_headline(title: str, language: str, kind: str) -> None:
    assert kind_of(title, language).name == kind


@pytest.mark.parametrize(
    ("title", "language", "who"),
    [
        ("DHS ends the parole program", "en", True),
        ("Sedena despliega 500 elementos en Nogales", "es", True),
        ("Town council closes a shelter", "en", False),
        ("Alcalde cierra un albergue", "es", False),
    ],
)
def test_a_national_authority_is_told_from_a_local_one(title: str, language: str, who: bool) -> None:
    assert kind_of(title, language).by_authority is who


def test_the_second_worry_word_for_word_leads_a_busy_day() -> None:
    found = [
        story("Cars stolen in Texas turn up in Monterrey", outlets=6, number=1),
        story("Senate committee moves police aid to the wall", AID, outlets=2, number=2),
        story("Gunmen kill 14 in a bar in Celaya", outlets=5, number=3),
        story("Army takes over customs", ARMY, outlets=3, number=4),
    ]
    assert by_rank(found)[0][0].story_id == 2


@pytest.mark.parametrize(
    ("title", "language", "reason"),
    [
        ("Opinion: The wall is a decision of fear", "en", "no_rule"),
        ("Opinión | El muro es una decisión del miedo", "es", "no_rule"),
        ("Editorial: Congress cuts aid, and that is right", "en", "no_rule"),
        ("This week on the border: the wall, the aid and the tariffs", "en", "no_rule"),
        ("Five years after the massacre, a town waits", "en", "no_rule"),
        ("Congress cuts aid to Mexican unicorns", "en", "opinion"),
    ],
)
def test_opinion_and_recaps_stand_after_all_news(title: str, language: str, reason: str) -> None:
    loud = story(title, outlets=8, language=language, reason=reason, topics=("border_security",), number=1)
    quiet = story("Trucks wait in Laredo", number=2)
    ranked = by_rank([loud, quiet])
    assert [one.story_id for one, _ in ranked] == [2, 1]
    assert not ranked[1][1].may_lead


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (story("Congress cuts aid", AID), story("Congress cuts aid")),
        (story("Congress cuts aid", AID), story("Congress cuts aid", ARMY)),
        (story("Congress cuts aid", outlets=4), story("Congress cuts aid", outlets=2)),
        (story("Congress cuts aid", kind="official"), story("Congress cuts aid")),
        (story("Court blocks the wall"), story("Lawyer says the wall may be blocked")),
        (story("3,000 migrants wait in Juárez"), story("30 migrants wait in Juárez")),
    ],
    ids=["question", "author", "outlets", "official", "act", "people"],
)
def test_each_sign_speaks_for_a_development(better: Development, worse: Development) -> None:
    assert rank(better).score > rank(worse).score


def test_the_table_has_a_weight_for_each_sign_and_none_against() -> None:
    signs = rank(story("Congress cuts aid")).signs
    assert set(WEIGHTS) == set(signs.__dataclass_fields__)
    assert len(WEIGHTS) <= 8
    assert all(weight >= 0 for weight in WEIGHTS.values())


@pytest.mark.parametrize("form", ["opinion", "recap", "satire"])
def test_what_argues_or_jests_speaks_neither_for_a_question_nor_for_its_story(form: str) -> None:
    told = story("Senate cuts police aid to Oaxaca", AID, outlets=2)
    first, second = told.articles
    plain = replace(second, title="Senate meets in Oaxaca", packed_evidence="no_rule", form="news")
    beside = replace(told, articles=(replace(first, form=form), plain))
    assert rank(told).bearings and rank(told).may_lead
    assert rank(beside).bearings == ()
    assert rank(beside).kind == kind_of(plain.title, "en", plain.publisher).name
    assert lead_article(beside, "en") == plain
    alone = replace(told, articles=(replace(first, form=form),))
    assert not rank(alone).may_lead
    assert lead_article(alone, "en") == alone.articles[0]

"""What was false is told to be false: at the head of the next digest, in /new, to followers, in /story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.audience import DEFAULTS
from bot.ingest.group import Grouping
from bot.publishing.composer import DigestOrder, compose, gather
from bot.record import load_record
from bot.store import developments
from tests.pages.making import words
from tests.support.context import Room, reader, room

FALSE = "Cartel drones bomb Border Patrol post in El Paso, 3 agents killed"
#: (first headline, its summary, second headline, its summary, by another outlet).
CASES = {
    "retracted at its address": (
        (FALSE, "Officials say Mexico ordered a search."),
        (
            "RETRACTED: Cartel drones bomb Border Patrol post in El Paso",
            "Alpha has withdrawn this report. No drone attack took place and nobody died.",
        ),
        True,
        "corrected",
    ),
    "corrected": (
        (FALSE, "Officials say Mexico ordered a search."),
        (
            "Correction: No agents killed in El Paso; report of cartel drones bombing Border Patrol post"
            " was false",
            "Alpha regrets the error.",
        ),
        False,
        "corrected",
    ),
    "fewer": (
        ("Bus crash kills 41 migrants near Reynosa, Mexico", "Officials said 41 people were killed."),
        (
            "Toll in migrant bus crash near Reynosa lowered to 18 killed",
            "Officials had said 41. They counted 18 people killed, Mexico says.",
        ),
        False,
        "corrected",
    ),
    "fewer at its address": (
        ("Bus crash kills 41 migrants near Reynosa, Mexico", "Officials said 41 people were killed."),
        ("Bus crash kills 18 migrants near Reynosa, Mexico", "Officials said 18 people were killed."),
        True,
        "corrected",
    ),
    "reversed": (
        (
            "Judge blocks Texas buoys on Rio Grande at Eagle Pass",
            "The order of Judge Alvarado takes effect Friday.",
        ),
        (
            "Appeals court lifts order of Judge Alvarado against Texas buoys at Eagle Pass on Rio Grande",
            "The Fifth Circuit ruled.",
        ),
        False,
        "no longer so",
    ),
    "freed": (
        ("Mexican navy arrests cartel boss El Tuercas in Manzanillo", "He is wanted in Texas."),
        (
            "Judge frees cartel boss El Tuercas after arrest in Manzanillo by Mexican navy",
            "The judge said the arrest was illegal.",
        ),
        False,
        "no longer so",
    ),
    "in Spanish": (
        (
            "Marina captura al capo 'El Tuercas' del Cártel de los Cenzontles en Manzanillo",
            "Lo busca la justicia de Texas.",
        ),
        (
            "Desmiente Marina captura del capo 'El Tuercas' del Cártel de los Cenzontles en Manzanillo",
            "La dependencia aclaró que no es cierto.",
        ),
        False,
        "denied",
    ),
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
async def test_what_was_false_is_told_everywhere(here: Room, case: str) -> None:
    (title, summary), (later_title, later_summary), same_address, word = CASES[case]
    language = "es" if case == "in Spanish" else "en"
    (feed,) = here.follow("Alpha", language=language)
    grouping = Grouping(here.context)
    url = "https://alpha.example/news/first-report-from-the-border"
    here.bring(feed, title, summary, language=language, url=url)
    await grouping.run()
    await here.ask("/new")
    since = here.clock.now()
    story = here.database.read_sync(developments.latest, DEFAULTS)[0].story_id

    here.clock.advance(hours=20)
    here.bring(feed, later_title, later_summary, language=language, url=url if same_address else "")
    await grouping.run()

    order = DigestOrder(DEFAULTS, (), "en", since.date(), since, here.clock.now() + timedelta(seconds=5))
    material = await here.database.read(gather, order.view, order.since, order.until)
    digest = words(compose(here.context.brief, load_record(), order, material).page)
    told = digest.splitlines()
    assert told.index("Corrections") < 3 and title in digest, digest
    assert word in digest.casefold()

    new = words(await here.answer("/new"))
    assert "Corrections" in new and title in new, new

    page = words(await here.ask(f"/story {story}"))
    assert title in page and word in page.casefold(), page
    spanish = words(await here.ask(f"/story {story}", reader("es")))
    assert "Se publicó el" in spanish or "; decía: “" in spanish

    latest = here.database.read_sync(developments.latest, DEFAULTS)[0]
    assert latest.corrections and words(await here.ask("/latest")).count(title) <= 1 + (word == "denied")

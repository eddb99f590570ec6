"""What a report does to the earlier claims of its story."""

from __future__ import annotations

import pytest

from bot.stories.claims import Mark, mark, new_steps
from bot.stories.features import features
from tests.stories.samples import document

FIRST = {
    "drones": (
        "en",
        "Cartel drones bomb patrol post in El Paso, 3 agents killed",
        "Officials ordered a search.",
    ),
    "bus": ("en", "Bus crash kills 41 migrants near Reynosa", "Officials said 41 people were killed."),
    "buoys": ("en", "Judge blocks Texas buoys at Eagle Pass", "The order takes effect Friday."),
    "boss": ("en", "Navy arrests cartel boss El Tuercas in Manzanillo", "He is wanted in Texas."),
    "guardia": ("es", "Guardia Nacional patrulla la sierra de Chiapas", "Llegaron 300 elementos."),
    "pueblo": ("es", "Pobladores de la sierra de Chiapas, sin Guardia Nacional", "Piden ayuda."),
    "agents": ("en", "Border agents patrol Eagle Pass park", "They arrived on Monday."),
    "alone": ("en", "Eagle Pass residents report shortage of border agents", "They ask for help."),
    "alcaldesa": ("es", "Renuncia alcaldesa de Tecpan tras amenazas", "Pidió licencia el lunes."),
}


def marked(name: str, language: str, title: str, summary: str = "", publisher: str = "") -> Mark | None:
    first_language, first_title, first_summary = FIRST[name]
    first = document(1, first_language, first_title, first_summary)
    then = document(2, language, title, summary, hours=30, publisher=publisher)
    return mark(then, features(then), [(first, features(first))])


@pytest.mark.parametrize(
    ("name", "language", "title", "kind"),
    [
        ("drones", "en", "RETRACTED: Cartel drones bomb patrol post in El Paso", "corrected"),
        ("drones", "en", "Correction: No agents killed in El Paso", "corrected"),
        ("drones", "es", "Fiscalía rectifica: no hubo muertos en El Paso", "corrected"),
        ("bus", "en", "Toll in migrant bus crash near Reynosa lowered to 18 killed", "corrected"),
        ("bus", "es", "Son 18, no 41, los migrantes muertos en Reynosa", "corrected"),
        ("buoys", "en", "Appeals court lifts order against Texas buoys at Eagle Pass", "reversed"),
        ("buoys", "es", "Revocan orden contra las boyas de Texas en Eagle Pass", "reversed"),
        ("boss", "en", "Judge frees cartel boss El Tuercas: freed after arrest by navy", "reversed"),
        ("boss", "es", "Sale libre El Tuercas, detenido en Manzanillo", "reversed"),
        ("alcaldesa", "es", "Gobierno: la alcaldesa de Tecpan no ha renunciado", "denied"),
        ("alcaldesa", "es", "Desmiente Congreso salida de la alcaldesa de Tecpan", "denied"),
        ("pueblo", "es", "Niega gobierno ausencia de la Guardia Nacional en la sierra de Chiapas", "denied"),
        ("pueblo", "es", "Gobierno descarta falta de Guardia Nacional en Chiapas", "denied"),
        ("alone", "en", "Agency denies shortage of agents at Eagle Pass", "denied"),
    ],
)
def test_a_report_marks_the_earlier_claim(name: str, language: str, title: str, kind: str) -> None:
    found = marked(name, language, title)
    assert found is not None and found.kind == kind and found.article_ids == (1,)


def test_an_order_that_is_restored_is_a_turn_of_its_own() -> None:
    first = document(1, *FIRST["buoys"])
    lifted = document(2, "en", "Appeals court lifts order against Texas buoys at Eagle Pass", hours=20)
    restored = document(3, "en", "Supreme Court restores order against Texas buoys", hours=40)
    earlier = [(one, features(one)) for one in (first, lifted)]
    assert "restored" in new_steps(restored, features(restored), earlier)
    found = mark(restored, features(restored), earlier)
    assert found is not None and found.kind == "reversed"


@pytest.mark.parametrize(
    ("name", "language", "title"),
    [
        ("bus", "en", "Bus crash near Reynosa: 41 migrants dead, governor mourns"),
        ("bus", "en", "Bus crash near Reynosa kills 18, first reports said"),
        ("buoys", "en", "Judge blocks Texas river buoys"),
        ("boss", "es", "Cae El Tuercas en Manzanillo"),
        ("boss", "en", "Judge denies cartel boss El Tuercas his request for house arrest"),
        ("boss", "es", "Rechaza juez solicitud de El Tuercas, detenido en Manzanillo"),
        ("alcaldesa", "es", "Congreso se niega a recibir a la alcaldesa de Tecpan"),
        ("boss", "en", "Opinion: The boss who was freed before"),
        ("alcaldesa", "es", "Deja el cargo la alcaldesa de Tecpan"),
        ("guardia", "es", "Niega gobierno ausencia de la Guardia Nacional en la sierra de Chiapas"),
        ("guardia", "es", "Presidente desmiente que haya abandono de la Guardia Nacional en Chiapas"),
        ("agents", "en", "Agency denies lack of border agents at Eagle Pass park"),
    ],
)
def test_what_is_retold_or_late_marks_nothing(name: str, language: str, title: str) -> None:
    assert marked(name, language, title) is None


def test_a_correction_retold_marks_nothing_again() -> None:
    first = document(1, "en", "Bus crash kills 41 migrants near Reynosa")
    lowered = document(2, "en", "Toll in Reynosa bus crash lowered to 18", hours=5)
    again = document(3, "en", "Death toll in Reynosa bus crash lowered to 18", hours=8)
    earlier = [(one, features(one)) for one in (first, lowered)]
    assert mark(again, features(again), earlier) is None
    assert new_steps(again, features(again), earlier) == ()


def test_a_next_step_is_new_once() -> None:
    first = document(1, "es", "Atacan a balazos a familia en Celaya; mueren dos niñas")
    caught = document(2, "es", "Detienen a un hombre por el ataque en Celaya", hours=50)
    assert new_steps(caught, features(caught), [(first, features(first))]) == ("arrested",)
    again = document(3, "en", "Man arrested over Celaya attack", hours=52)
    earlier = [(one, features(one)) for one in (first, caught)]
    assert new_steps(again, features(again), earlier) == ()

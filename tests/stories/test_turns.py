"""The next turn of a matter."""

from __future__ import annotations

import pytest

from bot.stories.features import features, victims_of
from bot.stories.grouping import Grouper
from bot.stories.turns import next_turn
from tests.stories.samples import document

TURNS = (
    ("es", "Detienen en Tecate a El Molacho, presunto jefe de sicarios", "Vinculan a proceso a El Molacho"),
    (
        "es",
        "Cae El Molacho, presunto jefe de sicarios",
        "Sale libre El Molacho: juez halla ilegal la detención",
    ),
    ("en", "Agent Reuben Stahlberg charged with taking bribes", "Stahlberg pleads guilty, faces 15 years"),
    ("en", "Accounts of fugitive ex-chief of Xoloc frozen", "Fugitive ex-chief of Xoloc caught in Panama"),
    ("es", "Extraditan a El Molacho", "El Molacho, sentenciado a 20 años de prisión"),
    ("es", "Secuestran a 14 maestros en Ocozocoautla", "Liberan a maestros en Ocozocoautla"),
    (
        "en",
        "Judge orders shelter Casa Amapola to close",
        "Appeals court lets Casa Amapola keep its doors open",
    ),
    ("en", "Senate weighs the Ortolan bill", "Ortolan bill falls short"),
    ("en", "Bill would tax remittances by 7%", "Senders answer: 7% levy will not pass"),
    ("es", "Ataque en Ocozocoautla deja cinco muertos", "Suben a siete los muertos en Ocozocoautla"),
    ("en", "Video shows convoy in Aguililla", "Outlet withdraws Aguililla video"),
)


@pytest.mark.parametrize(("language", "before", "title"), TURNS)
def test_what_follows_on_a_step_of_the_same_name_is_its_next_turn(
    language: str, before: str, title: str
) -> None:
    assert next_turn(features(document(2, language, title)), features(document(1, language, before)))


@pytest.mark.parametrize(
    ("language", "before", "title"),
    [
        # another name
        ("es", "Detienen en Tecate a El Molacho", "Vinculan a proceso a El Chicuate"),
        (
            "en",
            "Judge orders shelter Casa Amapola to close",
            "Appeals court lets Casa Rocío keep its doors open",
        ),
        # another step of the same name, or none
        ("es", "Detienen en Ocozocoautla a El Molacho", "Ocozocoautla celebra su feria del pan"),
        ("en", "Stahlberg pleads guilty, faces 15 years", "Stahlberg named coach of the year"),
        # no more dead than before
        ("es", "Ataque en Ocozocoautla deja siete muertos", "Ataque en Ocozocoautla: cinco muertos"),
        # a name of every day
        ("en", "Trump charged with fraud", "Trump pleads guilty in another matter"),
        # an opinion is no step
        ("es", "Detienen en Tecate a El Molacho", "Editorial: Vinculan a proceso a El Molacho"),
    ],
)
def test_what_shares_only_a_name_or_only_a_step_is_not(language: str, before: str, title: str) -> None:
    assert not next_turn(features(document(2, language, title)), features(document(1, language, before)))


def test_a_next_turn_is_taken_up_though_its_title_says_little_of_the_first() -> None:
    grouper = Grouper()
    title = "Cae en Guamúchil presunto jefe de laboratorios El Molacho"
    grouper.add(document(1, "es", title, "Marinos detuvieron al señalado de dirigir seis laboratorios."), 1)
    later = "Sale libre El Molacho: juez califica de ilegal la detención"
    said = "Los marinos tardaron 19 horas en presentarlo, resolvió el juzgador."
    assert grouper.followed(document(2, "es", later, said, hours=70)) == 1


@pytest.mark.parametrize(
    ("language", "title", "killed"),
    [
        ("es", "Mueren otras dos mujeres del camión volcado", None),
        ("en", "Three more dead in Laredo", None),
        ("en", "Another 3 killed in Laredo", None),
        ("en", "More than 30 dead in Laredo", 30),
        ("es", "Más de 30 muertos en Laredo", 30),
    ],
)
def test_what_is_added_to_a_toll_is_no_toll(language: str, title: str, killed: int | None) -> None:
    assert victims_of(title, language).killed == killed

"""Key facts of a headline in the other language: acts, topic, places, figures, and nothing by guess."""

from __future__ import annotations

import pytest

from bot.locale import translator
from bot.pages.key_facts import key_facts
from tests.pages.making import article


@pytest.mark.parametrize(
    ("reader", "language", "title", "line"),
    [
        (
            "en",
            "es",
            "Decomisan 42 mil pastillas en la garita de San Ysidro",
            "Key facts: seizure · border crossing or customs · San Ysidro · 42,000 pills",
        ),
        (
            "es",
            "en",
            "Former police chief sentenced to 20 years in Tijuana",
            "Datos clave: sentencia · policía · Tijuana",
        ),
        # Officers of the ports are neither police nor the patrol between them.
        (
            "es",
            "en",
            "CBP officers seize 310 pounds of meth in Pharr",
            "Datos clave: decomiso · agentes de aduanas de EE. UU. (CBP) · drogas · 310 libras",
        ),
        (
            "en",
            "es",
            "Oficiales de CBP decomisan droga en Nogales",
            "Key facts: seizure · U.S. customs officers (CBP) · drugs · Nogales",
        ),
        ("es", "en", "Border Patrol agents find tunnel", "Datos clave: Patrulla Fronteriza · túnel"),
        ("en", "es", "Mueren 12 migrantes en Laredo", "Key facts: migrants · Laredo · 12 dead"),
        ("en", "es", "Rescatan a 40 migrantes en Laredo", "Key facts: rescue · Laredo · 40 migrants"),
        (
            "es",
            "en",
            "Army sends 600 guardsmen to Laredo",
            "Datos clave: despliegue · el Ejército · Laredo · 600 efectivos",
        ),
        ("en", "es", "Bloquean migrantes la carretera", "Key facts: blockade · migrants"),
        ("en", "es", "Cae de un tren un migrante", "Key facts: train · migrants"),
        ("en", "es", "Muere niño de 19 meses por fentanilo", "Key facts: fentanyl"),
        ("en", "es", "Prevén más homicidios en 2027", "Key facts: homicides"),
        ("en", "es", "Publican 12 capítulos y 30 notas", "Key facts: organized crime"),
        ("en", "es", "Desalojan 2 campamentos de migrantes", "Key facts: shelter · migrants"),
        ("en", "es", "Llegan 9 mil 500 elementos más", "Key facts: deployment · 9,500 troops"),
        ("en", "es", "Nadie sabe nada", "Key facts: organized crime"),
        # People who are secured are no load, and what somebody asserts is no seizure.
        (
            "en",
            "es",
            "Aseguran a 120 migrantes en Veracruz",
            "Key facts: migrants stopped by the authorities · Veracruz · 120 migrants",
        ),
        ("en", "es", "Aseguran 300 kilos de cocaína", "Key facts: seizure · drugs · 300 kilos"),
        ("en", "es", "Aseguran que hay drogas en la garita", "Key facts: drugs · border crossing or customs"),
        (
            "en",
            "es",
            "Sigue el muro en Texas, ratifica gobernador",
            "Key facts: border barrier · a governor · Texas",
        ),
        # Who takes over a task takes no office; who falls is not caught.
        ("en", "es", "Asume Ejército seguridad de Acapulco", "Key facts: the army · Acapulco"),
        ("en", "es", "Asume el cargo el fiscal de Sonora", "Key facts: appointment · prosecutors · Sonora"),
        ("en", "es", "Caen migrantes del tren en Torreón", "Key facts: migrants · train · Torreón"),
        ("en", "es", "Cae líder de cártel en Sonora", "Key facts: arrest · cartels · Sonora"),
        # Who leaves prison is not arrested, and the dead are not rescued.
        (
            "en",
            "es",
            "Salen de prisión los 8 militares detenidos",
            "Key facts: release · the army · 8 troops",
        ),
        ("es", "en", "Detained officers walk out of jail", "Datos clave: liberación · policía"),
        ("en", "es", "Localizan a tres migrantes sin vida", "Key facts: bodies found · 3 migrants"),
        # What is asked for, planned, imagined or denied was not done.
        ("en", "es", "AMLO busca prohibir el fentanilo", "Key facts: fentanyl"),
        ("en", "es", "No fue rescate: migrantes en Reynosa", "Key facts: migrants · Reynosa"),
        ("es", "en", "Law would allow police to arrest migrants", "Datos clave: policía · migrantes"),
        ("es", "en", "Governor wants to close border bridge", "Datos clave: un gobernador · garita o aduana"),
        # Words inside other words and names.
        ("es", "en", "Mayorkas visits Laredo", "Datos clave: delincuencia organizada · Laredo"),
        ("es", "en", "White House asks for billions", "Datos clave: la Casa Blanca"),
        ("es", "en", "Enough fentanyl to kill 5 million people found", "Datos clave: fentanilo"),
        # A share counts nothing.
        ("en", "es", "Detiene GN a 432% más migrantes", "Key facts: arrest · migrants"),
        # Soldiers are deployed, buses are not; a claim that is agreed with is no deal.
        ("en", "es", "INM envía autobuses a migrantes", "Key facts: Mexico’s migration institute · migrants"),
        ("es", "en", "Senator agrees border is in crisis", "Datos clave: delincuencia organizada"),
        ("es", "en", "Mexico and U.S. reach tariff deal", "Datos clave: acuerdo · aranceles"),
    ],
)
def test_key_facts(reader: str, language: str, title: str, line: str) -> None:
    told = article(1, "organized_crime", title=title, language=language)
    assert key_facts(translator(reader), told) == line

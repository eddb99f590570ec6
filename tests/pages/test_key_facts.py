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
        ("en", "es", "Mueren 12 migrantes en Laredo", "Key facts: migrants · Laredo · 12 dead"),
        ("en", "es", "Rescatan a 40 migrantes en Laredo", "Key facts: rescue or find · Laredo · 40 migrants"),
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
        ("en", "es", "Llegan 9 mil 500 elementos más", "Key facts: 9,500 troops"),
        ("en", "es", "Nadie sabe nada", "Key facts: organized crime"),
    ],
)
def test_key_facts(reader: str, language: str, title: str, line: str) -> None:
    told = article(1, "organized_crime", title=title, language=language)
    assert key_facts(translator(reader), told) == line

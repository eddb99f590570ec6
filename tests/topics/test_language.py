"""Telling English from Spanish by common words and accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor of the town was shot after the debate", "en"),
        ("Asesinan al alcalde de la ciudad tras el debate", "es"),
        ("Detienen a líder del CJNG", "es"),
        ("Border Patrol agents arrest two at checkpoint", "en"),
        ("¿Quién manda en Culiacán?", "es"),
        ("Sheinbaum and Trump spoke by phone", "en"),
        ("Hallan túnel en Nogales", "es"),
        ("Cae presunto operador financiero en Zapopan", "es"),
        ("Guardsmen uncover Nogales drug tunnel", "en"),
        ("Laredo bridge closure snarls trucks", "en"),
        ("México envia soldados à fronteira com os Estados Unidos, mas não diz até quando", "pt"),
        ("O governo disse que as tropas vão patrulhar a fronteira com a Guatemala", "pt"),
        ("Le gouvernement a envoyé des soldats à la frontière avec les États-Unis", "fr"),
        ("Il governo ha inviato soldati alla frontiera con gli Stati Uniti", "it"),
        ("Die Regierung hat Soldaten an die Grenze zu den USA geschickt und will mehr", "de"),
        ("Els soldats han arribat a la frontera amb els Estats Units per aquest motiu", "ca"),
    ],
)
def test_detects(text: str, language: str) -> None:
    assert detect(text) == language


def test_says_what_is_declared_when_nothing_speaks() -> None:
    assert detect("CJNG", "es-MX") == "es"
    assert detect("CJNG", "en") == "en"
    assert detect("") == "en"


def test_what_is_declared_decides_short_titles_and_yields_to_plain_ones() -> None:
    assert detect("Nogales Arizona", "es") == "es" and detect("Nogales Arizona", "en") == "en"
    assert detect("Asesinan al alcalde de la ciudad tras el debate", "en") == "es"
    assert detect("The mayor of the town was shot after the debate", "es") == "en"


@given(st.text())
def test_always_answers_one_of_seven(text: str) -> None:
    assert detect(text) in ("en", "es", "pt", "fr", "it", "de", "ca")


@pytest.mark.parametrize(
    "title",
    [
        "Governo do México envia tropas à fronteira e não explica o custo",
        "Polícia prende brasileiro na fronteira do México com os EUA",
        "EUA deportam imigrantes brasileiros em voo com algemas",
        "Prisão de chefe do tráfico no México foi anunciada pelo governo",
        "Mortos em tiroteio são ao menos dez, diz governo do México",
    ],
)
def test_portuguese_is_told_from_spanish(title: str) -> None:
    assert detect(title) == "pt"

"""Tolls and amounts that two reports of one event count a little differently."""

from __future__ import annotations

import pytest

from bot.stories.conflict import same_amount, same_toll
from bot.stories.features import Features, features
from bot.stories.grouping import Grouper
from tests.stories.samples import document


def read(language: str, title: str, summary: str = "") -> Features:
    return features(document(1, language, title, summary))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("es", "Matan a 13 policías en Guerrero"), ("en", "Dozen police killed near Acapulco"), True),
        (("es", "Asesinan a 12 agentes en Coyuca de Benítez"), ("es", "Mueren 13 en Guerrero"), True),
        (("es", "Matan a 13 policías en Guerrero"), ("es", "Matan a 20 policías en Guerrero"), False),
        (("es", "Matan a 13 policías en Guerrero"), ("es", "Matan a 13 policías en Sonora"), False),
        (("es", "Matan a 2 policías en Guerrero"), ("en", "Two killed near Acapulco"), False),
        (("es", "Guerrero suma 13 homicidios"), ("en", "13 killed near Acapulco"), False),
    ],
)
def test_about_the_same_dead_in_one_state(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert same_toll(read(*one), read(*other), 0.5) is same
    assert not same_toll(read(*one), read(*other), 4.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("es", "Pide 13.6 mil mdd para la frontera"), ("en", "Request has $14 billion for border"), True),
        (("es", "Pide 13 mil 500 millones para la frontera"), ("en", "Request has $14 billion"), True),
        (("es", "Pide 76 mil mdd para aliados"), ("en", "Request has $14 billion for border"), False),
        (("es", "Pide 14 camiones para la frontera"), ("en", "Request has 14 trucks for border"), False),
    ],
)
def test_an_amount_agrees_when_it_is_rounded(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert same_amount(read(*one), read(*other), 0.5) is same


def test_two_counts_of_one_massacre_join_over_two_languages() -> None:
    grouper = Grouper()
    grouper.add(document(1, "es", "Matan a 13 policías y al secretario de seguridad en Guerrero"), 1)
    english = document(
        2,
        "en",
        "Dozen police killed in ambush near Acapulco",
        "The shooting in Guerrero state also killed a security secretary.",
        hours=8,
    )
    assert grouper.place(english).story == 1
    sonora = document(3, "en", "Dozen police killed in ambush near Hermosillo", "", hours=8)
    assert grouper.place(sonora).story is None


def test_one_pattern_with_another_place_is_another_event_and_merges_with_none() -> None:
    grouper = Grouper()
    towns = ("Reynosa", "Tijuana", "Tapachula")
    for number, town in enumerate(towns, start=1):
        forecast = document(
            number,
            "es",
            f"Clima en {town} hoy: el pronóstico para el lunes 13 de noviembre",
            "Máxima, mínima, humedad y viento, según el Servicio Meteorológico Nacional.",
            publisher="Gaceta",
        )
        placement = grouper.place(forecast)
        assert placement.story is None
        grouper.add(forecast, number)
    wide = document(
        4, "es", "El pronóstico del clima de lunes a jueves, según el Servicio Meteorológico Nacional"
    )
    assert grouper.place(wide).merges == ()

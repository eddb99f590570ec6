"""Which sentences may stand for a report. All of them are invented."""

from __future__ import annotations

import pytest

from bot.summaries.sentence_filter import depends_on_context, quotable, stands_alone


@pytest.mark.parametrize(
    "text",
    [
        "Drones seized by marines from a gang in Tamaulipas, 2025.",
        "Soldiers stand guard at the port of Manzanillo, Mexico, September 21, 2024.",
        "Soldados vigilan el puerto de Manzanillo, 21 de septiembre de 2024.",
        "A ferry crosses the Suchiate at dawn (AP Photo/Ana Robles).",
        "Un guardia cruza el puente. Foto de Ana Robles.",
        "In this photo, a guard crosses the bridge at Otay.",
        "En esta imagen, un guardia cruza el puente de Otay.",
        "Police video posted on its pages showing people found in a drain.",
        "The mayor's plan is pathetic and everyone knows it.",
        "Es un plan estúpido y todo el mundo lo sabe.",
    ],
)
def test_captions_and_abuse_are_never_quoted(text: str) -> None:
    assert not quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Robles disappeared in Laredo on January 9, 2023.",
        "The bridge has been shut since April, 2022.",
        "El puente fue cerrado el 9 de enero de 2023.",
        "Police video released on Monday shows two men at the drain.",
        "El video difundido el lunes muestra a dos hombres.",
        "“This plan is pathetic,” the mayor said of the ferry.",
        "El alcalde llamó “estúpido” al plan del puente.",
    ],
)
def test_news_with_a_date_a_picture_or_a_quoted_insult_is_quoted(text: str) -> None:
    assert quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "His comments follow a week of talks.",
        "The flight comes just days after a warning to Mexico.",
        "El hecho ocurrió horas después de otro ataque.",
        "Sin embargo, el puente sigue cerrado.",
        "Este acuerdo fue negado por la cancillería.",
        "This deal was denied by the ministry.",
        "Sostuvo que el puente abrirá el lunes.",
        "Sus palabras causaron enojo en Laredo.",
    ],
)
def test_what_takes_up_a_sentence_before_it_leans(text: str) -> None:
    assert depends_on_context(text) and not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "This week the army left Laredo.",
        "Este lunes el Ejército salió de Laredo.",
        "Esta mañana hubo bloqueos en Reynosa.",
        "El Ejército salió de Laredo.",
        "The army came home to Laredo.",
        "“You will pay,” the mayor told the smugglers.",
    ],
)
def test_days_and_quoted_speech_lean_on_nothing(text: str) -> None:
    assert not depends_on_context(text) and stands_alone(text)


@pytest.mark.parametrize("text", ["Here is what you need to know.", "Lo que usted debe saber del puente."])
def test_what_speaks_to_the_reader_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(text) and not depends_on_context(text)


@pytest.mark.parametrize(
    "text",
    [
        "Has any president done more to let the cartels grow?",
        "¿Quién es el nuevo jefe de la plaza de Reynosa?",
        "Here's what to know about the new border rule.",
        "Te contamos lo que dijo la presidenta sobre el muro.",
        "Lee también: Detienen a tres en Reynosa con armas.",
        "l gobierno de Coahuila anunció el cierre del puente.",
        "El año fiscal estableció un récord de 2.",
    ],
)
def test_what_asks_teases_or_was_cut_is_never_quoted(text: str) -> None:
    assert not quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "“¿Dónde están?”, preguntaron las madres frente a Palacio Nacional.",
        "“Who ordered the raid?” the governor of Sonora asked on Monday.",
        "La balacera en Reynosa dejó un saldo de 12 muertos.",
        "Agents read the migrants their rights before the flight.",
    ],
)
def test_a_question_that_somebody_asked_may_be_quoted(text: str) -> None:
    assert quotable(text)

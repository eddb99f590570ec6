"""Who speaks in a headline."""

from __future__ import annotations

import pytest

from bot.stories.features import features
from bot.stories.grouping import Grouper
from tests.stories.samples import document


@pytest.mark.parametrize(
    ("language", "title", "voice"),
    [
        ("en", "White House rejects Mexico's account of the raid", "washington"),
        ("en", "Mexico vows countermeasures if levy passes", "mexico"),
        ("en", "Supreme Court restores order against buoys", "courts"),
        ("en", "Abbott threatens to close the bridges", "local"),
        ("es", "Rechaza Cancillería el ultimátum de Washington", "mexico"),
        ("es", "“No hay esa agua”, responde México al ultimátum", "mexico"),
        ("es", "Guatemala reprocha cierre del puente de Talismán", "governments"),
        ("es", "Familias de los 43 exigen respuestas", "society"),
        ("es", "Acusan a juez de atacar al Presidente", ""),
        ("en", "Senator demands Biden brief Congress", ""),
        ("en", "Shelters in Juárez are full", ""),
    ],
)
def test_a_headline_has_the_voice_that_answers_in_it(language: str, title: str, voice: str) -> None:
    assert features(document(1, language, title)).speaker == voice


@pytest.mark.parametrize(
    ("language", "title", "summary"),
    [
        (
            "en",
            "Mexico rejects U.S. levy on remittances",
            "Sheinbaum vowed a reply to the levy on remittances.",
        ),
        (
            "es",
            "Rechaza México el impuesto de EU a las remesas",
            "Sheinbaum anunció una respuesta a las remesas.",
        ),
    ],
)
def test_the_first_answer_of_another_party_is_news_once(language: str, title: str, summary: str) -> None:
    grouper = Grouper()
    grouper.add(document(1, "en", "U.S. imposes levy on remittances to Mexico", "The levy is 5 percent."), 1)
    answer = document(2, language, title, summary, hours=6)
    assert "reply:mexico" in grouper.place(answer).facts
    grouper.add(answer, 1)
    again = document(3, language, title + ", dice", summary, hours=9)
    assert "reply:mexico" not in grouper.place(again).facts

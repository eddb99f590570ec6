from __future__ import annotations

from dataclasses import replace

import pytest

from bot.stories.following import LATE_DAYS, surely_follows
from bot.stories.forms import DIGEST
from bot.stories.grouping import Grouper
from bot.stories.joining import Likeness
from tests.stories.samples import document

#: Both titles speak of one matter, and two rare words are shared.
TIED = Likeness(0.5, own=6.0, acts=1.0, places=1.0, apart=0.5, title=0.6, other_title=0.5)


def test_a_retelling_in_other_words_is_taken_up() -> None:
    retold = replace(TIED, score=0.55, own=9.0, title=0.32, other_title=0.9)
    assert surely_follows(retold)
    assert not surely_follows(replace(retold, own=5.0))
    assert not surely_follows(replace(retold, title=0.1))
    assert not surely_follows(replace(retold, other_title=0.5))


def test_two_ties_are_enough() -> None:
    assert surely_follows(TIED)


@pytest.mark.parametrize(
    "change",
    [
        {"score": 0.2},
        {"title": 0.3},
        {"other_title": 0.3},
        {"own": 1.0},
        {"conflict": "place"},
        {"form": DIGEST},
        {"own": 3.5, "acts": 2.0, "apart": 2 * LATE_DAYS},
    ],
)
def test_one_tie_is_not(change: dict) -> None:
    assert not surely_follows(replace(TIED, **change))


ATTACK = document(
    1,
    "es",
    "Comando ataca el palenque La Herradura en Xoloc; hay seis muertos",
    "Hombres armados dispararon.",
)


def test_a_rising_toll_goes_on_with_its_story() -> None:
    grouper = Grouper()
    grouper.add(ATTACK, 1)
    later = "Suben a ocho los muertos por el ataque en el palenque La Herradura de Xoloc"
    assert grouper.followed(document(2, "es", later, hours=9)) == 1


def test_what_only_shares_its_subject_does_not() -> None:
    grouper = Grouper()
    grouper.add(ATTACK, 1)
    other = "El palenque de la feria de Xoloc anuncia los conciertos de su temporada"
    assert grouper.followed(document(2, "es", other, hours=9)) is None

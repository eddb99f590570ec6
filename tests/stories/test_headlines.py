"""Which headline speaks for a story."""

from __future__ import annotations

import pytest

from bot.stories.headlines import Headline, speaking


def spoken(*titles: tuple[str, str, str], language: str | None = None) -> str:
    """The headline that speaks, of (publisher, language, title) newest first."""
    found = [Headline(title, language, publisher) for publisher, language, title in titles]
    among = [place for place, one in enumerate(found) if language in (None, one.language)]
    return found[speaking(found, among)].title


STRIKES = (
    ("Delta", "en", "President shrugs at threats and praises coffee growers"),
    ("Alpha", "en", "Marines to strike cartels on land, Harlow says"),
    ("Beta", "en", "Harlow says land strikes on cartels will begin"),
    ("Gaceta", "es", "Harlow anuncia ataques por tierra contra cárteles"),
)


def test_a_straggler_does_not_rename_a_story() -> None:
    assert "strike" in spoken(*STRIKES, language="en")
    assert spoken(*STRIKES, language="es") == STRIKES[3][2]


def test_of_two_outlets_the_newest_speaks() -> None:
    assert spoken(STRIKES[0], STRIKES[1]) == STRIKES[0][2]


def test_headlines_in_the_other_language_count() -> None:
    titles = (
        ("Delta", "en", "Mothers march with candles through Reynosa"),
        ("Alpha", "en", "Soldiers kill five migrants in Reynosa"),
        ("Gaceta", "es", "Matan soldados a cinco migrantes en Reynosa"),
        ("Diario", "es", "Cinco migrantes muertos a manos de soldados"),
    )
    assert spoken(*titles, language="en") == titles[1][2]


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "Nine migrants found dead in trailer near Laredo", "Death toll in Laredo trailer rises to 12"),
        ("es", "Hallan a nueve migrantes muertos en Laredo", "Suben a 12 los muertos del tráiler de Laredo"),
    ],
)
def test_a_toll_that_was_overtaken_does_not_speak(language: str, old: str, new: str) -> None:
    titles = (
        ("Consulate", language, "Consulado atiende a familias"),
        ("Alpha", language, new),
        ("Beta", language, old),
        ("Gamma", language, old),
    )
    assert spoken(*titles) == new


def test_a_publisher_s_last_word_stands_for_it() -> None:
    titles = (
        ("Alpha", "en", "Bridge at Otay reopens after tunnel is sealed"),
        ("Beta", "en", "Tunnel found near Otay bridge"),
        ("Gamma", "en", "Tunnel found near Otay bridge by agents"),
        ("Beta", "en", "Tunnel near Otay bridge"),
    )
    assert spoken(*titles) == titles[1][2]


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="no headline"):
        speaking([], [])


def test_a_question_and_an_opinion_speak_only_where_nothing_else_does() -> None:
    plain = Headline("Cinco migrantes muertos a manos de soldados en Reynosa", "es", "Diario")
    asks = Headline("¿Qué soldados mataron a cinco migrantes en Reynosa?", "es", "Gaceta", plain=False)
    opinion = Headline("Los soldados, los migrantes y Reynosa", "es", "Alpha", plain=False)
    assert speaking([asks, opinion, plain], [0, 1, 2]) == 2
    assert speaking([asks, plain], [0, 1]) == 1
    assert speaking([asks], [0]) == 0

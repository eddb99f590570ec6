from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories import bridge, numbers, places
from bot.stories.words import EVERYDAY_ZIPF, STOP_ZIPF, UNKNOWN_ZIPF, fold, idf, words, zipf

STORIES = Path(bridge.__file__).parent
TOPICS = STORIES.with_name("topics")


def test_fold_takes_accents_and_case() -> None:
    assert fold("Detención en Peñasco, ÁÉÍÓÚÜ") == "detencion en penasco, aeiouu"


def test_words_lose_possessives() -> None:
    assert words("Mexico's army won’t stop; 1,200 men") == [
        "Mexico",
        "army",
        "won",
        "stop",
        "1",
        "200",
        "men",
    ]


@pytest.mark.parametrize(("word", "language"), [("the", "en"), ("que", "es"), ("said", "en")])
def test_stop_words_weigh_nothing(word: str, language: str) -> None:
    assert zipf(word, language) >= STOP_ZIPF
    assert idf(word, language) == 0


def test_the_rarer_the_heavier() -> None:
    assert idf("police", "en") < idf("smuggling", "en") or zipf("smuggling", "en") == EVERYDAY_ZIPF
    assert idf("police", "en") < idf("cantina", "en") <= idf("irapuato", "en") == 8 - UNKNOWN_ZIPF


def test_what_is_said_every_day_weighs_little() -> None:
    assert zipf("sheinbaum", "es") == EVERYDAY_ZIPF


def test_table_is_small_sorted_and_licensed() -> None:
    packed = (TOPICS / "background.tsv.gz").read_bytes()
    assert len(packed) < 400_000
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    found = [line.split("\t")[0] for line in lines]
    assert found == sorted(set(found))
    licence = (TOPICS / "BACKGROUND_LICENSE.txt").read_text("utf-8")
    assert "CC BY-SA" in licence or "Attribution-ShareAlike 4.0" in licence
    assert "rspeer/wordfreq" in licence


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("killed", "muertos"), ("arrests", "detienen"), ("fire", "incendio"), ("wall", "muro"),
        ("handed", "entregó"), ("troops", "soldados"), ("shelters", "albergues"), ("guns", "armas"),
    ],
)  # fmt: skip
def test_partners_have_one_key(english: str, spanish: str) -> None:
    assert bridge.key(fold(english), "en") == bridge.key(fold(spanish), "es")


def test_a_word_without_partner_is_known_by_its_stem() -> None:
    assert bridge.key("cenzontles", "es") == bridge.key("cenzontle", "es")
    assert bridge.key("cancela", "es") == bridge.key("cancelar", "es")
    assert bridge.key("kill", "fr") == "kill"


def test_a_bad_bridge_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        bridge.parse("kill: kill | matar\nnonsense\n")


def test_a_bad_place_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 1"):
        places.parse("tijuana tijuana\n")


def test_every_parent_is_a_place() -> None:
    found = places.gazetteer()
    known = {name.place for names in found.names.values() for name in names}
    assert set(found.parents.values()) <= known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ataque en Irapuato Guanajuato", {"irapuato", "mx-gua"}),
        ("fire in Ciudad Juárez and El Paso", {"ciudad juarez", "el paso"}),
        ("un busto de Benito Juárez", set()),
        ("en Juárez hubo un incendio", {"ciudad juarez"}),
        ("New Mexico and Mexico City", {"us-nm", "mx-cmx"}),
        ("una puebla sin nombre", set()),
    ],
)
def test_places(text: str, found: set[str]) -> None:
    split = text.split()
    hits = places.find([fold(word) for word in split], [word[0].isupper() for word in split])
    assert {place for place, _, _ in hits} == found


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"irapuato"}, {"uruapan"}, True),
        ({"irapuato"}, {"mx-gua"}, False),
        ({"irapuato"}, {"celaya"}, True),
        ({"mx-gua"}, {"mx-jal"}, True),
        ({"irapuato", "mx-gua"}, {"mx-gua", "celaya"}, True),
        ({"irapuato"}, set(), False),
        ({"us-tx", "del rio"}, {"us-tx", "ciudad juarez", "mx-chh"}, False),
        ({"us-tx", "del rio"}, {"ciudad juarez", "mx-chh"}, True),
    ],
)
def test_places_that_cannot_be_one(one: set[str], other: set[str], apart: bool) -> None:
    assert places.conflict(frozenset(one), frozenset(other)) is apart


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("twelve", "en", 12), ("doce", "es", 12), ("thirty nine", "en", 39), ("treinta y nueve", "es", 39),
        ("veintinueve", "es", 29), ("two hundred and six", "en", 206), ("doscientos seis", "es", 206),
        ("tres mil quinientos", "es", 3500), ("five million", "en", 5_000_000), ("mil", "es", 1000),
    ],
)  # fmt: skip
def test_spelled(text: str, language: str, value: int) -> None:
    parts = text.split()
    assert numbers.spelled(parts, 0, language) == (value, len(parts))


@pytest.mark.parametrize("text", ["one", "uno", "police", "and", "y", "hundred"])
def test_not_spelled(text: str) -> None:
    assert numbers.spelled([text], 0, "en") is None
    assert numbers.spelled([text], 0, "es") is None


@pytest.mark.parametrize(
    ("word", "value"),
    [("1,200", 1200), ("1.200", 1200), ("3.5", 3.5), ("29", 29), ("29th", 29), ("x9", None)],
)
def test_digits(word: str, value: float | None) -> None:
    assert numbers.digits(word) == value


@given(st.text(max_size=30), st.sampled_from(["en", "es", "de"]))
def test_nothing_raises(word: str, language: str) -> None:
    assert 0 <= idf(fold(word), language) <= 8
    bridge.key(fold(word), language)
    numbers.digits(fold(word))
    if folded := fold(word).split():  # "¯" is nothing but an accent
        numbers.spelled(folded, 0, language)

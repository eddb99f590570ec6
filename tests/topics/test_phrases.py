"""A server's own phrases: found whatever their case and accents, never read as patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.phrase_forms import forms
from bot.topics.phrases import MOST_PHRASES, Owned, PhraseBook, PhraseFault, read_phrases


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("Río Suchiate", ("Río Suchiate",)),
        ("Río Suchiate, rio suchiate; INM", ("Río Suchiate", "INM")),
        ('"Tren Maya"\n«Paso del Norte»', ("Tren Maya", "Paso del Norte")),
        ("  buoys ,,  ", ("buoys",)),
    ],
)
def test_phrases_are_read_each_once(typed: str, phrases: tuple[str, ...]) -> None:
    assert read_phrases(typed) == phrases


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "none"),
        (" , ;", "none"),
        ("de", "too_short"),
        ("!!!", "no_letters"),
        ("漢字漢字", "no_letters"),
        ("a b c d e f g h i j", "too_long"),
        (", ".join(f"word{n}" for n in range(MOST_PHRASES + 1)), "too_many"),
    ],
)
def test_what_cannot_be_watched_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(PhraseFault) as fault:
        read_phrases(typed)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Crece el RIO SUCHIATE", ""),
        ("Rain", "They crossed the río  Suchiate, at night"),
        ("Río-Suchiate rises", ""),
        ("Ri\u0301o Suchiate", ""),
    ],
)
def test_case_accents_and_spacing_do_not_matter(title: str, summary: str) -> None:
    assert PhraseBook.of(("Río Suchiate",)).find(title, summary) == {0: "Río Suchiate"}


@pytest.mark.parametrize("title", ["Suchiate river", "Rio Sucia", "río", "Suchiatero río suchi", ""])
def test_only_whole_words_in_their_order_count(title: str) -> None:
    assert PhraseBook.of(("Río Suchiate",)).find(title, "") == {}


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("albergue", "Abren albergues en Tijuana"),
        ("albergues", "Abren un albergue en Tijuana"),
        ("albergue temporal", "Albergues temporales, llenos"),
        ("centro de detención", "Cierran centros de detención"),
        ("migrant shelter", "Migrant shelters are full"),
        ("narcotúnel", "Hallan narcotúneles"),
        ("juez federal", "Jueces federales"),
        ("Coyotes", "Detienen a un coyote"),
        ("INM", "El INM informa"),
    ],
)
def test_singular_and_plural_count_as_one(phrase: str, title: str) -> None:
    assert PhraseBook.of((phrase,)).find(title, "") == {0: phrase}


@pytest.mark.parametrize(("phrase", "title"), [("DACA", "dacas"), ("T3", "t3s"), ("las vías", "la vía")])
def test_what_has_no_other_number_stays_as_it_is(phrase: str, title: str) -> None:
    assert PhraseBook.of((phrase,)).find(title, "") == {}


def test_forms_stay_few() -> None:
    assert len(forms("border agents seize heavy weapons near Laredo bridges")) < 50


def test_a_phrase_does_not_reach_from_the_title_into_the_text() -> None:
    assert PhraseBook.of(("Tren Maya",)).find("El tren", "Maya") == {}


def test_patterns_are_only_words() -> None:
    book = PhraseBook.of(("(a+)+$ .*",))
    assert book.find("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "anything at all") == {}


def test_each_owner_gets_its_own_phrase() -> None:
    book = PhraseBook(
        [Owned(1, "buoys"), Owned(2, "Eagle Pass"), Owned(3, "Tapachula"), Owned(1, "Eagle Pass")]
    )
    assert book.find("Buoys at Eagle Pass", "") == {1: "buoys", 2: "Eagle Pass"}


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_wild_text_is_read_without_an_error(typed: str, title: str, summary: str) -> None:
    try:
        phrases = read_phrases(typed)
    except PhraseFault:
        return
    PhraseBook.of(phrases).find(title, summary)
    assert PhraseBook.of(phrases).find(f"x {phrases[0]} y", "")


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("El Paso", "Cárteles controlan el paso de migrantes", False),
        ("El Paso", "Shelter in El Paso closes", True),
        ("EL PASO", "Cierra albergue en El Paso, Texas", True),
        ("El Paso", "CIERRA ALBERGUE EN EL PASO", True),
        ("el paso", "Cárteles controlan el paso de migrantes", True),
        ("Las Cruces", "Roban las cruces del panteón", False),
        ("La Paz", "Marina decomisa lancha en la Paz", True),
        ("los Zetas", "Caen tres de los Zetas", True),
        ("EE. UU.", "EEUU retira ayuda", True),
        ("EEUU", "U.S. pulls aid", True),
        ("US", "EE.UU. retira ayuda", True),
        ("U.S.", "US pulls aid", True),
        ("US troops", "United States troops arrive", True),
        ("US", "They told us so", False),
        ("Estados Unidos", "EUA pide extradición", True),
        ("ICE", "Ice on the road", False),
        ("ICE", "ICE raids a farm", True),
        ("ICE", "I.C.E. raids a farm", True),
        ("MS-13", "MS13 leader held", True),
        ("MS13", "Cae líder de la MS-13", True),
        ("H2A", "H-2A visas frozen", True),
        ("T-MEC", "Revisión del TMEC", True),
        ("TMEC", "USMCA review", True),
        ("F.B.I.", "FBI agents arrive", True),
        ("FBI", "F.B.I. agents arrive", True),
        ("30,000", "Envían 30 mil elementos", True),
        ("30 mil elementos", "Envían 30,000 elementos", True),
        ("30000 troops", "30,000 troops deployed", True),
        ("juez", "Jueces liberan a tres", True),
        ("luz", "Las luces de drones", True),
        ("voces", "Una voz de la sierra", True),
        ("INM", "El inm cierra", False),
        ("Ciudad de México", "Marcha en la CDMX", True),
        ("Border Patrol", "border patrol agents", True),
    ],
)
def test_spellings_are_one_and_names_are_names(phrase: str, text: str, expected: bool) -> None:
    assert bool(PhraseBook.of(read_phrases(phrase)).find(text, "")) is expected


@pytest.mark.parametrize("phrase", ["the", "The", "para", "de la", "of the", "con los", "said the", "porque"])
def test_a_phrase_of_common_words_alone_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseFault) as fault:
        read_phrases(f"Suchiate, {phrase}")
    assert (fault.value.code, fault.value.phrase) == ("too_common", phrase)


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_phrase_and_any_text_can_be_compared(phrase: str, text: str) -> None:
    try:
        phrases = read_phrases(phrase)
    except PhraseFault:
        return
    assert PhraseBook.of(phrases).find(f"{text} {phrases[0]} {text}", "") is not None

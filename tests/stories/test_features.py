from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.features import UNIT, features
from bot.stories.grams import gram_similarity
from bot.stories.reading import bare_title
from bot.stories.victims import Victims
from tests.stories.samples import document


@pytest.mark.parametrize(
    ("language", "text", "victims"),
    [
        ("en", "A fire killed at least 39 people and injured 29.", Victims(39, 29)),
        ("en", "At least 39 migrants were killed, and 29 others were injured in a fire.", Victims(39, 29)),
        ("en", "Thirty-nine dead in 2023 fire", Victims(39, None)),
        ("es", "El incendio dejó al menos 39 personas muertas y 29 heridas.", Victims(39, 29)),
        ("es", "Mueren doce personas en un bar", Victims(12, None)),
        ("en", "A dozen police killed in ambush", Victims(12, None)),
        ("es", "Una docena de muertos en una emboscada", Victims(12, None)),
        ("es", "Al menos treinta y nueve muertos", Victims(39, None)),
        ("es", "Envían 600 militares", Victims(None, None)),
        ("en", "Death toll in Laredo trailer rises to 12", Victims(12, None)),
        ("es", "Sube la cifra de muertos del incendio en Tapachula a 12", Victims(12, None)),
        ("en", "Bridge toll in Laredo rises to 12 dollars", Victims(None, None)),
    ],
)
def test_victims(language: str, text: str, victims: Victims) -> None:
    assert features(document(1, language, text)).victims == victims


def test_a_state_behind_its_town_is_a_place() -> None:
    assert features(document(1, "es", "Matan a periodista en Acapulco, Guerrero")).places == {
        "acapulco",
        "mx-gro",
    }
    assert features(document(3, "en", "Police ambushed near Acapulco")).places == {"mx-gro"}
    assert features(document(4, "es", "Emboscan a policías cerca de Acapulco")).places == {"mx-gro"}
    assert "mx-gro" not in features(document(2, "es", "Detienen a Vicente Guerrero en Celaya")).places


def test_numbers_in_words_and_digits_are_one() -> None:
    said = features(document(1, "en", "Mexico transfers twenty-nine defendants"))
    dado = features(document(2, "es", "México entrega a 29 capos"))
    assert "#29" in said.names.keys() & dado.names.keys()


@pytest.mark.parametrize(
    ("text", "figure"), [("Salen mil 500 migrantes", "#1500"), ("Recortan 60 millones de dólares", "#6e+07")]
)
def test_numbers_as_mexican_papers_write_them(text: str, figure: str) -> None:
    assert figure in features(document(1, "es", text)).names


def test_days_hours_and_ages_are_no_figures() -> None:
    found = features(document(1, "es", "El 27 de marzo, un hombre de 76 años", "Ocurrió hace 12 horas."))
    assert not [name for name in found.names if name.startswith("#")]


def test_title_case_makes_no_names() -> None:
    found = features(document(1, "en", "Mexico Sends Drug Lords To Face Charges In Texas"))
    assert not {"sends", "face", "charges"} & found.names.keys()


def test_names_have_both_languages_united_states() -> None:
    for language, text in (
        ("en", "The United States said so"), ("en", "U.S. officials said so"), ("es", "EE.UU. lo dijo ayer"),
        ("es", "Lo dijo ayer EU"), ("es", "Estados Unidos lo dijo"),
    ):  # fmt: skip
        assert "usa" in features(document(1, language, text)).terms, text


def test_outlets_behind_a_title_are_cut() -> None:
    assert (
        bare_title("Senate votes on border bill tonight - The New York Times")
        == "Senate votes on border bill tonight"
    )
    assert bare_title("Fire in Reynosa - 3 dead") == "Fire in Reynosa - 3 dead"


def test_vectors_have_the_length_of_a_unit_or_less() -> None:
    found = features(document(1, "en", "Army captures Saúl Mota Quiñones in Culiacán", "Soldiers took him."))
    assert sum(w * w for w in found.terms.values()) == pytest.approx(UNIT**2, rel=0.01)
    few = features(document(2, "en", "In Mexico"))
    assert sum(w * w for w in few.names.values()) < (0.6 * UNIT) ** 2


def test_people_are_whom_the_title_names() -> None:
    assert features(document(1, "es", "Detienen a Saúl Mota Quiñones en Culiacán")).people == {"quinones"}
    assert features(document(1, "en", "Supreme Court hears case in El Paso")).people == set()


def test_cognates_are_alike() -> None:
    near = gram_similarity("México extradita a capos", "es", "Mexico extradites capos", "en")
    far = gram_similarity("México extradita a capos", "es", "Storm floods coastal town", "en")
    assert far < 0.2 < 0.5 < near <= 1.0001


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["en", "es", "", "zz"]))
def test_any_text_has_features(title: str, summary: str, language: str) -> None:
    found = features(document(1, language, title, summary))
    assert all(isinstance(weight, int) for weight in (*found.terms.values(), *found.names.values()))

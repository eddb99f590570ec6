"""Titles that a feed sends in capitals, as readers see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.shown_titles import shown_title

WHOLE = (
    ("es", "EE. UU. ENVÍA 200 MARINES; LA FGR RESPONDE", "EE. UU. envía 200 marines; la FGR responde"),
    ("es", "EE.UU. DEPORTA A 50 MEXICANOS: INM", "EE.UU. deporta a 50 mexicanos: INM"),
    ("es", "JUAN PABLO II Y EL SIGLO XX", "Juan Pablo II y el siglo XX"),
    ("es", "DETIENEN A ISMAEL 'EL MAYO' ZAMBADA EN TEXAS", "Detienen a Ismael 'El Mayo' Zambada en Texas"),
    ("es", "DETIENEN A 'EL GÜICHO' EN TECATE", "Detienen a 'El Güicho' en Tecate"),
    ("es", "COMANDO BALEA A POLICÍAS EN URUAPAN", "Comando balea a policías en Uruapan"),
    ("es", "RAÚL DE LA CRUZ PÉREZ, FISCAL DE CHIHUAHUA", "Raúl de la Cruz Pérez, fiscal de Chihuahua"),
    ("es", "ASEGURAN 14 RIFLES AK-47 EN REYNOSA", "Aseguran 14 rifles AK-47 en Reynosa"),
    ("es", "Z-40 Y Z-42, EN BROOKLYN", "Z-40 y Z-42, en Brooklyn"),
    ("es", "EL T-MEC, EN REVISIÓN", "El T-MEC, en revisión"),
    ("es", "¡ALERTA! CIERRAN PUENTE DE CIUDAD JUÁREZ", "¡Alerta! Cierran puente de Ciudad Juárez"),
    ("es", '¿QUIÉN ES "LA PATRONA" DE ACUÑA?', '¿Quién es "La Patrona" de Acuña?'),
    ("es", 'SHEINBAUM: "NO HABRÁ TROPAS DE EU"', 'Sheinbaum: "No habrá tropas de EU"'),
    ("es", "MEXICO NIEGA ACUERDO CON LA DEA", "Mexico niega acuerdo con la DEA"),
    ("es", "ASÍ OPERA EL CJNG EN JALISCO | VIDEO", "Así opera el CJNG en Jalisco | Video"),
    ("en", "ICE ARRESTS 12 IN MCALLEN, TEXAS", "ICE arrests 12 in McAllen, Texas"),
    ("en", "O'ROURKE AND DESANTIS TRADE BARBS", "O'Rourke and DeSantis trade barbs"),
    ("en", "TRUMP'S CZAR: WE'RE NOT DONE AT THE BORDER", "Trump's czar: We're not done at the border"),
    (
        "en",
        "NEW JERSEY'S SHERIFF ISN'T HELPING ICE'S AGENTS",
        "New Jersey's sheriff isn't helping ICE's agents",
    ),
    ("en", "U.S. AND MEXICO SIGN 2ND DEAL", "U.S. and Mexico sign 2nd deal"),
    ("en", "BORDER PATROL AGENT I KNEW, BY JOHN ORTEGA", "Border Patrol agent I knew, by John Ortega"),
    ("en", "MS-13 MEMBERS HELD AT EL PASO", "MS-13 members held at El Paso"),
    ("en", "NGOS SUE CBP OVER TITLE 42", "NGOs sue CBP over Title 42"),
    ("en", "MEXICAN SENATE VOTES ON DRUG LAW", "Mexican Senate votes on drug law"),
)


@pytest.mark.parametrize(("language", "title", "shown"), WHOLE)
def test_a_title_in_capitals_is_shown_in_sentence_case(language: str, title: str, shown: str) -> None:
    assert shown_title(title, language) == shown


PARTLY = (
    ("es", "URGENTE: Cae operador del CJNG en Zapopan", "Urgente: Cae operador del CJNG en Zapopan"),
    ("es", "ÚLTIMA HORA: Balacera en Tecate", "Última hora: Balacera en Tecate"),
    ("es", "VIDEO | Captan a hombres armados", "Video | Captan a hombres armados"),
    ("es", "[VIDEO] Captan a hombres armados", "[Video] Captan a hombres armados"),
    ("es", "Captan a hombres armados | VIDEO", "Captan a hombres armados | Video"),
    ("es", "EN VIVO Habla la presidenta", "En vivo Habla la presidenta"),
    ("es", "La DEA ofrece recompensa por EL MENCHO", "La DEA ofrece recompensa por El Mencho"),
    ("en", "BREAKING: Agents find a tunnel", "Breaking: Agents find a tunnel"),
    ("en", "EXCLUSIVE — Agents say they stood down", "Exclusive — Agents say they stood down"),
    ("en", "Agents find a tunnel: PHOTOS", "Agents find a tunnel: Photos"),
    ("en", "JOHN SMITH: The wall is not the answer", "John Smith: The wall is not the answer"),
)


@pytest.mark.parametrize(("language", "title", "shown"), PARTLY)
def test_a_part_in_capitals_is_shown_in_small_letters(language: str, title: str, shown: str) -> None:
    assert shown_title(title, language) == shown


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("es", "FGR, SSPC y SEDENA informan avances"),
        ("es", "PRI y PAN: la coalición se rompe"),
        ("es", "FAO: padecen hambre 43 millones"),
        ("es", "Suben homicidios en Colima: INEGI"),
        ("en", "Strike killed two in Gaza: IDF"),
        ("en", "CBP One app goes dark"),
        ("en", "CJNG"),
        ("en", "DHS, DOJ sue Texas over SB4"),
        ("en", "Agents find a tunnel"),
    ],
)
def test_acronyms_are_no_shouting(language: str, title: str) -> None:
    assert shown_title(title, language) == title


def test_a_report_s_own_way_to_write_a_name_comes_first() -> None:
    title = "HALLAN SIN VIDA A BRUNO LOBO EN LA BLANCA; LA SIPTEX INVESTIGA"
    text = "El activista Bruno Lobo fue visto en La Blanca, dijo la SIPTEX. Un lobo no es."
    shown = "Hallan sin vida a Bruno Lobo en La Blanca; la SIPTEX investiga"
    assert shown_title(title, "es", text) == shown


def test_a_common_word_of_a_longer_name_stays_small() -> None:
    text = "La Secretaría de Seguridad de Colima informó que detuvo a tres."
    assert shown_title("CRECE LA SEGURIDAD EN COLIMA", "es", text) == "Crece la seguridad en Colima"


def test_a_text_in_capitals_says_nothing_of_names() -> None:
    text = "LA POLICÍA DETUVO A TRES HOMBRES EN COLIMA."
    assert shown_title("POLICÍA DETIENE A TRES EN COLIMA", "es", text) == "Policía detiene a tres en Colima"


SHOUTED = ("EL", "LA", "DE", "TRUMP", "CJNG", "U.S.", "MÉXICO", "MC", "DON'T", "II", "2ND", "Z-40", "video")
TITLES = st.text(
    st.sampled_from("AEIOUÁÑÜabcdelnrs ¿?¡!:|—-'’\"“.,;0123XVIMcßİſﬁΣJSTRDZ"), max_size=80
) | st.lists(st.sampled_from(SHOUTED)).map(" ".join)


@given(TITLES, st.sampled_from(["en", "es", "fr", ""]), TITLES)
def test_only_the_case_of_letters_is_changed(title: str, language: str, context: str) -> None:
    shown = shown_title(title, language, context)
    assert len(shown) == len(title)
    assert shown.casefold() == title.casefold()


@given(TITLES)
def test_what_is_shown_is_shown_so_again(title: str) -> None:
    shown = shown_title(title, "es")
    assert shown_title(shown, "es") == shown

"""What is quoted is a run of whole sentences of its source: no fact changes because a beginning was cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.summaries.datelines import dateline_length
from bot.summaries.extract import Source, offered
from bot.summaries.sentences import split

_NAMES = st.sampled_from(
    [
        "Mexico",
        "México",
        "Texas",
        "Tijuana",
        "EE.UU.",
        "NATO",
        "ICE",
        "MORENA",
        "Claudia Sheinbaum",
        "Customs and Border Protection (CBP)",
        "Mr. Ruiz",
        "Gen. Luis Soto",
        "Cd. Juárez",
        "Ft. Bliss",
        "San Diego",
        "Sinaloa, Mexico",
        "Nogales, Ariz.",
        "Washington, D.C.",
    ]
)
_COMPOUNDS = st.sampled_from(
    [
        "the U.S.-Mexico border",
        "the U.S.- Mexico border",
        "the U.S.–Mexico line",
        "la frontera EE.UU.-México",
        "D.C.-based lawyers",
        "the Texas – Mexico crossing",
        "Brig.-Gen. Luis Mora",
        "the San Diego—Tijuana bridge",
        "a Washington—Mexico City call",
        "U.K.-U.S. talks",
        "the Mexico-U.S. treaty",
        "St.-Germain",
        "the “Read more” campaign",
        "the Leer más programme",
    ]
)
_ASIDES = st.sampled_from(
    [
        " — Mexico’s largest partner —",
        " – Trump’s first ally –",
        ", Morena — Mexico’s ruling party —",
        " -- México dice --",
        "—Mexico’s neighbour—",
        " (PAN) – Mexico’s oldest party –",
        "",
    ]
)
_VERBS = st.sampled_from(
    [
        "said that 39 migrants died near",
        "closed",
        "asked for help from",
        "killed at least 3,000 fish at",
        "se reunió con",
        "counted 12 dead beside",
    ]
)
_TIMES = st.sampled_from([" on Monday", " en mayo", " after 8:05 a.m. local time", " at No. 5", ""])


@st.composite
def _sentences(draw: st.DrawFn) -> str:
    subject = draw(_NAMES | _COMPOUNDS)
    text = f"{subject}{draw(_ASIDES)} {draw(_VERBS)} {draw(_COMPOUNDS | _NAMES)}{draw(_TIMES)}".rstrip(".")
    return text[0].upper() + text[1:] + "."


_DATELINES = st.sampled_from(
    [
        "", "", "WASHINGTON (AP) — ", "EL PASO, Texas — ", "Reynosa.- ", "CIUDAD DE MÉXICO (apro).- ",
        "Tijuana, B.C.- ", "México, 12 feb (Reuters) - ", "(EFE) — ",
    ]
)  # fmt: skip


@given(_DATELINES, st.lists(_sentences(), min_size=1, max_size=4))
@example("", ["A fire broke out at a migrant centre close to the U.S.-Mexico border, killing at least 39."])
def test_what_is_quoted_is_a_run_of_whole_sentences(dateline: str, sentences: list[str]) -> None:
    source = dateline + " ".join(sentences)
    runs = {
        " ".join(sentences[start:end])
        for start in range(len(sentences))
        for end in range(start + 1, len(sentences) + 1)
    }
    # A dateline may stay; what stays of it is all of it.
    runs |= {dateline + run for run in runs if source.startswith(dateline + run)}
    found = [sentence.text for sentence in split(source)]
    assert set(found) <= runs
    assert source.endswith(" ".join(found))
    for text in offered(Source(1, "en", "A title of its own", source, datetime(2026, 1, 1, tzinfo=UTC))):
        assert text in runs or text == "A title of its own"


@pytest.mark.parametrize(
    "text",
    [
        "A fire broke out at a migrant detention facility near the U.S.-Mexico border, killing at least 39.",
        "The U.S.- Mexico border is now the deadliest land route in the world.",
        "U.S.-China relations, marred in recent years, are no better.",
        "Nogales, Ariz.-Sonora officials met on Monday to speak of the crossing.",
        "Brig.-Gen. Luis Mora took command of the northern zone on Monday.",
        "The University of Wisconsin— Madison condemned a march on Saturday.",
        "Three firms — Alfa, Beta and Gamma — must pay three million pesos.",
        "Texas – Mexico border crossings fell by a third in the month of May.",
        "Claudia Sheinbaum — Mexico’s first woman president — said no on Monday.",
        "NATO – Trump’s favourite target – met in the capital on Monday.",
        "Marco Rubio, Secretary of State — Trump’s top diplomat — said no.",
        "Customs and Border Protection (CBP) — Trump’s largest police — seized a ton.",
        "Monday, March 3 — Mexico’s flag day — saw no march at all.",
    ],
)
def test_a_dash_alone_makes_no_dateline(text: str) -> None:
    assert dateline_length(text) == 0
    assert [sentence.text for sentence in split(text)] == [text]


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("Reynosa.- ", "Elementos del Ejército detuvieron a tres personas."),
        ("Tijuana, B.C.- ", "Elementos del Ejército detuvieron a tres personas."),
        ("CULIACÁN, Sin.-", "Elementos del Ejército detuvieron a tres personas."),
        ("DEIR AL-BALAH, Gaza Strip (AP) — ", "Mediators were at work on Monday."),
        ("WASHINGTON, Dec 29 (Reuters) — ", "A group of states sued — and lost — on Monday."),
        ("MOUNT PLEASANT, Mich. — ", "A judge sentenced three men on Tuesday."),
    ],
)
def test_a_place_with_a_proof_is_a_dateline(dateline: str, rest: str) -> None:
    assert dateline_length(dateline + rest) == len(dateline)
    assert [sentence.text for sentence in split(dateline + rest)] == [rest]


def test_a_line_that_goes_on_is_no_whole_sentence() -> None:
    """Some feeds break their lines within a sentence."""
    first, second, third = split("The army said on Monday\nthat nobody was hurt. The mayor agreed with it.")
    assert not first.whole and not second.whole and third.whole


@pytest.mark.parametrize(
    "text",
    [
        "The library’s “Read more” campaign helped 3,000 children in May.",
        "El programa Leer más llegó a 300 escuelas de Sonora en mayo.",
        "Migrants may Continue reading their books in the shelter.",
    ],
)
def test_words_that_feeds_append_stay_within_a_sentence(text: str) -> None:
    assert [sentence.text for sentence in split(text)] == [text]

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.sentences import headline, split
from bot.topics import abbreviations
from bot.topics.abbreviations import _LAST_WORD


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The U.S. Border Patrol held 3,000 people. Mr. Ruiz of the U.S. Army said so.",
         ["The U.S. Border Patrol held 3,000 people.", "Mr. Ruiz of the U.S. Army said so."]),
        ("He left the U.S. The end came soon.", ["He left the U.S.", "The end came soon."]),
        ("Llegó a las 8:05 a.m. a El Paso. Son 3.500 soldados.",
         ["Llegó a las 8:05 a.m. a El Paso.", "Son 3.500 soldados."]),
        ("El presidente de EE.UU. Juan Pérez lo dijo. Nadie respondió.",
         ["El presidente de EE.UU. Juan Pérez lo dijo.", "Nadie respondió."]),
        ("El Sr. Pérez vive en Av. Juárez No. 5. El gral. Luis C. Soto calló.",
         ["El Sr. Pérez vive en Av. Juárez No. 5.", "El gral. Luis C. Soto calló."]),
        ("El gobierno dijo que no. Después calló.", ["El gobierno dijo que no.", "Después calló."]),
        ("Dijo: \"No. No habrá muro.\" Luego salió.", ["Dijo: \"No. No habrá muro.\"", "Luego salió."]),
        ("“We will not stop,” she said. “Never.” Then she left.",
         ["“We will not stop,” she said.", "“Never.”", "Then she left."]),
        ("¿Qué pasó? ¡Nada! Eso dijo.", ["¿Qué pasó?", "¡Nada!", "Eso dijo."]),
        ("It cost $3 vs. $2 in Jan. 2020.", ["It cost $3 vs. $2 in Jan. 2020."]),
        ("One thing happened\nAnother thing happened.", ["One thing happened", "Another thing happened."]),
    ],
)  # fmt: skip
def test_split(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "WASHINGTON (AP) — Soldiers left the town on Monday morning.",
        "CIUDAD JUÁREZ, Chih., 3 de marzo (EFE).- Soldiers left the town on Monday morning.",
        "México, 12 feb (Reuters) - Soldiers left the town on Monday morning.",
        "EL PASO, Texas (Border Report) — Soldiers left the town on Monday morning.",
        "TRIPOLI, mayo 2.— Soldiers left the town on Monday morning.",
    ],
)
def test_datelines_are_cut(text: str) -> None:
    assert texts(text) == ["Soldiers left the town on Monday morning."]


def test_a_dash_in_a_sentence_is_no_dateline() -> None:
    assert texts("Mexico — the country — said no.") == ["Mexico — the country — said no."]


@pytest.mark.parametrize(
    "tail",
    [
        " The post Soldiers leave appeared first on The Bee.",
        " Continue reading...",
        " Leer más",
        " Seguir leyendo",
        "\nLa entrada Soldados se publicó primero en La Abeja.",
        "\nTe puede interesar: otra nota",
        " [+1203 chars]",
    ],
)
def test_what_feeds_append_is_cut(tail: str) -> None:
    assert texts("Soldiers left the town on Monday." + tail) == ["Soldiers left the town on Monday."]


@pytest.mark.parametrize(
    "text", ["Soldiers left […]", "Soldiers left the…", "Soldiers left", "Soldiers left..."]
)
def test_pieces_are_not_whole(text: str) -> None:
    (sentence,) = split(text)
    assert not sentence.whole


def test_headline() -> None:
    assert headline("Soldiers  leave town | The Bee") == "Soldiers leave town"
    assert headline("Soldiers leave…") == "Soldiers leave"


@given(st.text(max_size=400), st.sampled_from(["en", "es", ""]))
def test_places_are_true_and_nothing_is_invented(text: str, language: str) -> None:
    end = 0
    for sentence in split(text, language):
        assert end <= sentence.start < sentence.end <= len(text)
        assert "".join(sentence.text.split()) == "".join(text[sentence.start : sentence.end].split())
        end = sentence.end


def test_text_without_an_end_costs_no_more_than_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds can bring "A. A. A. …"; to look for the word before each stop from the beginning is quadratic."""
    looked = []

    class Counting:
        def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
            looked.append(end - start)
            return _LAST_WORD.search(text, start, end)

    monkeypatch.setattr(abbreviations, "_LAST_WORD", Counting())
    split("A. " * 1000, "en")
    assert len(looked) > 500 and max(looked) <= 40

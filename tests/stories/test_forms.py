"""Which form a report has, by its title and source."""

from __future__ import annotations

import pytest

from bot.stories.forms import form_of
from bot.stories.reading import without_dateline


@pytest.mark.parametrize(
    ("title", "publisher", "form"),
    [
        ("Two officers charged with selling uniforms to cartel", "Wire", "news"),
        ("The Ledger: hats for hire, a leak at the weir, and who is counting buses", "Wire", "digest"),
        ("La semana en la frontera", "Gaceta", "digest"),
        ("Anything", "Wire (newsletter)", "digest"),
        ("The Hill's 12:30 Report — Messy border talks", "Wire", "digest"),
        ("Boletín informativo de la frontera", "Gaceta", "digest"),
        ("Our view: The wall will not help", "Courier", "opinion"),
        ("Cancelar la feria es rendirse", "Gaceta (opinión)", "opinion"),
        ("¿Quién es el capo detenido en Tepic?", "Gaceta", "background"),
        ("A un año de la volcadura, marchan en Tapachula", "Gaceta", "anniversary"),
        ("Sentencian a 50 años de cárcel a dos policías", "Gaceta", "news"),
    ],
)
def test_forms(title: str, publisher: str, form: str) -> None:
    assert form_of(title, publisher) == form


def test_what_the_entrys_address_told_counts() -> None:
    assert form_of("Rendirse no es opción", "Gaceta", "opinion") == "opinion"
    assert form_of("Two officers charged", "Wire", "audio_video") == "news"


@pytest.mark.parametrize(
    ("summary", "rest"),
    [
        ("Acapulco, Gro.", ""),
        ("CDMX.", ""),
        ("EAGLE PASS, TX. – Dos murieron.", "Dos murieron."),
        ("WASHINGTON (AP) — The House voted.", "The House voted."),
        ("The House voted. It passed.", "The House voted. It passed."),
        ("Robbinsville, N.J., has a temple.", "Robbinsville, N.J., has a temple."),
    ],
)
def test_a_dateline_is_no_part_of_the_report(summary: str, rest: str) -> None:
    assert without_dateline(summary) == rest

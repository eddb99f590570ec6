"""News that never happened, in both languages: like events in other places, tolls that rise, follow-ups."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.stories.document import Document

START = datetime(2031, 5, 4, 12, tzinfo=UTC)


def document(
    id: int,
    language: str,
    title: str,
    summary: str = "",
    *,
    hours: float = 0,
    publisher: str = "",
    official: bool = False,
    concepts: tuple[str, ...] = (),
) -> Document:
    """An article ``hours`` after ``START``."""
    at = START + timedelta(hours=hours)
    return Document(id, language, title, summary, at, publisher or f"paper {id}", concepts, official)


#: (event, language, title, summary): each event is told at least twice, and has a twin of its own kind.
EVENTS = [
    ("bar_irapuato", "es", "Ataque armado en un bar de Irapuato deja 12 muertos",
     "Hombres armados irrumpieron en el bar La Cabaña, en Irapuato, Guanajuato, y mataron a 12 personas."),
    ("bar_irapuato", "es", "Doce muertos en bar de Irapuato; buscan a los atacantes",
     "La Fiscalía de Guanajuato confirmó que doce personas murieron en el bar La Cabaña de Irapuato."),
    ("bar_irapuato", "en", "Gunmen kill 12 in bar in Irapuato, Mexico",
     "Armed men burst into the La Cabaña bar in Irapuato, in Guanajuato state, and killed 12 people."),
    ("bar_uruapan", "es", "Ataque armado en un bar de Uruapan deja 9 muertos",
     "Hombres armados irrumpieron en el bar El Faro, en Uruapan, Michoacán, y mataron a 9 personas."),
    ("bar_uruapan", "en", "Nine killed in attack on bar in Uruapan",
     "Gunmen killed nine people in the El Faro bar in Uruapan, in the state of Michoacán, prosecutors said."),
    ("capture_rocha", "es", "Detienen en Culiacán a Efraín Rocha Beltrán, 'El Grillo', de Los Cenzontles",
     "La Marina detuvo en Culiacán, Sinaloa, a Efraín Rocha Beltrán, presunto operador de Los Cenzontles."),
    ("capture_rocha", "en", "Mexican navy arrests Efraín Rocha Beltrán, of Los Cenzontles gang",
     "Efraín Rocha Beltrán, known as El Grillo, was arrested in Culiacán, Sinaloa, the navy said."),
    ("capture_mota", "es", "Detienen en Culiacán a Saúl Mota Quiñones, 'El Yunque', jefe de plaza",
     "El Ejército detuvo en Culiacán, Sinaloa, a Saúl Mota Quiñones, presunto jefe de plaza de otro grupo."),
    ("capture_mota", "en", "Army captures Saúl Mota Quiñones, 'El Yunque', in Culiacán",
     "Soldiers captured Saúl Mota Quiñones, an alleged local crime boss, in Culiacán, Sinaloa."),
    ("tunnel_otay", "en", "Agents find 600-foot smuggling tunnel in Otay Mesa warehouse",
     "U.S. agents found a 600-foot tunnel with rails that ran from a warehouse in Otay Mesa to Tijuana."),
    ("tunnel_otay", "es", "Hallan túnel de 600 pies bajo una bodega de Otay Mesa",
     "Agentes de Estados Unidos hallaron un túnel con rieles que iba de una bodega de Otay Mesa a Tijuana."),
    ("tunnel_nogales", "en", "Short tunnel found under street in Nogales, Arizona",
     "Border agents sealed a hand-dug tunnel from a storm drain to a parking lot in Nogales, Arizona."),
    ("tunnel_nogales", "en", "Hand-dug tunnel under Nogales parking lot is sealed",
     "The tunnel from a storm drain to a parking lot in Nogales, Arizona, was sealed by border agents."),
]  # fmt: skip


def dense(seed: int) -> list[tuple[str, Document]]:
    """(event, document): thirty events of a few days, each told once in each language, in any order.

    Many share a place, a person or a kind: what a week of this subject looks like.
    """
    lines = Path(__file__).with_name("dense.tsv").read_text("utf-8").splitlines()
    random.Random(seed).shuffle(lines)
    found = []
    for number, line in enumerate(lines, start=1):
        event, language, title, summary = line.split("\t")
        found.append((event, document(number, language, title, summary, hours=number)))
    return found


def stream() -> list[tuple[str, Document]]:
    """(event, document) of ``EVENTS``, an hour apart."""
    return [
        (event, document(number, language, title, summary, hours=number))
        for number, (event, language, title, summary) in enumerate(EVENTS, start=1)
    ]

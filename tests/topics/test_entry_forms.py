"""What form an entry has, from its title, address, publisher and categories."""

from __future__ import annotations

import pytest

from bot.topics.form import FORMS, NEVER_LEAD, NEWS, form_of_entry

TITLES = [
    ("Satire: Moat filled with piñatas, taxpayers relieved", "satire"),
    ("Congress builds fence around own ideas (satire)", "satire"),
    ("Sátira: El muro pide vacaciones", "satire"),
    ("Opinion | A bridge is worth more than a wall", "opinion"),
    ("Opinión: La frontera no es un set de televisión", "opinion"),
    ("Editorial: El Ejército y las aduanas", "opinion"),
    ("Letters: Readers on the new checkpoint", "opinion"),
    ("The river keeps its dead | Opinion", "opinion"),
    ("Analysis: What the new treaty leaves out", "analysis"),
    ("Análisis | Lo que el tratado calla", "analysis"),
    ("Explainer: How metering works at the ports", "explainer"),
    ("What to know about the new asylum rule", "explainer"),
    ("Lo que se sabe del tiroteo en el puente", "explainer"),
    ("¿Qué es el Título 42?", "explainer"),
    ("Live updates: Senate votes on border bill", "live"),
    ("En vivo: llegada de la caravana a Tapachula", "live"),
    ("Morning Report — Border bill stalls again", "recap"),
    ("La semana en la frontera: albergues, muro y lluvia", "recap"),
    ("This week in Juárez: a strike, a raid and a wedding", "recap"),
    ("The Line: hats for hire, a leak at the weir, and who is counting buses", "recap"),
    ("Valley border roundup: two arrests and a storm", "recap"),
    ("Podcast: A night with the river rescue team", "audio_video"),
    ("Video: Soldiers unload at the Laredo bridge", "audio_video"),
    ("Mira | Así cruza la patrulla el río", "audio_video"),
    ("The wall at forty miles an hour, in photos", "gallery"),
    ("Fotogaleria: un día en el albergue", "gallery"),
    ("Retired customs inspector Ada Bell, 88, dies", "obituary"),
    ("Longtime border sheriff Hank Doyle dies at 79", "obituary"),
    ("Fallece el general Luis Rentería a los 91 años", "obituary"),
    ("Correction: Story on pier seizure", "correction"),
    ("Fe de erratas: la cifra de deportados", "correction"),
    ("Comunicado: México y Estados Unidos sobre seguridad", "official"),
    ("Readout of the Secretary's call with Mexico", "official"),
]
PLAIN = [
    "Mexico sends 3,000 guards to its southern border",
    "Muere migrante en la caja de un tráiler en Laredo",
    "Mayor of Celaya dies in ambush",
    "Man, 34, killed by border agent",
    "Governor's opinion of wall sinks as costs rise",
    "Video shows agents cutting wire in Eagle Pass",
    "Live ammunition found at Nogales crossing",
    "Photo of drowned child moves Congress",
    "Muere migrante de 25 años en la caja de un tráiler",
    "Former agent, 34, dies in ambush at the river",
    "Explained away: audit finds missing rifles",
    "Analista acusado de vender datos al cártel",
]


@pytest.mark.parametrize(("title", "form"), TITLES)
def test_titles_name_a_form(title: str, form: str) -> None:
    assert form_of_entry(title) == form


@pytest.mark.parametrize("title", PLAIN)
def test_news_that_uses_such_words_stays_news(title: str) -> None:
    assert form_of_entry(title) == NEWS


@pytest.mark.parametrize(
    ("url", "publisher", "categories", "form"),
    [
        ("https://news.example/opinion/2026/11/wall.html", "", (), "opinion"),
        ("https://diario.example/columnas/la-linea", "", (), "opinion"),
        ("https://news.example/obituaries/ada-bell", "", (), "obituary"),
        ("https://news.example/story/opinion-of-the-court", "", (), NEWS),
        ("", "The Sample Wire | Opinion", (), "opinion"),
        ("", "", ("Humor",), "satire"),
        ("", "", ("México", "Opinión"), "opinion"),
        ("", "", ("Podcasts",), "audio_video"),
        ("http://[bad/opinion/x", "", (), NEWS),
    ],
)
def test_the_address_the_publisher_and_the_categories_name_a_form(
    url: str, publisher: str, categories: tuple[str, ...], form: str
) -> None:
    assert form_of_entry("Guards sent to the border", url, publisher, categories) == form


def test_an_authority_sends_releases() -> None:
    assert form_of_entry("CBP seizes fentanyl at Otay Mesa", official=True) == "official"
    assert set(FORMS) >= NEVER_LEAD

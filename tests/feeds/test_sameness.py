"""Edited articles stay the same, and others that came to their guid or address do not replace them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.entry import Entry
from bot.feeds.identity import keys_of, page_of
from bot.feeds.sameness import Past, Strength, address_strength, guid_strength, sameness

DAY = datetime(2026, 11, 28, 18, tzinfo=UTC)
NEXT_DAY = DAY + timedelta(days=1)
TITLE = "Aduanas halla fusiles en un camión en Nogales"
REWRITTEN = "Sonora: qué se sabe del arsenal oculto"
CORRECTED = "Aduanas halla 30 fusiles en camión en Nogales"
BODY = "El vehículo venía de Arizona y llevaba las armas bajo una carga de cajas de fruta, dijo la aduana."
OTHER = Entry("", "", "Marinos rescatan a migrantes en Tapachula", "Viajaban en dos lanchas.", DAY)


def entry(guid: str = "", url: str = "", title: str = TITLE, at: datetime | None = DAY) -> Entry:
    return Entry(guid, url and f"https://nota.example.mx/{url}", title, BODY, at)


def decide(old: Entry, new: Entry, *neighbours: Entry) -> bool:
    before, now = keys_of((old,), "p")[0], keys_of((new, *neighbours), "p")[0]
    page = page_of(old.url, exact=now.traits.exact)
    same_guid = not set(before.levels).isdisjoint(now.levels)
    return sameness(now.traits, Past(page, old.title, old.summary, old.published, same_guid)).same


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (entry("48213", "a/48213"), entry("48213", "b/48213", REWRITTEN)),
        (entry("7", "nota-7"), entry("7", "nota-7", REWRITTEN, NEXT_DAY)),
        (entry("7", "nota-7"), entry("7", "nota-8", CORRECTED)),
        (entry("", "boletines"), entry("", "boletines", CORRECTED)),
        (
            entry("", "aduanas-halla-fusiles-en-nogales"),
            entry("", "aduanas-halla-fusiles-en-nogales", REWRITTEN),
        ),
        (entry("", "boletines#b1"), entry("", "boletines#b1", CORRECTED)),
        (entry("urn:uuid:6f1e9a52-0c3d-4e7b", ""), entry("urn:uuid:6f1e9a52-0c3d-4e7b", "", REWRITTEN)),
        (entry("x1", "nota?id=9"), entry("y2", "nota?id=9", CORRECTED, NEXT_DAY)),
    ],
)
def test_an_edited_article_is_the_same(old: Entry, new: Entry) -> None:
    assert decide(old, new)


@pytest.mark.parametrize(
    "guid", ["1", "003", "item-1", "#2", "nota_10", "urn:item:4", "2026-11-28", "portada"]
)
@pytest.mark.parametrize("at", [DAY, NEXT_DAY, None])
def test_a_guid_that_numbers_a_list_is_not_believed(guid: str, at: datetime | None) -> None:
    old = entry(guid, "nota-501")
    assert not decide(old, replace(OTHER, guid=guid, url="https://nota.example.mx/nota-502", published=at))


@pytest.mark.parametrize(
    "url", ["comunicados", "noticias/mexico", "ver", "boletines/2026/11", "boletines#b0"]
)
def test_a_list_is_not_an_articles_address(url: str) -> None:
    assert not decide(entry("", url), replace(OTHER, url=f"https://nota.example.mx/{url}"))


def test_a_daily_bulletin_with_one_title_is_new_each_day() -> None:
    old = entry("", "reporte")
    assert not decide(old, replace(entry("", "reporte", at=NEXT_DAY), summary="Hoy hubo tres detenidos."))
    assert decide(old, replace(old, summary="Hoy hubo tres detenidos."))


def keys(*entries: Entry) -> set[bytes]:
    return {key.guid_key for key in keys_of(entries, "p")}


def test_a_document_tells_its_articles_apart() -> None:
    first = entry("", "comunicados")
    assert len(keys(first, replace(OTHER, url=first.url))) == 2
    assert len(keys(first, first)) == 1
    tomorrow = replace(first, published=NEXT_DAY, summary="Hoy hubo tres detenidos.")
    assert len(keys(first, tomorrow)) == 2, "a title that comes daily"
    one_guid = entry("noticias", "comunicados")
    assert len(keys(one_guid, replace(OTHER, guid="noticias", url=one_guid.url))) == 2
    assert len(keys(one_guid, replace(one_guid, title=CORRECTED))) == 1, "a correction beside the first text"


def test_strengths() -> None:
    assert guid_strength("https://nota.example.mx/?p=48213") is Strength.OWN
    assert guid_strength("https://nota.example.mx/?p=3") is Strength.WEAK
    assert guid_strength("") is Strength.NONE
    assert address_strength("/nota/7", "", "") is Strength.OWN
    assert address_strength("/sala-de-prensa", "", "") is Strength.WEAK
    assert address_strength("/nota/7", "", "b1") is Strength.WEAK

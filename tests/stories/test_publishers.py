"""Whose a report is, and who counts as one source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.domain.entry import Entry
from bot.feeds.catalog import load_catalog
from bot.feeds.parse import parse_document
from bot.stories import publishers
from bot.stories.document import Document
from bot.stories.independent_sources import independent_sources
from bot.stories.publishers import family_of, independent, known_publishers, publisher_of

NOW = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
CATALOGUE = Path(__file__).parents[2] / "feeds.yaml"
QUERY = "https://news.google.com/rss/search?q=cartel"
ARTICLE = "https://news.google.com/rss/articles/CBMiX?oc=5"


def listed(source: str, site: str, url: str = ARTICLE) -> Entry:
    return Entry(guid="", url=url, title="t", summary="", source=source, source_url=site)


@pytest.mark.parametrize(
    ("source", "site", "publisher"),
    [
        ("Reuters", "https://www.reuters.com", "Reuters"),
        ("AP News", "https://apnews.com", "AP"),
        ("The Associated Press", "", "AP"),
        ("EL PAÍS México", "https://elpais.com", "El País"),
        ("Expansión Política", "https://politica.expansion.mx", "Expansión"),
        ("Homeland Security (.gov)", "https://www.dhs.gov", "U.S. Department of Homeland Security"),
        ("CBP (.gov)", "https://www.cbp.gov", "U.S. Customs and Border Protection"),
        ("DEA (.gov)", "https://www.dea.gov", "U.S. Drug Enforcement Administration"),
        ("El Imparcial de Sonora", "https://www.elimparcial.example.mx", "El Imparcial de Sonora"),
        ("", "https://www.reuters.com", "Google News"),
    ],
)
def test_an_aggregators_item_is_its_sources(source: str, site: str, publisher: str) -> None:
    for feed in (QUERY, "http://127.0.0.1:8080/query", "https://news.google.com/rss/search?q=border"):
        assert publisher_of(listed(source, site), feed, "Google News") == publisher


def test_a_papers_own_page_is_the_papers() -> None:
    """It may name the agency that it has a text from, or itself under another name."""
    feed, page = "https://feeds.nota.example.mx/rss", "https://nota.example.mx/1"
    assert publisher_of(listed("AP", "https://apnews.com", page), feed, "La Nota") == "La Nota"
    assert publisher_of(listed("Nota", "https://www.nota.example.mx", page), feed, "La Nota") == "La Nota"


def test_a_google_news_item_says_whose_it_is() -> None:
    item = (
        f"<item><title>Cartel boss held in Laredo - Reuters</title><link>{ARTICLE}</link>"
        '<description>&lt;a href="x"&gt;Cartel boss held in Laredo&lt;/a&gt;</description>'
        '<source url="https://www.reuters.com">Reuters</source></item>'
    )
    body = f"<rss version='2.0'><channel><title>q</title>{item}</channel></rss>".encode()
    [entry] = parse_document(body, "", "http://127.0.0.1:8080/query", NOW).entries
    assert (entry.title, entry.summary) == ("Cartel boss held in Laredo", "")
    assert (entry.source, entry.source_url) == ("Reuters", "https://www.reuters.com/")


def test_one_owner_is_one_source() -> None:
    def report(id: int, publisher: str) -> Document:
        words = ("Sheriff holds four", "Mayor asks for calm", "Shelter fills up", "Bridge shuts early")
        return Document(id, "en", words[id], f"{words[id]}, {id * 'again '}", NOW, publisher)

    documents = [report(0, "KTSM"), report(1, "ValleyCentral"), report(2, "El Paso Matters")]
    found = {(source.name, len(source.article_ids)) for source in independent_sources(documents)}
    assert found == {("Nexstar", 2), ("El Paso Matters", 1)}
    [alone, _] = independent_sources(documents[1:])
    assert {alone.name, _.name} == {"ValleyCentral", "El Paso Matters"}
    assert independent(["KTSM", "ValleyCentral", "KVIA"]) == 2
    assert family_of("Nobody's Paper") == "Nobody's Paper"


def test_the_file_knows_the_catalogue() -> None:
    """A feed of the catalogue and an aggregator's item of the same house have one name."""
    known = known_publishers()
    names = {source.publisher for source in load_catalog(CATALOGUE)}
    for site, name in known.by_site.items():
        assert "." in site and site == site.lower() and not site.startswith("www.")
        assert known.by_name[name.casefold()] == name
    assert len(names & set(known.by_site.values())) > 60


def test_each_family_names_the_page_that_shows_its_owner() -> None:
    data = yaml.safe_load((Path(publishers.__file__).with_suffix(".yaml")).read_text(encoding="utf-8"))
    for family in data["families"]:
        assert all(page.startswith(("http://", "https://")) for page in family["seen"]), family["name"]
        assert family["seen"] and set(family.get("unconfirmed", ())) < set(family["publishers"]), family[
            "name"
        ]


def test_houses_that_an_owner_sold_are_no_longer_its_family() -> None:
    """CNBC went to Versant in 2026; Hearst bought the Austin and Dallas papers in 2025."""
    assert family_of("CNBC") != family_of("NBC News") == family_of("Telemundo")
    assert independent(["Austin American-Statesman", "The Dallas Morning News", "Houston Chronicle"]) == 1
    assert family_of("Austin American-Statesman") != family_of("El Paso Times")

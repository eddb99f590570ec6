"""Search: what is written in several ways is one, quotes and days are honoured, and both engines agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.audience import DEFAULTS
from bot.store import search
from bot.store.database import Database
from bot.store.search.question import question
from bot.store.search.written import same
from tests.store.making import ago, defaults, group, judged, save
from tests.support.databases import Postgres

CASES = json.loads(Path(__file__).with_name("search_spellings.json").read_text("utf-8"))
#: More of the same kinds than the given cases hold, as name: (language, title).
MORE = {
    "dotted": ("en", "U. S. A. border agents and J. D. Vance visit Eagle Pass"),
    "pronoun": ("en", "They told us that the border road is icy, with ice on the bridge"),
    "apart": ("es", "EE UU envía 1,200 soldados a la frontera"),
    "eu": ("es", "EU y México firman acuerdo de seguridad"),
    "european": ("en", "EU ministers discuss border policy"),
    "mexicanos": ("es", "Constitución Política de los Estados Unidos Mexicanos"),
    "million": ("en", "Congress adds $1.5 million for Mexican border courts"),
    "millones": ("es", "Suman 1,5 millones de dólares a juzgados de la frontera"),
    "spaced": ("es", "Refuerzan la frontera con 1 200 elementos"),
    "lapaz": ("es", "Marina asegura narcolancha frente a La Paz"),
    "peace": ("es", "Piden la paz en la sierra de Guerrero"),
    "centro": ("en", "Border agents in El Centro seize rifles"),
    "middle": ("es", "Marchan por migrantes en el centro de Tapachula"),
    "mpp": ("en", "Migrant Protection Protocols end, judge rules"),
    "quedate": ("es", "Vuelve Quédate en México, anuncia Washington"),
    "remain": ("en", "Remain in Mexico returns under Trump"),
    "remained": ("en", "Troops remain at the border; Mexico objects"),
    "bill": ("en", "House passes H.R. 1234 on border wall funds"),
    "bill2": ("en", "Senators weigh HR1234 and its wall funds"),
    "order": ("en", "Executive Order 14165 secures the border"),
    "orden": ("es", "La orden ejecutiva 14165 cierra la frontera"),
    "docket": ("en", "Court hears border case No. 24-656"),
    "raids": ("en", "ICE raids farms near the border"),
    "ffaa": ("es", "FF. AA. patrullan la frontera sur"),
    "veces": ("es", "Tres veces cruzó la frontera"),
    "voces": ("es", "Voces de migrantes en la frontera"),
    "deport": ("es", "Sigue la deportación de guatemaltecos"),
    "impunity": ("en", "Impunity for cartels in Guerrero"),
    "covid": ("en", "COVID-19 order closes the border"),
    "kx": ("en", "Agents seize 30K rounds at the border"),
}  # fmt: skip

QUERIES = [
    *((case["q"], case["must"], case.get("must_not", [])) for case in CASES["queries"]),
    ("us", ["us", "eeuu", "dotted", "apart", "eu"], ["pronoun", "european", "mexicanos"]),
    ("EE. UU.", ["us", "eeuu", "dotted", "apart", "eu"], ["pronoun", "european", "mexicanos"]),
    ("U.S.A.", ["us2", "eua", "dotted"], ["pronoun"]),
    ("EE UU border", ["us2", "apart", "eeuu"], []),
    ("1200", ["apart", "spaced"], []),
    ("1,200 border", ["apart", "spaced"], []),
    ("1.5 million", ["million", "millones"], ["apart"]),
    ("30K", ["kx", "30k", "30mil"], []),
    ("thirty", [], ["30k"]),
    ("La Paz", ["lapaz"], ["peace"]),
    ("El Centro", ["centro"], ["middle"]),
    ("EL PASO", ["elpaso"], ["pena"]),
    ("el paso", ["elpaso", "pena"], []),
    ("Remain in Mexico", ["remain", "quedate", "mpp"], ["remained"]),
    ("Quédate en México", ["remain", "quedate", "mpp"], ["remained"]),
    ("quedate en mexico", ["remain", "quedate", "mpp"], ["remained"]),
    ("HR 1234", ["bill", "bill2"], ["order"]),
    ("H. R. 1234", ["bill", "bill2"], ["order"]),
    ("hr1234", ["bill", "bill2"], ["order"]),
    ("EO 14165", ["order", "orden"], []),
    ("Executive Order 14165", ["order", "orden"], []),
    ("24-656", ["docket"], ["bill"]),
    ("ICE", ["raids"], ["pronoun"]),
    ("FFAA", ["ffaa"], []),
    ("vez", ["veces"], ["voces"]),
    ("voz", ["voces"], ["veces"]),
    ("deportation", ["deport"], []),
    ("impunidad", ["impunity"], []),
    ("COVID19", ["covid"], []),
    ("covid 19", ["covid"], []),
    ("MS 13", ["ms13"], []),
    ("t mec", ["tmec", "usmca"], []),
    ("JD Vance", ["dotted"], []),
    ("“northern border”", ["30k"], ["us2"]),
    ('"border northern"', [], ["30k"]),
    ('frontera -"orden ejecutiva"', ["eeuu"], ["orden", "order"]),
    ('"los carteles"', ["pena"], ["luz"]),
    ("El Paso OR Yuma", ["elpaso", "us2"], ["pena"]),
    ("MS-13 OR H2A", ["ms13", "h2a"], ["us"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[list[Database]]:
    url = postgres.fresh()
    opened = [Database.open(f"sqlite:///{tmp_path_factory.mktemp('spellings') / 'v.db'}"), Database.open(url)]
    entries = [(one["slug"], one["language"], one["title"]) for one in CASES["corpus"]]
    entries += [(slug, language, title) for slug, (language, title) in MORE.items()]
    for database in opened:
        (alpha,) = defaults(database, "alpha")
        every = [
            judged(slug, "migration", language=language, title=title, at=ago(hours=n))
            for n, (slug, language, title) in enumerate(entries)
        ]
        save(database, alpha, *every)
        group(database)
    yield opened
    for database in opened:
        database.close()
    postgres.drop(url)


def found(database: Database, words: str, **more: object) -> set[str]:
    hits = database.read_sync(search.search, DEFAULTS, words, limit=100, **more)
    return {hit.article.url.rpartition("/")[2] for hit in hits.best}


@pytest.mark.parametrize(("words", "must", "must_not"), QUERIES)
def test_all_spellings_of_one_thing_are_found(
    filled: list[Database], words: str, must: list[str], must_not: list[str]
) -> None:
    on_sqlite, on_postgres = (found(database, words) for database in filled)
    assert on_sqlite == on_postgres
    assert set(must) <= on_sqlite
    assert not on_sqlite.intersection(must_not)


@pytest.mark.parametrize(
    ("words", "since", "before"),
    [
        ("wall since:2025", "2025-01-01", None),
        ("wall desde:2025-02 antes:2025-03-04", "2025-02-01", "2025-03-04"),
        ("BEFORE:2024-12 wall", None, "2024-12-01"),
    ],
)
def test_a_question_names_days(words: str, since: str | None, before: str | None) -> None:
    asked = question(words)
    assert (asked.since and asked.since.isoformat(), asked.before and asked.before.isoformat()) == (
        since,
        before,
    )
    assert (asked.words, asked.not_days) == ("wall", ())


@pytest.mark.parametrize("day", ["", "yesterday", "2025-13", "2025-02-30", "0000", "١٢٣٤", "99999"])
def test_what_is_no_day_is_told_as_such(day: str) -> None:
    assert question(f"wall since:{day}").not_days == (day,)


def test_days_bound_what_is_found(filled: list[Database]) -> None:
    for database in filled:
        newer = found(database, "US", until=ago(minutes=-1))
        assert newer == found(database, "US")
        older = found(database, "US", until=ago(hours=1))
        assert older == newer - {"us", "us2"}
        assert found(database, "US", since=ago(minutes=30)) == {"us"}


@pytest.mark.parametrize(
    ("text", "language", "beside"),
    [
        ("Estados  Unidos de América", "es", "zzus"),
        ("US$30", "es", ""),
        ("EU", "en", ""),
        ("3,000,000", "en", "3000000"),
        ("30 mil 500", "es", "30500"),
        ("2 mil millones", "es", "2000000000"),
        ("2024", "en", ""),
        ("5 k run", "en", ""),
    ],
)
def test_one_word_stands_for_all_spellings(text: str, language: str, beside: str) -> None:
    assert same(text, language) == f"{text} {beside}".strip()

"""What real publishers send: documents and answers like those in public bug reports, all invented here.

Each file in ``cases/`` is a feed; ``.http`` files are whole answers, header fields included. All are polled
by ``python bot.py poll`` from loopback, twice, and then asked what was kept of them. A case with ``poll1``
and ``poll2`` answers the second poll otherwise.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import tables as t
from bot.store.database import Database
from tests.support.process import Told, Vigia
from tests.support.raw_server import RawServer, answer

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
"""An hour after the newest entry of the cases."""

TYPES = {".json": "application/feed+json", ".xml": "application/rss+xml; charset=utf-8"}


MARKUP = "[/] [bold]Diario[/bold]"
"""A name that would be markup to rich."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it stands in the store, whether it was found relevant or not."""

    title: str
    url: str
    summary: str
    published: datetime | None
    relevant: bool


@dataclass(slots=True)
class Publishers:
    """An installation that has polled all cases twice, each as a feed of a publisher of the case's name."""

    vigia: Vigia
    addresses: dict[str, str]
    polls: list[Told] = field(default_factory=list)

    def run(self, *words: str) -> Told:
        """``python bot.py WORDS…`` on the day of the cases."""
        return asyncio.run(_at_now(self.vigia).run(*words))

    def kept(self, case: str) -> list[Kept]:
        """What is stored of a case, in the order of arrival."""
        database = Database.open(self.vigia.environment()["VIGIA_DATABASE_URL"])
        try:
            return database.read_sync(_kept, case)
        finally:
            database.close()


class _VigiaAt(Vigia):
    def command(self, *words: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "tests.support.at", NOW.isoformat(), *words)


def _at_now(vigia: Vigia) -> Vigia:
    return _VigiaAt(vigia.folder, vigia.settings)


def _kept(session: Any, case: str) -> list[Kept]:
    feed = select(t.feed.c.id).where(t.feed.c.publisher == case).scalar_subquery()
    articles = session.execute(select(t.article).where(t.article.c.feed_id == feed).order_by(t.article.c.id))
    prints = session.execute(
        select(t.fingerprint).where(t.fingerprint.c.feed_id == feed).order_by(t.fingerprint.c.id)
    )
    return [
        *(Kept(row.title, row.url, row.summary, row.published_at, True) for row in articles),
        *(Kept(row.title, row.url, row.summary, None, False) for row in prints),
    ]


def _answers(round_: int) -> dict[str, bytes]:
    """The answer to each case's address at the first or second poll."""
    found = {}
    for path in sorted(CASES.iterdir()):
        case, _, poll = path.stem.partition(".poll")
        if path.suffix == ".txt" or (poll and int(poll) != round_):
            continue
        body = path.read_bytes()
        if case.startswith("D5") and round_ == 2:
            body = body.replace(b"#0</guid>", b"#3</guid>")
        found[f"/{case}"] = body if path.suffix == ".http" else answer(body, TYPES[path.suffix])
    return found


@pytest.fixture(scope="module")
def publishers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishers]:
    """All cases, polled twice."""
    with RawServer(_answers(1)) as server:
        vigia = Vigia(tmp_path_factory.mktemp("publishers"))
        addresses = {path.removeprefix("/"): server.url(path) for path in server.answers}
        lines = ["feeds:"]
        for case, url in addresses.items():
            about = "title: Prueba, language: es, kind: news, region: border"
            lines.append(f"  - {{url: '{url}', publisher: '{case}', {about}}}")
        lines += [
            f"  - {{url: '{server.url(path)}', publisher: '{MARKUP}', title: '{MARKUP}', language: es,"
            " kind: news, region: border}"
            for path in ("/E1-escaped-cdata?again", "/nowhere")
        ]
        (vigia.folder / "feeds.yaml").write_text("\n".join(lines), encoding="utf-8")
        vigia.settings["VIGIA_FEEDS_FILE"] = str(vigia.folder / "feeds.yaml")
        made = Publishers(vigia, addresses)
        for round_ in (1, 2):
            server.answers = _answers(round_)
            made.polls.append(made.run("poll", "--all"))
        yield made


HEADLINES = (
    "Decomisa CBP 40 kilos de fentanilo en el puente de Laredo",
    "Despliegan a la Guardia Nacional en la frontera norte por acuerdo con Washington",
    "CBP rescata a migrantes en el río Bravo cerca de Eagle Pass",
    "Sheinbaum rechaza despliegue militar de EE. UU. contra los cárteles",
    "Capturan en Sinaloa a operador del cártel reclamado en extradición por Estados Unidos",
)
SECURED = (
    "La CBP y la Guardia Nacional aseguraron 40 kilos de fentanilo en la frontera de Tamaulipas con Texas,"
    " informó la SEDENA."
)


def entry(
    title: str = HEADLINES[0],
    url: str | None = None,
    summary: str | None = None,
    published: datetime | None = None,
    relevant: bool | None = None,
) -> dict[str, object]:
    """What must be kept of an entry; None is anything."""
    wanted = {"title": title, "url": url, "summary": summary, "published": published, "relevant": relevant}
    return {name: value for name, value in wanted.items() if value is not None}


def _at(path: str) -> str:
    return f"https://nota.example.mx/{path}"


_MIDNIGHT = datetime(2026, 11, 29, 0, 0, tzinfo=UTC)
_HALF_PAST = datetime(2026, 11, 28, 18, 30, tzinfo=UTC)

EXPECTED: dict[str, list[dict[str, object]]] = {
    "A1-surrogate-pair-in-title": [
        entry(url=_at("a1")),
        entry("🗨 Alerta: capturan a jefe del cártel en Reynosa", _at("a2")),
    ],
    "A2-surrogate-hex-in-description-and-out-of-range": [
        entry(url=_at("a3")),
        entry(HEADLINES[1], _at("a4"), "Texto 🚨 y \ufffd y \ufffd fin."),
    ],
    "B1-sitemap-bad-charref-in-second": [
        entry(url=_at("b0")),
        entry("🗨 " + HEADLINES[1], _at("b1")),
        entry(HEADLINES[2], _at("b2")),
        entry(HEADLINES[3], _at("b3")),
    ],
    "B3-sitemap-html-entities": [entry("Migración: México y EE. UU. firman acuerdo fronterizo", _at("b20"))],
    "B4-rss-one-line-prolog-external-dtd": [
        entry("Detención en Nogales: CBP frena cruce de años", _at("b4"), "La frontera de México.")
    ],
    "C1-positional-guids": [
        entry(title, _at(f"c{number}"), published=_MIDNIGHT) for number, title in enumerate(HEADLINES[:4])
    ],
    "D1-same-link-no-guid": [entry(title, _at("comunicados")) for title in HEADLINES],
    "D2-anchors-of-one-page": [
        entry(title, _at(f"boletines#b{number}")) for number, title in enumerate(HEADLINES)
    ],
    "D4-only-tracking-differs": [entry(title) for title in HEADLINES[:4]],
    "D5-control-bbc-guid-suffix": [entry(url=_at("abc"))],
    "E1-escaped-cdata": [
        entry(title, _at(f"e{number}"), "En la frontera de México.")
        for number, title in enumerate(HEADLINES[:3])
    ],
    "F1-description-is-a-picture": [
        entry("Así fue el operativo de este viernes", _at("f1"), SECURED, relevant=True),
        entry("Así fue el operativo de este viernes", _at("f2"), SECURED, relevant=True),
    ],
    "F3-jsonfeed-summary-is-a-picture": [
        entry("Así fue el operativo", _at("f6"), "La CBP aseguró 40 kilos de fentanilo en Laredo.")
    ],
    "G1-media-description-first": [
        entry(url=_at("g1"), summary="La CBP informó del decomiso en Laredo, Texas.")
    ],
    "G3-itunes-summary-first": [
        entry(url=_at("g3"), summary="La CBP informó del decomiso en Laredo, Texas.")
    ],
    "H1-la-entrada-en-vigor": [
        entry(
            "Qué sigue para el pacto bilateral",
            _at("h1"),
            "La entrada en vigor del acuerdo de seguridad fronteriza entre México y Estados Unidos contra el"
            " fentanilo fue aplazada.",
            relevant=True,
        )
    ],
    "H3-tails-that-stay": [
        entry("Qué sigue para el pacto bilateral", _at(f"h{number}"), "Texto de la nota.")
        for number in (5, 6, 7)
    ],
    "I1-cross-promotion": [
        entry("Tigres golea a Santos y es líder", relevant=False),
        entry("City council approves new library budget", relevant=False),
    ],
    "J1-links-that-are-none": [
        entry(url="https://www.nota.example.mx/1"),
        entry(HEADLINES[1], ""),
    ],
    "J3-enclosure-only": [entry(url=_at("informe.pdf"))],
    "J4-atom-content-src-and-rdf-about": [entry("CBP y SEDENA firman acuerdo fronterizo", _at("j4"))],
    "K1-dates": [
        entry(url=_at("k1"), published=_HALF_PAST),
        entry(url=_at("k2"), published=_HALF_PAST),
        entry(url=_at("k3"), published=_HALF_PAST),
        entry(url=_at("k4"), published=_HALF_PAST),
    ],
    **{
        case: [entry(title, _at(f"l{number}")) for number, title in enumerate(HEADLINES[:3])]
        for case in (
            "L1-content-encoding-utf8",
            "L2-content-encoding-aws-chunked",
            "L3-header-over-8190",
            "L5-length-in-characters",
            "L7-chunked-without-end",
        )
    },
    "M1-jsessionid": [entry(HEADLINES[2], _at("nota.jsp?id=7"))],
    "P1-json-raw-newline": [entry("CBP y SEDENA firman acuerdo", _at("p1"), "En la frontera.")],
}


@pytest.mark.parametrize("case", EXPECTED)
def test_what_a_publisher_sends_is_kept_as_it_was_meant(publishers: Publishers, case: str) -> None:
    kept = sorted(publishers.kept(case), key=lambda one: (one.title, one.url))
    wanted = sorted(EXPECTED[case], key=lambda one: (str(one["title"]), str(one.get("url", ""))))
    found = [{name: getattr(one, name) for name in want} for one, want in zip(kept, wanted, strict=False)]
    assert found == wanted
    assert len(kept) == len(wanted)


def test_a_feeds_name_is_never_markup(publishers: Publishers) -> None:
    for poll in publishers.polls:
        assert poll.status == 0, poll.err
        assert MARKUP in poll.out and "Traceback" not in poll.err
    sources = publishers.run("ask", "/sources")
    assert sources.status == 0 and MARKUP in sources.out


def test_an_address_is_taken_as_it_was_typed(publishers: Publishers) -> None:
    """N1: between the marks of a chat, and with the scheme that readers register for themselves."""
    url = publishers.addresses["L1-content-encoding-utf8"]
    for typed in (f"<{url}>", f"feed:{url}"):
        shown = publishers.run("ask", f"/feeds preview {typed}")
        assert HEADLINES[0] in " ".join(shown.out.split()), typed


def test_the_amp_edition_of_an_article_is_that_article(publishers: Publishers) -> None:
    """O1: what a reader copies from a search page on a telephone."""
    for typed in (f"<{_at('l1')}>", _at("l1?outputType=amp"), _at("l1?amp=1"), _at("l1/amp/")):
        told = publishers.run("ask", f"/whynot {typed}")
        assert HEADLINES[1] in " ".join(told.out.split()), typed

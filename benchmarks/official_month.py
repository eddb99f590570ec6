"""A month of all official sources beside ordinary feeds: is a document missed, stored twice, or a fault told
twice?

    python -m benchmarks.official_month [--days 30] [--feeds 80] [--tick-hours 4]

Everything is served on loopback and polled by the bot's own poller, fetcher, parser processes and store;
only the clock is moved by hand. Each source publishes documents on workdays and answers wrongly once for
four days: a check for robots, a changed form, an error, an old copy. Prints a line for each source and,
last, one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.app import open_context
from bot.domain.feeds import SOURCE_KINDS
from bot.feeds.catalog import FeedSource
from bot.settings import Settings
from tests.support.clock import FrozenClock
from tests.support.feed_server import FeedServer
from tests.support.newsstand import poll

BEGIN = datetime(2026, 11, 2, 13, tzinfo=UTC)
"""A Monday, seven in the morning in Mexico City."""

SHOWN = 30
"""Documents that a list holds, the newest."""

CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>captcha</body></html>"
FAULT_LASTS = timedelta(days=4)
"""A feed that worked is called in trouble after two failures of a kind that seldom mends, three of the
others, and one without validators is asked once a day."""

FAULTS = ("challenge", "changed", "503", "stale")


@dataclass(slots=True)
class Publisher:
    """One address: what it has published so far, and when it answers wrongly, and how."""

    kind: str
    number: int
    fault: str = ""
    begins: datetime = BEGIN
    published: dict[int, datetime] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.number}"

    def publish(self, now: datetime) -> None:
        """One document, on a workday."""
        if now.weekday() < 5:
            self.published[len(self.published) + 1] = now

    def faulty(self, now: datetime) -> bool:
        return bool(self.fault) and self.begins <= now < self.begins + FAULT_LASTS

    def answer(self, path: str, now: datetime) -> web.Response:
        """What the address says now, wrong or right."""
        shown = self.published
        if self.faulty(now):
            if self.fault == "503":
                return web.Response(status=503)
            if self.fault == "challenge":
                return web.Response(text=CHALLENGE, content_type="text/html")
            if self.fault == "stale":
                shown = {n: at for n, at in shown.items() if at < self.begins - timedelta(days=2)}
        newest = list(reversed(shown.items()))[:SHOWN]
        body, content_type = _document(self.kind, self.number, newest, path)
        if self.faulty(now) and self.fault == "changed":
            body = re.sub(
                r'https?://[^\s"<>]+|"(?:results|NotasMatutinas)"|<article|</article>', "moved", body
            )
            body = body.replace('id="prensa"', "")
        return web.Response(text=body, content_type=content_type)


def _title(kind: str, number: int, n: int) -> str:
    return f"Notice {n} of {kind} {number} on the border wall and migrants from Mexico"


def _document(kind: str, number: int, shown: list[tuple[int, datetime]], path: str) -> tuple[str, str]:
    match kind:
        case "federal_register":
            return _register(number, shown), "application/json"
        case "dof":
            return _gazette(number, shown, path), "application/json"
        case "gob_mx":
            return _archive(number, shown), "text/html"
        case "courts":
            return _atom(number, shown), "application/atom+xml"
        case _:
            return _rss(kind, number, shown), "application/rss+xml"


def _register(number: int, shown: list[tuple[int, datetime]]) -> str:
    results = [
        {
            "title": _title("federal_register", number, n),
            "type": "Notice",
            "document_number": f"2026-{n:05}",
            "html_url": f"https://www.federalregister.gov/documents/2026-{n:05}/notice",
            "publication_date": f"{at:%Y-%m-%d}",
            "agencies": [{"name": "Homeland Security Department"}],
        }
        for n, at in shown
    ]
    return json.dumps({"count": len(results), "total_pages": 1, "results": results})


def _gazette(number: int, shown: list[tuple[int, datetime]], path: str) -> str:
    day = path.rsplit("/", 1)[-1]
    notes = [
        {"codNota": 5_800_000 + n, "titulo": _title("dof", number, n), "fecha": day, "codOrgaDos": "SEGOB"}
        for n, at in shown
        if f"{at:%d-%m-%Y}" == day
    ]
    empty: list[object] = []
    return json.dumps({"messageCode": 200, "NotasMatutinas": notes, "NotasVespertinas": empty})


def _archive(number: int, shown: list[tuple[int, datetime]]) -> str:
    items = "".join(
        f'<article><time datetime="{at:%Y-%m-%d %H:%M:%S}">x</time><h2>{_title("gob_mx", number, n)}</h2>'
        f'<a href="/sre/prensa/notice-{n}">Continuar leyendo</a></article>'
        for n, at in shown
    )
    return f'<!DOCTYPE html><html><body><div id="prensa">{items}</div></body></html>'


def _atom(number: int, shown: list[tuple[int, datetime]]) -> str:
    items = "".join(
        f"<entry><title>{_title('courts', number, n)}</title><id>https://www.courtlistener.com/opinion/{n}/</id>"
        f'<link href="https://www.courtlistener.com/opinion/{n}/notice/"/>'
        f"<updated>{at.isoformat()}</updated><summary>No. 26-{n:04}</summary></entry>"
        for n, at in shown
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Courts</title>{items}</feed>'


_LINKS = {
    "white_house": "https://www.whitehouse.gov/presidential-actions/2026/11/notice-{n}/",
    "govinfo": "https://www.govinfo.gov/app/details/PLAW-119publ{n}",
    "ofac": "https://ofac.treasury.gov/recent-actions/2026{n:04}",
    "gao": "https://www.gao.gov/products/gao-27-{n:06}",
}


def _rss(kind: str, number: int, shown: list[tuple[int, datetime]]) -> str:
    link = _LINKS.get(kind, f"https://paper{number}.example.org/{{n}}")
    items = "".join(
        f"<item><title>{_title(kind, number, n)}</title><link>{link.format(n=n)}</link>"
        f"<guid>{link.format(n=n)}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
        for n, at in shown
    )
    return f'<rss version="2.0"><channel><title>{kind}</title>{items}</channel></rss>'


@dataclass(slots=True)
class Outcome:
    """What a month came to: documents published, stored, stored twice or missed; how often faults were
    told.
    """

    published: int = 0
    stored: int = 0
    twice: int = 0
    missed: int = 0
    faults: int = 0
    faults_told: dict[str, int] = field(default_factory=dict)
    polls: int = 0
    seconds: float = 0.0


async def month(folder: Path, days: int, feeds: int, tick: timedelta) -> Outcome:
    """Poll all sources and ``feeds`` ordinary feeds for ``days`` and count what became of what was
    published.
    """
    clock = FrozenClock(BEGIN)
    publishers = [
        Publisher(kind, 0, FAULTS[place % len(FAULTS)], BEGIN + timedelta(days=2 + place % max(days - 6, 1)))
        for place, kind in enumerate(SOURCE_KINDS)
    ]
    publishers += [Publisher("news", number) for number in range(1, feeds + 1)]
    outcome = Outcome(faults=sum(bool(one.fault) and one.fault != "stale" for one in publishers))
    started = time.monotonic()
    async with FeedServer() as server:
        for one in publishers:
            _serve(server, one, clock, days)
        sources = tuple(_feed(server, one) for one in publishers)
        settings = Settings(allow_private_addresses=True, contact="test@example.org")
        database = f"sqlite:///{folder / 'vigia.db'}"
        async with open_context(settings, clock=clock, database_url=database, sources=sources) as context:
            with capture_logs() as logs:
                end = BEGIN + timedelta(days=days)
                while clock.now() < end + timedelta(days=3):
                    if clock.now() < end and clock.now().hour == BEGIN.hour:
                        for one in publishers:
                            one.publish(clock.now())
                    outcome.polls += len(await poll(context))
                    clock.move_to(clock.now() + tick)
            titles = await context.database.read(_titles)
    wanted = Counter(_title(one.kind, one.number, n) for one in publishers for n in one.published)
    outcome.published, outcome.stored = sum(wanted.values()), sum(titles.values())
    outcome.twice = sum(count - 1 for count in titles.values() if count > 1)
    missed = [title for title in wanted if title not in titles]
    outcome.missed = len(missed)
    if missed:
        print("missed:", *missed, sep="\n  ")
    told = [one for one in logs if one["event"] == "feed_polled" and one["log_level"] == "warning"]
    outcome.faults_told = dict(Counter(one["publisher"] for one in told if one["failure"]))
    outcome.seconds = time.monotonic() - started
    return outcome


def _serve(server: FeedServer, one: Publisher, clock: FrozenClock, days: int) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return one.answer(request.path, clock.now())

    server.pages[one.path] = page
    if one.kind == "dof":
        for day in range(days + 5):
            server.pages[f"{one.path}/{BEGIN + timedelta(days=day):%d-%m-%Y}"] = page


def _feed(server: FeedServer, one: Publisher) -> FeedSource:
    name = f"{one.kind} {one.number}"
    return FeedSource(server.url(one.path), name, name, "en", one.kind, "united_states")


def _titles(session: Session) -> Counter[str]:
    both = "select title from article union all select title from fingerprint"
    return Counter(session.execute(text(both)).scalars())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--feeds", type=int, default=80)
    parser.add_argument("--tick-hours", type=float, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tick = timedelta(hours=asked.tick_hours)
        outcome = asyncio.run(month(Path(folder), asked.days, asked.feeds, tick))
    for kind in SOURCE_KINDS:
        print(f"{kind:18} faults told {outcome.faults_told.get(f'{kind} 0', 0)}")
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()

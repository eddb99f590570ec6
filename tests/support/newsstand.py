"""A newsstand for tests: a real database, a clock moved by hand, feeds handed in as text."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

from bot.app import open_context
from bot.context import AppContext
from bot.feeds.catalog import FeedSource
from bot.feeds.fetch import FetchRequest, FetchResult
from bot.feeds.hosts import HostGate
from bot.ingest.group import Grouping
from bot.ingest.poll import Poller, PollReport
from bot.settings import Settings
from tests.support.clock import FrozenClock


class Newsstand:
    """The network: what each address answers, as a test sets it. One that is missing does not answer."""

    def __init__(self) -> None:
        self.papers: dict[str, bytes | int] = {}
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest) -> FetchResult:
        self.asked.append(request)
        paper = self.papers.get(request.url)
        if paper is None:
            return FetchResult(requested_url=request.url, url=request.url, failure="connect")
        if isinstance(paper, int):
            return FetchResult(requested_url=request.url, url=request.url, status=paper)
        return FetchResult(
            requested_url=request.url,
            url=request.url,
            status=200,
            content_type="application/rss+xml",
            body=paper,
            body_hash=hashlib.sha256(paper).hexdigest(),
        )


def paper(now: datetime, *entries: tuple[str, str], site: str = "https://example.org") -> bytes:
    """An RSS document of (slug, title) entries, one an hour, the first the newest."""
    items = "".join(
        f"<item><title>{title}</title><link>{site}/{slug}</link><guid>{site}/{slug}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(hours=number + 1))}</pubDate></item>"
        for number, (slug, title) in enumerate(entries)
    )
    return f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()


def source(number: int, language: str = "en", publisher: str = "") -> FeedSource:
    """A feed of the catalogue, each on a host of its own."""
    return FeedSource(
        url=f"https://paper{number}.example.org/feed",
        publisher=publisher or f"Paper {number}",
        title=f"Paper {number}",
        language=language,
        kind="news",
        region="border",
    )


@asynccontextmanager
async def context_in(
    folder: Path,
    newsstand: Newsstand,
    clock: FrozenClock,
    sources: tuple[FeedSource, ...] = (source(1), source(2), source(3, "es")),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[AppContext]:
    """A context on the database in ``folder``."""
    async with open_context(
        Settings(**(settings or {})),  # type: ignore[arg-type]
        clock=clock,
        database_url=f"sqlite:///{folder / 'vigia.db'}",
        fetcher=newsstand,
        sources=sources,
    ) as context:
        yield context


async def poll(context: AppContext) -> list[PollReport]:
    """Poll what is due and group what is new."""
    gate = HostGate(context.clock, spacing=timedelta(0))
    reports = await Poller(context, "test", Random(7), gate).poll_due()
    await Grouping(context).run()
    return reports

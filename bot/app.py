"""Opening and closing everything that the bot needs, in order."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

import structlog

from bot.article import load_brief
from bot.clock import Clock, SystemClock
from bot.context import AppContext
from bot.domain.page import Page
from bot.feeds.catalog import FeedSource, load_catalog
from bot.feeds.exchange import Fetching, FetchRequest, FetchResult
from bot.feeds.parsed import ParsedFeed
from bot.record import Record, RecordError, load_record, record_with
from bot.settings import Settings
from bot.store import feeds, search
from bot.store.database import Database

if TYPE_CHECKING:
    from bot.feeds.fetch import Fetcher
    from bot.feeds.pool import ParserPool
    from bot.summaries.llm import Writer

log = structlog.get_logger()


@asynccontextmanager
async def open_context(
    settings: Settings,
    *,
    clock: Clock | None = None,
    database_url: str | None = None,
    fetcher: Fetching | None = None,
    sources: tuple[FeedSource, ...] | None = None,
    pieces: Callable[[Page], tuple[Page, ...]] | None = None,
    polls: bool = True,
) -> AsyncIterator[AppContext]:
    """The application context: database open and up to date, the catalogue's feeds in it, network ready.

    Without ``polls`` the feeds stay as they are in the store: who only reads it may have another catalogue
    than the bot that is running on it.

    Raises StoreError, CatalogError, BriefError.
    """
    clock = clock or SystemClock()
    known = load_catalog(settings.catalogue_path) if polls and sources is None else sources
    database = Database.open(database_url or settings.database_url)
    try:
        indexed = await database.write(search.ensure)
        if indexed:
            log.info("search_index_rebuilt", articles=indexed)
        if known is not None:
            await database.write(feeds.sync_catalog, known, now=clock.now())
        async with AsyncExitStack() as opened, _writer(settings) as writer:
            yield AppContext(
                settings=settings,
                clock=clock,
                database=database,
                brief=load_brief(),
                fetcher=fetcher or _LateFetcher(settings, opened),
                parsers=_LateParsers(settings, opened),
                pieces=pieces or whole,
                writer=writer,
                load_record=cache(partial(_record, settings)),
            )
    finally:
        database.close()


class _LateFetcher:
    """The network, opened at the first request: an answer from the store need not load an HTTP library."""

    def __init__(self, settings: Settings, opened: AsyncExitStack) -> None:
        self._settings, self._opened = settings, opened
        self._opening = asyncio.Lock()
        self._fetcher: Fetcher | None = None

    async def fetch(self, request: FetchRequest) -> FetchResult:
        async with self._opening:
            if self._fetcher is None:
                # In a thread: the library takes longer to load than the event loop may stand still.
                module = await asyncio.to_thread(import_module, "bot.feeds.fetch")
                settings = self._settings
                made: Fetcher = module.Fetcher(
                    settings.user_agent, allow_private=settings.allow_private_addresses
                )
                self._fetcher = await self._opened.enter_async_context(made)
            fetcher = self._fetcher
        return await fetcher.fetch(request)


class _LateParsers:
    """The parser processes, opened at the first document: an answer from the store needs no feedparser."""

    def __init__(self, settings: Settings, opened: AsyncExitStack) -> None:
        self._settings, self._opened = settings, opened
        self._opening = asyncio.Lock()
        self._pool: ParserPool | None = None

    async def parse(
        self, body: bytes, content_type: str, url: str, now: datetime, reader: str = ""
    ) -> ParsedFeed:
        async with self._opening:
            if self._pool is None:
                module = await asyncio.to_thread(import_module, "bot.feeds.pool")
                made: ParserPool = module.ParserPool(workers=self._settings.parser_processes)
                self._pool = await self._opened.enter_async_context(made)
            pool = self._pool
        return await pool.parse(body, content_type, url, now, reader)


def _record(settings: Settings) -> Record:
    """The record, with the operator's own files where they are sound: a fault in one stops nothing."""
    if settings.record_dir is None:
        return load_record()
    try:
        return record_with(settings.record_dir)
    except RecordError as error:
        for fault in error.faults:
            log.error("record_refused", folder=str(settings.record_dir), key=fault.key, problem=fault.problem)
        return load_record()


@asynccontextmanager
async def _writer(settings: Settings) -> AsyncIterator[Writer | None]:
    """The language model that the operator set, if any, over a session of its own, as it has a key."""
    if not settings.llm_url:
        yield None
        return
    from bot.summaries.llm import Options, Writer
    from bot.summaries.llm_http import http_post

    options = Options(
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_key.get_secret_value() if settings.llm_key else "",
        most_tokens_a_day=settings.llm_tokens_a_day,
    )
    async with http_post() as post:
        yield Writer(post, options)


def whole(page: Page) -> tuple[Page, ...]:
    """A page in one piece, for a surface without a limit."""
    return (page,)


@cache
def process_name() -> str:
    """This process, as leases name it. Every container is process 1, and a host's name may come twice."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

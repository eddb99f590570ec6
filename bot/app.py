"""Opening and closing everything that the bot needs, in order."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

import structlog

from bot.article import load_brief
from bot.clock import Clock, SystemClock
from bot.context import AppContext
from bot.domain.page import Page
from bot.feeds.catalog import FeedSource, load_catalog
from bot.feeds.fetch import Fetcher, Fetching
from bot.feeds.pool import ParserPool
from bot.record import Record, RecordError, load_record, record_with
from bot.settings import Settings
from bot.store import feeds, search
from bot.store.database import Database
from bot.summaries.llm import Options, Writer
from bot.summaries.llm_http import http_post

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
    record = _record(settings)
    known = load_catalog(settings.catalogue_path) if polls and sources is None else sources
    database = Database.open(database_url or settings.database_url)
    try:
        indexed = await database.write(search.ensure)
        if indexed:
            log.info("search_index_rebuilt", articles=indexed)
        if known is not None:
            await database.write(feeds.sync_catalog, known, now=clock.now())
        async with (
            Fetcher(settings.user_agent, allow_private=settings.allow_private_addresses) as network,
            ParserPool(workers=settings.parser_processes) as parsers,
            _writer(settings) as writer,
        ):
            yield AppContext(
                settings=settings,
                clock=clock,
                database=database,
                brief=load_brief(),
                fetcher=fetcher or network,
                parsers=parsers,
                pieces=pieces or whole,
                writer=writer,
                record=record,
            )
    finally:
        database.close()


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

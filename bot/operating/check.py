"""``python bot.py check``: which settings are set or missing, and what is unreachable.

It changes nothing: a store is neither made nor brought to a newer schema.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.feeds.catalog import CatalogError, load_catalog
from bot.feeds.exchange import FetchRequest
from bot.feeds.fetch import Fetcher
from bot.locale import translator
from bot.operating.diagnostics import Diagnostic, of_schema
from bot.operating.faults import found_and_fix
from bot.pages.failures import failure_sentence
from bot.record import RecordError, record_with
from bot.settings import Settings
from bot.store import condition, engines
from bot.store.database import Database
from bot.store.errors import StoreError

#: Discord's own API; a setting may name another.
DISCORD_API = "https://discord.com/api/v10"
_MARKS = {"ok": ("✓", "green"), "note": ("–", "yellow"), "problem": ("✗", "red")}
#: What it means to an operator if no site at all can be read; a reader is told of one site's fault.
_NO_WAY = {
    "dns": "their names cannot be looked up",
    "connect": "there is no way to them",
    "timeout": "they do not answer in time",
    "tls": "their certificates are not accepted; is this machine's clock right?",
}


async def check(settings: Settings) -> int:
    """Print all findings; 1 if the bot could not run as it is set."""
    found = [
        *_settings(settings),
        _store(settings),
        catalogue(settings),
        await discord(settings),
        await network(settings),
    ]
    show(found)
    return 1 if any(one.state == "problem" for one in found) else 0


def show(found: Sequence[Diagnostic]) -> None:
    """Print findings as a table, each with what fixes it."""
    table = Table(show_header=True, box=None, pad_edge=False)
    table.add_column("", width=1)
    table.add_column("Looked at", overflow="fold")
    table.add_column("Found, and what to do", overflow="fold")
    for one in found:
        mark, style = _MARKS[one.state]
        text = Text(one.found)
        if one.fix:
            text.append(f"\n→ {one.fix}", style="bold" if one.state == "problem" else "dim")
        table.add_row(Text(mark, style=style), Text(one.what), text)
    Console(highlight=False).print(table)


def _settings(settings: Settings) -> Iterator[Diagnostic]:
    """Each setting with its value; secrets only as set or not."""
    for name, field in type(settings).model_fields.items():
        if name in ("discord_token", "database_url"):
            continue  # each is looked at below
        value = getattr(settings, name)
        shown = "not scheduled" if value is None or value == "" else str(value)
        if isinstance(value, bool):
            shown = shown.lower()  # as it is typed
        if value != field.default:
            yield Diagnostic("ok", f"VIGIA_{name.upper()}", shown)
        else:
            default = "" if shown == "not scheduled" else " (default)"
            yield Diagnostic("note", f"VIGIA_{name.upper()}", shown + default)


def _store(settings: Settings) -> Diagnostic:
    what = "VIGIA_DATABASE_URL"
    try:
        database = condition.open_as_is(settings.database_url)
    except condition.NoStore as fault:
        path = engines.parse(settings.database_url).path
        assert path is not None, "only a file can be missing"
        if _can_be_made(path):
            return Diagnostic("note", what, f"{fault.place}: not there yet; the first start makes it")
        return Diagnostic(
            "problem",
            what,
            f"{fault.place}: not there, and this user may not make it",
            "Check that the folder exists and may be written, or set VIGIA_DATABASE_URL.",
        )
    except StoreError as fault:
        return Diagnostic("problem", what, *found_and_fix(fault))
    try:
        state = database.read_sync(condition.condition)
        if state.newer or state.foreign:
            schema = of_schema(state)
            return Diagnostic("problem", what, f"{database.place}: {schema.found}", schema.fix)
        if not state.current:
            was = state.revision or "empty"
            found = f"{database.place}: schema {was}; the next start brings it to {state.newest}"
            return Diagnostic("note", what, found, "Back it up first: `python bot.py db backup FILE`.")
        database.write_sync(condition.check_writable)
    except StoreError as fault:
        return Diagnostic("problem", what, *found_and_fix(fault))
    finally:
        close_quietly(database)
    return Diagnostic("ok", what, f"{database.kind}, {database.place}: can be read and written")


def close_quietly(database: Database) -> None:
    """Close a store that was checked; a fault of it has been reported already."""
    try:
        database.close()
    except StoreError:
        return


def _can_be_made(path: Path) -> bool:
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def catalogue(settings: Settings) -> Diagnostic:
    """Whether the list of feeds can be read."""
    path = settings.catalogue_path
    try:
        sources = load_catalog(path)
    except CatalogError as fault:
        return Diagnostic("problem", "catalogue", *found_and_fix(fault))
    enabled = sum(source.enabled for source in sources)
    return Diagnostic(
        "ok", "catalogue", f"{path.name}: {enabled} feeds, {len(sources) - enabled} switched off"
    )


def record(settings: Settings) -> Iterator[Diagnostic]:
    """Whether the operator's own files of the record can be used; nothing where there are none."""
    if settings.record_dir is None:
        return
    try:
        found = record_with(settings.record_dir)
    except RecordError as fault:
        yield Diagnostic(
            "problem",
            "record",
            f"The files of your own cannot be used; the shipped record stands.\n{fault}",
            "Fix these lines.",
        )
    else:
        yield Diagnostic("ok", "record", f"{settings.record_dir}: {len(found.objects)} policies in all")


async def discord(settings: Settings) -> Diagnostic:
    """Whether Discord knows the token."""
    what = "VIGIA_DISCORD_TOKEN"
    if settings.discord_token is None:
        return Diagnostic(
            "note",
            what,
            "not set: the terminal opens instead of Discord",
            "Set it if the bot is to be in Discord; README, “On a server”.",
        )
    base = settings.discord_api_base or DISCORD_API
    header = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(f"{base}/users/@me", headers=header) as answer,
        ):
            if answer.status == 401:
                return Diagnostic(
                    "problem",
                    what,
                    "set, but Discord refuses it",
                    "Reset it in the developer portal (Bot, Reset Token) and set the new one.",
                )
            if answer.status != 200:
                return Diagnostic(
                    "problem", what, f"set; Discord answers {answer.status}", "Try again later."
                )
            name = (await answer.json(content_type=None)).get("username", "?")
    except aiohttp.ClientSSLError:
        return Diagnostic(
            "problem",
            what,
            "set, but the certificate of Discord's address is not accepted",
            "Look at this machine's clock, and for a proxy in between.",
        )
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return Diagnostic(
            "problem",
            what,
            "set, but Discord cannot be reached",
            "Is there a way to the internet, and a name server?",
        )
    return Diagnostic("ok", what, f"set; Discord knows this bot as “{name}”")


async def network(settings: Settings) -> Diagnostic:
    """Ask a few feeds of the catalogue for their answers, to tell no network from a broken site."""
    try:
        sources = [source for source in load_catalog(settings.catalogue_path) if source.enabled][:3]
    except CatalogError:
        return Diagnostic("note", "network", "not tried: the catalogue cannot be read")
    if not sources:
        return Diagnostic("note", "network", "not tried: the catalogue has no feed that is switched on")
    async with Fetcher(settings.user_agent, allow_private=settings.allow_private_addresses) as fetcher:
        results = await asyncio.gather(*(fetcher.fetch(FetchRequest(source.url)) for source in sources))
    if any(result.failure is None for result in results):
        return Diagnostic("ok", "network", "feeds can be reached")
    failure = results[0].failure or "other"
    why = _NO_WAY.get(failure) or failure_sentence(translator("en"), failure)
    return Diagnostic(
        "problem",
        "network",
        f"none of {len(results)} feeds could be read: {why}",
        "Look at the firewall and the name server. What is stored still answers.",
    )

"""``python bot.py check``: what is set, what is missing, and what each unreachable thing means."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.feeds.catalog import CatalogError, load_catalog
from bot.feeds.fetch import Fetcher, FetchRequest
from bot.locale import translator
from bot.operating.faults import explain
from bot.pages.failures import failure_sentence
from bot.settings import Settings
from bot.store.database import Database
from bot.store.errors import StoreError

#: Discord's own API; a setting may name another.
DISCORD_API = "https://discord.com/api/v10"
_MARKS = {"ok": ("✓", "green"), "note": ("–", "yellow"), "fault": ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``state`` is ``ok``, ``note`` (works without) or ``fault``."""

    state: str
    what: str
    meaning: str


async def check(settings: Settings) -> int:
    """Print all findings; 1 if the bot could not run as it is set."""
    screen = Console(highlight=False)
    table = Table(show_header=True, box=None, pad_edge=False)
    table.add_column("", width=1)
    table.add_column("Looked at", overflow="fold")
    table.add_column("Found", overflow="fold")
    findings = [
        *_settings(settings),
        _database(settings),
        catalogue(settings),
        await discord(settings),
        await network(settings),
    ]
    for finding in findings:
        mark, style = _MARKS[finding.state]
        table.add_row(Text(mark, style=style), Text(finding.what), Text(finding.meaning))
    screen.print(table)
    return 1 if any(finding.state == "fault" for finding in findings) else 0


def _settings(settings: Settings) -> list[Finding]:
    """Each setting with its value; secrets only as set or not."""
    findings = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        variable = f"VIGIA_{name.upper()}"
        if name in ("discord_token", "database_url"):
            continue  # each is looked at below
        shown = "not set" if value is None else str(value)
        default = value == field.default
        findings.append(Finding("ok" if not default else "note", variable, shown + (" (default)" * default)))
    return findings


def _database(settings: Settings) -> Finding:
    what = "VIGIA_DATABASE_URL"
    try:
        database = Database.open(settings.database_url)
    except StoreError as fault:
        return Finding("fault", what, explain(fault))
    try:
        database.check()
    except StoreError as fault:
        return Finding("fault", what, explain(fault))
    finally:
        database.close()
    return Finding("ok", what, f"{database.kind}, {database.place}: can be read and written")


def catalogue(settings: Settings) -> Finding:
    """Whether the list of feeds can be read."""
    path = settings.catalogue_path
    try:
        sources = load_catalog(path)
    except CatalogError as fault:
        return Finding("fault", "catalogue", explain(fault))
    enabled = sum(source.enabled for source in sources)
    return Finding("ok", "catalogue", f"{path.name}: {enabled} feeds, {len(sources) - enabled} switched off")


async def discord(settings: Settings) -> Finding:
    """Whether Discord knows the token."""
    what = "VIGIA_DISCORD_TOKEN"
    if settings.discord_token is None:
        return Finding(
            "note", what, "not set: the terminal opens instead of Discord. See README, “On a server”."
        )
    base = settings.discord_api_base or DISCORD_API
    header = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(f"{base}/users/@me", headers=header) as answer,
        ):
            if answer.status == 401:
                return Finding(
                    "fault", what, "set, but Discord refuses it: reset it in the developer portal."
                )
            if answer.status != 200:
                return Finding("fault", what, f"set; Discord answers {answer.status}: try again later.")
            name = (await answer.json(content_type=None)).get("username", "?")
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return Finding("fault", what, "set, but Discord cannot be reached: is there a way to the internet?")
    return Finding("ok", what, f"set; Discord knows this bot as “{name}”.")


async def network(settings: Settings) -> Finding:
    """Ask one feed of the catalogue for its first answer, to tell no network from a broken site."""
    try:
        sources = [source for source in load_catalog(settings.catalogue_path) if source.enabled][:3]
    except CatalogError:
        return Finding("note", "network", "not tried: the catalogue cannot be read.")
    async with Fetcher(settings.user_agent, allow_private=settings.allow_private_addresses) as fetcher:
        results = await asyncio.gather(*(fetcher.fetch(FetchRequest(source.url)) for source in sources))
    if any(result.failure is None for result in results):
        return Finding("ok", "network", "feeds can be reached")
    why = failure_sentence(translator("en"), results[0].failure or "other") if results else "no feeds"
    return Finding(
        "fault",
        "network",
        f"none of {len(results)} feeds could be reached. {why} What is stored still answers.",
    )

"""``python bot.py doctor``: finds what is wrong, and says what mends it. It changes nothing."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

import aiohttp
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.clock import Clock, SystemClock
from bot.operating import ailments, check
from bot.operating.ailments import LATE, Ailment
from bot.operating.faults import explain
from bot.operating.remote import clock_skew, lacking_rights
from bot.pages.sources import TROUBLE
from bot.settings import Settings
from bot.store import condition, feeds, leases
from bot.store.backup import check_file
from bot.store.database import Database
from bot.store.errors import StoreError

#: Reading a larger file whole takes longer than anyone waits for a doctor.
_CHECKED_WHOLE = 512 * 1024 * 1024
_MARKS = {"ok": ("✓", "green"), "note": ("–", "yellow"), "ill": ("✗", "red")}


async def doctor(settings: Settings, *, offline: bool, clock: Clock | None = None) -> int:
    """Print what was found; 1 if anything needs doing. ``offline`` asks neither Discord nor publishers."""
    clock = clock or SystemClock()
    found = [*_store(settings, clock), *_machine(settings, clock), _catalogue(settings)]
    if not offline:
        found += await _outside(settings, clock)
    _print(found)
    return 1 if any(one.state == "ill" for one in found) else 0


def _store(settings: Settings, clock: Clock) -> list[Ailment]:
    try:
        database = condition.look(settings.database_url)
    except StoreError as fault:
        place, _, fix = explain(fault).partition("\n")
        return [Ailment("ill", "store", place, fix)]
    try:
        return _opened_store(database, clock)
    except StoreError as fault:
        place, _, fix = explain(fault).partition("\n")
        return [Ailment("ill", "store", place, fix)]
    finally:
        database.close()


def _opened_store(database: Database, clock: Clock) -> list[Ailment]:
    now = clock.now()
    state = database.read_sync(condition.condition)
    found = [Ailment("ok", "store", f"{database.kind}, {database.place}, {ailments.megabytes(state.size)}")]
    found += ailments.of_store(state, now)
    path = database.address.path
    if path is not None:
        found.append(ailments.of_room(shutil.disk_usage(path.parent).free, state.size, str(path.parent)))
        if state.size < _CHECKED_WHOLE:
            check_file(path)
    if not state.current:
        return found
    here = database.read_sync(leases.standing, "process:", now)
    found.append(ailments.of_processes(here, database.kind))
    found += ailments.of_roles(here)
    late = database.read_sync(condition.waiting, now, grace=LATE)
    found += ailments.of_work(late, running=bool(here))
    known = [feed for feed in database.read_sync(feeds.feeds_of, None) if feed.active]
    causes = Counter(feed.failure or feed.health for feed in known if feed.health in TROUBLE)
    found += ailments.of_feeds(causes, len(known))
    return found


def _machine(settings: Settings, clock: Clock) -> list[Ailment]:
    try:
        table: str | None = version("tzdata")
    except PackageNotFoundError:
        table = None
    return [ailments.of_zones(table, ZoneInfo("America/Mexico_City"), clock.now())]


def _catalogue(settings: Settings) -> Ailment:
    return _checked(check.catalogue(settings), "Mend these lines in the catalogue; nothing was changed.")


async def _outside(settings: Settings, clock: Clock) -> list[Ailment]:
    base = settings.discord_api_base
    found = [ailments.of_clock(await clock_skew(base, clock.now()))]
    token = await check.discord(settings)
    found.append(_checked(token, "Set VIGIA_DISCORD_TOKEN if the bot is to be in Discord."))
    if settings.discord_token is not None and token.state == "ok":
        try:
            database = condition.look(settings.database_url)
            try:
                channels = database.read_sync(condition.channels_in_use)
            finally:
                database.close()
            lacking, asked = await lacking_rights(base, settings.discord_token.get_secret_value(), channels)
            found += ailments.of_rights(lacking, asked)
        except StoreError:
            pass  # told above
        except (TimeoutError, aiohttp.ClientError, OSError):
            found.append(
                Ailment("note", "channels", "not looked at: Discord stopped answering", "Try again.")
            )
    found.append(_checked(await check.network(settings), "Look at the firewall and the name server."))
    return found


def _checked(finding: check.Finding, fix: str) -> Ailment:
    state = "ill" if finding.state == "fault" else finding.state
    return Ailment(state, finding.what, finding.meaning, "" if state == "ok" else fix)


def _print(found: Sequence[Ailment]) -> None:
    screen = Console(highlight=False)
    table = Table(show_header=True, box=None, pad_edge=False)
    table.add_column("", width=1)
    table.add_column("Looked at", overflow="fold")
    table.add_column("Found, and what to do", overflow="fold")
    for one in found:
        mark, style = _MARKS[one.state]
        text = Text(one.found)
        if one.fix:
            text.append(f"\n→ {one.fix}", style="bold" if one.state == "ill" else "dim")
        table.add_row(Text(mark, style=style), Text(one.what), text)
    screen.print(table)
    ill = sum(one.state == "ill" for one in found)
    screen.print("Nothing needs doing." if not ill else f"{ill} to do, marked ✗ above.")

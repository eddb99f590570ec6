"""``python bot.py doctor``: finds what is wrong, and says what fixes it. It changes nothing."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import aiohttp

from bot.clock import Clock, SystemClock
from bot.domain.audience import DEFAULTS
from bot.operating import check, diagnostics
from bot.operating.diagnostics import LATE, Diagnostic
from bot.operating.faults import found_and_fix
from bot.operating.remote import clock_skew, lacking_rights
from bot.pages.sources import TROUBLE
from bot.settings import Settings
from bot.store import condition, feeds, leases
from bot.store.backup import check_file
from bot.store.database import Database
from bot.store.errors import StoreError

#: Reading a larger file whole takes longer than anyone waits for a doctor.
_CHECKED_WHOLE = 512 * 1024 * 1024


async def doctor(settings: Settings, *, offline: bool, clock: Clock | None = None) -> int:
    """Print what was found; 1 if anything needs doing. ``offline`` asks neither Discord nor publishers."""
    clock = clock or SystemClock()
    found = [*_store(settings, clock), *_machine(settings, clock), check.catalogue(settings)]
    found += check.record(settings)
    if not offline:
        found += await _outside(settings, clock)
    check.show(found)
    problems = sum(one.state == "problem" for one in found)
    print("Nothing needs doing." if not problems else f"{problems} to do, marked ✗ above.")
    return 1 if problems else 0


def _store(settings: Settings, clock: Clock) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    try:
        database = condition.open_as_is(settings.database_url)
    except StoreError as fault:
        return [Diagnostic("problem", "store", *found_and_fix(fault))]
    try:
        path = database.address.path
        if path is not None:  # before all else: a full disk explains what comes after
            free = shutil.disk_usage(path.parent).free
            found.append(diagnostics.of_room(free, path.stat().st_size, str(path.parent)))
        for one in _opened_store(database, clock):
            found.append(one)
    except StoreError as fault:
        found.append(Diagnostic("problem", "store", *found_and_fix(fault)))
    finally:
        check.close_quietly(database)
    return found


def _opened_store(database: Database, clock: Clock) -> Iterator[Diagnostic]:
    now = clock.now()
    state = database.read_sync(condition.condition)
    yield Diagnostic("ok", "store", f"{database.kind}, {database.place}, {diagnostics.megabytes(state.size)}")
    yield from diagnostics.of_store(state, now)
    if not state.current:
        return
    path = database.address.path
    if path is not None and state.size < _CHECKED_WHOLE:
        check_file(path)
    try:
        database.write_sync(condition.check_writable)
    except StoreError as fault:
        yield Diagnostic("problem", "writing", *found_and_fix(fault))
    here = database.read_sync(leases.active, "process:", now)
    yield diagnostics.of_processes(here, database.kind)
    yield from diagnostics.of_roles(here)
    if database.kind == "postgresql":
        yield diagnostics.of_queue(find_spec("procrastinate") is not None)
    late = database.read_sync(condition.overdue_work, now, grace=LATE)
    yield from diagnostics.of_overdue_work(late, running=bool(here))
    yield from diagnostics.of_clock_faults(database.read_sync(condition.clock_faults, now))
    known = [feed for feed in database.read_sync(feeds.feeds_of, DEFAULTS) if feed.active]
    causes = Counter(feed.failure or feed.health for feed in known if feed.health in TROUBLE)
    yield from diagnostics.of_feeds(causes, len(known))


def _machine(settings: Settings, clock: Clock) -> list[Diagnostic]:
    try:
        table: str | None = version("tzdata")
    except PackageNotFoundError:
        table = None
    return [diagnostics.of_zones(table, ZoneInfo("America/Mexico_City"), clock.now())]


async def _outside(settings: Settings, clock: Clock) -> list[Diagnostic]:
    base = settings.discord_api_base
    found = [diagnostics.of_clock(await clock_skew(base, clock.now()))]
    token = await check.discord(settings)
    found.append(token)
    if settings.discord_token is not None and token.state == "ok":
        try:
            database = condition.open_as_is(settings.database_url)
            try:
                channels = database.read_sync(condition.channels_in_use)
            finally:
                database.close()
            lacking, asked = await lacking_rights(base, settings.discord_token.get_secret_value(), channels)
            found += diagnostics.of_rights(lacking, asked)
        except StoreError:
            pass  # told above
        except (TimeoutError, aiohttp.ClientError, OSError):
            found.append(
                Diagnostic("note", "channels", "not looked at: Discord stopped answering", "Try again.")
            )
    found.append(await check.network(settings))
    return found

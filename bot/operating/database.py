"""``python bot.py db …``: the store's schema, copies of it, and how it is.

Nothing here is written over: a backup goes to a new file, a copy into an empty store, and what a restore
replaces is kept beside it. Only ``forget`` deletes, and only when it is told so twice.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.clock import SystemClock
from bot.domain.audience import DEFAULTS
from bot.operating.diagnostics import of_schema
from bot.operating.rejudge import rejudge_store
from bot.settings import Settings
from bot.store import backup, condition, engines, feeds, housekeeping, outbox, rollup, search
from bot.store.condition import Condition
from bot.store.database import Database
from bot.store.errors import Corrupt, StoreError, Unwritable

_COPIED = {
    backup.CopiedFrom.STORE: "The bot may go on meanwhile.",
    backup.CopiedFrom.FILE: (
        "The store can only be read, and has no log of newer writes: its file was copied as it stands."
    ),
    backup.CopiedFrom.FILE_AND_LOG: (
        "The store can only be read: its file and its log were copied, and the writes in the log recovered."
    ),
}
_DOING = {"copying": "Copying", "indexing": "Making the search index", "comparing": "Comparing"}


async def run_database_command(
    settings: Settings, action: str, target: str, *, sure: bool = False, dry_run: bool = False
) -> int:
    """Do one of upgrade, backup, restore, copy, forget, rejudge, status; returns the exit status.

    ``sure`` has ``forget`` delete what it otherwise only counts; ``dry_run`` has ``rejudge`` only list what
    would change. Raises StoreError.
    """
    screen, errors = Console(highlight=False), Console(stderr=True, highlight=False)
    match action:
        case "upgrade":
            return await asyncio.to_thread(_upgrade, settings, screen)
        case "backup":
            return await asyncio.to_thread(_backup, settings, Path(target), screen, errors)
        case "restore":
            return await asyncio.to_thread(_restore, settings, Path(target), screen, errors)
        case "copy":
            return await asyncio.to_thread(_copy, settings, target, screen, errors)
        case "forget":
            return await asyncio.to_thread(_forget, settings, target, sure, screen, errors)
        case "rejudge":
            return await asyncio.to_thread(_rejudge, settings, dry_run, screen)
        case "status":
            return await asyncio.to_thread(_status, settings, screen)
        case _:
            raise AssertionError(action)


def _upgrade(settings: Settings, screen: Console) -> int:
    before = _revision_before(settings)
    with _opened(settings.database_url) as database:
        after = database.read_sync(condition.revision)
        indexed = database.write_sync(search.ensure)
        if before == after:
            screen.print(f"Nothing to do: {database.place} has the newest schema, {after}.", markup=False)
        else:
            was = f"from {before}" if before else "made new"
            screen.print(f"{database.place}: schema {after}, {was}.", markup=False)
        if indexed:
            screen.print(f"The search index was made anew: {indexed:,} articles.", markup=False)
    return 0


def _revision_before(settings: Settings) -> str | None:
    try:
        database = condition.open_as_is(settings.database_url)
    except condition.NoStore:
        return None
    try:
        return database.read_sync(condition.revision)
    finally:
        database.close()


def _backup(settings: Settings, target: Path, screen: Console, errors: Console) -> int:
    if target.exists():
        errors.print(f"{target} is there already. Name a new file; nothing is written over.", markup=False)
        return 1
    database = condition.open_as_is(settings.database_url)
    try:
        if database.address.path is None:
            errors.print(_pg_dump(database, target), markup=False)
            return 1
        with screen.status(f"Copying {database.place}"):
            made = backup.backup(database, target)
    finally:
        database.close()
    screen.print(f"{target}: {_bytes(made.size)}, checked. {_COPIED[made.source]}", markup=False)
    return 0


def _pg_dump(database: Database, target: Path) -> str:
    name = database.address.url.set(drivername="postgresql")._replace(password=None)
    address, file = shlex.quote(name.render_as_string()), shlex.quote(str(target))
    return (
        "PostgreSQL has its own tool, which makes a consistent copy while the bot runs:\n"
        f"  pg_dump --format=custom --file={file} {address}\n"
        "and to bring it back, into an empty database, with the bot stopped:\n"
        f"  pg_restore --no-owner --dbname={address} {file}"
    )


def _restore(settings: Settings, copy: Path, screen: Console, errors: Console) -> int:
    try:
        backup.check_file(copy)
    except (Corrupt, Unwritable) as fault:
        errors.print(
            f"{copy} is no backup that can be used: {fault.problem}\nNothing was changed.", markup=False
        )
        return 1
    address = engines.parse(settings.database_url)
    if address.path is None:
        errors.print(
            "A backup file is brought back into a SQLite store. For PostgreSQL use pg_restore, or restore "
            "into a SQLite file and then `python bot.py db copy URL`.",
            markup=False,
        )
        return 1
    # A damaged file is why people restore, and on a new machine there is none.
    with suppress(StoreError):
        # Closing folds the log into the file, so that what is kept beside it is whole.
        condition.open_as_is(settings.database_url).close()
    if condition.in_use(address.path):
        errors.print(f"{address.path} is in use. Stop the bot first; nothing was changed.", markup=False)
        return 1
    kept = backup.restore(copy, address)
    was = f" What was there is in {kept.name}." if kept else ""
    screen.print(f"{address.path} is what {copy} holds.{was}", markup=False)
    with _opened(settings.database_url) as restored:
        screen.print(
            f"Schema {restored.read_sync(condition.revision)}; the bot may be started.", markup=False
        )
    return 0


def _copy(settings: Settings, url: str, screen: Console, errors: Console) -> int:
    first = condition.open_as_is(settings.database_url)
    first.close()
    if first.address.path is not None and condition.in_use(first.address.path):
        errors.print(
            f"{first.place} is in use. Stop the bot first: what it writes meanwhile would be missed.",
            markup=False,
        )
        return 1
    with _opened(settings.database_url) as source, _opened(url) as target:
        if source.place == target.place:
            errors.print(f"{source.place} cannot be copied into itself.", markup=False)
            return 1
        rows = backup.copied_rows(source)
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=screen,
            transient=True,
        ) as bar:
            task = bar.add_task("", total=2 * rows)

            def told(doing: str, count: int) -> None:
                bar.update(task, advance=count, description=_DOING[doing])

            copied = backup.copy_store(source, target, told)
        screen.print(
            f"{copied:,} rows are in {target.place}, compared one by one.\n"
            "Set VIGIA_DATABASE_URL to it and start the bot. The old store was not changed.",
            markup=False,
        )
    return 0


def _forget(settings: Settings, url: str, sure: bool, screen: Console, errors: Console) -> int:
    found = condition.open_as_is(settings.database_url)
    found.close()
    if sure and found.address.path is not None and condition.in_use(found.address.path):
        errors.print(f"{found.place} is in use. Stop the bot first; nothing was changed.", markup=False)
        return 1
    with _opened(settings.database_url) as database:
        feed = database.read_sync(feeds.feed_by_url, url, DEFAULTS)
        if feed is None:
            errors.print(f"No feed has the address {url}. `/feeds export` lists them.", markup=False)
            return 1
        name = f"{feed.publisher} — {feed.title}"
        count = database.read_sync(housekeeping.carried_alone, feed.id)
        if not sure:
            screen.print(
                f"{name} alone brought {count:,} articles. With --yes they are deleted and do not come back; "
                "make a backup first. Nothing was changed.",
                markup=False,
            )
            return 0
        while database.write_sync(housekeeping.retire_feed, feed.id, now=SystemClock().now()):
            pass
        database.write_sync(rollup.rebuild)
    screen.print(f"{name}: {count:,} articles deleted. The feed itself is polled on.", markup=False)
    if feed.is_default:
        screen.print("To end that, set `enabled: false` in feeds.yaml, with a reason.", markup=False)
    return 0


def _rejudge(settings: Settings, dry_run: bool, screen: Console) -> int:
    with _opened(settings.database_url) as database:
        return rejudge_store(database, screen, dry_run=dry_run)


def _status(settings: Settings, screen: Console) -> int:
    database = condition.open_as_is(settings.database_url)
    try:
        state = database.read_sync(condition.condition)
        messages = database.read_sync(outbox.counts) if state.current else {}
    finally:
        database.close()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in _status_rows(database, state, messages):
        table.add_row(name, Text(value))
    screen.print(table)
    return 0 if state.current else 1


def _status_rows(database: Database, state: Condition, messages: dict[str, int]) -> Iterator[tuple[str, str]]:
    yield "store", f"{database.kind}, {database.place}"
    schema = of_schema(state)
    yield "schema", f"{schema.found}. {schema.fix}" if schema.fix else schema.found
    log = f", and {_bytes(state.log_size)} of log" if state.log_size else ""
    yield "size", _bytes(state.size) + log
    for name, count in state.rows.items():
        yield name.replace("_", " "), f"{count:,}"
    if state.ungrouped:
        yield "not grouped yet", f"{state.ungrouped:,} articles"
    for name, count in sorted(messages.items()):
        yield f"messages {name}", f"{count:,}"


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database.open(url)
    try:
        yield database
    finally:
        database.close()


def _bytes(size: int) -> str:
    amount = float(size)
    for unit in ("bytes", "KB", "MB"):
        if amount < 1024 or unit == "MB":
            break
        amount /= 1024
    if unit == "MB" and amount >= 1024:
        return f"{amount / 1024:,.1f} GB"
    return f"{amount:,.0f} {unit}"

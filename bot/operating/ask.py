"""One answer in the terminal, from what is stored; nothing is polled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.app import open_context
from bot.commands.lookup import find
from bot.console.answers import answer_line, show, terminal_asker
from bot.context import AppContext
from bot.locale import Translator, translator
from bot.settings import Settings
from bot.store import articles, engines


async def ask_once(settings: Settings, line: str) -> int:
    """Answer one line; 1 if it cannot be answered. Raises StoreError."""
    beside = stores_beside_a_new_one(settings.database_url)
    async with open_context(settings, polls=False) as context:
        page = await answer_line(context, line)
        await show(context, Console(highlight=False), page)
        aside = Console(highlight=False, stderr=True)
        t = translator((await terminal_asker(context)).language)
        print_beside(aside, t, context, beside)
        if not await context.database.read(articles.any_stored):
            aside.print(
                t("Nothing is stored yet. `python bot.py poll` reads the feeds; then ask again."),
                style="yellow",
                markup=False,
            )
        return 1 if page.tone == "problem" else 0


async def digest_once(settings: Settings) -> int:
    """Print the digest as it would be posted now."""
    async with open_context(settings, polls=False) as context:
        asker = await terminal_asker(context)
        await show(context, Console(highlight=False), await find("digest preview").answer(context, asker, {}))
    return 0


def stores_beside_a_new_one(database_url: str) -> list[Path]:
    """Where the store at ``database_url`` does not exist yet: the SQLite files beside it.

    One of them may be what was meant. Raises StoreError for an address that cannot be used.
    """
    path = engines.parse(database_url).path
    if path is None or path.exists():
        return []
    try:
        files = sorted(one for one in path.parent.iterdir() if one.suffix in (".db", ".sqlite", ".sqlite3"))
        return [one for one in files if _is_sqlite(one)]
    except OSError:
        return []


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def print_beside(screen: Console, t: Translator, context: AppContext, beside: Sequence[Path]) -> None:
    """Say that the store is new, where ``beside`` it there are others."""
    if beside:
        screen.print(
            t(
                "{new} is new and empty; beside it is {other}. VIGIA_DATABASE_URL says which one is used.",
                new=context.database.place,
                other=", ".join(str(path) for path in beside[:3]),
            ),
            style="yellow",
            markup=False,
        )

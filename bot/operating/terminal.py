"""The terminal: the prompt, one answer, one poll, one digest."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.app import open_context, process_name
from bot.commands.registry import find
from bot.console.answers import answer_line, show, terminal_asker
from bot.console.draw import plain
from bot.console.outbox import print_due
from bot.context import AppContext
from bot.ingest.pipeline import IngestPipeline
from bot.ingest.poll import PollReport
from bot.jobs.ticks import Tick, start_ticks
from bot.locale import Translator, translator
from bot.pages.failures import failure_sentence
from bot.publishing.alerts import AlertPlanner
from bot.publishing.digests import DigestPlanner
from bot.settings import Settings
from bot.store import feeds

#: A minute is the finest step in which anything is due.
TICK_SECONDS = 60
#: How feeds fail where nothing can be reached; a table of eighty such lines would hide what is the matter.
_NO_NETWORK = frozenset(("dns", "connect", "timeout"))


async def console(settings: Settings) -> int:
    """Poll what is due with a progress bar, then open the prompt; polling goes on behind it."""
    screen = Console(highlight=False)
    async with open_context(settings) as context:
        news = IngestPipeline(context, process_name(), Random())
        t = translator((await terminal_asker(context)).language)
        screen.print(t("Vigía: news of U.S.–Mexico security policy, set beside one article's concerns."))
        reports = await _poll_with_progress(news, screen, t)
        if reports:
            _print_reports(screen, t, reports)
        await show(context, screen, await answer_line(context, "/concerns"))
        if not sys.stdin.isatty():
            return await _answer_piped_lines(context, screen)
        screen.print(t("/help lists all commands, Tab completes, Ctrl-D leaves."), style="dim")
        # Late: an answer for a script need not wait for the prompt's machinery.
        from prompt_toolkit.patch_stdout import patch_stdout

        from bot.console.prompt import run_prompt

        steps: list[str] = []
        digests, alerts = (
            DigestPlanner(context, terminal=True),
            AlertPlanner(context, terminal=True),
        )

        async def tick() -> None:
            await news.run()
            await digests.plan_due()
            await alerts.plan()
            await print_due(context, screen, process_name(), steps)

        scheduler = start_ticks((Tick("terminal", TICK_SECONDS, tick),), context.clock.now())
        try:
            with patch_stdout(raw=True):
                await run_prompt(context, screen, _history_file(), steps)
        finally:
            scheduler.shutdown(wait=False)
    return 0


async def ask_once(settings: Settings, line: str) -> int:
    """Answer one line from what is stored; nothing is polled."""
    async with open_context(settings, polls=False) as context:
        page = await answer_line(context, line)
        await show(context, Console(highlight=False), page)
        return 1 if page.tone == "problem" else 0


async def poll_once(settings: Settings, *, every: bool) -> int:
    """Poll what is due (or ``every`` feed) and print what came of it; 1 if no feed could be read."""
    screen = Console(highlight=False)
    async with open_context(settings) as context:
        if every:
            await context.database.write(feeds.make_all_due, context.clock.now())
        t = translator((await terminal_asker(context)).language)
        news = IngestPipeline(context, process_name(), Random())
        reports = await _poll_with_progress(news, screen, t)
        if not reports:
            screen.print(t("No feed is due. --all polls every feed now."))
            return 0
        _print_reports(screen, t, reports)
    return 1 if all(report.failure for report in reports) else 0


async def digest_once(settings: Settings) -> int:
    """Print the digest as it would be posted now."""
    async with open_context(settings, polls=False) as context:
        asker = await terminal_asker(context)
        await show(context, Console(highlight=False), await find("digest preview").answer(context, asker, {}))
    return 0


async def _poll_with_progress(news: IngestPipeline, screen: Console, t: Translator) -> list[PollReport]:
    """Poll what is due behind a bar. Ctrl-C leaves off; what has come so far is kept and grouped."""
    reports: list[PollReport] = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="dim", markup=False),  # a feed's own title is no markup
        console=screen,
        transient=True,
    ) as bar:
        task = bar.add_task(t("Reading the feeds"), total=None, last="")

        def told(done: int, total: int, report: PollReport) -> None:
            reports.append(report)
            bar.update(task, completed=done, total=total, last=plain(report.feed.publisher)[:30])

        try:
            await news.poll(told)
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is None or current.uncancel() > 0:
                raise
            screen.print(t("Stopped; what was read is saved."), style="yellow")
        bar.update(task, description=t("Grouping what is new"), last="")
        await news.settle()
    return reports


def _print_reports(screen: Console, t: Translator, reports: Sequence[PollReport]) -> None:
    failed = [report for report in reports if report.failure]
    fresh = sum(report.fresh for report in reports)
    matched = sum(report.matched for report in reports)
    screen.print(
        t.many(
            "{n} feed read: {entries} entries, {fresh} of them new, {matched} bear on a concern.",
            "{n} feeds read: {entries} entries, {fresh} of them new, {matched} bear on a concern.",
            len(reports) - len(failed),
            entries=t.number(sum(report.entries for report in reports)),
            fresh=t.number(fresh),
            matched=t.number(matched),
        )
    )
    if not failed:
        return
    if len(failed) == len(reports) > 1 and {report.failure for report in failed} <= _NO_NETWORK:
        screen.print(
            t("No feed could be reached: this machine seems to have no way to the internet."), style="yellow"
        )
        screen.print(t("python bot.py demo shows everything on sample feeds, offline."))
        return
    table = Table(title=t("Feeds that could not be read"), title_justify="left", title_style="yellow")
    table.add_column(t("Feed"), overflow="fold")
    table.add_column(t("What happened"), overflow="fold")
    for report in sorted(failed, key=lambda report: (report.failure, report.feed.publisher)):
        table.add_row(Text(plain(report.feed.publisher)), Text(failure_sentence(t, report.failure)))
    screen.print(table)


async def _answer_piped_lines(context: AppContext, screen: Console) -> int:
    """Answer the lines of a pipe or a file, for scripts."""
    for line in sys.stdin:
        if line.strip():
            await show(context, screen, await answer_line(context, line.strip()))
    return 0


def _history_file() -> Path | None:
    """Where the prompt's history is kept (XDG base directories); None where that cannot be written."""
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "vigia"
    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return base / "history"

"""The terminal: the prompt, and one poll."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.app import open_context, process_name
from bot.console.answers import REAL, AnswerSource, answer_piped_lines, show, terminal_asker
from bot.console.draw import plain
from bot.console.outbox import print_due
from bot.context import AppContext
from bot.ingest.pipeline import IngestPipeline
from bot.ingest.poll import PollReport
from bot.jobs.ticks import Tick, start_ticks
from bot.locale import Translator, translator
from bot.operating.ask import print_beside, stores_beside_a_new_one
from bot.operating.demo import sample_context
from bot.operating.first_minute import (
    SAMPLES_AFTER_SECONDS,
    FirstPoll,
    has_answered,
)
from bot.operating.preload import preload_commands
from bot.pages.failures import failure_sentence
from bot.publishing.alerts import AlertPlanner
from bot.publishing.digests import DigestPlanner
from bot.settings import Settings
from bot.store import articles, feeds

#: A minute is the finest step in which anything is due.
TICK_SECONDS = 60
#: How feeds fail where nothing can be reached; a table of eighty such lines would hide what is the matter.
_NO_NETWORK = frozenset(("dns", "connect", "timeout"))


async def console(settings: Settings) -> int:
    """Poll what is due with a progress bar, then open the prompt; polling goes on behind it.

    Where no publisher answers and nothing is stored, the prompt opens on the samples.
    """
    screen = Console(highlight=False)
    beside = stores_beside_a_new_one(settings.database_url)
    async with AsyncExitStack() as opened:
        context = await opened.enter_async_context(open_context(settings))
        news = IngestPipeline(context, process_name(), Random())
        t = translator((await terminal_asker(context)).language)
        screen.print(t("Vigía: news of U.S.–Mexico security policy, set beside one article's concerns."))
        print_beside(screen, t, context, beside)
        empty = not await context.database.read(articles.any_stored)
        with _PollBar(screen, t) as bar:
            first = FirstPoll(news, bar.progress)
            opened.push_async_callback(first.stop)
            samples: asyncio.Task[AppContext] | None = None
            try:
                over = await first.settled(SAMPLES_AFTER_SECONDS if empty else None)
                if empty and not first.answered.is_set():
                    samples = asyncio.create_task(opened.enter_async_context(sample_context(settings)))
                    opened.push_async_callback(_cancel, samples)
                    over = await first.settled()
            except asyncio.CancelledError:
                _ignore_interrupt()
                await first.stop()
                over = True
                screen.print(t("Stopped; what was read is saved."), style="yellow")
            shown = await samples if samples is not None else context
            if first.answered.is_set():
                shown = context
                bar.grouping()
                await news.settle()
        source = AnswerSource(shown)
        if shown is not context:
            screen.print(t("No publisher has answered yet; they are asked again from time to time."))
            screen.print(
                t("What follows is a demonstration: these outlets and their news are invented."),
                style="bold yellow",
            )

            async def real() -> AppContext:
                await news.settle()
                return context

            source.real = real
        elif over and first.reports:
            _print_reports(screen, t, first.reports)
        elif not first.answered.is_set() and not over:
            screen.print(t("No publisher has answered yet; this is what is stored."), style="yellow")
        piped = not sys.stdin.isatty()
        if not piped:
            await show(source.context, screen, await source.answer("/concerns"))
        behind = asyncio.create_task(_poll_in_background(first, news, screen, t, source))
        opened.push_async_callback(_cancel, behind)
        if piped:
            await answer_piped_lines(source, screen, [])
            return 0
        await _prompt(source, context, news, behind, screen, t)
    return 0


async def _prompt(
    source: AnswerSource,
    context: AppContext,
    news: IngestPipeline,
    behind: asyncio.Task[None],
    screen: Console,
    t: Translator,
) -> None:
    """The prompt, with the ticks of the bot's own store behind it once the first poll is over."""
    screen.print(t("/help lists all commands, Tab completes, Ctrl-D leaves."), style="dim")
    await asyncio.to_thread(preload_commands)
    # Late: an answer for a script need not wait for the prompt's machinery.
    from prompt_toolkit.patch_stdout import patch_stdout

    from bot.console.prompt import run_prompt

    steps: list[str] = []
    digests, alerts = DigestPlanner(context, terminal=True), AlertPlanner(context, terminal=True)

    async def tick() -> None:
        if not behind.done():
            return
        await news.run()
        await digests.plan_due()
        await alerts.plan()
        await print_due(context, screen, process_name(), steps)

    scheduler = start_ticks((Tick("terminal", TICK_SECONDS, tick),), context.clock.now())
    try:
        with patch_stdout(raw=True):
            await run_prompt(source, screen, _history_file(), steps)
    finally:
        scheduler.shutdown(wait=False)


async def _poll_in_background(
    first: FirstPoll, news: IngestPipeline, screen: Console, t: Translator, source: AnswerSource
) -> None:
    """Finish the first poll while the prompt is open, and print a line when a publisher answers at last.

    Until one does, all are polled again at the pace that the polling policy sets.
    """
    waiting = asyncio.create_task(first.answered.wait())
    try:
        await asyncio.wait({waiting, first.task}, return_when=asyncio.FIRST_COMPLETED)
        await _announce_publisher(first, screen, t, source)
        await first.task
    finally:
        waiting.cancel()
    await news.settle()
    while source.real is not None and not first.answered.is_set():
        await asyncio.sleep(TICK_SECONDS)
        if any(has_answered(report) for report in await news.poll()):
            first.answered.set()
            await news.settle()
            await _announce_publisher(first, screen, t, source)


async def _announce_publisher(first: FirstPoll, screen: Console, t: Translator, source: AnswerSource) -> None:
    if source.real is not None and first.answered.is_set():
        screen.print(
            t("A publisher has answered. {command} leaves the samples for the real news.", command=REAL),
            style="bold green",
            markup=False,
        )


def _ignore_interrupt() -> None:
    """Undo the cancellation that one Ctrl-C requested. Raises CancelledError for any other."""
    current = asyncio.current_task()
    if current is None or current.uncancel() > 0:
        raise asyncio.CancelledError


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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


class _PollBar:
    """The progress bar of a poll."""

    def __init__(self, screen: Console, t: Translator) -> None:
        self._t = t
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", style="dim", markup=False),  # a feed's own title is no markup
            console=screen,
            transient=True,
        )
        self._task = self._bar.add_task(t("Reading the feeds"), total=None, last="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def progress(self, done: int, total: int, report: PollReport) -> None:
        """Show how far the poll has come."""
        last = plain(report.feed.publisher)[:30]
        self._bar.update(self._task, completed=done, total=total, last=last)

    def grouping(self) -> None:
        """Show that what was read is being grouped."""
        self._bar.update(self._task, description=self._t("Grouping what is new"), last="")


async def _poll_with_progress(news: IngestPipeline, screen: Console, t: Translator) -> list[PollReport]:
    """Poll the due feeds with a progress bar. Ctrl-C stops it; what has been read is stored and grouped."""
    reports: list[PollReport] = []
    with _PollBar(screen, t) as bar:

        def progress(done: int, total: int, report: PollReport) -> None:
            reports.append(report)
            bar.progress(done, total, report)

        try:
            await news.poll(progress)
        except asyncio.CancelledError:
            _ignore_interrupt()
            screen.print(t("Stopped; what was read is saved."), style="yellow")
        bar.grouping()
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


def _history_file() -> Path | None:
    """Where the prompt's history is kept (XDG base directories); None where that cannot be written."""
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "vigia"
    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return base / "history"

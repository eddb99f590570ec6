"""A look at everything, offline: sample feeds through the real pipeline into a temporary database."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from rich.console import Console

from bot.app import open_context, process_name
from bot.clock import SystemClock
from bot.commands.names import line_in_spanish
from bot.console.answers import AnswerSource, answer_line, answer_piped_lines, show, terminal_asker
from bot.console.draw import follow_ups
from bot.context import AppContext
from bot.feeds.exchange import FetchRequest, FetchResult
from bot.feeds.hosts import HostGate
from bot.ingest.group import Grouping
from bot.ingest.poll import Poller
from bot.locale import translator
from bot.samples import SampleFeed, sample_feeds
from bot.settings import Settings

#: What the demo shows, in the order in which a newcomer would ask.
STORY = "/story"
_TOUR = {
    "en": (
        "/concerns",
        "/concern border security",
        "/latest",
        STORY,
        "/search migrant shelter",
        "/why",
        "/digest preview",
    ),
    "es": (
        "/preocupaciones",
        "/preocupación seguridad fronteriza",
        "/novedades",
        STORY,
        "/buscar albergue migrantes",
        "/por-qué",
        "/resumen muestra",
    ),
}


async def demo(settings: Settings, *, prompt: bool) -> int:
    """Show concerns, developments, a search, a why and a digest; then the prompt, if asked for.

    With ``prompt`` and lines in a pipe, those are answered instead.
    """
    screen = Console(highlight=False)
    async with sample_context(settings) as context:
        t = translator((await terminal_asker(context)).language)
        screen.print(
            t("A demonstration: these outlets and their news are invented, the machinery is real."),
            style="bold yellow",
        )
        steps: list[str] = []
        if prompt and not sys.stdin.isatty():
            await answer_piped_lines(AnswerSource(context), screen, steps)
            return 0
        for line in _TOUR[t.language]:
            # The first development that the page before lists is opened.
            line = (
                next((step for step in steps if step.startswith("/story")), line) if line == STORY else line
            )
            typed = line_in_spanish(line) if t.language == "es" else line
            screen.print(f"\n› {typed}", style="bold", markup=False)
            page = await answer_line(context, line)
            steps[:] = follow_ups(page)
            await show(context, screen, page)
        screen.print()
        if prompt:
            from bot.console.prompt import run_prompt

            await run_prompt(AnswerSource(context), screen, None, steps)
        else:
            screen.print(
                t("`python bot.py` does the same with real feeds; `demo --prompt` lets you ask here."),
                style="dim",
                markup=False,
            )
    return 0


@asynccontextmanager
async def sample_context(settings: Settings) -> AsyncIterator[AppContext]:
    """A store of its own with the sample feeds' news, read and grouped; it is gone after the block."""
    clock = SystemClock()
    samples = sample_feeds(clock.now())
    with tempfile.TemporaryDirectory(prefix="vigia-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'demo.db'}"
        sources = tuple(sample.source for sample in samples)
        async with open_context(
            settings, clock=clock, database_url=url, fetcher=SampleFetcher(samples), sources=sources
        ) as context:
            # No publisher is asked, so nobody needs a pause between two requests.
            gate = HostGate(clock, spacing=timedelta(0))
            await Poller(context, process_name(), Random(0), gate).poll_due()
            await Grouping(context).run()
            yield context


class SampleFetcher:
    """Answers for the samples' addresses with the samples, and for all others as if offline."""

    def __init__(self, samples: tuple[SampleFeed, ...]) -> None:
        self._samples = {sample.source.url: sample for sample in samples}

    async def fetch(self, request: FetchRequest) -> FetchResult:
        sample = self._samples.get(request.url)
        if sample is None:
            return FetchResult(requested_url=request.url, url=request.url, failure="connect")
        return FetchResult(
            requested_url=request.url,
            url=request.url,
            status=200,
            content_type=sample.content_type,
            body=sample.body,
            body_hash=hashlib.sha256(sample.body).hexdigest(),
        )

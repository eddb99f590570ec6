"""Draw the README's picture: the demonstration's pages as a terminal shows them.

python scripts/draw_readme.py      writes docs/images/demo.svg and demo-es.svg
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from rich.console import Console
from rich.terminal_theme import MONOKAI

from bot.app import open_context
from bot.console.answers import answer_line, show
from bot.feeds.hosts import HostGate
from bot.ingest.group import Grouping
from bot.ingest.poll import Poller
from bot.operating.demo import SampleFetcher
from bot.samples import sample_feeds
from bot.settings import Settings

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LINES = {
    "en": ("/concerns", "/latest"),
    "es": ("/novedades delincuencia organizada", "/historia río suchiate"),
}


class DrawingClock:
    """One moment for all pictures, so that they change only when the pages do."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        del seconds


async def picture(language: str, lines: tuple[str, ...]) -> str:
    """The answers to ``lines`` as one SVG."""
    clock = DrawingClock()
    samples = sample_feeds(clock.now())
    screen = Console(record=True, width=96, file=io.StringIO(), highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(language="es" if language == "es" else "en")
        async with open_context(
            settings,
            clock=clock,
            database_url=f"sqlite:///{folder}/picture.db",
            fetcher=SampleFetcher(samples),
            sources=tuple(sample.source for sample in samples),
        ) as context:
            await Poller(context, "picture", Random(0), HostGate(clock, spacing=timedelta(0))).poll_due()
            await Grouping(context).run()
            for line in lines:
                screen.print(f"vigía › {line}", style="bold green", markup=False)
                await show(context, screen, await answer_line(context, line))
                screen.print()
    return screen.export_svg(title="Vigía", theme=MONOKAI, clear=True)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for language, name in (("en", "demo.svg"), ("es", "demo-es.svg")):
        drawn = asyncio.run(picture(language, LINES[language]))
        (IMAGES / name).write_text(drawn, encoding="utf-8")
        print(f"docs/images/{name}")


if __name__ == "__main__":
    main()

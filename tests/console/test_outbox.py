"""The terminal's own digests."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.console.outbox import print_due
from bot.domain.audience import TERMINAL
from bot.domain.page import Button, Page, Request
from bot.store import outbox
from tests.support.context import room


async def test_the_numbers_stand_for_what_was_printed_last(tmp_path: Path) -> None:
    page = Page("A digest", (), (Button("More", Request("latest", {"days": "7"})),))
    with room(tmp_path) as here:
        now = here.clock.now()
        drafts = here.context.drafts(TERMINAL, "daily", now.date(), page, now)
        here.database.write_sync(outbox.enqueue, drafts, now=now)
        console = Console(file=StringIO(), width=80)
        steps = ["/help"]
        assert await print_due(here.context, console, "me", steps) == 1
        assert steps == ["/latest days:7"]
        assert await print_due(here.context, console, "me", steps) == 0
        assert steps == ["/latest days:7"]

"""Grouping: articles that have no story yet are placed, in the order in which they arrived.

A stage of its own, after storing: it may be repeated or stopped at any point, and only one worker does it.
An article is shown to readers once it has been placed.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.commands.desk import Desk
from bot.store import articles
from bot.stories.grouping import Grouper

log = structlog.get_logger()

#: How long a story can be joined: the events of this subject are reported for days, seldom for weeks.
WINDOW = timedelta(days=10)
#: Articles placed in one transaction, so that readers and other writers get their turn.
BATCH = 50


class Grouping:
    """Places articles into stories. Holds the window of recent articles in memory."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._grouper: Grouper | None = None

    async def run(self) -> int:
        """Place every article that waits. Returns how many were placed."""
        placed = 0
        grouper = self._grouper or await self._load()
        grouper.forget_before(self._desk.clock.now() - WINDOW)
        while waiting := await self._desk.database.read(articles.ungrouped, limit=BATCH):
            # Until the batch is committed, memory is ahead of the store: drop it if anything goes wrong.
            self._grouper = None
            batch = []
            for document in waiting:
                placement = grouper.place(document)
                story = placement.story if placement.story is not None else document.id
                grouper.add(document, story)
                batch.append((document.id, placement))
            await self._desk.database.write(articles.place, batch, now=self._desk.clock.now())
            self._grouper = grouper
            placed += len(batch)
        self._grouper = grouper
        return placed

    async def _load(self) -> Grouper:
        grouper = Grouper()
        since = self._desk.clock.now() - WINDOW
        for document, story in await self._desk.database.read(articles.window, since):
            grouper.add(document, story)
        log.debug("window_loaded", articles=len(grouper))
        return grouper

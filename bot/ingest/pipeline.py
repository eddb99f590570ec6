"""The ingestion pipeline: due feeds are polled, new articles grouped and searched for watched phrases."""

from __future__ import annotations

from random import Random

from bot.context import AppContext
from bot.ingest.group import Grouping
from bot.ingest.poll import Poller, PollReport, Progress
from bot.ingest.unjudged import judge_stored
from bot.ingest.watch import look_for_phrases


class IngestPipeline:
    """The stages in their order. Each can be stopped or repeated; the next run completes what is left."""

    def __init__(self, context: AppContext, owner: str, random: Random) -> None:
        self._context = context
        self._poller = Poller(context, owner, random)
        self._grouping = Grouping(context)

    async def run(self) -> None:
        """Poll and settle."""
        await self.poll()
        await self.settle()

    async def poll(self, progress: Progress | None = None) -> list[PollReport]:
        """Poll every feed that is due. Returns a report of each."""
        return await self._poller.poll_due(progress)

    async def settle(self, *, shared: bool = False) -> None:
        """Group what was stored: until then readers do not see it.

        ``shared``: other workers do the same. One of them holds the lease, and the others leave it to that
        one.
        """
        if shared and not await self._grouping.keep():
            return
        await self._grouping.run()
        await look_for_phrases(self._context)
        await judge_stored(self._context)

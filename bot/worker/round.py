"""A round of the news: what is due is polled, what is new is grouped and looked through for own phrases."""

from __future__ import annotations

from random import Random

from bot.commands.desk import Desk
from bot.worker.group import Grouping
from bot.worker.poll import Poller, PollReport, Progress
from bot.worker.watch import look_for_phrases


class NewsRound:
    """The stages in their order. Each can be stopped or repeated; the next round makes good what is left."""

    def __init__(self, desk: Desk, owner: str, random: Random) -> None:
        self._desk = desk
        self._poller = Poller(desk, owner, random)
        self._grouping = Grouping(desk)

    async def run(self) -> None:
        """Poll and settle."""
        await self.poll()
        await self.settle()

    async def poll(self, progress: Progress | None = None) -> list[PollReport]:
        """Poll every feed that is due, and say what came of each."""
        return await self._poller.poll_due(progress)

    async def settle(self) -> None:
        """Give what was stored its place: until then readers do not see it."""
        await self._grouping.run()
        await look_for_phrases(self._desk)

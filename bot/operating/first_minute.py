"""The first minute of the terminal: which publishers answer, and what is shown if none does."""

from __future__ import annotations

import asyncio

from bot.clock import PROCESS_STARTED
from bot.ingest.pipeline import IngestPipeline
from bot.ingest.poll import PollReport, Progress

#: Where no publisher has answered so many seconds after the process began, the prompt opens without them:
#: with drawing, the first page stands within six.
FIRST_ANSWER_SECONDS = 4.5
#: However long the start took, publishers have so many seconds to answer.
LEAST_SECONDS = 2.0
#: Where some have answered, the others are left to themselves after so many seconds without a further answer.
SILENCE_SECONDS = 3.0
#: The samples are made ready after this, so that they need not be waited for.
SAMPLES_AFTER_SECONDS = 1.0


def has_answered(report: PollReport) -> bool:
    """Whether a publisher answered at all, be it with an error."""
    return report.status is not None


class FirstPoll:
    """The first poll of the feeds that are due. It goes on behind the prompt where some are silent."""

    def __init__(self, news: IngestPipeline, progress: Progress) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._last_answer: float | None = None
        self._progress = progress
        self.reports: list[PollReport] = []
        #: Set at the first answer of a publisher.
        self.answered = asyncio.Event()
        self.task = asyncio.create_task(news.poll(self._told))

    def _told(self, done: int, total: int, report: PollReport) -> None:
        self.reports.append(report)
        if has_answered(report):
            self._last_answer = self._loop.time()
            self.answered.set()
        self._progress(done, total, report)

    async def settled(self, seconds: float | None = None) -> bool:
        """Return once nothing more is worth waiting for: whether the poll is over.

        At the latest after ``seconds`` without any answer, or when the prompt must open; with an answer,
        after a silence of all others.
        """
        opens = max(PROCESS_STARTED + FIRST_ANSWER_SECONDS, self._begun + LEAST_SECONDS)
        while not self.task.done():
            until = opens if seconds is None else self._begun + seconds
            if self._last_answer is not None:
                until = max(until, self._last_answer + SILENCE_SECONDS)
            left = until - self._loop.time()
            if left <= 0:
                return False
            await asyncio.wait({self.task}, timeout=left)
        self.task.result()
        return True

    async def stop(self) -> None:
        """Stop; what was read is stored."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

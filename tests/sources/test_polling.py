"""Official sources through the real poller: nothing twice, nothing missed, each fault named."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.commands.asking import ask
from bot.commands.spec import Asker
from bot.context import AppContext
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.domain.page import Request
from bot.feeds.catalog import FeedSource
from bot.feeds.fetch import FetchRequest, FetchResult
from bot.ingest.poll import PollReport
from bot.pages.codec import dump_page
from bot.sources import registry
from tests.sources.cases import CASES, CHALLENGE, NOW, Format
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, poll


class Archive(Newsstand):
    """Serves each source under its own address, whatever day is asked for."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        address = next((url for url in self.papers if request.url.startswith(url)), request.url)
        self.papers.setdefault(request.url, self.papers.get(address, 404))
        try:
            return await super().fetch(request)
        finally:
            if address != request.url:
                del self.papers[request.url]


@dataclass
class Told:
    """What came of one round of polls: each source's report, and what /sources said."""

    reports: Mapping[str, PollReport] = field(default_factory=dict)
    page: str = ""


@dataclass
class Month:
    """The rounds by name, and at the end every stored guid key with its source."""

    rounds: dict[str, Told] = field(default_factory=dict)
    stored: Counter[tuple[int, bytes]] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)


def _source(case: Format) -> FeedSource:
    return FeedSource(
        url=case.url,
        publisher=registry.SOURCES[case.kind].card.publisher,
        title=case.fixture,
        language="en",
        kind=case.kind,
        region="united_states",
    )


def _kept(session: Session) -> tuple[list[tuple[int, bytes]], list[str]]:
    kept = "select feed_id, guid_key, title from "
    rows = session.execute(text(f"{kept} article union all {kept} fingerprint")).all()
    return [(row.feed_id, row.guid_key) for row in rows], [row.title for row in rows]


async def _round(
    context: AppContext, stand: Archive, clock: FrozenClock, bodies: Mapping[str, bytes]
) -> Told:
    stand.papers.clear()
    stand.papers.update(bodies)
    clock.advance(days=2)  # every feed is due by then, whatever went wrong before
    reports = {report.feed.title: report for report in await poll(context)}
    page = await ask(context, Asker(user=TERMINAL_USER, view=TERMINAL, language="en"), Request("sources"))
    return Told(reports, dump_page(page))


async def _month(folder: Path) -> Month:
    clock, stand, month = FrozenClock(NOW), Archive(), Month()
    rounds = {
        "before": {case.url: case.fewer() for case in CASES},
        "normal": {case.url: case.body for case in CASES},
        "again": {case.url: case.body + b"\n" for case in CASES},
        "stale": {case.url: case.fewer() for case in CASES},
        "empty": {case.url: case.empty() for case in CASES},
        "challenge": {case.url: CHALLENGE for case in CASES},
        "changed": {case.url: case.changed()[0] for case in CASES},
        "after": {case.url: case.body for case in CASES},
    }
    async with context_in(folder, stand, clock, tuple(map(_source, CASES))) as context:
        for name, bodies in rounds.items():
            month.rounds[name] = await _round(context, stand, clock, bodies)
        kept, month.titles = await context.database.read(_kept)
        month.stored = Counter(kept)
    return month


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return asyncio.run(_month(tmp_path_factory.mktemp("sources")))


each_source = pytest.mark.parametrize("case", CASES, ids=str)


@each_source
def test_a_first_poll_and_a_new_document(month: Month, case: Format) -> None:
    assert month.rounds["before"].reports[case.fixture].fresh == case.items - 1
    assert month.rounds["normal"].reports[case.fixture].fresh == 1


@each_source
@pytest.mark.parametrize("name", ["again", "stale", "empty", "after"])
def test_a_day_asked_twice_and_a_stale_copy_bring_nothing(month: Month, case: Format, name: str) -> None:
    report = month.rounds[name].reports[case.fixture]
    assert (report.failure, report.fresh) == ("", 0)


@each_source
@pytest.mark.parametrize(
    ("name", "codes"), [("challenge", ("challenge_page", "html")), ("changed", ("changed_form",))]
)
def test_a_fault_is_told_and_named(month: Month, case: Format, name: str, codes: tuple[str, ...]) -> None:
    assert month.rounds[name].reports[case.fixture].failure in codes
    assert case.fixture in month.rounds[name].page
    assert case.fixture not in month.rounds["after"].page


def test_no_document_twice_and_none_missed(month: Month) -> None:
    assert set(month.stored.values()) == {1}
    assert len(month.stored) == sum(case.items for case in CASES)
    assert len(set(month.titles)) >= len({case.first for case in CASES})

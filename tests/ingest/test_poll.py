"""From a feed to what a reader sees: nothing lost, nothing twice, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.commands.asking import ask
from bot.commands.spec import Asker
from bot.context import AppContext
from bot.domain.articles import Judged
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.domain.page import Request
from bot.feeds.fetch import FetchRequest, FetchResult
from bot.feeds.hosts import HostGate, host_of
from bot.ingest.judge import judge_keyed
from bot.ingest.poll import Poller, PollReport
from bot.pages.codec import dump_page
from bot.store import articles, developments
from bot.stories.headlines import lead_article
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, paper, poll, source

TUNNEL = ("tunnel", "Border Patrol agents find tunnel under the border wall near Nogales")
TUNNEL_ES = ("tunel", "Agentes de la Patrulla Fronteriza hallan un túnel bajo el muro fronterizo en Nogales")
SHELTER = ("shelter", "Migrant shelters in Tijuana are full after U.S. returns asylum seekers to Mexico")
CHILE = ("chile", "New Mexico chile harvest begins with a festival in Hatch")
ONE, TWO, THREE = (source(1).url, source(2).url, source(3).url)


async def _latest(context: AppContext) -> list[str]:
    found = await context.database.read(developments.latest, TERMINAL, limit=20)
    return [lead_article(development, "en").title for development in found]


async def test_what_matters_is_stored_and_what_does_not_leaves_a_fingerprint(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, CHILE)
    async with context_in(tmp_path, stand, clock) as context:
        reports = {report.feed.url: report for report in await poll(context)}
        assert (reports[ONE].entries, reports[ONE].fresh, reports[ONE].matched) == (2, 2, 1)
        assert reports[TWO].failure == "connect"
        assert await _latest(context) == [TUNNEL[1]]
        trace = await context.database.read(articles.trace, "https://example.org/chile")
        assert trace is not None and trace.title == CHILE[1]


async def test_a_second_poll_stores_nothing_new(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, SHELTER, CHILE)
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        before = await _latest(context)
        clock.advance(days=2)
        stand.papers[ONE] = paper(clock.now(), SHELTER, TUNNEL, CHILE)  # same entries, another body
        reports = [report for report in await poll(context) if report.feed.url == ONE]
        assert [report.fresh for report in reports] == [0]
        assert sorted(await _latest(context)) == sorted(before)


async def test_one_event_in_two_languages_is_one_development(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, site="https://one.example.org")
    stand.papers[THREE] = paper(clock.now(), TUNNEL_ES, site="https://tres.example.org")
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        found = await context.database.read(developments.latest, TERMINAL)
        assert len(found) == 1
        assert found[0].languages in (("en", "es"), ("es", "en"))
        assert lead_article(found[0], "es").title == TUNNEL_ES[1]


async def test_a_fault_while_storing_fetches_again_and_loses_nothing(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(tmp_path, stand, clock, (source(1),)) as context:
        await context.database.write(
            _run,
            "CREATE TRIGGER fault BEFORE INSERT ON sighting BEGIN SELECT RAISE(ABORT, 'disk gone'); END",
        )
        assert [report.failure for report in await poll(context)] == ["fault"]
        await context.database.write(_run, "DROP TRIGGER fault")
        assert await _latest(context) == []
        clock.advance(minutes=11)  # the claim of the poll that failed has run out
        await poll(context)
        assert await _latest(context) == [TUNNEL[1]]
        assert [request.etag for request in stand.asked] == [None, None]


def _run(session: Session, statement: str) -> None:
    session.execute(text(statement))


async def test_a_crash_before_grouping_is_made_good_by_the_next_run(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, SHELTER)
    async with context_in(tmp_path, stand, clock) as context:
        await Poller(context, "test", Random(1), HostGate(clock, spacing=timedelta(0))).poll_due()
        assert await _latest(context) == [], "an article is shown once it is grouped"
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        assert sorted(await _latest(context)) == sorted([TUNNEL[1], SHELTER[1]])


async def test_the_same_story_goes_on_after_a_restart(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, site="https://one.example.org")
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
    clock.advance(hours=25)
    stand.papers[TWO] = paper(clock.now(), TUNNEL, site="https://two.example.org")
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        found = await context.database.read(developments.latest, TERMINAL)
        assert [development.publishers for development in found] == [("Paper 2", "Paper 1")]


class Slow(Newsstand):
    """A newsstand where one paper does not come until it is let go, and that watches how hosts are asked."""

    def __init__(self, hanging: str = "") -> None:
        super().__init__()
        self.hanging = hanging
        self.close_quietly = asyncio.Event()
        self.busy: Counter[str] = Counter()
        self.most_at_once = 0

    async def fetch(self, request: FetchRequest) -> FetchResult:
        host = host_of(request.url)
        self.busy[host] += 1
        self.most_at_once = max(self.most_at_once, self.busy[host])
        await (self.close_quietly.wait() if request.url == self.hanging else asyncio.sleep(0))
        self.busy[host] -= 1
        return await super().fetch(request)


async def test_a_feed_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Slow(hanging=ONE)
    sources = tuple(source(number) for number in range(1, 231))
    polled: list[str] = []

    def told(done: int, total: int, report: PollReport) -> None:
        polled.append(report.feed.url)
        if done == total - 1:
            stand.close_quietly.set()

    async with context_in(tmp_path, stand, clock, sources) as context, asyncio.timeout(60):
        await Poller(context, "test", Random(1), HostGate(clock, spacing=timedelta(0))).poll_due(told)
    assert polled[-1] == ONE
    assert sorted(polled) == sorted(one.url for one in sources)


async def test_every_feed_of_a_host_has_its_turn_whatever_else_is_due(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Slow()
    sections = tuple(replace(source(1), url=f"https://big.example.org/{number}") for number in range(9))
    sources = (*sections, *(source(number) for number in range(1, 131)))
    async with context_in(tmp_path, stand, clock, sources) as context:
        reports = await Poller(context, "test", Random(1), HostGate(clock, spacing=timedelta(0))).poll_due()
    assert sorted(report.feed.url for report in reports) == sorted(one.url for one in sources)
    assert stand.most_at_once == 1


async def test_failures_are_kept_and_told_but_never_end_the_polling(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = 500
    async with context_in(tmp_path, stand, clock, (source(1),)) as context:
        for _ in range(6):
            await poll(context)
            clock.advance(days=1, minutes=5)
        asker = Asker(user=TERMINAL_USER, view=TERMINAL, language="es")
        told = dump_page(await ask(context, asker, Request("sources")))
        assert "HTTP 500" in told and "no se puede" in told
        asked = len(stand.asked)
        clock.advance(days=31)
        await poll(context)
        assert len(stand.asked) > asked, "a failing feed is probed ever more rarely, but never dropped"


async def test_entries_of_long_ago_and_of_tomorrow_do_not_pin_the_list(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    future = paper(clock.now() + timedelta(days=400), TUNNEL, site="https://one.example.org")
    stand.papers[ONE] = future
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        found = await context.database.read(developments.latest, TERMINAL)
        assert found[0].last_at <= clock.now()


async def test_an_entry_that_is_known_and_unchanged_is_not_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def noted(*given: Any) -> list[Judged]:
        found = judge_keyed(*given)
        judged.extend(one.entry.title for one in found)
        return found

    monkeypatch.setattr("bot.ingest.poll.judge_keyed", noted)
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, CHILE)
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        assert sorted(judged) == sorted([TUNNEL[1], CHILE[1]])
        judged.clear()
        clock.advance(days=2)
        stand.papers[ONE] = paper(clock.now(), SHELTER, TUNNEL, CHILE)
        await poll(context)
        assert judged == [SHELTER[1]]

"""Articles that name policies: the newest of one, and the steps that they may tell of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.spec import Asker
from bot.domain.articles import NamedPolicy
from bot.domain.audience import Member
from bot.publishing.composer import ComposedDigest, DigestOrder, compose, gather
from bot.store import policies
from tests.pages.making import words
from tests.support.context import Room, reader, room


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def bring(here: Room, title: str, ago: float, proposes: str | None = None) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(
        alpha,
        title,
        ago=timedelta(hours=ago),
        policies=(NamedPolicy("remain_in_mexico", proposes),),
    )


async def test_a_policys_page_shows_the_newest_reports_that_name_it(here: Room) -> None:
    for hours in (30, 2, 9, 20):
        bring(here, f"Remain in Mexico returns {hours} asylum seekers to Tijuana", hours)
    here.group()
    lines = words(await here.ask("/policy remain_in_mexico")).splitlines()
    told = [line for line in lines if "returns" in line and "asylum seekers to Tijuana" in line]
    assert ["2 asylum" in told[0], "9 asylum" in told[1], "20 asylum" in told[2], len(told)] == [
        True,
        True,
        True,
        3,
    ]
    assert "No report that is stored here names it." in words(await here.ask("/policy title_42"))


async def test_an_operator_confirms_or_rejects_a_proposed_step(here: Room) -> None:
    bring(here, "Judge blocks Remain in Mexico for migrants", 3, "enjoined")
    bring(here, "Remain in Mexico ends for migrants", 2, "ended")
    here.group()
    operator = reader_as_operator()
    page = await here.ask("/record review", operator)
    ended, blocked = page.choices[0].options
    assert "is blocked" in words(page) and "ends" in words(page)
    before = here.context.record.policy("remain_in_mexico").status
    page = await here.ask(f"/record review confirm:{blocked.value}", operator)
    page = await here.ask(f"/record review reject:{ended.value}", operator)
    assert page.choices == ()
    text = words(await here.ask("/policy remain_in_mexico"))
    told = text.index("Told by reports, not yet in the record")
    assert "Judge blocks Remain in Mexico" in text[told:]
    assert here.context.record.policy("remain_in_mexico").status == before


async def test_others_cannot_review_and_an_unknown_step_is_refused(here: Room) -> None:
    page = await here.ask("/record review", reader(admin=True))
    assert "Only operators of this bot can use /record review" in words(page)
    page = await here.ask("/record review confirm:99:remain_in_mexico", reader_as_operator())
    assert "There is no such step to decide on." in words(page)


def test_what_is_decided_on_twice_keeps_the_last_word(here: Room) -> None:
    bring(here, "Judge blocks Remain in Mexico for migrants", 3, "enjoined")
    (one,) = here.database.read_sync(policies.proposed, 5)
    for decision in (policies.CONFIRMED, policies.REJECTED):
        assert here.database.write_sync(
            policies.decide, one.article.id, one.policy, decision, Member(7), now=here.clock.now()
        )
    assert here.database.read_sync(policies.proposed, 5) == []
    assert here.database.read_sync(policies.confirmed, "remain_in_mexico", 5) == []


def reader_as_operator() -> Asker:
    return replace(reader(admin=True), operator=True)


@pytest.mark.parametrize(
    ("language", "heading", "act"),
    [("en", "A step may follow", "is blocked"), ("es", "Podría seguir un paso", "bloque")],
)
async def test_a_digest_tells_a_proposed_step_once(here: Room, language: str, heading: str, act: str) -> None:
    now = here.clock.now()
    bring(here, "Judge blocks Remain in Mexico for migrants", 3, "enjoined")
    bring(here, "Remain in Mexico: what the ruling of the judge means", 2)
    here.group()
    here.clock.advance(hours=24)
    bring(here, "Ruling against Remain in Mexico stops returns of migrants", 1, "enjoined")
    here.group()

    async def digest(since: timedelta, *concerns: str) -> ComposedDigest:
        order = DigestOrder(
            reader().view, concerns, language, now.date(), now + since, now + since + timedelta(hours=24)
        )
        material = await here.database.read(gather, order.view, order.since, order.until)
        return compose(here.context.brief, here.context.record, order, material)

    first = words((await digest(timedelta(hours=-12))).page)
    assert heading in first and act in first[first.index(heading) :]
    assert "Judge blocks Remain in Mexico" in first[first.index(heading) :]
    # The next day another outlet reports the same step.
    assert heading not in words((await digest(timedelta(hours=12))).page)
    assert heading not in words((await digest(timedelta(hours=-12), "trade_leverage")).page)


@pytest.mark.parametrize(
    ("decision", "told"), [(None, False), (policies.CONFIRMED, False), (policies.REJECTED, True)]
)
def test_a_step_rejected_before_does_not_hide_a_later_one(
    here: Room, decision: str | None, told: bool
) -> None:
    bring(here, "Judge blocks Remain in Mexico for migrants", 3, "enjoined")
    (one,) = here.database.read_sync(policies.proposed, 5)
    if decision:
        here.database.write_sync(
            policies.decide, one.article.id, one.policy, decision, Member(7), now=here.clock.now()
        )
    since = here.clock.now()
    here.clock.advance(hours=24)
    bring(here, "Appeals court blocks Remain in Mexico again", 1, "enjoined")
    found = here.database.read_sync(policies.first_proposed, reader().view, since, here.clock.now())
    assert bool(found) == told

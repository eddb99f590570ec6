"""Articles that name policies: the newest of one, and the steps that they may tell of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.spec import Asker
from bot.domain.articles import NamedPolicy
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
        assert here.database.write_sync(policies.decide, one.article.id, one.policy, decision, 7)
    assert here.database.read_sync(policies.proposed, 5) == []
    assert here.database.read_sync(policies.confirmed, "remain_in_mexico", 5) == []


def reader_as_operator() -> Asker:
    return replace(reader(admin=True), operator=True)

"""How much of other people's documents is held at one time."""

from __future__ import annotations

import asyncio

import pytest

from bot.feeds.budget import FREE, LARGE, BodyBudget


async def test_one_large_body_at_a_time_and_small_ones_beside_it() -> None:
    budget = BodyBudget()
    async with budget.share() as first, budget.share() as second, budget.share() as third:
        await first.grow(LARGE + 1)
        await first.grow(2 * LARGE)
        waiting = asyncio.create_task(second.grow(LARGE + 1))
        await third.grow(FREE + 1)
        await asyncio.sleep(0)
        assert not waiting.done()
        await first.__aexit__(None, None, None)
        await waiting


async def test_who_waits_for_a_large_place_holds_no_other() -> None:
    budget = BodyBudget(places=1)
    async with budget.share() as large, budget.share() as grown, budget.share() as ordinary:
        await large.grow(LARGE + 1)
        await grown.grow(FREE + 1)
        waiting = asyncio.create_task(grown.grow(LARGE + 1))
        async with asyncio.timeout(1):
            await ordinary.grow(FREE + 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_a_deadline_stands_still_while_a_body_waits_for_room() -> None:
    budget = BodyBudget()
    async with budget.share() as first, budget.share() as second:
        await first.grow(LARGE + 1)
        asyncio.get_running_loop().call_later(0.1, first._release)
        async with asyncio.timeout(0.05) as deadline:
            with second.within(deadline):
                await second.grow(LARGE + 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01) as deadline:
                with second.within(deadline):
                    await asyncio.sleep(1)


async def test_an_interrupted_poll_gives_its_place_back() -> None:
    budget = BodyBudget()
    with pytest.raises(ValueError, match="stop"):
        async with budget.share() as share:
            await share.grow(LARGE + 1)
            raise ValueError("stop")
    async with budget.share() as share, asyncio.timeout(1):
        await share.grow(LARGE + 1)


async def test_large_bodies_that_wait_hold_up_no_ordinary_feed() -> None:
    """As many as there are slots wait for the one large place; a small feed is read beside them."""
    budget, slots = BodyBudget(), asyncio.Semaphore(3)

    async def large() -> None:
        async with budget.share() as share, share.slot(slots):
            await share.grow(LARGE + 1)
            await asyncio.sleep(3600)

    waiting = [asyncio.create_task(large()) for _ in range(10)]
    await asyncio.sleep(0)
    async with budget.share() as ordinary, asyncio.timeout(1), ordinary.slot(slots):
        await ordinary.grow(FREE + 1)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    async with asyncio.timeout(1):
        for _ in range(3):
            await slots.acquire()
    assert slots.locked(), "each slot was given back once"


async def test_only_so_many_waiting_bodies_give_their_slot_up() -> None:
    budget, slots = BodyBudget(waiting=2), asyncio.Semaphore(3)
    done: list[int] = []

    async def large(number: int) -> None:
        async with budget.share() as share, share.slot(slots):
            await share.grow(LARGE + 1)
            await asyncio.sleep(0)
            done.append(number)

    async with asyncio.timeout(5):
        await asyncio.gather(*map(large, range(20)))
    assert sorted(done) == list(range(20)), "nobody waits for one who waits for them"

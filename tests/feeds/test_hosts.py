from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.feeds.hosts import HostGate, host_of, in_turn
from tests.support.clock import FrozenClock

Item = tuple[str, int]


def host(item: Item) -> str:
    return item[0]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Diario.example.mx:8080/rss", "diario.example.mx"),
        ("https://diario.example.mx./rss", "diario.example.mx"),
        ("http://[::1]/", "::1"),
        ("http://[::1", ""),
        ("nonsense", ""),
    ],
)
def test_which_host_an_address_burdens(url: str, name: str) -> None:
    assert host_of(url) == name


async def test_hosts_go_side_by_side_and_one_hosts_feeds_in_order() -> None:
    clock = FrozenClock()
    running: set[str] = set()
    order: list[Item] = []

    async def work(item: Item) -> None:
        assert host(item) not in running
        running.add(host(item))
        await asyncio.sleep(0)
        order.append(item)
        running.discard(host(item))

    items = [(name, number) for name in "ab" for number in range(3)]
    assert await in_turn(items, host, work, HostGate(clock)) == []
    assert sorted(order) == items
    assert [item for item in order if host(item) == "a"] == [("a", 0), ("a", 1), ("a", 2)]
    assert all(0 < pause <= 5 for pause in clock.slept)


async def test_concurrency_is_bounded() -> None:
    running = most = 0

    async def work(item: Item) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    await in_turn([(str(n), n) for n in range(30)], host, work, HostGate(FrozenClock()), concurrency=4)
    assert most == 4


async def test_a_host_that_wants_quiet_gets_it_and_the_rest_is_handed_back() -> None:
    clock = FrozenClock()
    gate = HostGate(clock)
    done: list[Item] = []

    async def work(item: Item) -> datetime | None:
        done.append(item)
        return clock.now() + timedelta(hours=4) if item == ("a", 1) else None

    items = [(name, number) for name in "ab" for number in range(4)]
    left = await in_turn(items, host, work, gate)
    assert left == [("a", 2), ("a", 3)]
    assert len(done) == 6
    assert gate.held_until("a") is not None and gate.held_until("b") is None
    gate.hold("a", clock.now())  # a shorter hold does not end a longer one
    assert gate.held_until("a") is not None
    clock.advance(hours=5)
    assert gate.held_until("a") is None


async def test_an_error_stops_all_and_is_raised_as_it_is() -> None:
    async def work(item: Item) -> None:
        raise LookupError(item)

    with pytest.raises(LookupError):
        await in_turn([("a", 1), ("b", 2)], host, work, HostGate(FrozenClock()))

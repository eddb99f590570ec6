"""Grouping is done by one process at a time, whoever is killed or slow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.desk import Desk
from bot.store import articles, leases
from bot.stories.document import Placement
from bot.worker import group
from bot.worker.group import Grouping, LeaseLost
from tests.support.desk import room

HEADLINE = "Border Patrol agents find tunnel under the border wall near Nogales"


async def stories(desk: Desk) -> list[int]:
    since = desk.clock.now() - timedelta(days=9)
    return [story for _, story in await desk.database.read(articles.window, since)]


async def test_two_that_take_turns_see_what_the_other_did(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        alpha, beta = made.follow("Alpha", "Beta")
        one, other = Grouping(made.desk), Grouping(made.desk)
        for turn, feed in enumerate((alpha, beta, alpha, beta)):
            made.bring(feed, f"{HEADLINE}: part {turn}")
            assert await (one, other)[turn % 2].run() == 1
        assert len(set(await stories(made.desk))) == 1, "each knew the story that the other began"


async def test_whoever_was_killed_holds_the_others_up_for_half_a_minute(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        made.database.write_sync(leases.take, group.LEASE, "the dead", now=made.clock.now(), ttl=group.TTL)
        assert await Grouping(made.desk).run() == 1
        assert sum(made.clock.slept) == 30


async def test_while_another_is_at_it_nothing_is_done(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        long = timedelta(minutes=5)
        made.database.write_sync(leases.take, group.LEASE, "the busy", now=made.clock.now(), ttl=long)
        assert await Grouping(made.desk).run() == 0
        made.clock.advance(minutes=6)
        assert await Grouping(made.desk).run() == 1


async def test_a_holder_that_slept_too_long_stores_nothing(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        (waiting,) = made.database.read_sync(articles.ungrouped)
        late = [(waiting.id, Placement(None, "new"))]
        now = made.clock.now()
        made.database.write_sync(leases.take, group.LEASE, "the slow", now=now, ttl=group.TTL)
        later = now + timedelta(seconds=40)
        made.database.write_sync(leases.take, group.LEASE, "the quick", now=later, ttl=group.TTL)
        with pytest.raises(LeaseLost):
            made.database.write_sync(group._place_held, late, "the slow", now=later)
        assert await stories(made.desk) == []
        made.database.write_sync(group._place_held, late, "the quick", now=later)
        assert len(await stories(made.desk)) == 1

"""Grouping is done by one process at a time, whoever is killed or slow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete
from structlog.testing import capture_logs

from bot.context import AppContext
from bot.domain.audience import Member
from bot.ingest import group
from bot.ingest.group import Decided, Grouping, LeaseLost
from bot.ingest.pipeline import IngestPipeline
from bot.store import articles, leases, story_overrides
from bot.store import tables as t
from bot.stories.document import Placement
from tests.support.context import room

HEADLINE = "Border Patrol agents find tunnel under the border wall near Nogales"


async def stories(context: AppContext) -> list[int]:
    since = context.clock.now() - timedelta(days=9)
    return [story for _, story in await context.database.read(articles.window, since)]


async def test_two_that_take_turns_see_what_the_other_did(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        alpha, beta = made.follow("Alpha", "Beta")
        one, other = Grouping(made.context), Grouping(made.context)
        for turn, feed in enumerate((alpha, beta, alpha, beta)):
            made.bring(feed, f"{HEADLINE}: part {turn}")
            assert await (one, other)[turn % 2].run() == 1
        assert len(set(await stories(made.context))) == 1, "each knew the story that the other began"


async def test_who_takes_over_again_knows_the_stories_that_were_begun_meanwhile(tmp_path: Path) -> None:
    wire = "Texas National Guard lays razor wire along the Rio Grande at Eagle Pass"
    with room(tmp_path) as made:
        alpha, beta = made.follow("Alpha", "Beta")
        one, other = Grouping(made.context), Grouping(made.context)
        for worker, feed, title in ((one, alpha, HEADLINE), (other, alpha, wire), (one, beta, wire)):
            made.bring(feed, title)
            assert await worker.run() == 1
        assert sorted(map(len, (await of(made.context)).values())) == [1, 2]


async def test_whoever_was_killed_holds_the_others_up_for_half_a_minute(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        made.database.write_sync(leases.take, group.LEASE, "the dead", now=made.clock.now(), ttl=group.TTL)
        assert await Grouping(made.context).run() == 1
        assert sum(made.clock.slept) == 30


async def test_while_another_is_at_it_nothing_is_done(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        renewed = made.clock.now() + group.TTL
        made.database.write_sync(leases.take, group.LEASE, "the busy", now=renewed, ttl=group.TTL)
        assert await Grouping(made.context).run() == 0
        made.clock.advance(minutes=6)
        assert await Grouping(made.context).run() == 1


async def test_of_several_workers_one_keeps_grouping_until_it_is_gone(tmp_path: Path) -> None:
    """It has the window in its memory; the others do not wait for it, and go on once it gives no sign."""
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        one, other = (IngestPipeline(made.context, name, Random()) for name in ("one", "other"))
        with capture_logs() as said:
            for turn in range(3):
                made.bring(alpha, f"{HEADLINE}: part {turn}")
                for worker in (one, other):
                    await worker.settle(shared=True)
                assert not await made.context.database.read(articles.ungrouped)
                made.clock.advance(seconds=5)
            made.bring(alpha, f"{HEADLINE}: the last part")
            await other.settle(shared=True)
            assert await made.context.database.read(articles.ungrouped)
            made.clock.advance(seconds=group.TTL.total_seconds())
            await other.settle(shared=True)
            assert not await made.context.database.read(articles.ungrouped)
            await one.settle(shared=True)
        assert [entry["event"] for entry in said].count("window_loaded") == 2
        assert len(set(await stories(made.context))) == 1 and made.clock.slept == []


async def test_who_waits_for_another_that_does_it_all_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, HEADLINE)
        busy, waiting = Grouping(made.context), Grouping(made.context)
        assert await busy.keep()
        placed: list[int] = []

        async def sleep(_: float) -> None:
            placed.append(await busy.run())

        monkeypatch.setattr(made.clock, "sleep", sleep)
        assert await waiting.run() == 0 and placed == [1]


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
            made.database.write_sync(group._place_held, late, "the slow", 0, now=later)
        assert await stories(made.context) == []
        made.database.write_sync(group._place_held, late, "the quick", 0, now=later)
        assert len(await stories(made.context)) == 1


async def of(context: AppContext) -> dict[int, set[int]]:
    """The articles of each story."""
    found: dict[int, set[int]] = {}
    since = context.clock.now() - timedelta(days=9)
    for document, story in await context.database.read(articles.window, since):
        found.setdefault(story, set()).add(document.id)
    return found


async def test_what_an_operator_split_stays_apart_when_more_comes(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        alpha, beta = made.follow("Alpha", "Beta")
        grouping = Grouping(made.context)
        for turn in range(4):
            made.bring((alpha, beta)[turn % 2], f"{HEADLINE}: part {turn}")
        await grouping.run()
        ((story, ids),) = (await of(made.context)).items()
        moved = sorted(ids)[2:]
        now = made.clock.now()
        new = await made.database.write(story_overrides.split_story, story, moved, by=Member(1), now=now)
        for worker in (grouping, Grouping(made.context)):
            made.bring(alpha, f"{HEADLINE}: part {len(ids)}")
            assert await worker.run() == 1
            known = await of(made.context)
            assert set(known) == {story, new}, "the newcomer joined one of them and did not make them one"
            assert set(moved) <= known[new] and ids - set(moved) <= known[story]


async def test_a_split_holds_for_longer_than_its_articles_are_remembered(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        for turn in range(4):
            made.bring(alpha, f"{HEADLINE}: part {turn}")
        grouping = Grouping(made.context)
        await grouping.run()
        ((story, ids),) = (await of(made.context)).items()
        now, moved = made.clock.now(), sorted(ids)[2:]
        new = await made.database.write(story_overrides.split_story, story, moved, by=Member(1), now=now)
        made.clock.advance(days=7)
        placements = []
        for turn in range(4, 8):  # both go on
            made.bring(alpha, f"{HEADLINE}: part {turn}")
            (waiting,) = made.database.read_sync(articles.ungrouped)
            placements = [(waiting.id, Placement((story, new)[turn % 2], "same_event"))]
            made.database.write_sync(articles.place, placements, now=made.clock.now())
        made.clock.advance(days=5)
        assert await made.database.read(story_overrides.apart) == ((story, new),)
        for worker in (Grouping(made.context), Grouping(made.context)):
            made.bring(alpha, f"{HEADLINE}: part {len(await of(made.context))}")
            await worker.run()
            assert set(await of(made.context)) == {story, new}


async def test_without_the_pins_the_halves_would_become_one_again(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        for turn in range(4):
            made.bring(alpha, f"{HEADLINE}: part {turn}")
        await Grouping(made.context).run()
        ((story, ids),) = (await of(made.context)).items()
        now, moved = made.clock.now(), sorted(ids)[2:]
        await made.database.write(story_overrides.split_story, story, moved, by=Member(1), now=now)
        await made.database.write(lambda session: session.execute(delete(t.pin)))
        made.bring(alpha, f"{HEADLINE}: part 4")
        await Grouping(made.context).run()
        assert len(await of(made.context)) == 1


async def test_grouping_follows_a_merge(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        grouping = Grouping(made.context)
        made.bring(alpha, HEADLINE)
        made.bring(alpha, "Senate debates tariffs on Mexican steel and cross-border trade with Mexico")
        await grouping.run()
        one, other = sorted(await of(made.context))
        now = made.clock.now()
        await made.database.write(story_overrides.merge_stories, one, other, by=Member(1), now=now)
        made.bring(alpha, "Senate debates tariffs on Mexican steel and cross-border trade with Mexico again")
        assert await grouping.run() == 1
        assert [len(ids) for ids in (await of(made.context)).values()] == [3]
        assert set(await of(made.context)) == {one}


async def test_a_batch_made_before_a_decision_is_made_again(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        for turn in range(2):
            made.bring(alpha, f"{HEADLINE}: part {turn}")
        grouping = Grouping(made.context)
        await grouping.run()
        ((story, ids),) = (await of(made.context)).items()
        now = made.clock.now()
        made.database.write_sync(leases.take, group.LEASE, grouping._name, now=now, ttl=group.TTL)
        made.database.write_sync(story_overrides.split_story, story, [max(ids)], by=Member(1), now=now)
        made.bring(alpha, f"{HEADLINE}: part 3")
        (waiting,) = made.database.read_sync(articles.ungrouped)
        stale = [(waiting.id, Placement(story, "same_event"))]
        with pytest.raises(Decided):
            made.database.write_sync(group._place_held, stale, grouping._name, 0, now=now)
        assert await grouping.run() == 1
        assert len(await of(made.context)) == 2

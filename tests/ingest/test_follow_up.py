"""An entry that is not relevant by itself is taken up where it surely goes on with a story."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.context import AppContext
from bot.domain.articles import Article
from bot.domain.feeds import Feed
from bot.domain.match import FOLLOWS, Match
from bot.ingest.group import Grouping
from bot.locale import translator
from bot.pages.why import why_page
from bot.pages.whynot import VERDICTS
from bot.store import rejudge
from tests.pages.making import words
from tests.support.context import Room, room

ATTACK = ("Gunmen of a cartel attack the Quimby cockfight in Cuautla, six dead", "The attack was in Morelos.")
LATER = ("Eight dead now in the attack on the Quimby cockfight", "Two of the wounded died.")
CAKE = ("Baker wins prize for Quimby cake", "It has eight layers.")


async def stored(context: AppContext) -> dict[str, Article]:
    return {one.title: one for one in await context.database.read(rejudge.articles_after, 0, 100)}


def brought(made: Room, *feeds: Feed, ago: timedelta = timedelta(0)) -> None:
    made.bring(feeds[0], *ATTACK)
    made.bring(feeds[-1], *LATER, ago=ago)
    made.bring(feeds[-1], *CAKE)


async def test_what_goes_on_with_a_story_is_taken_up_with_its_reason(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        brought(made, *made.follow("Alpha", "Beta"), ago=timedelta(hours=3))
        assert await Grouping(made.context).run() == 2
        found = await stored(made.context)
        assert set(found) == {ATTACK[0], LATER[0]}
        first, later = found[ATTACK[0]], found[LATER[0]]
        assert later.story_id == first.story_id is not None
        assert later.topics == first.topics
        assert (later.match.reason, bool(later.match.overruled)) == (FOLLOWS, True)
        assert later.published_at == made.clock.now() - timedelta(hours=3), "as the feed says it"


async def test_each_entry_is_looked_at_once(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        (alpha,) = made.follow("Alpha")
        made.bring(alpha, *CAKE)
        grouping = Grouping(made.context)
        assert await grouping.run() == 0
        assert not await grouping._waits()
        made.bring(alpha, *ATTACK)
        made.bring(alpha, *LATER)
        assert await grouping.run() == 2


async def test_an_old_entry_that_a_feed_lists_is_not_taken_up(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        brought(made, *made.follow("Alpha", "Beta"), ago=timedelta(days=8))
        assert await Grouping(made.context).run() == 1
        assert set(await stored(made.context)) == {ATTACK[0]}


async def test_what_another_subject_put_out_stays_out(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        alpha, beta = made.follow("Alpha", "Beta")
        made.bring(alpha, *ATTACK)
        for reason in ("masked", "elsewhere", "other_subject", "exception"):
            made.bring(beta, *LATER, match=Match((), reason, 0.0))
        assert await Grouping(made.context).run() == 1


async def test_why_says_that_it_follows_and_what_it_would_be_by_itself(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        brought(made, *made.follow("Alpha", "Beta"))
        await Grouping(made.context).run()
        later = (await stored(made.context))[LATER[0]]
        page = why_page(
            translator("en"), made.context.brief, made.context.matcher.taxonomy, later, later.evidence
        )
        said = words(page)
        assert "goes on with the story" in said
        assert f"By itself it would not be here: {VERDICTS[later.match.overruled]}" in said


async def test_rules_that_change_leave_it(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        brought(made, *made.follow("Alpha", "Beta"))
        await Grouping(made.context).run()
        found = list((await stored(made.context)).values())
        kept = await made.context.database.read(rejudge.protected, found)
        assert {one.title for one in found if one.id in kept} >= {LATER[0]}

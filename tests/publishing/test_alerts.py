"""Alerts: once, in batches, not at night, not too many, and counted as told only when posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.commands.spec import Asker
from bot.domain.articles import NamedPolicy
from bot.domain.audience import TERMINAL, TERMINAL_USER, DirectMessage, Member, Server
from bot.domain.digests import OutboxMessage
from bot.domain.schedule import ALERT_INTERVAL
from bot.ingest.group import Grouping
from bot.pages.codec import load_page
from bot.publishing.alert_rules import MOST_A_DAY
from bot.publishing.alerts import AlertPlanner
from bot.store import articles, developments, follows, guilds, outbox, policies, readers, stories
from bot.store import tables as t
from bot.stories.document import Placement
from tests.pages.making import words
from tests.support.audience import spot
from tests.support.context import GUILD, Room, reader, room

ME = Member(5)
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41)
TITLES = [
    "Border Patrol finds drug tunnel from Mexico to San Diego under the border wall",
    "Texas National Guard lays razor wire along the Rio Grande at Eagle Pass",
    "CBP closes the border bridge at Nogales after a shooting",
]


@pytest.fixture
def here(tmp_path: Path):
    with room(tmp_path) as opened:  # Monday, 15:00 UTC: 09:00 in Mexico City
        yield opened


def news(here: Room, title: str = TITLES[0], summary: str = "") -> int:
    feed = here.follow("Desk")[0]
    here.bring(feed, title, summary)
    here.clock.advance(seconds=1)
    (story,) = here.group()
    return story


def claim(here: Room, *, terminal: bool = False) -> list[OutboxMessage]:
    return here.database.write_sync(
        outbox.claim, now=here.clock.now(), owner="t", lease=timedelta(minutes=1), limit=50, terminal=terminal
    )


def sent(here: Room) -> list[OutboxMessage]:
    found = claim(here)
    for message in found:
        here.database.write_sync(outbox.mark_sent, message.id, owner="t", now=here.clock.now(), message_id=1)
    return found


async def test_a_follower_is_told_once_by_direct_message(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    story = news(here)
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 1
    (message,) = sent(here)
    assert message.to == DirectMessage(5)
    assert TITLES[0] in str(load_page(message.body).blocks)
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await alerts.plan() == 0
    assert here.database.read_sync(follows.read_marks, [ME], [story]) == {ME: {story: {story: 1}}}


async def test_what_was_not_posted_does_not_count_as_told(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    story = news(here)
    await AlertPlanner(here.context).plan()
    (message,) = claim(here)
    here.database.write_sync(
        outbox.mark_failed, message.id, owner="t", now=here.clock.now(), error="forbidden"
    )
    assert here.database.read_sync(follows.read_marks, [ME], [story]) == {}


async def test_what_a_reader_saw_with_new_is_not_told_again(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    story = news(here)
    here.database.write_sync(readers.mark_read, ME, [(story, 1)], here.clock.now())
    assert await AlertPlanner(here.context).plan() == 0


async def test_what_comes_together_is_one_message_and_the_next_waits_for_its_interval(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    news(here, TITLES[0])
    news(here, TITLES[1])
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 1
    news(here, TITLES[2])
    assert await alerts.plan() == 0
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await alerts.plan() == 1
    first, second = sent(here)
    assert TITLES[0] in first.body and TITLES[1] in first.body and TITLES[2] in second.body


async def test_the_night_waits_for_the_morning_and_nothing_is_lost(here: Room) -> None:
    await here.ask("/follow concern:border_security zone:America/Mexico_City", reader())
    here.clock.advance(hours=13, minutes=30)  # 22:30
    news(here, TITLES[0])
    alerts = AlertPlanner(here.context)
    for _ in range(16):
        assert await alerts.plan() == 0
        here.clock.advance(minutes=30)
    news(here, TITLES[1])
    here.clock.advance(minutes=45)
    assert await alerts.plan() == 1
    (message,) = sent(here)
    assert TITLES[0] in message.body and TITLES[1] in message.body


async def test_ten_a_day_and_the_rest_comes_the_next(here: Room) -> None:
    await here.ask("/follow phrase:tunnel zone:America/Mexico_City", reader())
    alerts, count = AlertPlanner(here.context), 0
    for number in range(MOST_A_DAY + 3):
        news(here, f"{TITLES[0]}, number {number}")
        count += await alerts.plan()
        sent(here)
        here.clock.advance(minutes=30)
    assert count == MOST_A_DAY
    here.clock.advance(hours=24 - (MOST_A_DAY + 2) // 2)
    assert await alerts.plan() == 1


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        ("en", "New: 12 dead (before: 3), Marina Avila Robles, the figure 300"),
        ("es", "Nuevo: 12 muertos (antes: 3), Marina Avila Robles, la cifra 300"),
    ],
)
async def test_a_followed_story_is_told_at_each_new_fact(here: Room, language: str, facts: str) -> None:
    (feed,) = here.follow("Desk")
    tunnel = "Border Patrol finds drug tunnel from Mexico to San Diego under the border wall"
    grouping, alerts = Grouping(here.context), AlertPlanner(here.context)
    here.bring(feed, f"{tunnel}, 3 dead")
    await grouping.run()
    here.clock.advance(minutes=1)
    (story,) = here.database.read_sync(developments.latest, Server(GUILD))
    await here.ask(f"/follow story:{story.story_id}", reader(language))
    assert await alerts.plan() == 0
    here.clock.advance(minutes=20)
    here.bring(feed, f"{tunnel}, 12 dead, says commander Marina Avila Robles; it is 300 metres long")
    await grouping.run()
    assert await alerts.plan() == 1
    (message,) = sent(here)
    assert facts in words(load_page(message.body))


async def test_what_is_committed_after_the_alert_comes_with_the_next(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    (feed,) = here.follow("Desk")
    alerts = AlertPlanner(here.context)
    here.clock.advance(minutes=1)
    news(here, TITLES[0])
    here.bring(feed, TITLES[1])
    stamped = here.clock.now()
    here.clock.advance(seconds=2)
    assert await alerts.plan() == 1
    (late,) = here.database.read_sync(articles.ungrouped)
    here.database.write_sync(articles.place, [(late.id, Placement(None, "new"))], now=stamped)
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await alerts.plan() == 1
    first, second = sent(here)
    assert TITLES[0] in first.body and TITLES[1] not in first.body
    assert TITLES[1] in second.body and TITLES[0] not in second.body


async def test_what_is_committed_after_the_follow_is_told(here: Room) -> None:
    (feed,) = here.follow("Desk")
    here.bring(feed, TITLES[0])
    stamped = here.clock.now()
    here.clock.advance(seconds=2)
    await here.ask("/follow concern:border_security", reader())
    (late,) = here.database.read_sync(articles.ungrouped)
    here.database.write_sync(articles.place, [(late.id, Placement(None, "new"))], now=stamped)
    here.clock.advance(minutes=1)
    assert await AlertPlanner(here.context).plan() == 1


async def test_following_again_loses_nothing_that_waits(here: Room) -> None:
    await here.ask("/follow concern:border_security zone:America/Mexico_City", reader())
    here.clock.advance(hours=14)  # 23:00
    news(here, TITLES[0])
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 0
    await here.ask("/follow concern:border_security zone:UTC", reader())
    here.clock.advance(hours=3)  # 08:00 UTC
    assert await alerts.plan() == 1


async def test_what_a_merged_story_brought_is_told_once(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    await here.ask("/follow concern:border_security", reader(user=6))
    (feed,) = here.follow("Desk")
    here.bring(feed, TITLES[0], ago=timedelta(days=2))
    here.clock.advance(minutes=1)
    (old,) = here.group()
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 2
    for message in sent(here):
        assert TITLES[0] in message.body
    here.clock.advance(days=2)
    # What is new for a reader who follows since, is told of the story that it became by then.
    await here.ask("/follow phrase:razor", reader(user=7))
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    fresh = news(here, TITLES[1])
    here.database.write_sync(stories.merge, old, fresh)
    assert await alerts.plan() == 1
    (message,) = sent(here)
    assert message.to == DirectMessage(7) and TITLES[1] in message.body
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await alerts.plan() == 0


async def test_an_alert_that_cannot_be_made_holds_up_no_other(here: Room) -> None:
    for user in (5, 6, 7):
        await here.ask("/follow concern:border_security", reader(user=user))
    lost = update(t.follow).where(t.follow.c.reader == ME).values(target="lost")
    here.database.write_sync(lambda session: session.execute(lost))
    unknown = update(t.follow).where(t.follow.c.reader == Member(6)).values(target="gone")
    here.database.write_sync(lambda session: session.execute(unknown))
    news(here)
    assert await AlertPlanner(here.context).plan() == 1
    (message,) = sent(here)
    assert message.to == DirectMessage(7)
    found = update(t.follow).where(t.follow.c.reader == ME).values(target="border_security")
    here.database.write_sync(lambda session: session.execute(found))
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await AlertPlanner(here.context).plan() == 1, "what waited is told once it is fixed"


async def test_a_channel_is_told_of_what_its_server_reads(here: Room) -> None:
    await here.ask("/follow concern:border_security where:here", ADMIN)
    (feed,) = here.follow("Desk")
    await here.ask(f"/feeds remove feed:{feed.id}", ADMIN)
    news(here)
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 0
    await here.ask("/feeds undo", ADMIN)
    assert await alerts.plan() == 1
    (message,) = sent(here)
    assert message.to == spot(GUILD, 41)


async def test_a_server_that_was_left_is_told_nothing(here: Room) -> None:
    await here.ask("/follow concern:border_security where:here", ADMIN)
    here.database.write_sync(guilds.left, Server(GUILD), here.clock.now())
    news(here)
    assert await AlertPlanner(here.context).plan() == 0


async def test_paused_follows_are_told_nothing(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    here.database.write_sync(follows.pause_reader, ME, reason="direct_closed", now=here.clock.now())
    news(here)
    assert await AlertPlanner(here.context).plan() == 0


async def test_following_again_what_was_paused_tells_only_what_comes_then(here: Room) -> None:
    await here.ask("/follow concern:border_security", reader())
    here.database.write_sync(follows.pause_reader, ME, reason="direct_closed", now=here.clock.now())
    news(here, TITLES[0])
    here.clock.advance(hours=1)
    await here.ask("/follow concern:border_security", reader())
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 0
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    news(here, TITLES[1])
    assert await alerts.plan() == 1
    (message,) = sent(here)
    told = str(load_page(message.body).blocks)
    assert TITLES[1] in told and TITLES[0] not in told


async def test_the_terminal_follows_too_and_tells_itself(here: Room) -> None:
    owner = Asker(user=TERMINAL_USER, view=TERMINAL, language="es", admin=True)
    await here.ask("/follow concern:border_security", owner)
    news(here)
    assert await AlertPlanner(here.context).plan() == 0
    assert await AlertPlanner(here.context, terminal=True).plan() == 1
    assert claim(here) == [] and len(claim(here, terminal=True)) == 1


@pytest.mark.parametrize(("language", "typed"), [("en", "Remain in Mexico"), ("es", "Quédate en México")])
async def test_a_followed_policy_is_told_of_reports_that_name_it(
    here: Room, language: str, typed: str
) -> None:
    me = reader(language)
    await here.ask(f'/follow policy:"{typed}"', me)
    (desk,) = here.follow("Desk")
    here.bring(desk, TITLES[1])
    here.bring(desk, "Judge blocks Remain in Mexico", policies=(NamedPolicy("remain_in_mexico", None),))
    here.clock.advance(seconds=1)
    here.group()
    assert await AlertPlanner(here.context).plan() == 1
    (message,) = sent(here)
    told = words(load_page(message.body))
    assert typed in told and "Judge blocks" in told and TITLES[1] not in told
    page = await here.ask("/following", me)
    assert typed in words(page)
    (option,) = page.choices[0].options
    await here.ask(f"/following drop:{option.value}", me)
    assert here.database.read_sync(follows.of_reader, ME) == []


OPERATOR = replace(reader(admin=True), operator=True)


async def confirm(here: Room, title: str, policy: str, status: str, decision: str = "confirm") -> None:
    """Bring a report that proposes a step, tell its followers of the report, then decide on the step."""
    (desk,) = here.follow("Desk")
    here.bring(desk, title, policies=(NamedPolicy(policy, status),))
    here.clock.advance(seconds=1)
    here.group()
    await AlertPlanner(here.context).plan()
    sent(here)
    here.clock.advance(hours=1)
    found = here.database.read_sync(policies.proposed, 5)
    await here.ask(f"/record review {decision}:{found[0].article.id}:{policy}", OPERATOR)
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())


@pytest.mark.parametrize(
    ("language", "act", "note"),
    [
        ("en", "is blocked", "Confirmed by an operator of this bot; not yet in the record."),
        ("es", "se bloquea", "Confirmado por un operador de este bot; aún no está en el registro."),
    ],
)
async def test_a_confirmed_step_is_told_to_whoever_follows_the_policy(
    here: Room, language: str, act: str, note: str
) -> None:
    await here.ask("/follow policy:remain_in_mexico", reader(language))
    await confirm(here, "Judge blocks Remain in Mexico", "remain_in_mexico", "enjoined")
    alerts = AlertPlanner(here.context)
    assert await alerts.plan() == 1
    (message,) = sent(here)
    told = words(load_page(message.body))
    assert act in told and note in told and "Judge blocks Remain in Mexico" in told
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await alerts.plan() == 0


@pytest.mark.parametrize(
    ("policy", "decision"),
    [("title_42", "confirm"), ("remain_in_mexico", "reject")],
    ids=["another", "rejected"],
)
async def test_a_step_of_another_policy_or_a_rejected_one_is_told_to_nobody(
    here: Room, policy: str, decision: str
) -> None:
    await here.ask("/follow policy:remain_in_mexico", reader())
    await confirm(
        here, "Judge blocks expulsions of migrants at the Mexico border", policy, "enjoined", decision
    )
    assert await AlertPlanner(here.context).plan() == 0


async def test_a_step_that_was_confirmed_before_the_follow_does_not_count(here: Room) -> None:
    await confirm(here, "Judge blocks Remain in Mexico", "remain_in_mexico", "enjoined")
    await here.ask("/follow policy:remain_in_mexico", reader())
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    assert await AlertPlanner(here.context).plan() == 0


async def test_a_second_report_of_a_confirmed_step_is_not_told_again(here: Room) -> None:
    await here.ask("/follow policy:remain_in_mexico", reader())
    await confirm(here, "Judge blocks Remain in Mexico", "remain_in_mexico", "enjoined")
    assert await AlertPlanner(here.context).plan() == 1
    sent(here)
    here.clock.advance(seconds=ALERT_INTERVAL.total_seconds())
    await confirm(
        here, "Court order halts Remain in Mexico returns to Tijuana", "remain_in_mexico", "enjoined"
    )
    assert await AlertPlanner(here.context).plan() == 0


async def test_a_confirmed_step_waits_for_the_morning(here: Room) -> None:
    await here.ask("/follow policy:remain_in_mexico zone:America/Mexico_City", reader())
    here.clock.advance(hours=12)  # 21:00
    await confirm(here, "Judge blocks Remain in Mexico", "remain_in_mexico", "enjoined")  # until 22:15
    assert await AlertPlanner(here.context).plan() == 0
    here.clock.advance(hours=9)
    assert await AlertPlanner(here.context).plan() == 1

"""Notices for admins: changes of state, once, at most one a day, to where they are wanted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.commands.spec import Asker
from bot.domain.audience import DirectMessage, Member, Server
from bot.domain.digests import OutboxMessage
from bot.domain.feed_state import FeedState
from bot.domain.feeds import Feed
from bot.pages.codec import load_page
from bot.publishing.notice_rules import decide
from bot.publishing.notices import NoticePlanner
from bot.store import digests, guilds, outbox
from bot.store import tables as t
from bot.store.notices import NoticeRecipient, NoticeState
from tests.support.audience import spot
from tests.support.clock import START
from tests.support.context import GUILD, Room, room

ADMIN = Asker(user=Member(9), view=Server(GUILD), language="es", admin=True, channel_id=41)


@pytest.fixture
def here(tmp_path: Path):
    with room(tmp_path) as opened:
        yield opened


def health(here: Room, feed: Feed, word: str, reason: str = "http_404") -> None:
    """Let a feed be in that state, as a poll would."""

    def change(session: Session) -> None:
        state = FeedState(health=word, last_reason=reason, failures=int(word == "failing"))
        session.execute(update(t.feed).where(t.feed.c.id == feed.id).values(health=word, state=state.dump()))

    here.database.write_sync(change)


async def sent(here: Room) -> list[OutboxMessage]:
    """What is planned now, and posted."""
    await NoticePlanner(here.context).plan()
    found = here.database.write_sync(
        outbox.claim, now=here.clock.now(), owner="t", lease=timedelta(minutes=1), limit=50
    )
    for message in found:
        here.database.write_sync(outbox.mark_sent, message.id, owner="t", now=here.clock.now(), message_id=1)
    return found


async def test_what_is_broken_when_notices_begin_is_no_news(here: Room) -> None:
    context, sol = here.follow("Desk", "Sol")
    health(here, context, "failing")
    await here.ask("/settings alerts channel:4", ADMIN)
    assert await sent(here) == []
    health(here, sol, "failing")
    (message,) = await sent(here)
    assert (message.to, message.kind) == (spot(GUILD, 4), "notice")
    assert "Sol" in message.body and "Desk" not in message.body


async def test_a_state_is_told_once_and_its_end_too(here: Room) -> None:
    (context,) = here.follow("Desk")
    await here.ask("/settings alerts channel:4", ADMIN)
    await sent(here)
    health(here, context, "failing")
    assert len(await sent(here)) == 1
    for _ in range(3):
        here.clock.advance(hours=25)
        assert await sent(here) == []
    health(here, context, "fresh", "changed")
    (message,) = await sent(here)
    assert load_page(message.body).tone == "good"


async def test_one_a_day_and_the_rest_comes_the_next_day(here: Room) -> None:
    context, sol = here.follow("Desk", "Sol")
    await here.ask("/settings alerts channel:4", ADMIN)
    await sent(here)
    health(here, context, "failing")
    assert len(await sent(here)) == 1
    here.clock.advance(hours=2)
    health(here, sol, "gone")
    assert await sent(here) == []
    here.clock.advance(hours=14)  # another date, and still less than a day
    assert await sent(here) == []
    here.clock.advance(hours=8, minutes=1)
    (message,) = await sent(here)
    assert "Sol" in message.body and "Desk" not in message.body


async def test_a_trouble_that_ended_before_it_was_told_is_not_told(here: Room) -> None:
    context, sol = here.follow("Desk", "Sol")
    await here.ask("/settings alerts channel:4", ADMIN)
    await sent(here)
    health(here, context, "failing")
    await sent(here)
    health(here, sol, "failing")
    here.clock.advance(hours=5)
    await sent(here)
    health(here, sol, "fresh")
    here.clock.advance(hours=20)
    assert await sent(here) == []


async def test_a_feed_that_the_server_removed_is_not_told(here: Room) -> None:
    context, sol = here.follow("Desk", "Sol")
    await here.ask("/settings alerts channel:4", ADMIN)
    await sent(here)
    health(here, context, "failing")
    assert len(await sent(here)) == 1
    await here.ask(f"/feeds remove feed:{context.id}", ADMIN)
    await here.ask(f"/feeds pause feed:{sol.id}", ADMIN)
    health(here, sol, "failing")
    here.clock.advance(hours=25)
    assert await sent(here) == []


async def test_a_paused_digest_is_told_with_the_fix_and_a_button(here: Room) -> None:
    await here.ask("/digest set time:8 channel:7", ADMIN)
    await here.ask("/settings alerts channel:4", ADMIN)
    (one,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    here.database.write_sync(digests.pause, one.id, reason="forbidden", now=here.clock.now())
    (message,) = await sent(here)
    page = load_page(message.body)
    assert "Send Messages" in message.body
    assert page.buttons[0].request.command == "digest resume"
    here.clock.advance(days=2)
    assert await sent(here) == []
    here.database.write_sync(digests.resume, one.id, now=here.clock.now())
    here.database.write_sync(digests.pause, one.id, reason="forbidden", now=here.clock.now())
    assert len(await sent(here)) == 1


async def test_without_a_channel_who_set_the_digest_is_told_directly(here: Room) -> None:
    here.database.write_sync(guilds.joined, Server(GUILD), here.clock.now())
    await here.ask("/digest set time:8 channel:7", ADMIN)
    (one,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    here.database.write_sync(digests.pause, one.id, reason="channel_missing", now=here.clock.now())
    (message,) = await sent(here)
    assert message.to == DirectMessage(9)
    assert load_page(message.body).buttons == ()


async def test_what_an_admin_paused_is_not_told(here: Room) -> None:
    here.database.write_sync(guilds.joined, Server(GUILD), here.clock.now())
    await here.ask("/digest set time:8 channel:7", ADMIN)
    await here.ask("/digest pause channel:7", ADMIN)
    assert await sent(here) == []


async def test_a_server_that_was_left_is_told_nothing(here: Room) -> None:
    (context,) = here.follow("Desk")
    await here.ask("/settings alerts channel:4", ADMIN)
    await sent(here)
    here.database.write_sync(guilds.left, Server(GUILD), here.clock.now())
    health(here, context, "failing")
    assert await sent(here) == []


async def test_servers_are_told_in_their_own_language(here: Room) -> None:
    (context,) = here.follow("Desk")
    for guild, language in ((1001, "en"), (1002, "es")):
        asker = Asker(user=Member(9), view=Server(guild), language="en", admin=True, channel_id=guild)
        await here.ask(f"/settings language {language}", asker)
        await here.ask(f"/settings alerts channel:{guild}", asker)
    await sent(here)
    health(here, context, "failing")
    titles = {message.to.owner.id: load_page(message.body).title for message in await sent(here)}
    assert titles == {1001: "For this server's admins", 1002: "Para quien administra este servidor"}


def test_the_state_is_loaded_as_it_was_stored() -> None:
    state = NoticeState(frozenset({3, 1}), frozenset({"2@5"}), START, known=True)
    assert NoticeState.load(state.dump()) == state
    assert not NoticeState.load(None).known


def test_the_first_check_is_stored_and_not_sent() -> None:
    server = NoticeRecipient(Server(3), "en", spot(3, 4), NoticeState(), (), frozenset({7}))
    notice = decide(server, frozenset({7}), START)
    assert (notice.reason, notice.changed, notice.state.feeds) == ("first_check", True, frozenset({7}))

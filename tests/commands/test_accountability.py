"""Who changed what, and what is kept about a member."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.spec import Asker
from bot.domain.articles import NamedPolicy
from bot.domain.audience import TERMINAL, TERMINAL_USER, DirectMessage, Member, Server, User
from bot.domain.digests import OutboxDraft
from bot.domain.page import Item, Mention
from bot.jobs.maintenance import GRACE, run_maintenance
from bot.pages.audit import PER_PAGE
from bot.store import digests, facts, feeds, guilds, outbox, policies, privacy, readers
from bot.store import tables as t
from tests.pages.making import words
from tests.support.clock import START
from tests.support.context import GUILD, Room, reader

ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_change_is_told_with_who_and_when(here: Room, language: str) -> None:
    first, *_ = here.follow("Desk", "Sol")
    await here.ask("/setup channel:1 time:8 zone:UTC language:en concerns:all", ADMIN)
    await here.ask("/settings alerts channel:4", ADMIN)
    await here.ask("/settings alerts channel:none", ADMIN)
    await here.ask(f"/feeds pause feed:{first.id}", ADMIN)
    await here.ask("/feeds undo", ADMIN)
    await here.ask("/digest pause channel:1", ADMIN)
    here.database.write_sync(guilds.audit, Server(GUILD), action="something_new", now=here.clock.now())
    asker = Asker(user=Member(9), view=Server(GUILD), language=language, admin=True)
    page = await here.ask("/audit", asker)
    items = [block for block in page.blocks if isinstance(block, Item)]
    assert len(items) == 8
    assert all(Mention("member", 9) in item.details[0] for item in items[1:])


async def test_a_long_history_is_paged_and_whole(here: Room) -> None:
    for number in range(PER_PAGE * 2 + 3):
        here.database.write_sync(
            guilds.audit,
            Server(GUILD),
            action="watch_added",
            detail={"name": f"w{number}"},
            by=Member(9),
            now=START,
        )
    page, told = await here.ask("/audit", ADMIN), []
    while True:
        told += [str(block) for block in page.blocks]
        if not page.buttons:
            break
        page = await here.press(page, "Older", ADMIN)
    assert len(told) == PER_PAGE * 2 + 3 == len(set(told))


async def test_members_do_not_see_the_audit(here: Room) -> None:
    assert (await here.ask("/audit")).tone == "problem"


async def test_what_is_kept_about_a_member_is_shown_and_deleted(here: Room) -> None:
    me, other = Member(5), Member(6)
    for who in (me, other):
        here.database.write_sync(readers.mark_read, who, [(1, 1), (2, 1)], START)
        here.database.write_sync(readers.look, who, START)
    draft = OutboxDraft(DirectMessage(5), "alert-1", START.date(), 0, "{}", START)
    here.database.write_sync(outbox.enqueue, [draft], now=START)
    kept = here.database.read_sync(privacy.user_data, Member(5))
    assert (kept.looks, kept.told, kept.alerts, kept.own) == (1, 2, 1, 4)
    page = await here.ask("/privacy")
    asked = await here.press(page, "Delete what is kept")
    assert here.database.read_sync(privacy.user_data, Member(5)).own == 4
    await here.press(asked, "Delete")
    assert here.database.read_sync(privacy.user_data, Member(5)).own == 0
    assert here.database.read_sync(privacy.user_data, Member(6)).own == 3
    assert (await here.ask("/privacy")).buttons == ()


async def test_who_sits_at_the_terminal_forgets_their_alerts_and_no_digest(here: Room) -> None:
    drafts = [OutboxDraft(TERMINAL, kind, START.date(), 0, "{}", START) for kind in ("alert-0900", "daily")]
    for draft in drafts:
        here.database.write_sync(outbox.enqueue, [draft], now=START)
    assert here.database.read_sync(privacy.user_data, TERMINAL_USER).alerts == 1
    here.database.write_sync(privacy.forget_user, TERMINAL_USER)
    kinds = select(t.outbox.c.kind)
    assert here.database.read_sync(lambda session: session.scalars(kinds).all()) == ["daily"]


async def test_what_an_admin_made_stays_without_saying_by_whom(here: Room) -> None:
    asked = await here.ask('/watch add phrases:"Suchiate" concern:border_security', ADMIN)
    await here.press(asked, asked.buttons[0].label, ADMIN)
    assert here.database.read_sync(_added_by) == [ADMIN.user]
    done = words(await here.ask("/privacy delete:yes", ADMIN))
    assert here.database.read_sync(_added_by) == [None]
    assert "stays in that server's list" in done and "Nothing" not in done


async def test_what_a_forgotten_admin_made_is_not_the_terminals(here: Room) -> None:
    """0 stood for both, so that the terminal was told of others' corrections as its own."""
    (desk,) = here.follow("Desk")
    here.bring(desk, "Border Patrol agents patrol the border wall in Texas")
    await here.ask(f"/wrong story:{here.group()[0]} topic:migration", ADMIN)
    assert here.database.read_sync(privacy.user_data, ADMIN.user).cases == 1
    here.database.write_sync(privacy.forget_user, ADMIN.user)
    users = (ADMIN.user, TERMINAL_USER)
    assert [here.database.read_sync(privacy.user_data, one).cases for one in users] == [0, 0]


async def test_who_decided_on_a_step_is_forgotten_too(here: Room) -> None:
    (desk,) = here.follow("Desk")
    here.bring(desk, "Judge blocks Remain in Mexico", policies=(NamedPolicy("remain_in_mexico", "blocked"),))
    here.group()
    decided = ("remain_in_mexico", "confirmed", Member(9))
    assert here.database.write_sync(policies.decide, 1, *decided, now=here.clock.now())
    here.database.write_sync(privacy.forget_user, Member(9))
    left = select(t.policy_report.c.decision, t.policy_report.c.decided_by)
    assert here.database.read_sync(lambda session: session.execute(left).all()) == [("confirmed", None)]


async def test_a_member_of_whom_nothing_is_left_is_told_so(here: Room) -> None:
    here.database.write_sync(readers.look, Member(5), START)
    assert "Nothing about this member is kept now" in words(await here.ask("/privacy delete:yes"))


def _added_by(session: Session) -> list[User | None]:
    return list(session.scalars(select(t.watch.c.added_by)))


async def test_privacy_is_told_in_direct_messages_too(here: Room) -> None:
    assert (await here.ask("/privacy", reader("es", guild=None))).title == "Privacidad"


async def test_a_servers_data_leave_with_it_after_the_grace(here: Room) -> None:
    here.follow("Desk", "Sol")
    await here.ask("/setup channel:1 time:8 zone:UTC language:es", ADMIN)
    await here.press(await here.ask("/feeds pause which:all", ADMIN), "Pause", ADMIN)
    here.database.write_sync(guilds.left, Server(GUILD), here.clock.now())
    here.clock.advance(days=29)
    await run_maintenance(here.context)
    assert len(here.database.read_sync(digests.subscriptions_of, Server(GUILD))) == 1
    here.clock.advance(days=2)
    await run_maintenance(here.context)
    assert here.database.read_sync(digests.subscriptions_of, Server(GUILD)) == []
    assert here.database.read_sync(guilds.audit_of, Server(GUILD)) == []
    assert {feed.scope for feed in here.database.read_sync(feeds.feeds_of, Server(GUILD))} == {"default"}
    assert here.database.read_sync(facts.recall, facts.of_guild(facts.FEEDS_BEFORE, Server(GUILD))) is None


async def test_a_server_that_comes_back_finds_its_settings(here: Room) -> None:
    await here.ask("/setup channel:1 time:8 zone:UTC language:es", ADMIN)
    here.database.write_sync(guilds.left, Server(GUILD), here.clock.now())
    here.clock.advance(days=20)
    assert here.database.read_sync(digests.due, here.clock.now()) == []
    assert here.database.write_sync(guilds.joined, Server(GUILD), here.clock.now())
    here.clock.advance(days=20)
    await run_maintenance(here.context)
    assert (await here.context.guild_settings(Server(GUILD))).language == "es"
    assert len(here.database.read_sync(digests.due, here.clock.now())) == 1
    assert timedelta(days=20) < GRACE


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            ["Notices for admins: nowhere → ", "Language: not chosen yet → Spanish", "When: 08:00 → 20:30"],
        ),
        (
            "es",
            [
                "Avisos para quienes administran: en ningún lugar → ",
                "Idioma: sin elegir todavía → español",
                "Cuándo: 08:00 → 20:30",
            ],
        ),
    ],
)
async def test_a_change_is_told_from_what_to_what(here: Room, language: str, lines: list[str]) -> None:
    await here.ask("/digest set time:08:00 channel:41", ADMIN)
    for _ in range(2):  # what is set as it was is no change
        await here.ask("/settings alerts channel:4", ADMIN)
        await here.ask("/settings language es", ADMIN)
        await here.ask("/digest set time:20:30 channel:41", ADMIN)
    page = await here.ask("/audit", Asker(user=Member(9), view=Server(GUILD), language=language, admin=True))
    items = [block for block in page.blocks if isinstance(block, Item)]
    assert len(items) == 4
    told = words(page)
    for line in lines:
        assert line in told


@pytest.mark.parametrize(("language", "who"), [("en", "the terminal"), ("es", "la terminal")])
async def test_the_terminal_is_named(here: Room, language: str, who: str) -> None:
    terminal = Asker(user=TERMINAL_USER, view=TERMINAL, language=language, admin=True, operator=True)
    await here.ask("/settings timezone Tijuana", terminal)
    assert who in words(await here.ask("/audit", terminal))


async def test_no_dot_stands_before_nothing(here: Room) -> None:
    await here.ask("/digest set time:08:00 channel:41", ADMIN)
    await here.ask("/digest pause channel:41", ADMIN)
    (item, *_) = [block for block in (await here.ask("/audit", ADMIN)).blocks if isinstance(block, Item)]
    assert item.details[1] == (Mention("channel", 41),)

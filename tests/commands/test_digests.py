"""A server's digests: what is set, what stays, what is stopped."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.commands.asking import complete
from bot.commands.faults import UserFault
from bot.commands.hours import minute_of_day
from bot.commands.lookup import find
from bot.commands.spec import Asker
from bot.domain.audience import Member, Server
from bot.domain.digests import DigestSubscription, Posting
from bot.domain.page import Item, Mention, Page
from bot.domain.schedule import WORKING_DAYS
from bot.operating import diagnostics
from bot.store import condition, digests, guilds, outbox
from bot.store import tables as t
from bot.store.guild_setup import MOST_DIGESTS
from tests.pages.making import words
from tests.support.context import GUILD, Room

HERE = 41
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=HERE)


def text(page: Page) -> str:
    return "\n".join(
        "".join(span if isinstance(span, str) else f"<{span}>" for span in block.spans)
        for block in page.blocks
        if isinstance(block, Item)
    )


def of(here: Room) -> list[DigestSubscription]:
    return here.database.read_sync(digests.subscriptions_of, Server(GUILD))


async def test_a_digest_is_set_with_all_its_options(here: Room) -> None:
    page = await here.ask(
        '/digest set time:07:30 channel:55 days:weekdays concerns:"border security, organized crime"'
        " empty:silence role:66 quiet:yes publish:yes",
        ADMIN,
    )
    (made,) = of(here)
    assert (made.place.id, made.minute_of_day, made.days) == (55, 450, WORKING_DAYS)
    assert made.concerns == ("border_security", "organized_crime")
    assert made.empty_day == "silence"
    assert made.posting == Posting(role=66, silent=True, publish=True)
    assert "Monday to Friday at 07:30" in text(page)
    assert any(Mention("role", 66) in block.spans for block in page.blocks if isinstance(block, Item))


async def test_what_is_not_given_stays_as_it_was(here: Room) -> None:
    await here.ask("/digest set time:07:30 days:friday role:66", ADMIN)
    await here.ask("/digest set quiet:yes", ADMIN)
    (made,) = of(here)
    assert (made.minute_of_day, made.days, made.posting) == (450, 1 << 4, Posting(role=66, silent=True))
    for wrong in ("role:0", "channel:0", "channel:none"):
        assert (await here.ask(f"/digest set {wrong}", ADMIN)).tone == "problem"
    await here.ask("/digest set role:none", ADMIN)
    assert of(here)[0].posting == Posting(silent=True)


async def test_one_that_is_due_now_is_not_lost_by_a_change(here: Room) -> None:
    await here.ask("/digest set time:07:30", ADMIN)
    due = of(here)[0].next_due_at
    assert due is not None
    here.clock.advance(seconds=(due - here.clock.now()).total_seconds() + 20)
    await here.ask("/digest set quiet:yes", ADMIN)
    assert of(here)[0].next_due_at == due


async def test_a_new_digest_needs_an_hour(here: Room) -> None:
    page = await here.ask("/digest set days:daily", ADMIN)
    assert page.tone == "problem" and of(here) == []


async def test_the_only_digest_is_meant_from_any_channel(here: Room) -> None:
    await here.ask("/digest set time:07:30 channel:55", ADMIN)
    await here.ask("/digest set empty:silence", ADMIN)
    assert [one.place.id for one in of(here)] == [55]


async def test_a_server_has_so_many_digests_and_no_more(here: Room) -> None:
    for channel in range(1, MOST_DIGESTS + 1):
        await here.ask(f"/digest set time:8 channel:{channel}", ADMIN)
    page = await here.ask("/digest set time:8 channel:999", ADMIN)
    assert page.tone == "problem" and len(of(here)) == MOST_DIGESTS


async def test_pause_and_resume_by_button_and_the_audit_says_who(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    page = await here.press(await here.ask("/digest status", ADMIN), "Pause", ADMIN)
    assert of(here)[0].paused_at == here.clock.now()
    await here.press(page, "Resume", ADMIN)
    assert of(here)[0].paused_at is None
    actions = here.database.read_sync(guilds.audit_of, Server(GUILD))
    assert [(one.action, one.by) for one in actions] == [
        ("digest_resumed", Member(9)),
        ("digest_paused", Member(9)),
        ("digest_set", Member(9)),
    ]


async def test_removing_asks_first(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    asked = await here.ask("/digest remove", ADMIN)
    assert len(of(here)) == 1
    await here.press(asked, "Remove", ADMIN)
    assert of(here) == []
    assert (await here.ask("/digest pause", ADMIN)).tone == "problem"


async def test_status_says_why_a_digest_is_paused_and_what_to_do(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    here.database.write_sync(digests.pause, of(here)[0].id, reason="forbidden", now=here.clock.now())
    page = await here.ask("/digest status", ADMIN)
    told = str(page.blocks)
    assert page.tone == "warning" and "Send Messages" in told
    assert "Resume" in [button.label for button in page.buttons]


async def test_status_offers_the_other_digests(here: Room) -> None:
    await here.ask("/digest set time:8 channel:1", ADMIN)
    await here.ask("/digest set time:9 channel:2", ADMIN)
    page = await here.ask("/digest status", ADMIN)
    (choice,) = page.choices
    assert [option.value for option in choice.options] == ["1", "2"]


async def test_now_posts_with_the_digests_options_and_wakes_nobody(here: Room) -> None:
    await here.ask("/digest set time:8 role:66 quiet:yes", ADMIN)
    await here.ask("/digest now", ADMIN)
    (message,) = here.database.write_sync(
        outbox.claim, now=here.clock.now(), owner="t", lease=timedelta(seconds=60)
    )
    assert message.posting == Posting(silent=True)


@pytest.mark.parametrize("command", ["digest now", "digest preview", "digest status", "digest pause"])
async def test_a_channel_without_a_digest_is_told_so_and_no_other_is_taken(here: Room, command: str) -> None:
    await here.ask("/digest set time:8", ADMIN)
    page = await here.ask(f"/{command} channel:999", ADMIN)
    assert page.tone == "problem" and "/digest set" in str(page.blocks)
    assert here.database.read_sync(outbox.counts) == {}


async def test_a_change_leaves_a_paused_digest_paused_and_says_so(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    await here.ask("/digest pause", ADMIN)
    page = await here.press(await here.ask("/digest status", ADMIN), "Post without a sound", ADMIN)
    (one,) = of(here)
    assert one.paused_at == here.clock.now() and one.posting.silent
    assert page.tone == "warning" and "Resume" in [button.label for button in page.buttons]
    await here.press(page, "Resume", ADMIN)
    assert of(here)[0].paused_at is None


async def test_members_cannot_set_a_digest(here: Room) -> None:
    member = Asker(user=Member(3), view=Server(GUILD), language="en", channel_id=HERE)
    assert (await here.ask("/digest set time:8", member)).tone == "problem"
    assert of(here) == []


async def test_several_concerns_are_completed_one_after_the_other(here: Room) -> None:
    command = find("digest set")
    parameter = next(one for one in command.parameters if one.name == "concerns")
    first = await complete(here.context, ADMIN, command, parameter, "")
    assert first[0] == ("All concerns", "all") and len(first) == 6
    second = await complete(here.context, ADMIN, command, parameter, "border security, org")
    assert [value for _, value in second] == ["border_security,organized_crime"]


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("8", 480), ("08:30", 510), ("8:30 pm", 1230), ("12 am", 0), ("20h", 1200), ("20.15", 1215)],
)
def test_times_of_day(typed: str, minute: int) -> None:
    assert minute_of_day(typed) == minute


@pytest.mark.parametrize("typed", ["", "24", "8:75", "13 pm", "noonish", "-1"])
def test_what_is_no_time_of_day(typed: str) -> None:
    with pytest.raises(UserFault):
        minute_of_day(typed)


async def test_two_admins_at_once_do_not_undo_each_other(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    lines = ("quiet:yes", "publish:yes", "role:77", "empty:silence", "days:monday", "time:9")
    await asyncio.gather(*(here.ask(f"/digest set {line}", ADMIN) for line in lines))
    (one,) = of(here)
    assert one.options == {"silent": True, "publish": True, "role": "77"}
    assert (one.empty_day, one.days, one.minute_of_day) == ("silence", 1, 9 * 60)


async def test_the_limit_holds_when_several_are_set_at_once(here: Room) -> None:
    for channel in range(1, MOST_DIGESTS):
        await here.ask(f"/digest set time:8 channel:{channel}", ADMIN)
    pages = await asyncio.gather(
        *(here.ask(f"/digest set time:8 channel:{channel}", ADMIN) for channel in (901, 902, 903))
    )
    assert [page.tone for page in pages].count("problem") == 2 and len(of(here)) == MOST_DIGESTS


async def test_the_status_marks_a_digest_that_was_due_more_than_eight_days_ahead(here: Room) -> None:
    await here.ask("/digest set time:07:30", ADMIN)
    far = here.clock.now() + timedelta(days=365)
    here.database.write_sync(lambda session: session.execute(t.digest.update().values(next_due_at=far)))
    page = await here.ask("/digest status", ADMIN)
    assert page.tone == "warning" and "more than eight days ahead" in words(page)
    (shown,) = of(here)
    assert shown.next_due_at is not None and shown.next_due_at < here.clock.now() + timedelta(days=2)
    again = await here.ask("/digest status", ADMIN)
    assert again.tone == "plain" and "eight days" not in words(again)


async def test_doctor_marks_a_digest_that_is_due_more_than_eight_days_ahead(here: Room) -> None:
    await here.ask("/digest set time:07:30", ADMIN)
    far = here.clock.now() + timedelta(days=9)
    here.database.write_sync(lambda session: session.execute(t.digest.update().values(next_due_at=far)))
    (found,) = diagnostics.of_clock_faults(here.database.read_sync(condition.clock_faults, here.clock.now()))
    assert (found.state, found.what) == ("problem", "digests") and "more than 8 days ahead" in found.found

"""A new server is set up in one message, one choice after the other."""

from __future__ import annotations

import contextlib

import pytest

from bot.chat.custom_id import BUTTON, SELECT, Target, encode
from bot.commands.spec import Asker
from bot.domain.audience import TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.page import Item, Page, Request
from bot.store import digests, guilds
from tests.support.context import GUILD, Room

HERE = 1_478_089_506_816_000_002
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=HERE)


def lines(page: Page) -> list[str]:
    return [
        "".join(span if isinstance(span, str) else getattr(span, "text", "#") for span in block.spans)
        for block in page.blocks
        if isinstance(block, Item)
    ]


async def choose(here: Room, page: Page, value: str) -> Page:
    """What the page's select answers when ``value`` is picked."""
    (choice,) = page.choices
    if choice.of == "options":
        assert set(value.split(",")) <= {option.value for option in choice.options}
    wanted = Request(choice.request.command, {**choice.request.arguments, choice.argument: value})
    return await here.ask(wanted, ADMIN)


async def test_five_choices_and_the_digest_is_set(here: Room) -> None:
    page = await here.ask("/setup", ADMIN)
    assert [line[0] for line in lines(page)] == ["○"] * 5
    page = await here.press(page, "Here", ADMIN)
    page = await choose(here, page, "07:00")
    page = await choose(here, page, "America/Tijuana")
    page = await choose(here, page, "es")
    page = await choose(here, page, "border_security,trade_leverage")
    assert [line[0] for line in lines(page)[:5]] == ["✓"] * 5
    assert page.tone == "good" and page.choices == ()
    assert page.buttons[0].label == "Preview" and page.buttons[0].primary
    (made,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert (made.place.id, made.minute_of_day, made.zone, made.language, made.concerns) == (
        HERE,
        420,
        "America/Tijuana",
        "es",
        ("border_security", "trade_leverage"),
    )


async def test_every_control_fits_into_a_custom_id(here: Room) -> None:
    page = await here.ask("/setup", ADMIN)
    page = await here.press(page, "Here", ADMIN)
    for button in page.buttons:
        encode(Target(BUTTON, button.request), 0)
    for choice in page.choices:
        encode(Target(SELECT, choice.request, choice.argument), 0)


async def test_the_steps_can_be_taken_in_any_order(here: Room) -> None:
    page = await here.press(await here.ask("/setup", ADMIN), "Language", ADMIN)
    page = await choose(here, page, "es")
    page = await here.press(page, "Hour", ADMIN)
    page = await choose(here, page, "20:00")
    assert here.database.read_sync(digests.subscriptions_of, Server(GUILD)) == []
    page = await here.press(page, "Here", ADMIN)
    (made,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert (made.minute_of_day, made.language) == (1200, "es")


async def test_what_is_set_can_be_changed_and_the_rest_stays(here: Room) -> None:
    await here.ask("/digest set time:08:30 role:66 days:monday", ADMIN)
    page = await here.press(await here.ask("/setup", ADMIN), "Channel", ADMIN)
    await choose(here, page, "555")
    (made,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert (made.place.id, made.minute_of_day, made.days, made.posting.role) == (555, 510, 1, 66)
    assert here.database.read_sync(guilds.audit_of, Server(GUILD))[0].action == "digest_moved"


async def test_a_channel_with_a_digest_of_its_own_is_set_up_and_none_is_lost(here: Room) -> None:
    await here.ask("/digest set time:08:30 channel:1", ADMIN)
    await here.ask("/digest set time:09:30 channel:2", ADMIN)
    await here.ask("/setup channel:2 time:10:00", ADMIN)
    known = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert [(one.place.id, one.minute_of_day) for one in known] == [(1, 510), (2, 600)]


async def test_all_concerns_is_a_choice_too(here: Room) -> None:
    await here.ask("/setup channel:1 time:8 zone:UTC language:en", ADMIN)
    page = await here.ask("/setup", ADMIN)
    assert "○ Concerns" in lines(page)[4]
    page = await here.ask("/setup concerns:all", ADMIN)
    assert lines(page)[4] == "✓ Concerns: all concerns"


async def test_the_terminal_is_its_own_channel(here: Room) -> None:
    owner = Asker(user=TERMINAL_USER, view=TERMINAL, language="en", admin=True)
    page = await here.ask("/setup time:8", owner)
    assert lines(page)[0].startswith("✓")
    assert len(here.database.read_sync(digests.subscriptions_of, TERMINAL)) == 1


@pytest.mark.parametrize("language", ["en", "es"])
async def test_settings_show_everything(here: Room, language: str) -> None:
    await here.ask("/setup channel:1 time:8 zone:UTC language:en", ADMIN)
    await here.ask("/settings alerts channel:4", ADMIN)
    asker = Asker(user=Member(9), view=Server(GUILD), language=language, admin=True)
    page = await here.ask("/settings show", asker)
    assert len(lines(page)) == 6 and "UTC" in lines(page)[1]
    assert {button.request.command for button in page.buttons} >= {"setup", "digest status"}


async def test_notices_can_be_sent_nowhere_again(here: Room) -> None:
    page = await here.ask("/settings alerts channel:4", ADMIN)
    assert (await here.context.guild_settings(Server(GUILD))).alerts_channel == 4
    assert (await here.ask("/settings alerts channel:0", ADMIN)).tone == "problem"
    await here.press(page, "No notices", ADMIN)
    assert (await here.context.guild_settings(Server(GUILD))).alerts_channel is None


async def test_the_servers_language_is_its_digests_too(here: Room) -> None:
    await here.ask("/digest set time:8", ADMIN)
    await here.ask("/settings language es", ADMIN)
    assert here.database.read_sync(digests.subscriptions_of, Server(GUILD))[0].language == "es"


@pytest.mark.parametrize(
    "line", ["/settings language es", "/setup language:es time:9", "/settings timezone Tijuana"]
)
async def test_a_choice_is_kept_whole_or_not_at_all(
    here: Room, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the process ends here")

    await here.ask("/digest set time:8", ADMIN)
    before = (
        here.database.read_sync(digests.subscriptions_of, Server(GUILD)),
        await here.context.guild_settings(Server(GUILD)),
    )
    for name in ("set_language", "move_zone", "set_subscription"):
        monkeypatch.setattr(digests, name, fail)
    with contextlib.suppress(RuntimeError):
        await here.ask(line, ADMIN)
    assert before == (
        here.database.read_sync(digests.subscriptions_of, Server(GUILD)),
        await here.context.guild_settings(Server(GUILD)),
    )

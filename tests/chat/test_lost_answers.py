"""Connections that are cut, interactions that expire, and what is said of a change all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.chat.lost_answers import REMEMBERED, LostAnswers
from bot.domain.audience import Member, Server
from bot.domain.page import Page
from bot.locale import translator
from tests.chat.conftest import Stage
from tests.support.discord import CALLBACK, Fault

EDIT = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
FOLLOW_UP = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
EXPIRED = [
    Fault("status", status=404, code=10062),
    Fault("status", status=404, code=10015),
    Fault("status", status=401, code=50027),
]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def refused(stage: Stage) -> bool:
    return any(call.status >= 400 for call in stage.discord.calls)


async def zone(stage: Stage) -> str:
    return (await stage.context.guild_settings(Server(stage.guild.id))).timezone


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_first_answer_whose_connection_is_cut_is_sent_again_once(stage: Stage, kind: str) -> None:
    stage.discord.faults.add(Fault(kind), CALLBACK)
    with capture_logs() as logged:
        answer = await stage.discord.slash(stage.guild, stage.ana, "latest")
        page = await stage.discord.press(answer.message, "Only in English", stage.ana)
    assert answer.text.startswith("## ") and not answer.followups and page.message is answer.message
    assert not [line for line in logged if line["event"] in ("answer_failed", "reader_not_notified")]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize("place", [CALLBACK, EDIT])
async def test_an_answer_with_a_file_is_sent_again_with_the_whole_file(
    stage: Stage, kind: str, place: tuple[str, str]
) -> None:
    stage.discord.faults.add(Fault(kind), place)
    answer = await stage.discord.slash(stage.guild, stage.eva, "feeds export")
    files = [call.files for call in stage.discord.calls if call.files]
    assert files and all(b"</opml>" in data for sent in files for data in sent.values())
    assert "opml" in str(answer.message.wire)


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_form_whose_connection_is_cut_is_opened_again(stage: Stage, kind: str) -> None:
    stage.discord.faults.add(Fault(kind), CALLBACK)
    opened = await stage.discord.slash(stage.guild, stage.eva, "feeds add")
    assert opened.modal is not None and not opened.followups


async def test_a_connection_that_is_cut_twice_is_logged_and_changes_nothing(stage: Stage) -> None:
    stage.discord.faults.add(Fault("reset_before"), CALLBACK, times=10)
    with capture_logs() as logged:
        await stage.discord.slash(
            stage.guild, stage.eva, "settings timezone", {"zone": "America/Chihuahua"}, wait=False
        )
        await until(lambda: any(line["event"] == "reader_not_notified" for line in logged))
    stage.discord.faults.clear()
    assert await zone(stage) != "America/Chihuahua"
    assert stage.discord.faults.rules == []


@pytest.mark.parametrize("fault", EXPIRED, ids=lambda fault: str(fault.code))
@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("settings timezone", {"zone": "America/Chihuahua"}),
        ("follow", {"phrase": "Ciudad Juárez"}),
        ("watch add", {"phrases": "Suchiate"}),
        ("digest set", {"time": "08:00"}),
        ("feeds pause", {"feed": "Desk"}),
    ],
)
async def test_an_interaction_that_has_expired_changes_nothing(
    stage: Stage, fault: Fault, command: str, given: dict[str, str]
) -> None:
    written: list[str] = []
    write = stage.context.database.write

    async def noted(function, *arguments, **options):  # type: ignore[no-untyped-def]
        if function.__name__ not in ("_all_joined", "left_all_but"):  # of the login
            written.append(function.__name__)
        return await write(function, *arguments, **options)

    object.__setattr__(stage.context.database, "write", noted)
    stage.discord.faults.add(fault, CALLBACK)
    await stage.discord.slash(stage.guild, stage.eva, command, given, wait=False)
    await until(lambda: refused(stage))
    await stage.discord.slash(stage.guild, stage.ana, "help")
    assert written == []


@pytest.mark.parametrize("fault", EXPIRED[1:], ids=lambda fault: str(fault.code))
async def test_what_was_changed_is_told_by_the_next_answer_where_its_own_was_lost(
    stage: Stage, fault: Fault
) -> None:
    """Between the acknowledgement and the answer the interaction ends, as after a quarter of an hour."""
    stage.discord.faults.add(fault, EDIT, times=2)
    await stage.discord.slash(
        stage.guild, stage.eva, "settings timezone", {"zone": "America/Chihuahua"}, wait=False
    )
    await until(lambda: refused(stage))
    assert await zone(stage) == "America/Chihuahua"
    await until(lambda: not stage.client.front._held)  # type: ignore[union-attr]
    stage.discord.faults.clear()
    assert not (await stage.discord.slash(stage.guild, stage.ana, "help")).followups
    answer = await stage.discord.slash(stage.guild, stage.eva, "help")
    await until(lambda: answer.followups)
    assert "America/Chihuahua" in answer.text and answer.ephemeral
    assert translator("es")("This answer to an earlier request did not reach you.") in answer.text
    again = await stage.discord.slash(stage.guild, stage.eva, "help")
    await asyncio.sleep(0.05)
    assert not again.followups


async def test_a_change_whose_answer_is_refused_is_never_called_unchanged(stage: Stage) -> None:
    stage.discord.faults.add(Fault("status", status=400, code=50035), EDIT)
    answer = await stage.discord.slash(
        stage.guild, stage.eva, "settings timezone", {"zone": "America/Chihuahua"}
    )
    assert translator("es")("That is done, but Discord did not take the answer that says so.") in answer.text
    assert await zone(stage) == "America/Chihuahua"


async def test_that_an_interaction_has_its_answer_is_no_error(stage: Stage) -> None:
    stage.discord.faults.add(Fault("status", status=400, code=40060), CALLBACK)
    with capture_logs() as logged:
        await stage.discord.slash(stage.guild, stage.ana, "help", wait=False)
        await until(lambda: refused(stage))
        await stage.discord.slash(stage.guild, stage.ana, "help")
    assert not [line for line in logged if line["event"] == "answer_failed"]


async def test_a_public_page_that_discord_has_is_not_sent_twice(stage: Stage, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    page = await stage.discord.slash(stage.guild, stage.ana, "latest")
    monkeypatch.setattr("bot.chat.front.PATIENCE_SECONDS", 0.0)
    stage.discord.faults.add(Fault("reset_after"), FOLLOW_UP)
    await stage.discord.press(page.message, "Share", stage.ana, wait=False)
    await until(lambda: stage.channel.messages)
    await until(lambda: not stage.client.front._held)  # type: ignore[union-attr]
    assert len(stage.channel.messages) == 1


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("feeds add", {"address": "example.org"}),
        ("feeds import", {}),
        ("digest now", {}),
        ("watch test", {"phrases": "Suchiate"}),
        ("settings timezone", {"zone": "UTC"}),
    ],
)
async def test_who_may_not_use_a_command_is_told_at_once(
    stage: Stage, command: str, given: dict[str, str]
) -> None:
    answer = await stage.discord.slash(stage.guild, stage.ana, command, given)
    assert "Manage Server" in answer.text and not answer.deferred


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("watch test", {"phrases": "Suchiate", "concern": "football"}),
        ("settings timezone", {"zone": "localtime"}),
    ],
)
async def test_what_cannot_be_read_is_told_at_once(stage: Stage, command: str, given: dict[str, str]) -> None:
    answer = await stage.discord.slash(stage.guild, stage.eva, command, given)
    assert not answer.deferred and answer.text.startswith("## ")


async def test_too_many_slow_requests_are_refused_at_once(stage: Stage) -> None:
    answers = [await stage.discord.slash(stage.guild, stage.eva, "digest preview") for _ in range(13)]
    assert answers[0].deferred and not answers[-1].deferred


def test_the_last_lost_answer_of_a_member_is_kept_and_only_so_many_members() -> None:
    lost = LostAnswers()
    for number in range(REMEMBERED + 5):
        lost.keep(Member(number), Page("first"))
        lost.keep(Member(number), Page(str(number)))
    last = Member(REMEMBERED)
    assert lost.take(Member(0)) is None
    assert lost.take(last) == Page(str(REMEMBERED)) and lost.take(last) is None

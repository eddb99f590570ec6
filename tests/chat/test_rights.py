"""What the bot may do in a channel or a thread."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.chat.rights import missing_rights


def thread() -> discord.Thread:
    return discord.Thread.__new__(discord.Thread)


def lacking(channel: object, **rights: bool) -> tuple[str, ...]:
    held = discord.Permissions(view_channel=True, read_message_history=True, **rights)
    here = SimpleNamespace(guild=None, channel_id=5, channel=channel, app_permissions=held)
    return asyncio.run(missing_rights(here, 5))


@pytest.mark.parametrize("inside", [True, False])
def test_sending_in_a_thread_is_a_right_of_its_own(inside: bool) -> None:
    told = lacking(thread(), send_messages=not inside, send_messages_in_threads=inside)
    assert told == (() if inside else ("send_messages",))


@pytest.mark.parametrize("inside", [True, False])
def test_sending_in_a_channel_has_nothing_to_do_with_its_threads(inside: bool) -> None:
    told = lacking(object(), send_messages=not inside, send_messages_in_threads=inside)
    assert told == (("send_messages",) if inside else ())

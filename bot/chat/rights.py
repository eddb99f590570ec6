"""What the bot may do in a channel, and how to say what it may not."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.domain.page import Item, Page
from bot.locale import Translator, message
from bot.pages.problem import problem_page

#: What posting takes. History is for finding out, after a fault, whether a digest was posted already.
NEEDED = {
    "view_channel": message("View Channel"),
    "send_messages": message("Send Messages"),
    "read_message_history": message("Read Message History"),
}

#: Where the bot can post: text and announcement channels, and threads, a forum's posts among them.
POSTABLE = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


class Located(Protocol):
    """An interaction, as far as rights need it."""

    @property
    def guild(self) -> discord.Guild | None: ...

    @property
    def channel(self) -> object: ...

    @property
    def channel_id(self) -> int | None: ...

    @property
    def app_permissions(self) -> discord.Permissions: ...


def missing_rights(interaction: Located, channel_id: int | None) -> tuple[str, ...]:
    """The names in ``NEEDED`` that the bot lacks in that channel; none where it cannot be told."""
    if channel_id == interaction.channel_id:
        return _lacking(as_counts(interaction.app_permissions, interaction.channel))
    rights = rights_in(interaction.guild, channel_id)
    return _lacking(rights) if rights is not None else ()


def rights_in(guild: discord.Guild | None, channel_id: int | None) -> discord.Permissions | None:
    """The bot's own permissions in a channel; None when the channel is not known here."""
    if guild is None or channel_id is None or guild.me is None:
        return None
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return None
    return as_counts(channel.permissions_for(guild.me), channel)


def as_counts(rights: discord.Permissions, channel: object) -> discord.Permissions:
    """``rights`` as they count in that channel: in a thread, sending takes a permission of its own."""
    if not isinstance(channel, discord.Thread):
        return rights
    return discord.Permissions(rights.value, send_messages=rights.send_messages_in_threads)


def rights_page(t: Translator, channel_id: int | None, missing: tuple[str, ...]) -> Page:
    """Which permissions are missing, by the names that Discord's settings show."""
    page = problem_page(
        t,
        t("I am missing permissions in that channel:"),
        t("Someone who manages the server can grant them in the channel's settings."),
    )
    first, *rest = page.blocks
    names = tuple(Item((t(NEEDED[name]),)) for name in missing)
    return Page(page.title, (first, *names, *rest), tone=page.tone)


def _lacking(rights: discord.Permissions) -> tuple[str, ...]:
    return tuple(name for name in NEEDED if not getattr(rights, name))

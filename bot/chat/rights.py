"""What the bot may do in a channel, and how to say what it may not."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.chat.error_codes import Cause, cause_of
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
    def guild_id(self) -> int | None: ...

    @property
    def channel(self) -> object: ...

    @property
    def channel_id(self) -> int | None: ...

    @property
    def app_permissions(self) -> discord.Permissions: ...

    @property
    def client(self) -> discord.Client: ...


async def missing_rights(interaction: Located, channel_id: int) -> tuple[str, ...] | None:
    """The names in ``NEEDED`` that the bot lacks in that channel; None if it is not one of this server's.

    A channel that is not known here, such as a thread that sleeps, is asked for. Raises what Discord answers
    then, unless that is that the bot cannot have it.
    """
    if channel_id == interaction.channel_id:
        return _lacking(effective_permissions(interaction.app_permissions, interaction.channel))
    rights = permissions_in(interaction.guild, channel_id)
    if rights is not None:
        return _lacking(rights)
    try:
        channel = await interaction.client.fetch_channel(channel_id)
    except discord.HTTPException as refused:
        known = cause_of(refused.status, refused.code)
        if known is Cause.LOST_ACCESS:
            return tuple(NEEDED) if _cached(interaction.guild, channel_id) else None
        if known is Cause.GONE:
            return None
        raise
    if isinstance(channel, discord.abc.PrivateChannel) or channel.guild.id != interaction.guild_id:
        return None
    if isinstance(channel, discord.Thread):
        rights = permissions_in(interaction.guild, channel.parent_id)
        return _lacking(effective_permissions(rights, channel)) if rights is not None else ()
    return ()


def _cached(guild: discord.Guild | None, channel_id: int) -> bool:
    return guild is not None and guild.get_channel_or_thread(channel_id) is not None


def permissions_in(guild: discord.Guild | None, channel_id: int | None) -> discord.Permissions | None:
    """The bot's own permissions in a channel; None when the channel is not known here."""
    if guild is None or channel_id is None or guild.me is None:
        return None
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return None
    return effective_permissions(channel.permissions_for(guild.me), channel)


def effective_permissions(rights: discord.Permissions, channel: object) -> discord.Permissions:
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


def elsewhere_page(t: Translator) -> Page:
    """That a channel is not one of this server's."""
    return problem_page(
        t,
        t("That channel is not in this server."),
        t("Choose “{name}” from Discord's list.", name=t("channel")),
    )


def _lacking(rights: discord.Permissions) -> tuple[str, ...]:
    return tuple(name for name in NEEDED if not getattr(rights, name))

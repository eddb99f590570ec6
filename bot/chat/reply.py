"""One interaction's answer: a new message or a change of the pressed one, at once or after a wait."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import discord

from bot.chat.limits import assert_sendable
from bot.chat.render import Drawn
from bot.domain.audience import DEFAULTS, Defaults, Server

Interaction = discord.Interaction[discord.Client]

NOBODY = discord.AllowedMentions.none()


class Way(Enum):
    """Where an answer appears."""

    PRIVATE = "private"  # a new message for the asker alone
    IN_PLACE = "in_place"  # instead of the message that was pressed
    PUBLIC = "public"  # a new message for the channel; only a press is answered so


class Reply:
    """How one interaction is answered."""

    def __init__(self, interaction: Interaction, way: Way = Way.PRIVATE) -> None:
        self._interaction = interaction
        self._way = way
        self._shown = False

    async def hold(self) -> None:
        """Tell Discord that the answer takes a while: it then waits 15 minutes instead of 3 seconds."""
        response = self._interaction.response
        if response.is_done():
            return
        if self._way is Way.PRIVATE:
            await response.defer(ephemeral=True, thinking=True)
        else:
            await response.defer()

    async def show(self, messages: Sequence[Drawn]) -> None:
        """Send the answer; of several messages the first is the answer and the others follow it."""
        for drawn in messages:
            assert_sendable(drawn.view, drawn.files)
        first, *rest = messages
        response = self._interaction.response
        if response.is_done():
            if self._way is Way.PUBLIC:
                await self._follow(first)
            else:
                await self._replace(first)
        elif self._way is Way.IN_PLACE:
            await response.edit_message(view=first.view, attachments=first.files, allowed_mentions=NOBODY)
        else:
            await response.send_message(
                view=first.view,
                files=first.files,
                ephemeral=self._way is Way.PRIVATE,
                allowed_mentions=NOBODY,
            )
        self._shown = True
        for drawn in rest:
            await self._follow(drawn)

    async def tell(self, drawn: Drawn) -> None:
        """A word to the asker alone, such as what went wrong. It leaves what is shown as it is."""
        assert_sendable(drawn.view, drawn.files)
        response = self._interaction.response
        if not response.is_done():
            await response.send_message(
                view=drawn.view, files=drawn.files, ephemeral=True, allowed_mentions=NOBODY
            )
        elif self._way is Way.PRIVATE and not self._shown:
            await self._replace(drawn)
        else:
            await self._interaction.followup.send(
                view=drawn.view, files=drawn.files, ephemeral=True, allowed_mentions=NOBODY
            )

    async def change(self, drawn: Drawn) -> None:
        """Show something else in the answer's place. Discord allows that for 15 minutes."""
        assert_sendable(drawn.view, drawn.files)
        await self._replace(drawn)

    async def _replace(self, drawn: Drawn) -> None:
        await self._interaction.edit_original_response(
            view=drawn.view, attachments=drawn.files, allowed_mentions=NOBODY
        )

    async def _follow(self, drawn: Drawn) -> None:
        await self._interaction.followup.send(
            view=drawn.view,
            files=drawn.files,
            ephemeral=self._way is not Way.PUBLIC,
            allowed_mentions=NOBODY,
        )


def language_of(interaction: Interaction) -> str:
    """The reader's language, as their Discord is set; English for what we do not speak."""
    return "es" if interaction.locale.value.startswith("es") else "en"


def view_of(interaction: Interaction) -> Server | Defaults:
    """The server whose settings and feeds count; the defaults where the bot is there for this reader only."""
    if interaction.guild_id is None or not interaction.is_guild_integration():
        return DEFAULTS
    return Server(interaction.guild_id)

"""Buttons and selects of every message, however old: what is pressed is read from its custom id."""

from __future__ import annotations

import re
from typing import Any, Protocol, cast

import discord
from discord import ui


class Pressed(Protocol):
    """Who answers presses: bot.chat.front."""

    async def press(
        self, interaction: discord.Interaction[discord.Client], custom_id: str, values: list[str]
    ) -> None:
        """Answer a press; ``values`` are what was chosen in a select."""
        ...


class HasFront(Protocol):
    """The client, as far as a press needs it."""

    front: Pressed


class Press(ui.DynamicItem[ui.Item[Any]], template=re.compile(r".+", re.DOTALL)):
    """Any button or select. discord.py makes one for each press, from the message that was pressed.

    The template takes every custom id, so that one of an older form is answered with a sentence and not with
    Discord's "This interaction failed". Errors do not come back from here: discord.py would only log them.
    """

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Press:
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        data = cast(dict[str, Any], interaction.data or {})
        client = cast(HasFront, interaction.client)
        await client.front.press(interaction, str(data.get("custom_id", "")), list(data.get("values") or ()))

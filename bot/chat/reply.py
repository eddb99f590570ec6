"""One interaction's answer: a new message or a change of the pressed one, at once or after a wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

import aiohttp
import discord

from bot.chat.error_codes import Cause, cause_of
from bot.chat.limits import assert_sendable
from bot.chat.render import Drawn
from bot.domain.audience import DEFAULTS, Defaults, Server

Interaction = discord.Interaction[discord.Client]

NOBODY = discord.AllowedMentions.none()

Files = Sequence[discord.File]
#: A connection that ended before Discord's answer came: Discord may have carried the request out or not.
#: discord.py tries again only after the codes that macOS and Windows have for a reset.
RESETS = (aiohttp.ClientConnectionError, ConnectionError)
#: No connection came about, so that Discord surely has nothing.
UNSENT = (aiohttp.ClientConnectorError,)


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
        self._answered = False  # by a request whose end was not seen, which discord.py does not note

    async def hold(self) -> None:
        """Tell Discord that the answer takes a while: it then waits 15 minutes instead of 3 seconds."""
        if self._acknowledged:
            return
        response = self._interaction.response
        private = self._way is Way.PRIVATE
        await self._acknowledge(lambda _: response.defer(ephemeral=private, thinking=private))

    async def show(self, messages: Sequence[Drawn]) -> None:
        """Send the answer; of several messages the first is the answer and the others follow it."""
        for drawn in messages:
            assert_sendable(drawn.view, drawn.files)
        first, *rest = messages
        response = self._interaction.response
        if self._acknowledged:
            if self._way is Way.PUBLIC:
                await self._follow(first)
            else:
                await self._replace(first)
        elif self._way is Way.IN_PLACE:
            await self._acknowledge(
                lambda files: response.edit_message(
                    view=first.view, attachments=files, allowed_mentions=NOBODY
                ),
                first.files,
            )
        else:
            await self._send(first, private=self._way is Way.PRIVATE)
        self._shown = True
        for drawn in rest:
            await self._follow(drawn)

    async def tell(self, drawn: Drawn) -> None:
        """A word to the asker alone, such as what went wrong. It leaves what is shown as it is."""
        assert_sendable(drawn.view, drawn.files)
        if not self._acknowledged:
            await self._send(drawn, private=True)
        elif self._way is Way.PRIVATE and not self._shown:
            await self._replace(drawn)
        else:
            await self._follow(drawn, private=True)

    async def change(self, drawn: Drawn) -> None:
        """Show something else in the answer's place. Discord allows that for 15 minutes."""
        assert_sendable(drawn.view, drawn.files)
        await self._replace(drawn)

    async def open_form(self, modal: discord.ui.Modal) -> None:
        """Answer with a form, which must be the first answer."""
        await self._acknowledge(lambda _: self._interaction.response.send_modal(modal))

    @property
    def _acknowledged(self) -> bool:
        return self._answered or self._interaction.response.is_done()

    async def _acknowledge(self, request: Callable[[Files], Awaitable[object]], files: Files = ()) -> None:
        """Make the first answer. That Discord has one already is no error: a try before has arrived."""
        try:
            await _again_after_reset(request, files)
        except discord.HTTPException as refused:
            if cause_of(refused.status, refused.code) is not Cause.ANSWERED:
                raise
            self._answered = True

    async def _send(self, drawn: Drawn, *, private: bool) -> None:
        await self._acknowledge(
            lambda files: self._interaction.response.send_message(
                view=drawn.view, files=files, ephemeral=private, allowed_mentions=NOBODY
            ),
            drawn.files,
        )

    async def _replace(self, drawn: Drawn) -> None:
        await _again_after_reset(
            lambda files: self._interaction.edit_original_response(
                view=drawn.view, attachments=files, allowed_mentions=NOBODY
            ),
            drawn.files,
        )

    async def _follow(self, drawn: Drawn, *, private: bool = False) -> None:
        """Send a further message. A public one that Discord may have is not sent twice."""
        private = private or self._way is not Way.PUBLIC
        await _again_after_reset(
            lambda files: self._interaction.followup.send(
                view=drawn.view, files=files, ephemeral=private, allowed_mentions=NOBODY
            ),
            drawn.files,
            RESETS if private else UNSENT,
        )


async def _again_after_reset(
    request: Callable[[Files], Awaitable[object]],
    files: Files,
    resets: tuple[type[Exception], ...] = RESETS,
) -> None:
    """Make a request, and once more if the connection was lost. ``files`` are read from their start again."""
    try:
        await request(files)
    except resets:
        for file in files:
            file.reset()
        await request([discord.File(file.fp, file.filename, description=file.description) for file in files])


def language_of(interaction: Interaction) -> str:
    """The reader's language, as their Discord is set; English for what we do not speak."""
    return "es" if interaction.locale.value.startswith("es") else "en"


def view_of(interaction: Interaction) -> Server | Defaults:
    """The server whose settings and feeds count; the defaults where the bot is there for this reader only."""
    if interaction.guild_id is None or not interaction.is_guild_integration():
        return DEFAULTS
    return Server(interaction.guild_id)

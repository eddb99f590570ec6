"""A page as Discord's Components V2: one container of text, pictures, buttons and selects. Pure but for the
buffers of its files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType

import discord
from discord import ui

from bot.chat import markup
from bot.chat.custom_id import BUTTON, SELECT, SHARE, Keeper, Target
from bot.chat.limits import (
    MAX_ALT_TEXT,
    MAX_LABEL,
    MAX_OPTION_TEXT,
    MAX_OPTIONS,
    MAX_PLACEHOLDER,
    assert_sendable,
    cut,
)
from bot.chat.rights import POSTABLE
from bot.chat.split import pieces
from bot.domain.page import Block, Button, Choice, Divider, File, Page, Picture, Request

__all__ = ["Drawn", "Share", "draw", "pieces"]

#: One colour per tone, readable on Discord's light and dark ground (contrast 3:1 or more against both).
ACCENTS = {"plain": 0x3B76C4, "good": 0x2E8B57, "warning": 0xC77700, "problem": 0xC8323C}
MAX_BUTTONS = 9  # with the one for sharing, two rows
MAX_SELECTS = 3

AnyView = ui.LayoutView
Row = ui.ActionRow[AnyView]


@dataclass(frozen=True, slots=True)
class Share:
    """The button that shows the page to everyone in the channel."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message ready to be sent once: the buffers of its files are read by sending.

    ``kept`` is what did not fit into its custom ids, by key: it must be stored for its controls to work.
    """

    view: AnyView
    files: list[discord.File]
    kept: Mapping[str, str] = field(default_factory=dict)


def draw(
    page: Page, *, share: Share | None = None, tag: int | None = None, mention: int | None = None
) -> Drawn:
    """``page`` as one message. ``tag`` numbers its container, so that a channel's history shows which it is;
    ``mention`` is a role that is named above it, to be woken if the send allows that.

    Raises Unsendable for a page that is
    longer than a message; ``pieces`` makes pages that are not.
    """
    files: list[discord.File] = []
    keeper = Keeper()
    parts: list[ui.Item[AnyView]] = []
    lines: list[Block] = []
    head = markup.title(page.title)
    for block in (*page.blocks, None):
        if isinstance(block, (Divider, Picture, File, NoneType)):
            parts += _text(head, lines)
            head, lines = "", []
        match block:
            case None:
                break
            case Divider():
                parts += [ui.Separator()] if parts else []
            case Picture():
                parts.append(_gallery(block, files))
            case File(name, data):
                files.append(discord.File(io.BytesIO(data), filename=name))
                parts.append(ui.File(f"attachment://{files[-1].filename}"))
            case _:
                lines.append(block)
    if parts and isinstance(parts[-1], ui.Separator):
        parts.pop()
    parts += _controls(page, share, keeper)
    container: ui.Container[AnyView] = ui.Container(
        *parts, accent_colour=ACCENTS.get(page.tone, ACCENTS["plain"]), id=tag
    )
    view = AnyView(timeout=None)
    if mention is not None:
        view.add_item(ui.TextDisplay(f"<@&{mention}>"))
    view.add_item(container)
    # A stopped view is not kept by discord.py: presses are answered by the dynamic items of bot.chat.presses,
    # whose state is in the custom ids, and a view for each answer would stay in memory for ever.
    view.stop()
    assert_sendable(view, files)
    return Drawn(view, files, keeper.kept)


def _text(head: str, lines: list[Block]) -> list[ui.Item[AnyView]]:
    text = "\n".join(part for part in (head, markup.run(lines)) if part)
    return [ui.TextDisplay(text)] if text.strip() else []


def _gallery(picture: Picture, files: list[discord.File]) -> ui.Item[AnyView]:
    name = f"{len(files)}-{picture.name}" if files else picture.name
    files.append(discord.File(io.BytesIO(picture.png), filename=name))
    alt = cut(picture.alt, MAX_ALT_TEXT)
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{files[-1].filename}", description=alt))


def _controls(page: Page, share: Share | None, keeper: Keeper) -> Iterator[ui.Item[AnyView]]:
    """Selects, then rows of up to five buttons. Each gets its place in the message, which keeps ids apart."""
    place = iter(range(36))
    for choice in page.choices[:MAX_SELECTS]:
        select = _select(choice, next(place), keeper)
        if select is not None:
            yield Row(select)
    buttons = [_button(button, next(place), keeper) for button in page.buttons[:MAX_BUTTONS]]
    if share is not None:
        made = keeper.custom_id(Target(SHARE, share.request), next(place))
        label = cut(share.label, MAX_LABEL)
        buttons.append(ui.Button(label=label, custom_id=made, style=discord.ButtonStyle.secondary))
    for start in range(0, len(buttons), 5):
        yield Row(*buttons[start : start + 5])


def _button(button: Button, place: int, keeper: Keeper) -> ui.Button[AnyView]:
    custom_id = keeper.custom_id(Target(BUTTON, button.request), place)
    label = cut(button.label.strip(), MAX_LABEL) or "…"
    style = discord.ButtonStyle.secondary
    if button.danger:
        style = discord.ButtonStyle.danger
    elif button.primary:
        style = discord.ButtonStyle.primary
    return ui.Button(label=label, custom_id=custom_id, style=style)


def _select(choice: Choice, place: int, keeper: Keeper) -> ui.Item[AnyView] | None:
    """The select of a choice; None for one without an option."""
    custom_id = keeper.custom_id(Target(SELECT, choice.request, choice.argument), place)
    placeholder = cut(choice.placeholder, MAX_PLACEHOLDER)
    if choice.of == "channels":
        return ui.ChannelSelect(custom_id=custom_id, placeholder=placeholder, channel_types=list(POSTABLE))
    if choice.of == "roles":
        return ui.RoleSelect(custom_id=custom_id, placeholder=placeholder)
    options: dict[str, discord.SelectOption] = {}
    chosen = False
    for option in choice.options:
        value = keeper.value(option.value, MAX_OPTION_TEXT)
        if not value or value in options:
            continue
        options[value] = discord.SelectOption(
            label=cut(option.label, MAX_OPTION_TEXT) or value,
            value=value,
            description=cut(option.description, MAX_OPTION_TEXT) or None,
            default=option.chosen and (choice.most > 1 or not chosen),
        )
        chosen = chosen or option.chosen
    if not options:
        return None
    shown = list(options.values())[:MAX_OPTIONS]
    return ui.Select(
        custom_id=custom_id,
        placeholder=placeholder,
        options=shown,
        max_values=max(1, min(choice.most, len(shown))),
    )

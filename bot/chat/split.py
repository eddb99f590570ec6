"""Split a page that is longer than a Discord message into several. Pure.

Pages are split at dividers. Only a part that is longer than a message is split between its blocks, and only a
block that is longer than a message is truncated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.limits import MAX_COMPONENTS, MAX_TEXT, cut
from bot.chat.markup import block as draw_block
from bot.chat.markup import title as draw_title
from bot.chat.markup import units
from bot.domain.page import (
    Block,
    Code,
    Divider,
    File,
    Item,
    Link,
    Note,
    Page,
    Paragraph,
    Picture,
    Span,
    Strong,
)

#: Left free in every message: the container, a line that mentions a role, and ten buttons and three selects
#: with their rows.
CONTROL_COMPONENTS = 1 + 1 + 10 + 2 + 3 * 2
#: Left free for the number that a continued title carries, " (12/12)", for a role's mention, and line breaks.
SPARE_TEXT = 50
#: Pictures and files in one message; each is a component and a file.
MAX_PICTURES = 4


@dataclass(frozen=True, slots=True)
class MessageSize:
    """The room that blocks take up in a message: characters, components, pictures."""

    text: int = 0
    components: int = 0
    pictures: int = 0

    def plus(self, other: MessageSize) -> MessageSize:
        return MessageSize(
            self.text + other.text, self.components + other.components, self.pictures + other.pictures
        )

    def fits(self, room: int) -> bool:
        return (
            self.text <= room
            and self.components <= MAX_COMPONENTS - CONTROL_COMPONENTS
            and self.pictures <= MAX_PICTURES
        )


def pieces(page: Page) -> tuple[Page, ...]:
    """``page`` as pages that each fit into one message, in order; controls stay on the last.

    A page that fits is returned as it is. Pieces of a longer one count themselves in the title.
    """
    room = MAX_TEXT - units(draw_title(page.title)) - SPARE_TEXT
    piles: list[list[Block]] = []
    size = MessageSize()
    for part in _parts(page.blocks, room):
        grown = size.plus(_size_of(part)).plus(MessageSize(components=1) if piles else MessageSize())
        if piles and grown.fits(room):
            piles[-1] += [Divider(), *part]
            size = grown
        else:
            piles.append(list(part))
            size = _size_of(part)
    if len(piles) <= 1:
        return (replace(page, blocks=tuple(piles[0]) if piles else ()),)
    count = len(piles)
    return tuple(
        replace(
            page,
            title=f"{page.title} ({number}/{count})",
            blocks=tuple(pile),
            buttons=page.buttons if number == count else (),
            choices=page.choices if number == count else (),
        )
        for number, pile in enumerate(piles, start=1)
    )


def _parts(blocks: tuple[Block, ...], room: int) -> list[list[Block]]:
    """The blocks between dividers, each part small enough for a message of its own."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Divider):
            parts.append([])
            continue
        if units(draw_block(block)) > room:
            block = _shortened(block, room)
        if parts[-1] and not _size_of([*parts[-1], block]).fits(room):
            parts.append([])
        parts[-1].append(block)
    return [part for part in parts if part]


def _size_of(blocks: list[Block]) -> MessageSize:
    """The size of ``blocks``: consecutive texts are one component."""
    text = components = pictures = 0
    running = False
    for block in blocks:
        if isinstance(block, (Picture, File)):
            components, pictures, running = components + 1, pictures + 1, False
            continue
        text += units(draw_block(block)) + 2  # and the line breaks before it
        components, running = components + (not running), True
    return MessageSize(text, components, pictures)


def _shortened(block: Block, room: int) -> Block:
    """A block longer than a message as truncated plain text: escaping can double its length."""
    match block:
        case Paragraph(spans) | Note(spans):
            lines = [spans]
        case Item(spans, details):
            lines = [spans, *details]
        case _:
            return block
    words = "\n".join("".join(_words(span) for span in spans) for spans in lines)
    return Paragraph((cut(words, room // 2 - 2),))


def _words(span: Span) -> str:
    match span:
        case str():
            return span
        case Link(text) | Strong(text) | Code(text):
            return text
        case _:
            return "…"  # a moment or a mention, which has no words of its own

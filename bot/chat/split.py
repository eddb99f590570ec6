"""Split a page that is longer than a Discord message into several. Pure.

Pages are split at dividers. Only a part that is longer than a message is split between its blocks, and only a
block that is longer than a message is truncated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
        grown = size.plus(part.size).plus(MessageSize(components=1))
        if piles and grown.fits(room):
            piles[-1] += [Divider(), *part.blocks]
            size = grown
        else:
            piles.append(part.blocks)
            size = part.size
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


@dataclass(slots=True)
class _Part:
    """Consecutive blocks without a divider, and their size."""

    blocks: list[Block] = field(default_factory=list)
    size: MessageSize = MessageSize()

    def with_next(self, block: Block, drawn: int) -> MessageSize:
        """The size with one more block, whose text has ``drawn`` characters."""
        if isinstance(block, (Picture, File)):
            return self.size.plus(MessageSize(components=1, pictures=1))
        # Consecutive texts are one component. Two line breaks stand before each.
        running = bool(self.blocks) and not isinstance(self.blocks[-1], (Picture, File))
        return self.size.plus(MessageSize(text=drawn + 2, components=0 if running else 1))


def _parts(blocks: tuple[Block, ...], room: int) -> list[_Part]:
    """The blocks between dividers, each part small enough for a message of its own. Each is drawn once."""
    parts = [_Part()]
    for block in blocks:
        if isinstance(block, Divider):
            parts.append(_Part())
            continue
        drawn = units(draw_block(block))
        if drawn > room:
            block = _shortened(block, room)
            drawn = units(draw_block(block))
        grown = parts[-1].with_next(block, drawn)
        if parts[-1].blocks and not grown.fits(room):
            parts.append(_Part())
            grown = parts[-1].with_next(block, drawn)
        parts[-1].size = grown
        parts[-1].blocks.append(block)
    return [part for part in parts if part.blocks]


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

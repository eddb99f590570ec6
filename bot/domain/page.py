"""A page: a reply with no platform in it. Chat and console each draw it.

Text is carried as plain strings and never as markup, so that each surface escapes for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere. ``url`` is http or https."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment, drawn in the reader's own zone where the surface can: ``relative`` as "3 hours ago"."""

    at: datetime
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be typed as it stands, such as a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of the platform's, by its id: ``kind`` is channel, role, member, command or server.

    Naming wakes nobody. Channel 0 is the terminal. A command has its ``name`` too; a server gets its own when
    the page is drawn, if it is known.
    """

    kind: str
    id: int
    name: str = ""


Span = str | Link | Strong | When | Code | Mention


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, with lines beneath it that belong to it."""

    spans: tuple[Span, ...]
    details: tuple[tuple[Span, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A small line: a caveat, a count, a source."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A break between parts. Digests may be split here and nowhere else."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with the words that say the same to who cannot see it."""

    png: bytes
    alt: str
    name: str = "chart.png"


@dataclass(frozen=True, slots=True)
class File:
    """Something to take along, such as a list of feeds. ``data`` is UTF-8 text."""

    name: str
    data: bytes


Block = Heading | Paragraph | Item | Note | Divider | Picture | File


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its arguments, as a button, a select or a prompt asks for it."""

    command: str
    arguments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Button:
    """Something that a reader may do next."""

    label: str
    request: Request
    primary: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    label: str
    value: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A select: what the reader picks becomes ``argument`` of ``request``.

    Up to ``most`` options can be picked at once; their values are then joined by commas. ``of`` is options,
    or channels or roles, which only the platform can list.
    """

    placeholder: str
    request: Request
    argument: str
    options: tuple[Option, ...] = ()
    most: int = 1
    of: str = "options"


@dataclass(frozen=True, slots=True)
class Page:
    """One whole reply.

    ``once_shown`` is asked by whoever shows the page, once the reader has it: it notes what was told.
    ``awaiting`` is asked again while the page is shown, and what it answers takes the page's place: something
    is under way whose end the reader waits for.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    choices: tuple[Choice, ...] = ()
    private: bool = True
    tone: str = "plain"  # plain, good, warning, problem
    once_shown: Request | None = None
    awaiting: Request | None = None


def with_spans(page: Page, change: Callable[[tuple[Span, ...]], tuple[Span, ...]]) -> Page:
    """``page`` with each of its lines as ``change`` makes it."""

    def changed(block: Block) -> Block:
        match block:
            case Paragraph(spans):
                return Paragraph(change(spans))
            case Note(spans):
                return Note(change(spans))
            case Item(spans, details):
                return Item(change(spans), tuple(map(change, details)))
            case _:
                return block

    return replace(page, blocks=tuple(map(changed, page.blocks)))

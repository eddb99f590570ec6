"""A page drawn in a terminal. Nothing of a feed's text is read as markup or as control codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from textwrap import shorten

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.commands.names import in_spanish, line_in_spanish
from bot.console.line import format_line
from bot.domain.page import (
    Block,
    Choice,
    Code,
    Divider,
    File,
    Heading,
    Item,
    Link,
    Mention,
    Note,
    Page,
    Paragraph,
    Picture,
    Request,
    Span,
    Strong,
    When,
)
from bot.locale import Translator

#: A headline as a step is cut to this: three steps stand in a row of a usual window.
STEP_WIDTH = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: No line of a page is as long: a title and its address.
_LONGEST_LINE = 4_000
_RULE = re.compile("─{4,}")
_TONES = {"plain": "cyan", "good": "green", "warning": "yellow", "problem": "red"}


def draw(page: Page, t: Translator, now: datetime, zone: str) -> RenderableType:
    """``page`` as something that rich can print, with the follow-up commands numbered at its foot."""
    tone = _TONES.get(page.tone, "cyan")
    title = Text(plain(page.title), style=f"bold {tone}")
    parts: list[RenderableType] = [Rule(title, align="left", style=tone)]
    for block in page.blocks:
        parts.append(_block(block, t, now, zone))
    steps = follow_ups(page)
    if steps:
        parts.append(Text())
        parts.append(_steps(page))
    return Group(*parts)


def follow_ups(page: Page) -> tuple[str, ...]:
    """The lines that the numbers at a page's foot stand for: its buttons, then what its selects offer."""
    return tuple(format_line(request) for _, request in _numbered(page))


def width_for(console: Console) -> int:
    """Lines longer than this are hard to read, however wide the window."""
    return min(console.width, 100)


def print_whole_lines(console: Console, drawn: RenderableType) -> None:
    """Print for a pipe: each line whole, whatever its length, without trailing spaces and short rules."""
    wide = Console(file=StringIO(), width=_LONGEST_LINE, highlight=False, color_system=None)
    wide.print(drawn)
    for line in wide.file.getvalue().splitlines():  # type: ignore[attr-defined]
        whole = _RULE.sub("─" * 3, line.rstrip())
        console.out(whole, highlight=False)


def _block(block: Block, t: Translator, now: datetime, zone: str) -> RenderableType:
    match block:
        case Heading(text):
            return Text(f"\n{plain(text)}", style="bold")
        case Paragraph(spans):
            return Padding(_line(spans, t, now, zone), (1, 0, 0, 0))
        case Item(spans, details):
            return Padding(_item(spans, details, t, now, zone), (1 if details else 0, 0, 0, 0))
        case Note(spans):
            return Padding(_line(spans, t, now, zone, style="dim italic"), (1, 0, 0, 0))
        case Divider():
            return Padding(Rule(style="dim"), (1, 0, 0, 0))
        case Picture(alt=alt):
            return Text(plain(alt), style="italic")
        case File(name, data):
            content = "\n".join(plain(line) for line in data.decode("utf-8", "replace").splitlines())
            return Group(Rule(Text(plain(name)), style="dim"), Text(content, overflow="fold"))


def _item(
    spans: tuple[Span, ...], details: tuple[tuple[Span, ...], ...], t: Translator, now: datetime, zone: str
) -> RenderableType:
    """A bullet with its lines hanging beneath it; addresses are written out, to be read and copied."""
    lines = [_line(spans, t, now, zone)]
    lines += [_line(detail, t, now, zone, style="dim") for detail in details]
    lines += [
        Text(span.url, style="bright_blue", overflow="fold") for span in spans if isinstance(span, Link)
    ]
    bullet = Table.grid(padding=(0, 1))
    bullet.add_row(Text("•", style="cyan"), Group(*lines))
    return bullet


def _line(spans: tuple[Span, ...], t: Translator, now: datetime, zone: str, style: str = "") -> Text:
    line = Text(style=style)
    for span in spans:
        match span:
            case Link(text, url):
                line.append(plain(text), style=f"bold link {url}")
            case Strong(text):
                line.append(plain(text), style="bold")
            case Code(text):
                typed = line_in_spanish(text) if t.language == "es" and text.startswith("/") else text
                line.append(plain(typed), style="cyan")
            case When(at, relative):
                line.append(t.ago(at, now) if relative else t.moment(at, zone))
            case Mention(kind, identity):
                line.append(f"{'#' if kind == 'channel' else '@'}{identity}")
            case str():
                line.append(plain(in_spanish(span) if t.language == "es" else span))
    return line


def plain(text: str) -> str:
    """``text`` without control characters: a terminal obeys them (C0 and C1, ECMA-48)."""
    return _CONTROL.sub(" ", text)


def _numbered(page: Page) -> list[tuple[str, Request]]:
    """What each number stands for: the buttons, then the options of each select."""
    return [(button.label, button.request) for button in page.buttons] + [
        one for choice in page.choices for one in _offered(choice)
    ]


def _offered(choice: Choice) -> list[tuple[str, Request]]:
    kept = choice.request.arguments
    return [
        (option.label, Request(choice.request.command, {**kept, choice.argument: option.value}))
        for option in choice.options
        if not option.chosen
    ]


def _steps(page: Page) -> RenderableType:
    """The buttons in rows, and each select under what it is for."""
    rows: list[RenderableType] = []
    number = 1
    if page.buttons:
        rows.append(_row([button.label for button in page.buttons], number))
        number += len(page.buttons)
    for choice in page.choices:
        labels = [label for label, _ in _offered(choice)]
        if labels:
            rows += [Text(f"{plain(choice.placeholder)}:", style="dim"), _row(labels, number)]
            number += len(labels)
    return Group(*rows)


def _row(labels: Sequence[str], first: int) -> Columns:
    steps = [
        Text.assemble((f"[{number}] ", "cyan"), (shorten(plain(label), STEP_WIDTH, placeholder="…"), "dim"))
        for number, label in enumerate(labels, start=first)
    ]
    return Columns(steps, padding=(0, 2))

"""A page drawn in a terminal. Nothing of a feed's text is read as markup or as control codes."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot.console.line import format_line
from bot.locale import Translator
from bot.pages.page import (
    Block,
    Choice,
    Code,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Page,
    Paragraph,
    Picture,
    Span,
    Strong,
    When,
)

_TONES = {"plain": "cyan", "good": "green", "warning": "yellow", "problem": "red"}


def draw(page: Page, t: Translator, now: datetime, zone: str) -> RenderableType:
    """``page`` as something that rich can print, with the follow-up commands numbered at its foot."""
    tone = _TONES.get(page.tone, "cyan")
    parts: list[RenderableType] = [Rule(Text(page.title, style=f"bold {tone}"), align="left", style=tone)]
    for block in page.blocks:
        parts.append(_block(block, t, now, zone))
    steps = follow_ups(page)
    if steps:
        parts.append(Text())
        parts.append(_steps(page, t))
    return Group(*parts)


def follow_ups(page: Page) -> tuple[str, ...]:
    """The lines that the numbers at a page's foot stand for."""
    return tuple(format_line(button.request) for button in page.buttons)


def width_for(console: Console) -> int:
    """Lines longer than this are hard to read, however wide the window."""
    return min(console.width, 100)


def _block(block: Block, t: Translator, now: datetime, zone: str) -> RenderableType:
    match block:
        case Heading(text):
            return Text(f"\n{text}", style="bold")
        case Paragraph(spans):
            return Padding(_line(spans, t, now, zone), (1, 0, 0, 0))
        case Item(spans, details):
            lines: list[RenderableType] = [Text.assemble(("• ", "cyan"), _line(spans, t, now, zone))]
            lines += [Padding(_line(detail, t, now, zone, style="dim"), (0, 0, 0, 2)) for detail in details]
            lines += [Padding(Text(url, style="dim blue"), (0, 0, 0, 2)) for url in _addresses(spans)]
            return Padding(Group(*lines), (1, 0, 0, 0) if details else 0)
        case Note(spans):
            return Padding(_line(spans, t, now, zone, style="dim italic"), (1, 0, 0, 0))
        case Divider():
            return Text()
        case Picture(alt=alt):
            return Text(alt, style="italic")


def _line(spans: tuple[Span, ...], t: Translator, now: datetime, zone: str, style: str = "") -> Text:
    line = Text(style=style)
    for span in spans:
        match span:
            case Link(text, url):
                line.append(text, style=f"bold link {url}")
            case Strong(text):
                line.append(text, style="bold")
            case Code(text):
                line.append(text, style="cyan")
            case When(at, relative):
                line.append(t.ago(at, now) if relative else t.moment(at, zone))
            case str():
                line.append(span)
    return line


def _addresses(spans: tuple[Span, ...]) -> list[str]:
    return [span.url for span in spans if isinstance(span, Link)]


def _steps(page: Page, t: Translator) -> Text:
    line = Text(style="dim")
    for number, button in enumerate(page.buttons, start=1):
        line.append(f"[{number}] ", style="cyan")
        line.append(f"{button.label}   ")
    for choice in page.choices:
        line.append("\n" + _choice(choice, t))
    return line


def _choice(choice: Choice, t: Translator) -> str:
    values = ", ".join(option.value for option in choice.options)
    return t("{what}: {line} with {values}", what=choice.placeholder, line=_open_line(choice), values=values)


def _open_line(choice: Choice) -> str:
    return f"{format_line(choice.request)} {choice.argument}:…"

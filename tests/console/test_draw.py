"""Pages in a terminal: every link can be followed, and nothing of a feed's text is obeyed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from bot.console.draw import draw, follow_ups, print_whole_lines
from bot.domain.page import (
    Button,
    Choice,
    Code,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Strong,
    When,
)
from bot.locale import translator

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PAGE = Page(
    "A title [red]not markup[/red]",
    (
        Heading("A heading"),
        Paragraph(("Plain, ", Strong("strong"), " and ", Code("/latest"))),
        Item(
            (Link("A headline [bold]", "https://example.org/a"),),
            (("Outlet · ", When(NOW - timedelta(hours=3), relative=True)),),
        ),
        Divider(),
        Note((When(NOW),)),
    ),
    (Button("More", Request("latest", {"days": "7"})),),
)


def _drawn(page: Page, language: str = "en") -> str:
    console = Console(file=StringIO(), width=80, force_terminal=False)
    console.print(draw(page, translator(language), NOW, "America/Mexico_City"))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_all_of_a_page_is_drawn() -> None:
    text = _drawn(PAGE)
    for part in (
        "[red]not markup[/red]",
        "A heading",
        "strong",
        "A headline [bold]",
        "https://example.org/a",
    ):
        assert part in text
    assert "3 hours ago" in text
    assert "06:00" in text, "moments are in the reader's zone"
    assert "[1] More" in text


def test_in_spanish() -> None:
    assert "hace 3 horas" in _drawn(PAGE, "es")


def test_a_number_stands_for_a_button() -> None:
    assert follow_ups(PAGE) == ("/latest days:7",)


@pytest.mark.parametrize("hostile", ["\x1b[2Jgone", "a\x07b", "\x9b31mred", "\x1b]0;title\x07"])
def test_control_codes_do_not_reach_the_terminal(hostile: str) -> None:
    text = _drawn(Page(hostile, (Paragraph((hostile,)), Item((Link(hostile, "https://example.org"),)))))
    assert not {"\x1b", "\x07", "\x9b"} & set(text)


def test_selects_are_named_and_numbered_behind_the_buttons() -> None:
    options = (Option("Here", "1"), Option("There", "2", chosen=True), Option("Elsewhere", "3"))
    page = Page("T", (), PAGE.buttons, (Choice("Open a place", Request("latest"), "days", options),))
    text = _drawn(page)
    assert text.index("[1] More") < text.index("Open a place:") < text.index("[2] Here") < text.index("[3] E")
    assert follow_ups(page) == ("/latest days:7", "/latest days:1", "/latest days:3")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["/latest days:365", "/feeds list shows"]),
        ("es", ["/novedades días:365", "/fuentes lista shows"]),
    ],
)
def test_commands_have_their_name_in_the_readers_language(language: str, shown: list[str]) -> None:
    page = Page("Title", (Note((Code("/latest days:365"), " ", "/feeds list shows")),))
    printed = _drawn(page, language)
    assert all(one in printed for one in shown)


def test_in_a_pipe_lines_are_whole_and_end_with_their_last_letter() -> None:
    title = "A headline that is longer than any window, " * 6
    page = Page("Latest", (Item((Link(title, "https://example.org/a"),), (("Desk · today",),)), Note(("x",))))
    console = Console(file=StringIO(), width=80, force_terminal=False)
    print_whole_lines(console, draw(page, translator("en"), NOW, "UTC"))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert any(title.strip() in line for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert not any("─" * 4 in line for line in lines)

"""Typed lines to requests and back."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.registry import COMMANDS
from bot.console.line import LineFault, format_line, parse_line
from bot.pages.page import Request


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("/concerns", "concerns", {}),
        ("concerns", "concerns", {}),
        ("/LATEST", "latest", {}),
        ("/latest border_security", "latest", {"concern": "border_security"}),
        ("/latest border_security 7 es", "latest",
         {"concern": "border_security", "days": "7", "language": "es"}),
        ("/latest days:7", "latest", {"days": "7"}),
        ("/latest days=7 organized_crime", "latest", {"days": "7", "concern": "organized_crime"}),
        ("/search police training", "search", {"words": "police training"}),
        ("/search Mexico's aid days:30", "search", {"words": "Mexico's aid", "days": "30"}),
        ('/search "police training" concern:regional_security', "search",
         {"words": "police training", "concern": "regional_security"}),
        ("/feeds add https://example.org/feed?a=1:2", "feeds add", {"address": "https://example.org/feed?a=1:2"}),
        ("/feeds   list", "feeds list", {}),
        ("/digest set 08:00", "digest set", {"time": "08:00"}),
        ("/settings timezone mexico city", "settings timezone", {"zone": "mexico city"}),
        ("/concern seguridad fronteriza", "concern", {"name": "seguridad fronteriza"}),
        ("/settings timezone America/Tijuana", "settings timezone", {"zone": "America/Tijuana"}),
    ],
)  # fmt: skip
def test_lines(line: str, command: str, arguments: dict[str, str]) -> None:
    request = parse_line(line, COMMANDS)
    assert (request.command, dict(request.arguments)) == (command, arguments)


@pytest.mark.parametrize("line", ["", "   ", "/nothing", "/feeds", "/feeds fly", "🙂"])
def test_unknown_commands_are_named(line: str) -> None:
    with pytest.raises(LineFault) as fault:
        parse_line(line, COMMANDS)
    assert fault.value.code == "unknown_command"


def test_a_word_too_many_is_named() -> None:
    with pytest.raises(LineFault) as fault:
        parse_line("/latest border_security 7 es now", COMMANDS)
    assert (fault.value.code, fault.value.word) == ("too_many_words", "now")


@given(
    st.sampled_from(["concern", "days", "language"]),
    st.text(st.characters(categories=["L", "N"], include_characters="_ -"), min_size=1, max_size=30).map(
        lambda value: " ".join(value.split())
    ).filter(bool),
)  # fmt: skip
def test_a_request_survives_being_typed(name: str, value: str) -> None:
    request = Request("latest", {name: value})
    read = parse_line(format_line(request), COMMANDS)
    assert (read.command, dict(read.arguments)) == ("latest", {name: value})


@given(st.text(max_size=200))
def test_no_line_breaks_the_prompt(line: str) -> None:
    with contextlib.suppress(LineFault):
        parse_line(line, COMMANDS)

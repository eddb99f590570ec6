"""Typed lines to requests and back."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import load_brief
from bot.commands.arguments import fold
from bot.commands.lookup import BY_NAME
from bot.commands.names import spanish_name
from bot.console.line import LineFault, format_line, parse_line
from bot.domain.page import Request

BRIEF = load_brief()


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
        ("/latest seguridad fronteriza", "latest", {"concern": "seguridad fronteriza"}),
        ("/latest seguridad fronteriza 7 es", "latest",
         {"concern": "seguridad fronteriza", "days": "7", "language": "es"}),
        ("/latest 7", "latest", {"days": "7"}),
        ("/latest español", "latest", {"language": "español"}),
        ("/latest weather report", "latest", {"concern": "weather report"}),
        ("/timeline border security 30", "timeline", {"concern": "border security", "since": "30"}),
        ("/follow phrase:tren de aragua", "follow", {"phrase": "tren de aragua"}),
        ("/follow phrase:tren de aragua where:here", "follow", {"phrase": "tren de aragua", "where": "here"}),
        ('/follow phrase:"Tecún Umán" border', "follow", {"phrase": "Tecún Umán", "concern": "border"}),
        ("/latest concern:seguridad regional 7", "latest", {"concern": "seguridad regional", "days": "7"}),
        ("/latest concern:weather 7", "latest", {"concern": "weather", "days": "7"}),
        ("/wrong story:tunnel nogales migration", "wrong", {"story": "tunnel nogales", "topic": "migration"}),
        ('/follow "tren de aragua"', "follow", {"phrase": "tren de aragua"}),
        ("/follow organized crime", "follow", {"concern": "organized crime"}),
        ("/why tunnel nogales", "why", {"story": "tunnel nogales"}),
        ("/why https://example.org/a", "why", {"address": "https://example.org/a"}),
        ("/wrong tunnel nogales migration", "wrong", {"story": "tunnel nogales", "topic": "migration"}),
        ("/stories merge 12 34", "stories merge", {"story": "12", "into": "34"}),
        ("/feeds pause border report", "feeds pause", {"feed": "border report"}),
        ("/feeds pause failing", "feeds pause", {"which": "failing"}),
    ],
)  # fmt: skip
def test_lines(line: str, command: str, arguments: dict[str, str]) -> None:
    request = parse_line(line, BY_NAME, BRIEF)
    assert (request.command, dict(request.arguments)) == (command, arguments)


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("/novedades", "latest", {}),
        ("/novedades días:7", "latest", {"days": "7"}),
        ("preocupacion seguridad fronteriza", "concern", {"name": "seguridad fronteriza"}),
        ("/por-qué novedad:3", "why", {"story": "3"}),
        ("/fuentes lista", "feeds list", {}),
        ("/resumen fijar hora:8:30", "digest set", {"time": "8:30"}),
        ("/ajustes zona-horaria Tijuana", "settings timezone", {"zone": "Tijuana"}),
    ],
)
def test_the_terminal_takes_spanish_names(line: str, command: str, arguments: dict[str, str]) -> None:
    request = parse_line(line, BY_NAME, BRIEF)
    assert (request.command, dict(request.arguments)) == (command, arguments)


def test_no_spanish_name_is_another_commands_english_one() -> None:
    english = {name: name for name in BY_NAME}
    for command in BY_NAME.values():
        assert english.get(fold(spanish_name(command.name)), command.name) == command.name


@pytest.mark.parametrize("line", ["", "   ", "/nothing", "🙂"])
def test_unknown_commands_are_named(line: str) -> None:
    with pytest.raises(LineFault) as fault:
        parse_line(line, BY_NAME, BRIEF)
    assert fault.value.code == "unknown_command"


@pytest.mark.parametrize(
    ("line", "word"), [("/feeds", "feeds"), ("digest", "digest"), ("/feeds fly", "feeds")]
)
def test_a_group_alone_is_named(line: str, word: str) -> None:
    with pytest.raises(LineFault) as fault:
        parse_line(line, BY_NAME, BRIEF)
    assert (fault.value.code, fault.value.word) == ("group", word)


def test_a_word_too_many_is_named() -> None:
    with pytest.raises(LineFault) as fault:
        parse_line("/latest border_security 7 es newest now", BY_NAME, BRIEF)
    assert (fault.value.code, fault.value.word) == ("too_many_words", "now")


@given(
    st.sampled_from(["concern", "days", "language"]),
    st.text(st.characters(categories=["L", "N"], include_characters="_ -"), min_size=1, max_size=30).map(
        lambda value: " ".join(value.split())
    ).filter(bool),
)  # fmt: skip
def test_a_request_survives_being_typed(name: str, value: str) -> None:
    request = Request("latest", {name: value})
    read = parse_line(format_line(request), BY_NAME, BRIEF)
    assert (read.command, dict(read.arguments)) == ("latest", {name: value})


@given(st.text(max_size=200))
def test_no_line_breaks_the_prompt(line: str) -> None:
    with contextlib.suppress(LineFault):
        parse_line(line, BY_NAME, BRIEF)


@pytest.mark.parametrize(
    ("line", "code", "meant"),
    [
        ("/latst", "unknown_command", "/latest"),
        ("/latst days:7", "unknown_command", "/latest days:7"),
        ("/conserns", "unknown_command", "/concerns"),
        ("/novedade", "unknown_command", "/novedades"),
        ("/latest lang:es", "unknown_option", "/latest language:es"),
        ("/search wall dias:7", "", ""),
        ("/search wall day:7", "unknown_option", "/search wall days:7"),
        ("/latest idiom:es", "unknown_option", "/latest idioma:es"),
        ("/xyzzy", "unknown_command", ""),
        ("/search https://example.org/a", "", ""),
        ("/search since:2025 wall", "", ""),
        ("/whynot https://example.org/a", "", ""),
    ],
)
def test_a_typing_mistake_is_answered_with_what_was_meant(line: str, code: str, meant: str) -> None:
    try:
        parse_line(line, BY_NAME, BRIEF)
    except LineFault as fault:
        assert (fault.code, fault.meant) == (code, meant)
    else:
        assert not code


def test_a_command_without_a_spanish_name_harms_no_line() -> None:
    more = {name: replace(BY_NAME["help"], name=name) for name in ("brandnew", "newgroup brandnew")}
    for line in ("/brandnew", "/newgroup brandnew", "/latest", "/novedades"):
        assert parse_line(line, {**BY_NAME, **more}, BRIEF).command
    assert spanish_name("newgroup brandnew") == "newgroup brandnew"


def test_a_request_is_written_as_one_would_type_it_in_a_language() -> None:
    request = Request("latest", {"language": "es", "concern": "border_security"})
    assert format_line(request) == "/latest language:es concern:border_security"
    typed = format_line(request, "es")
    assert typed == "/novedades idioma:es preocupación:border_security"
    assert parse_line(typed, BY_NAME, BRIEF) == request

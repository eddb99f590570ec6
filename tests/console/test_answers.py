"""What a typed line is answered with in the terminal, in the language of who sits there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.console.answers import answer_line
from tests.support.context import Room, reader, room


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/novedades lang:es", "/novedades idioma:es"),
        ("/latst", "/novedades"),
    ],
)
async def test_what_was_meant_is_offered_in_spanish(here: Room, line: str, meant: str) -> None:
    await answer_line(here.context, "/settings language es")
    page = await answer_line(here.context, line)
    assert [button.label for button in page.buttons] == [meant]


@pytest.mark.parametrize(("language", "title"), [("en", "/follow"), ("es", "/seguir")])
async def test_the_help_on_a_command_is_headed_by_its_name(here: Room, language: str, title: str) -> None:
    page = await here.ask("/help follow", reader(language))
    assert page.title.endswith(title)


@pytest.mark.parametrize(("language", "title"), [("en", "/feeds"), ("es", "/fuentes")])
async def test_the_help_on_a_group_is_headed_by_its_name(here: Room, language: str, title: str) -> None:
    page = await here.ask("/help feeds", reader(language))
    assert page.title == title

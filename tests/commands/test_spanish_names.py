"""In Spanish, options and groups are called as Discord and the terminal call them in Spanish."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot.locale
from bot.commands.names import COMMANDS_ES, PARAMETERS_ES, options_in_spanish
from bot.console.answers import answer_line
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.store import guilds
from tests.pages.making import words
from tests.support.context import Room, reader

GROUPS = sorted({name.partition(" ")[0] for name in COMMANDS_ES if " " in name})
#: Options that are called otherwise in Spanish, and are no Spanish words.
ENGLISH = {name for name in PARAMETERS_ES if name not in PARAMETERS_ES.values()}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("spanish", [False, True])
async def test_a_group_lists_its_commands_by_either_name(here: Room, group: str, spanish: bool) -> None:
    here.database.write_sync(
        guilds.set_settings, TERMINAL, language="es", by=TERMINAL_USER, now=here.clock.now()
    )
    page = await answer_line(here.context, f"/{COMMANDS_ES[group] if spanish else group}")
    assert page.title == f"/{COMMANDS_ES[group]}"
    inside = [name for name in COMMANDS_ES if name.startswith(f"{group} ")]
    assert len(page.blocks) == len(inside)


@pytest.mark.parametrize(
    ("line", "named"),
    [("/search", "palabras"), ("/latest days:0", "días"), ("/digest set channel:x", "canal")],
)
async def test_faults_call_options_by_their_spanish_names(here: Room, line: str, named: str) -> None:
    page = await here.ask(line, reader("es", admin=True))
    assert page.tone == "problem"
    assert f"«{named}»" in words(page)


async def test_help_calls_options_by_their_spanish_names(here: Room) -> None:
    text = words(await here.ask("/help", reader("es")))
    assert "[preocupación]" in text and "[días]" in text
    assert not re.search(rf"\[(?:{'|'.join(ENGLISH)})\]", text)


def test_a_line_keeps_its_command_and_its_values() -> None:
    assert options_in_spanish("/follow phrase:Nuevo Laredo") == "/follow frase:Nuevo Laredo"
    assert options_in_spanish("/digest status") == "/digest status"
    assert options_in_spanish("phrase") == "phrase"


def test_no_spanish_sentence_names_an_option_in_english() -> None:
    catalogue = read_po(Path(bot.locale.__file__).with_name("es.po").open("rb"))
    for entry in catalogue:
        for sentence in entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,):
            assert not ENGLISH.intersection(re.findall(r"«([a-z-]+)»", sentence or "")), sentence

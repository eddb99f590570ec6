"""Whatever somebody types into any option: a page or a sentence, and never a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.commands.asking import ask, complete, destination
from bot.commands.registry import COMMANDS
from bot.commands.spec import Asker, Command
from bot.domain.audience import TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.page import Page, Request
from bot.feeds.fetch import FetchRequest, FetchResult
from tests.support.context import GUILD, Room, room

#: By kinds: separators alone, brackets that addresses cannot have, digits of other scripts and superscripts,
#: numbers past every limit, days past the calendar, signs of other grammars, what no code has, long texts.
HOSTILE = (
    " , ", ";;", '"', "\\", "http://[x", "https://[::1", "http://x:99999999/", "//", "²", "٣", "١٢٣", "½",
    "0", "-1", "9" * 18, "9" * 30, "1e5", "9999-12-31", "0001-01-01", "2026-02-30", "99999", "nan", "inf",
    "\0", "\ud800", "\u202e\u200b", "%s{0}{}", "a=b&c", "<#²>", "<#1>", "#", "@everyone", "🌮" * 40,
    "x" * 3000, ", " * 900, "2026-01-01.now1200", "٢٠٢٦-٠١-٠١.now1200", "1.1", "1~2", "1_000", "+5", " ",
    "None", "zone", "a-b-c", "None.None",
)  # fmt: skip
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41, operator=True)
#: A value that a command takes, by kind, for what it cannot go without.
FITTING = {
    "concern": "border_security",
    "whole": "1",
    "story": "1",
    "zone": "UTC",
    "policy": "remain_in_mexico",
}


class NothingThere:
    """A network on which no address answers."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        return FetchResult(request.url, request.url, failure="dns")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room(tmp_path_factory.mktemp("hostile")) as opened:
        (desk,) = opened.follow("Desk")
        opened.bring(desk, "Border Patrol agents find a tunnel under the border wall in San Diego")
        opened.group()
        opened.context = replace(opened.context, fetcher=NothingThere())
        yield opened


def _lines(command: Command) -> Iterator[dict[str, str]]:
    needed = {
        one.name: (one.choices[0][0] if one.choices else FITTING.get(one.kind, one.example or "x"))
        for one in command.parameters
        if one.required
    }
    for parameter in command.parameters:
        for value in HOSTILE:
            yield {**needed, parameter.name: value}
    yield dict.fromkeys((one.name for one in command.parameters), "²")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_any_text_in_any_option_is_answered_with_a_page(
    filled: Room, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = filled.context.database.write

    async def noted(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        written.append(function.__name__)
        return await write(function, *arguments, **options)

    monkeypatch.setattr(filled.context.database, "write", noted)
    for number, given in enumerate(_lines(command)):
        asker = (ADMIN, replace(ADMIN, user=TERMINAL_USER, view=TERMINAL, language="es"))[number % 2]
        try:
            await destination(filled.context, asker, command, given)
            page = await ask(filled.context, asker, Request(command.name, given))
        except Exception as fault:
            raise AssertionError(f"/{command.name} {given!r}") from fault
        assert isinstance(page, Page) and page.title
    assert command.may_change or not written, "what changes something is acknowledged first"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_any_text_can_be_completed(filled: Room, command: Command) -> None:
    for parameter in command.parameters:
        for value in HOSTILE:
            await complete(filled.context, ADMIN, command, parameter, value)

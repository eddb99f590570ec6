"""An answer shows one state of the store: what is stored while it is read comes with the next answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.spec import Asker
from bot.domain.audience import Member, Server
from tests.pages.making import words
from tests.support.context import GUILD, Room

OPERATOR = Asker(Member(9), Server(GUILD), "en", admin=True, channel_id=41, operator=True)
REPORT = "Shelter for migrants in Tijuana is full"


@pytest.mark.parametrize(
    "line",
    [
        "/story {story}",
        "/concerns",
        "/concern border_security",
        "/latest",
        "/latest order:importance",
        "/search tijuana",
        "/timeline border_security",
        "/trend",
        "/policy merida_initiative",
        "/why {story}",
        "/why address:https://alpha.example/1",
        "/whynot address:https://alpha.example/1",
        "/following",
        "/settings show",
        "/settings kinds",
        "/digest set",
        "/digest status",
        "/digest preview",
        "/digest remove",
        "/watch list",
        "/privacy",
        "/audit",
        "/wrong story:{story}",
        "/stories split {story}",
        "/stories merge {story}",
    ],
)
async def test_an_answer_reads_in_one_transaction(
    here: Room, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, REPORT, ago=timedelta(days=1))
    (story,) = here.group()
    for command in ("/digest set time:8", "/follow story:{story}"):
        await here.ask(command.format(story=story), OPERATOR)
    transactions = _counted(here, monkeypatch)
    assert words(await here.ask(line.format(story=story), OPERATOR))
    assert transactions == ["read"]


@pytest.mark.parametrize(
    "line",
    [
        "/new",
        "/setup time:9",
        "/settings language es",
        "/settings kinds mute:opinion",
        "/digest set time:9",
        "/digest pause",
        "/digest resume",
        "/digest remove confirm:yes",
        "/follow concern:border_security",
        "/following drop:1",
        "/following undo:1",
        "/following resume:yes",
        "/watch remove Suchiate",
        "/privacy delete:yes",
        "/wrong story:{story} topic:migration",
        "/wrong story:{story} also:migration",
        "/wrong story:{story} undo:yes",
    ],
)
async def test_a_change_and_its_answer_are_one_transaction(
    here: Room, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """The page shows what the change left, and not what another admin made of it since."""
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, REPORT, ago=timedelta(days=1))
    (story,) = here.group()
    await here.ask("/digest set time:8", OPERATOR)
    await here.ask("/follow concern:border_security", OPERATOR)
    tried = await here.ask("/watch add phrases:Suchiate concern:border_security", OPERATOR)
    await here.ask(tried.buttons[0].request, OPERATOR)
    if "undo" in line and "following" in line:
        await here.ask("/following drop:1", OPERATOR)
    transactions = _counted(here, monkeypatch)
    page = await here.answer(line.format(story=story), OPERATOR)
    assert page.tone != "problem" and transactions == ["write"]


def _counted(here: Room, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The transactions from now on, by their kind."""
    seen: list[str] = []
    database = here.context.database

    def counting(kind: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def counted(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            seen.append(kind)
            return run(fn, *args, **kwargs)

        return counted

    monkeypatch.setattr(database, "read_sync", counting("read", database.read_sync))
    monkeypatch.setattr(database, "write_sync", counting("write", database.write_sync))
    return seen

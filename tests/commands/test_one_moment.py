"""An answer shows one state of the store: what is stored while it is read comes with the next answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.pages.making import words
from tests.support.context import Room

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
    ],
)
async def test_an_answer_reads_in_one_transaction(
    here: Room, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, REPORT, ago=timedelta(days=1))
    (story,) = here.group()
    reads = 0
    read_sync = here.context.database.read_sync

    def counted(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        nonlocal reads
        reads += 1
        return read_sync(fn, *args, **kwargs)

    monkeypatch.setattr(here.context.database, "read_sync", counted)
    assert words(await here.ask(line.format(story=story)))
    assert reads == 1

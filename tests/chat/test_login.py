"""Which troubles a login waits out, how long, and which end it."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp
import discord
import pytest
from structlog.testing import capture_logs

from bot.chat import login
from bot.chat.login import LONGEST_WAIT, WrongToken, until_reached


def refusal(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    return kind(SimpleNamespace(status=status, reason=""), {"code": code, "message": "no"})  # type: ignore[arg-type]


PASSING = [
    refusal(discord.DiscordServerError, 503, 0),
    refusal(discord.DiscordServerError, 502, 0),
    refusal(discord.HTTPException, 429, 0),
    refusal(discord.Forbidden, 403, 0),  # an upstream's page
    refusal(discord.Forbidden, 403, 40333),
    discord.GatewayNotFound(),
    discord.RateLimited(90.0),
    aiohttp.ServerDisconnectedError(),
    ConnectionResetError(104, "reset"),
    OSError(101, "Network is unreachable"),
    TimeoutError(),
]
WRONG = [
    discord.LoginFailure("no"),
    refusal(discord.HTTPException, 401, 0),
    refusal(discord.HTTPException, 401, 50014),
    discord.ConnectionClosed(SimpleNamespace(close_code=4004), shard_id=0, code=4004),  # type: ignore[arg-type]
]
LASTING = [
    refusal(discord.HTTPException, 400, 50035),
    discord.PrivilegedIntentsRequired(0),
    discord.ConnectionClosed(SimpleNamespace(close_code=4013), shard_id=0, code=4013),  # type: ignore[arg-type]
    ValueError("a fault of ours"),
]


class Steps:
    """A step of the login that ends with these errors, one after the other, and then well."""

    def __init__(self, *errors: Exception, closed: bool = False) -> None:
        self.errors = list(errors)
        self.closed = closed

    def is_closed(self) -> bool:
        return self.closed

    async def __call__(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []

    async def sleep(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(login.asyncio, "sleep", sleep)
    return made


@pytest.mark.parametrize("error", PASSING, ids=repr)
async def test_what_passes_is_waited_out_ever_longer(error: Exception, waits: list[float]) -> None:
    steps = Steps(*[error] * 9)
    with capture_logs() as logged:
        await until_reached(steps, steps)  # type: ignore[arg-type]
    assert waits[:4] == [1, 2, 4, 8] and waits[-1] == LONGEST_WAIT
    assert [line["event"] for line in logged] == ["discord_unreachable"] * 9


@pytest.mark.parametrize("error", WRONG, ids=repr)
async def test_a_token_that_is_refused_ends_it_at_once(error: Exception, waits: list[float]) -> None:
    steps = Steps(error)
    with pytest.raises(WrongToken):
        await until_reached(steps, steps)  # type: ignore[arg-type]
    assert waits == []


@pytest.mark.parametrize("error", LASTING, ids=repr)
async def test_what_waiting_does_not_change_ends_it(error: Exception, waits: list[float]) -> None:
    steps = Steps(error)
    with pytest.raises(type(error)):
        await until_reached(steps, steps)  # type: ignore[arg-type]
    assert waits == []


async def test_a_client_that_was_closed_tries_no_more(waits: list[float]) -> None:
    steps = Steps(OSError(), closed=True)
    with pytest.raises(OSError):
        await until_reached(steps, steps)  # type: ignore[arg-type]

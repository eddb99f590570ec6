"""The bot as a process while Discord is away: at the login, and in the middle of its work."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from tests.operating.test_serve import eventually, running
from tests.support.discord.faults import Fault
from tests.support.discord.server import LoopbackDiscord
from tests.support.process import Vigia

#: It takes so long to stop at most, whatever state Discord is in.
STOP_SECONDS = 3


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    """A Discord whose port is known and that nobody serves yet."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    made = LoopbackDiscord(port=port)
    made.world.add_guild("Frontera")
    yield made
    await made.stop()


def logged(vigia: Vigia) -> str:
    path = vigia.folder / "log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


async def stops(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    async with asyncio.timeout(STOP_SECONDS):
        assert await process.wait() == 0


async def test_it_waits_for_a_network_at_the_login_goes_on_and_survives_its_loss(
    vigia: Vigia, discord: LoopbackDiscord
) -> None:
    vigia.follow("http://127.0.0.1:9/feed")
    async with running(vigia, discord) as process:
        await eventually(lambda: "discord_unreachable" in logged(vigia))
        discord.faults.add(Fault("reset_before"), ("GET", "/gateway/bot"))
        await discord.start()
        await eventually(lambda: "ready " in logged(vigia))
        assert "Traceback" not in logged(vigia)
        await discord.stop()
        await eventually(lambda: "reconnect" in logged(vigia))
        assert process.returncode is None
        await stops(process)


async def test_sigterm_ends_it_while_it_waits_to_log_in(vigia: Vigia, discord: LoopbackDiscord) -> None:
    vigia.follow("http://127.0.0.1:9/feed")
    discord.faults.add(Fault("status", status=503), times=1_000)
    await discord.start()
    async with running(vigia, discord) as process:
        await eventually(lambda: logged(vigia).count("discord_unreachable") >= 2)
        await stops(process)

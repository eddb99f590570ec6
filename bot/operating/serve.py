"""The bot in Discord: the gateway, the ticks and the sender, in one process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from datetime import timedelta
from random import Random

import structlog

from bot.app import open_desk, process_name
from bot.chat.client import WrongToken, create_bot
from bot.chat.deliver import Delivery
from bot.chat.render import pieces
from bot.operating.health import health_endpoint
from bot.settings import Settings
from bot.store import facts, leases
from bot.store.errors import StoreError
from bot.worker.digest import Digests
from bot.worker.housekeeping import keep_house
from bot.worker.round import NewsRound
from bot.worker.schedule import Tick, start_ticks

log = structlog.get_logger()

#: A minute is the finest step in which a feed or a digest is due.
MINUTE = 60
#: What is in the outbox leaves within seconds.
SEND_SECONDS = 5
HOUR = 3600
#: The row by which `doctor` knows who works on this store; three renewals may be missed.
HERE = "process:all:"
HERE_TTL = timedelta(minutes=3)

NO_TOKEN = """\
No Discord token is set, so there is nothing to run in Discord.
Set VIGIA_DISCORD_TOKEN (README, “On a server”), or run `python bot.py console` for the terminal."""

WRONG_TOKEN = """\
Discord refuses this token. Copy it again from the developer portal (Bot, Reset Token)
into VIGIA_DISCORD_TOKEN.
Nothing was lost; `python bot.py console` answers from what is stored."""


async def serve(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; what is under way is finished first. 1 without a token that works."""
    if settings.discord_token is None:
        print(NO_TOKEN)
        return 1
    async with open_desk(settings, pieces=pieces) as desk:
        owner = process_name()
        news, digests = NewsRound(desk, owner, Random()), Digests(desk)

        async def house() -> None:
            await keep_house(desk)

        async def say_here() -> None:
            await desk.database.write(leases.take, HERE + owner, owner, now=desk.clock.now(), ttl=HERE_TTL)

        async def commands_sent() -> str | None:
            return await desk.database.read(facts.recall, facts.COMMANDS_SENT)

        async def remember_commands(payload: str) -> None:
            await desk.database.write(facts.remember, facts.COMMANDS_SENT, payload)

        client = create_bot(desk, settings, recall=commands_sent, remember=remember_commands)
        delivery = Delivery(desk, client, owner)
        health = health_endpoint(desk, settings.health_host, settings.health_port, client.is_ready)
        ticks = (
            Tick("feeds", MINUTE, news.run),
            Tick("digests", MINUTE, digests.plan_due),
            Tick("outbox", SEND_SECONDS, delivery.send_due),
            Tick("house", HOUR, house),
            Tick("here", MINUTE, say_here),
        )
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        running = asyncio.create_task(client.start(settings.discord_token.get_secret_value()))
        waiting = asyncio.create_task(stop.wait())
        scheduler = start_ticks(ticks, desk.clock.now())
        try:
            async with health:
                await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        except WrongToken:
            print(WRONG_TOKEN)
            return 1
        finally:
            log.info("stopping")
            scheduler.shutdown(wait=False)
            await client.close()
            waiting.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)
            with contextlib.suppress(StoreError):
                await desk.database.write(leases.give_back, HERE + owner, owner)
    return 0

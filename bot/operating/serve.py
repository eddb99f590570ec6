"""The bot in Discord: the gateway, the ticks and the sender, in one process."""

from __future__ import annotations

import asyncio
from random import Random

import structlog

from bot.chat.client import READY_SECONDS, Vigia
from bot.chat.deliver import Delivery
from bot.chat.login import WrongToken
from bot.chat.rest_sender import RestSender
from bot.clock import Clock, SystemClock
from bot.ingest.pipeline import IngestPipeline
from bot.jobs.periodic import MINUTE, periodic_jobs
from bot.jobs.ticks import Tick, start_ticks
from bot.operating.running import leave, running
from bot.settings import Settings

log = structlog.get_logger()

#: What is in the outbox leaves within seconds.
SEND_SECONDS = 5

NO_TOKEN = """\
No Discord token is set, so there is nothing to run in Discord.
Set VIGIA_DISCORD_TOKEN (README, “On a server”), or run `python bot.py console` for the terminal."""

WRONG_TOKEN = """\
Discord refuses this token. Copy it again from the developer portal (Bot, Reset Token)
into VIGIA_DISCORD_TOKEN.
Nothing was lost; `python bot.py console` answers from what is stored."""


async def serve(
    settings: Settings, *, clock: Clock | None = None, ready_seconds: float = READY_SECONDS
) -> int:
    """Run until SIGINT or SIGTERM; what is under way is finished first. 1 without a token that works."""
    if settings.discord_token is None:
        print(NO_TOKEN)
        return 1
    async with running(settings, "all", clock) as here:
        context = here.context
        news = IngestPipeline(context, here.owner, Random())
        client = here.bot(ready_seconds)
        delivery = Delivery(context, client, here.owner)

        ticks = (
            Tick("feeds", MINUTE, news.run),
            *periodic_jobs(context),
            Tick("outbox", SEND_SECONDS, delivery.send_due),
        )
        connected = asyncio.create_task(client.start(settings.discord_token.get_secret_value()))
        # The schedule is the machine's: how late a tick is has nothing to do with what the store holds due.
        scheduler = start_ticks(ticks, SystemClock().now())
        at_once = asyncio.create_task(send_when_ready(client, delivery))
        try:
            async with here.health(client.is_ready):
                await here.until_stopped(connected)
        except WrongToken:
            print(WRONG_TOKEN)
            return 1
        finally:
            at_once.cancel()
            scheduler.shutdown(wait=False)
            await leave(client, connected, at_once)
    return 0


async def send_when_ready(client: Vigia | RestSender, delivery: Delivery) -> None:
    """Send what waited while the bot was away once Discord is connected, not only at the next tick."""
    while not client.is_ready():  # noqa: ASYNC110 – the library has nothing to wait for before the login
        await asyncio.sleep(0.1)
    await delivery.send_due()

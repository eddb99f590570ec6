"""``python -m tests.chat.sender DATABASE API GATEWAY TOKEN AHEAD``: a sender of its own, to be killed.

Its clock is AHEAD seconds before the machine's, so that a test need not wait for leases to end.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.app import open_context
from bot.chat.client import create_bot
from bot.chat.deliver import Delivery
from bot.settings import Settings


class AheadClock:
    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def main(database: str, api: str, gateway: str, token: str, ahead: str) -> None:
    settings = Settings(
        _env_file=None, database_url=database, discord_api_base=api, discord_gateway_url=gateway
    )
    async with open_context(settings, clock=AheadClock(float(ahead)), sources=()) as context:
        client = create_bot(context, settings, ready_seconds=0.02)
        delivery = Delivery(context, client, f"sender{ahead}")
        running = asyncio.create_task(client.start(token))
        while not running.done():
            await delivery.send_due()
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

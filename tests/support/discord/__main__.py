"""``python -m tests.support.discord --port 8900``: the loopback Discord as a process of its own.

It prints one line of JSON when it listens (addresses, token, ids), and answers under ``/control``:
``GET /control/messages`` (every message), ``GET /control/state`` (calls, refusals), ``POST /control/slash``
and ``POST /control/press`` (play a person), ``POST /control/fault`` (order a fault), ``POST /control/drop``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from typing import Any

from aiohttp import web

from tests.support.discord.call import reply
from tests.support.discord.faults import Fault
from tests.support.discord.interactions import Exchange
from tests.support.discord.server import LoopbackDiscord
from tests.support.discord.world import Message


def told(message: Message) -> dict[str, Any]:
    """What the control endpoint says of a message."""
    return {
        "id": message.id,
        "channel_id": message.channel_id,
        "nonce": message.nonce,
        "text": message.text,
        "ephemeral": message.ephemeral,
        "pings": list(message.pings),
        "wire": message.wire,
    }


class Control:
    """The little HTTP interface for what a test in another process wants to know or do."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.shown: dict[int, Message] = {}
        router = discord.app.router
        discord.app.middlewares.append(self._first)
        self.routes = {
            ("GET", "/control/messages"): self.messages,
            ("GET", "/control/state"): self.state,
            ("POST", "/control/slash"): self.slash,
            ("POST", "/control/press"): self.press,
            ("POST", "/control/fault"): self.fault,
            ("POST", "/control/drop"): self.drop,
        }
        assert router is not None

    @web.middleware
    async def _first(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Control calls before the catch-all route that the server ends with."""
        control = self.routes.get((request.method, request.path))
        if control is None:
            answer: web.StreamResponse = await handler(request)
            return answer
        given = await request.json() if request.can_read_body else {}
        return reply(200, await control(given))

    async def messages(self, given: dict[str, Any]) -> Any:
        return [told(message) for message in self.discord.world.messages()]

    async def state(self, given: dict[str, Any]) -> Any:
        discord = self.discord
        return {
            "posts": len(discord.posts()),
            "calls": [[call.method, call.template, call.status] for call in discord.calls],
            "refused": discord.refused,
            "unserved": discord.unserved,
            "own_faults": discord.own_faults,
            "commands": [command["name"] for command in discord.world.commands],
            "identifies": len(discord.gateway.identifies),
        }

    async def slash(self, given: dict[str, Any]) -> Any:
        discord = self.discord
        person = next((one for one in discord.world.people.values() if one.name == given.get("person")), None)
        person = person or discord.world.add_person(
            given.get("person", "reader"), admin=bool(given.get("admin")), locale=given.get("locale", "en-US")
        )
        guild = discord.world.guilds.get(int(given.get("guild") or 0))
        return self._shown(await discord.slash(guild, person, given["command"], given.get("arguments")))

    async def press(self, given: dict[str, Any]) -> Any:
        message = self.shown[int(given["message"])]
        person = next(iter(self.discord.world.people.values()))
        return self._shown(await self.discord.press(message, given["button"], person))

    async def fault(self, given: dict[str, Any]) -> Any:
        on = tuple(given.pop("on", ("", "")))
        times = given.pop("times", 1)
        self.discord.faults.add(Fault(**given), (on[0], on[1]), times=times)
        return {}

    async def drop(self, given: dict[str, Any]) -> Any:
        await self.discord.gateway.drop(given.get("code", 4000))
        return {}

    def _shown(self, exchange: Exchange) -> Any:
        self.shown[exchange.message.id] = exchange.message
        return told(exchange.message)


async def serve(port: int, guilds: int) -> None:
    discord = LoopbackDiscord(port=port)
    Control(discord)
    made = [discord.world.add_guild(f"Guild {number}") for number in range(guilds)]
    await discord.start()
    started = {
        "api": discord.api,
        "gateway": discord.gateway_url,
        "token": discord.token,
        "guilds": [{"id": guild.id, "channel": guild.channel.id} for guild in made],
    }
    sys.stdout.write(json.dumps(started) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await discord.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--guilds", type=int, default=1)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.guilds))


if __name__ == "__main__":
    main()

"""The loopback Discord: REST and gateway on one port of this machine, every body judged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.support.discord.call import PREFIX, Call, Refusal, read, reply
from tests.support.discord.document import document
from tests.support.discord.faults import Fault, Faults
from tests.support.discord.gateway import Gateway
from tests.support.discord.interactions import Interactions
from tests.support.discord.limits import (
    MAX_FILE_BYTES,
    choice_faults,
    command_faults,
    message_faults,
    modal_faults,
)
from tests.support.discord.rest import Rest
from tests.support.discord.scenario import Scenario
from tests.support.discord.world import World

TOKEN = "loopback-token"
Handler = Callable[[Call], Awaitable[tuple[int, Any]]]
MESSAGE_TEMPLATES = (
    "/channels/{channel_id}/messages",
    "/channels/{channel_id}/messages/{message_id}",
    "/webhooks/{webhook_id}/{webhook_token}",
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
)


class LoopbackDiscord(Scenario):
    """A Discord on 127.0.0.1. Use as ``async with LoopbackDiscord() as discord``.

    ``refused`` lists what the bot sent that Discord would not take; ``own_faults`` what this stand-in
    answered that Discord would not say; ``unserved`` the calls that it has no route for. A test that ends
    well leaves all three empty. ``per_second`` is the global limit: more calls within a second are answered
    429 (none: no limit).
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        nonce_seconds: float = 120.0,
        port: int = 0,
        token: str = TOKEN,
    ) -> None:
        self.world = World(now, nonce_seconds)
        self.token = token
        self.gateway = Gateway(self.world, token)
        self.interactions = Interactions(self.world)
        self.rest = Rest(self.world, self.gateway)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.refused: list[str] = []
        self.own_faults: list[str] = []
        self.unserved: list[str] = []
        self.per_second: int | None = None
        self._recent: list[float] = []
        self._port = port
        self._runner: web.AppRunner | None = None
        self.app = web.Application(client_max_size=64 * 1024 * 1024)
        for method, template, handler in [*self.rest.routes(), *self.interactions.routes()]:
            self.app.router.add_route(method, PREFIX + template, self._serve(handler))
        self.app.router.add_get("/gateway/", self.gateway.handle)
        self.app.router.add_route("*", "/{anything:.*}", self._unserved)

    @property
    def api(self) -> str:
        """The API base, as the bot's settings want it."""
        return f"http://127.0.0.1:{self._port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway/"

    async def __aenter__(self) -> LoopbackDiscord:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.gateway.address = self.gateway_url

    async def stop(self) -> None:
        await self.gateway.drop(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()

    def posts(self) -> list[Call]:
        """Every try at posting to a channel, in order."""
        return [
            call
            for call in self.calls
            if (call.method, call.template) == ("POST", "/channels/{channel_id}/messages")
        ]

    def faultless(self) -> None:
        """Raise AssertionError when anything was sent or answered that Discord would not take or say."""
        assert not self.refused, self.refused
        assert not self.unserved, self.unserved
        assert not self.own_faults, self.own_faults

    def _serve(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await read(request, self.world.now())
            self.calls.append(call)
            wrong = self._judge(call)
            if wrong:
                self.refused.extend(f"{call.method} {call.template}: {fault}" for fault in wrong)
            fault = self._over_limit(call) or self.faults.next(call.method, call.template, call.channel_id)
            if fault is not None and fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault is not None and fault.kind == "reset_before":
                return _cut(request)
            elif fault is not None and fault.kind in ("status", "limited"):
                return self._faulty(call, fault)
            response = await self._answer(call, handler, wrong)
            if fault is not None and fault.kind == "reset_after":
                return _cut(request)
            if fault is not None and fault.kind == "status_after":
                return self._faulty(call, fault)
            if fault is not None and fault.kind == "hold":
                await fault.released.wait()
            return response

        return serve

    async def _answer(self, call: Call, handler: Handler, wrong: list[str]) -> web.Response:
        try:
            if wrong:
                raise Refusal(400, 50035, "Invalid Form Body: " + "; ".join(wrong))
            if call.template.startswith(("/webhooks", "/interactions")):
                pass  # the token in the path is the right
            elif call.authorization != f"Bot {self.token}":
                raise Refusal(401, 0, "401: Unauthorized")
            status, body = await handler(call)
        except Refusal as refusal:
            call.status = refusal.status
            return reply(refusal.status, {"code": refusal.code, "message": refusal.message})
        call.status = status
        if body is not None and document().knows(call.method, call.template):
            faults = document().answer_faults(call.method, call.template, status, body)
            self.own_faults.extend(f"{call.method} {call.template}: {fault}" for fault in faults)
        return reply(status, body)

    def _judge(self, call: Call) -> list[str]:
        if not document().knows(call.method, call.template):
            return []
        if call.method == "GET" or call.method == "DELETE":
            return []
        wrong = document().request_faults(call.method, call.template, _with_ids_as_text(call.body))
        if wrong:
            return wrong  # the rules below read bodies of the right shape
        uploaded = frozenset(call.files)
        wrong = [
            f"{name} is too large" for name, content in call.files.items() if len(content) > MAX_FILE_BYTES
        ]
        edit = call.method == "PATCH"
        if call.template in MESSAGE_TEMPLATES:
            wrong += message_faults(call.body, uploaded, edit=edit)
        elif call.template.endswith("/callback"):
            data = call.body.get("data") or {}
            if call.body["type"] in (4, 7):
                wrong += message_faults(data, uploaded, edit=call.body["type"] == 7)
            elif call.body["type"] == 8:
                wrong += choice_faults(data.get("choices") or [])
            elif call.body["type"] == 9:
                wrong += modal_faults(data)
        elif call.template == "/applications/{application_id}/commands":
            wrong += command_faults(call.body)
        return wrong

    def _over_limit(self, call: Call) -> Fault | None:
        """The global limit; answers to interactions do not count towards it."""
        if self.per_second is None or call.template.startswith(("/interactions", "/webhooks")):
            return None
        self._recent = [at for at in self._recent if call.at - at < 1.0]
        if len(self._recent) >= self.per_second:
            wait = max(0.001, 1.0 - (call.at - self._recent[0]))
            return Fault("limited", retry_after=wait, scope="global")
        self._recent.append(call.at)
        return None

    def _faulty(self, call: Call, fault: Fault) -> web.Response:
        if fault.kind in ("status", "status_after"):
            call.status = fault.status
            if fault.status >= 500:
                return web.Response(
                    status=fault.status, text="<html>upstream</html>", content_type="text/html"
                )
            return reply(fault.status, {"code": fault.code, "message": fault.message})
        call.status = 429
        everywhere = fault.scope == "global"
        headers = {"Retry-After": str(max(1, round(fault.retry_after)))}
        if fault.via:
            headers["Via"] = "1.1 google"
        if fault.scope:
            headers["X-RateLimit-Scope"] = fault.scope
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        body = {
            "code": 0,
            "message": "You are being rate limited.",
            "retry_after": fault.retry_after,
            "global": everywhere,
        }
        return reply(429, body, headers)

    async def _unserved(self, request: web.Request) -> web.Response:
        self.unserved.append(f"{request.method} {request.path}")
        return reply(404, {"code": 0, "message": "404: Not Found"})


def _with_ids_as_text(body: Any) -> Any:
    """``body`` with the roles that may be woken, and whom a direct message is for, as the document has them.

    discord.py sends these ids as numbers, and so do all bots that it runs: Discord takes both.
    """
    if isinstance(body, dict) and isinstance(body.get("recipient_id"), int):
        return {**body, "recipient_id": str(body["recipient_id"])}
    allowed = body.get("allowed_mentions") if isinstance(body, dict) else None
    if not allowed or not allowed.get("roles"):
        return body
    return {**body, "allowed_mentions": {**allowed, "roles": [str(one) for one in allowed["roles"]]}}


def _cut(request: web.Request) -> web.StreamResponse:
    """Abort the connection, so that the client sees a reset and no answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)

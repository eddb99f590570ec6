"""The gateway: websocket sessions that identify, receive events, drop and resume."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.support.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11


@dataclass(eq=False)
class Session:
    """What a client identified for. Events are kept, so that a resume can replay what was missed."""

    id: str
    shard: tuple[int, int]
    intents: int
    events: list[dict[str, Any]] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Gateway:
    """All sessions. Events go to the newest session of the shard that owns the guild, as in Discord."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.sessions: dict[str, Session] = {}
        self.identifies: list[dict[str, Any]] = []
        self.resumes = 0
        self.unavailable: set[int] = set()
        self.address = ""
        self._sockets: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it closes."""
        socket = web.WebSocketResponse(autoping=True, max_msg_size=0)
        await socket.prepare(request)
        self._sockets.add(socket)
        session: Session | None = None
        await self._raw(socket, {"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        try:
            async for frame in socket:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    break
                message = json.loads(frame.data)
                if message["op"] == HEARTBEAT:
                    await self._raw(socket, {"op": HEARTBEAT_ACK, "d": None})
                elif message["op"] == IDENTIFY:
                    if message["d"]["token"] != self.token:
                        await socket.close(code=4004, message=b"Authentication failed.")
                        break
                    session = await self._identify(socket, message["d"])
                elif message["op"] == RESUME:
                    session = await self._resume(socket, message["d"])
        finally:
            self._sockets.discard(socket)
            if session is not None and session.socket is socket:
                session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session:
        self.identifies.append(data)
        shard = tuple(data.get("shard") or (0, 1))
        session = Session(
            f"session{self.world.new_id()}", (shard[0], shard[1]), data["intents"], socket=socket
        )
        self.sessions[session.id] = session
        mine = [guild for guild in self.world.guilds.values() if guild.member]
        guilds = [guild for guild in mine if self._owns(session, guild.id)]
        ready = {
            "v": 10,
            "user": self.world.bot.wire() | {"email": None, "mfa_enabled": False, "verified": True},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": list(session.shard),
            "application": {"id": str(self.world.application_id), "flags": 0},
            "private_channels": [],
        }
        await self._send(session, "READY", ready)
        for guild in guilds:
            if guild.id not in self.unavailable:
                await self._send(session, "GUILD_CREATE", guild.wire(self.world.bot))
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["seq"] is None:
            await self._raw(socket, {"op": INVALID_SESSION, "d": False})
            return None
        self.resumes += 1
        session.socket = socket
        for event in session.events[data["seq"] :]:
            await self._raw(socket, event)
        await self._send(session, "RESUMED", {})
        return session

    async def dispatch(self, name: str, data: dict[str, Any], guild_id: int | None = None) -> None:
        """Send an event to the session that owns ``guild_id`` (none: shard 0); kept while it is away."""
        owners = [one for one in self.sessions.values() if self._owns(one, guild_id)]
        if not owners:
            raise AssertionError("no bot is connected")
        await self._send(owners[-1], name, data)

    async def drop(self, code: int = 4000) -> None:
        """Close every connection as a network fault does; sessions can be resumed."""
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def reconnect(self) -> None:
        """Ask every client to reconnect (op 7)."""
        for socket in list(self._sockets):
            await self._raw(socket, {"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is no longer good (op 9)."""
        if not resumable:
            self.sessions.clear()
        for socket in list(self._sockets):
            await self._raw(socket, {"op": INVALID_SESSION, "d": resumable})

    def _owns(self, session: Session, guild_id: int | None) -> bool:
        number, count = session.shard
        return ((guild_id or 0) >> 22) % count == number

    async def _send(self, session: Session, name: str, data: dict[str, Any]) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        if session.socket is not None:
            await self._raw(session.socket, event)

    async def _raw(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await socket.send_str(json.dumps(message))

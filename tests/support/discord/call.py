"""One REST call as the loopback Discord sees it: read, judged, answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PREFIX = "/api/v10"


class Refusal(Exception):
    """An error answer of Discord's: HTTP status, its own code, its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Call:
    """A request: ``template`` is the path as the OpenAPI document writes it."""

    method: str
    template: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    authorization: str
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0

    @property
    def channel_id(self) -> int | None:
        return int(self.params["channel_id"]) if "channel_id" in self.params else None


async def read(request: web.Request, at: float) -> Call:
    """The call that ``request`` makes. Of a multipart one, ``payload_json`` is the body."""
    resource = request.match_info.route.resource
    template = resource.canonical.removeprefix(PREFIX) if resource is not None else request.path
    call = Call(
        request.method,
        template,
        request.match_info,
        request.query,
        request.headers.get("Authorization", ""),
        at=at,
    )
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            content = await part.read()
            if part.name == "payload_json":
                call.body = json.loads(bytes(content))
            else:
                call.files[part.filename or part.name or "file"] = bytes(content)
    elif request.can_read_body:
        content = await request.read()
        call.body = json.loads(content) if content else None
    return call


def reply(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer with exactly ``application/json``: discord.py compares the whole header, charset and all."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers
    )

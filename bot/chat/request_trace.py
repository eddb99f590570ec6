"""What discord.py did behind one call: it repeats a request by itself after a server error.

A refusal at the end of a call speaks for the last request alone; an earlier one may have been carried out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

_unclear: ContextVar[list[str] | None] = ContextVar("unclear_requests", default=None)


@contextmanager
def unclear_requests() -> Iterator[list[str]]:
    """Requests of this task, made in the block, of which nobody can tell whether Discord carried them out.

    One line each: the method, and the status or the error. The list grows while the block runs.
    """
    found: list[str] = []
    token = _unclear.set(found)
    try:
        yield found
    finally:
        _unclear.reset(token)


def trace_config() -> aiohttp.TraceConfig:
    """For the session of a discord.py client, so that ``unclear_requests`` hears of its requests."""
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_ended)
    config.on_request_exception.append(_failed)
    return config


async def _ended(
    session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
) -> None:
    if request.response.status >= 500:
        _note(f"{request.method} {request.response.status}")


async def _failed(
    session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
) -> None:
    _note(f"{request.method} {type(request.exception).__name__}")


def _note(line: str) -> None:
    found = _unclear.get()
    if found is not None:
        found.append(line)

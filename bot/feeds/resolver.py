"""Names to addresses, in threads that nothing waits for.

A name server that does not answer holds ``getaddrinfo`` for half a minute, and it cannot be stopped. In the
event loop's own threads six such lookups would hold up all others, and the process could not end before them.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

T = TypeVar("T")


async def in_daemon_thread(call: Callable[[], T]) -> T:
    """What ``call`` returns or raises. It is abandoned if the task is cancelled or the process ends."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the call is awaited
            result.set_exception(error)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(over.set)

    threading.Thread(target=run, name="resolve", daemon=True).start()
    await over.wait()
    return result.result()


class DaemonResolver(AbstractResolver):
    """The system's resolver, one daemon thread for each lookup; requests in flight bound their number."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of ``host``. Raises OSError."""
        found = await in_daemon_thread(
            lambda: socket.getaddrinfo(
                host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
            )
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""

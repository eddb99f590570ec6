"""Names to addresses, in threads that nothing waits for.

A name server that does not answer holds ``getaddrinfo`` for half a minute, and it cannot be stopped. In the
event loop's own threads six such lookups would hold up all others, and the process could not end before them.
"""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.feeds.daemon_thread import in_daemon_thread


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

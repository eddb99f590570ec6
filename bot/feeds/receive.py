"""Take a body off the wire, and inflate it only if it is not the one that came last time.

The same bytes under the same Content-Encoding are the same body: they need no inflating, which is half of
what an unchanged feed costs. A server that packs anew at each request may send other bytes for the same body;
then it is inflated, and its own hash tells.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from bot.feeds.inflate import Inflater

_MOST_HELD = 512 * 1024
"""Bytes that wait for the last of them, in case they are those of last time. The largest real feed seen has
as many on the wire; what is longer is inflated as it comes, and so is what nothing is known of."""


@dataclass(frozen=True, slots=True)
class LastBody:
    """The SHA-256 of what came last time, and that of its Content-Encoding and bytes on the wire."""

    body_hash: str
    wire_hash: str


@dataclass(frozen=True, slots=True)
class Received:
    """``body`` is None where it is the one of last time; ``complete`` is false where it breaks off."""

    body: bytes | None = field(repr=False)
    body_hash: str
    wire_hash: str
    wire_bytes: int
    complete: bool = True


class Receiver:
    """Takes the pieces of one body; ``last`` is what it may turn out to be."""

    def __init__(self, inflater: Inflater, coding: str, last: LastBody | None) -> None:
        self._inflater = inflater
        self._last = last
        self._held: list[bytes] | None = [] if last else None
        self._digest = hashlib.sha256(f"{coding}\n".encode())
        self._wire_bytes = 0

    async def take(self, piece: bytes) -> None:
        """Take the next bytes; raises ``BodyRefused``."""
        self._wire_bytes += len(piece)
        self._digest.update(piece)
        if self._held is None:
            await self._inflater.feed(piece)
            return
        self._held.append(piece)
        if self._wire_bytes > _MOST_HELD:
            await self._let_go()

    async def finish(self) -> Received:
        """All that came; raises ``BodyRefused``."""
        wire_hash = self._digest.hexdigest()
        if self._held is not None and self._last is not None and wire_hash == self._last.wire_hash:
            return Received(None, self._last.body_hash, wire_hash, self._wire_bytes)
        await self._let_go()
        body = await self._inflater.finish()
        return Received(
            body, self._inflater.body_hash, wire_hash, self._wire_bytes, complete=self._inflater.complete
        )

    async def _let_go(self) -> None:
        held, self._held = self._held, None
        for piece in held or ():
            await self._inflater.feed(piece)

"""Undo gzip and deflate while a body streams in, with both sizes counted, so that no bomb goes off."""

from __future__ import annotations

import asyncio
import hashlib
import zlib

from bot.feeds.errors import FeedError

BOMB_RATIO = 200
"""Text compresses some 5 to 30 times; past this the sender means harm rather than a long feed."""

_STEP = 65_536  # bytes inflated before the count is looked at again
_TURN = 512 * 1024
"""Bytes inflated and hashed, in some 2 ms, before the event loop's other tasks have a turn: 16 KB on the wire
can be 16 MB."""


class BodyRefused(FeedError):
    """A body that is not read on. Codes: ``too_large``, ``bomb``, ``bad_encoding``, ``truncated``."""


class Inflater:
    """Takes a body as it comes off the wire and keeps it inflated.

    The coding is seen in the first bytes and not taken from the header alone: servers label plain bodies
    as gzip, and send ``.xml.gz`` files without a label.
    """

    def __init__(self, *, deflate: bool, max_wire: int, max_body: int) -> None:
        self._deflate = deflate
        self._max_wire = max_wire
        self._max_body = max_body
        self._body = bytearray()
        self._digest = hashlib.sha256()
        self._turn_at = _TURN
        self._start = b""
        self._decided = False
        self._wbits: int | None = None
        self._stream: zlib._Decompress | None = None
        self.wire_bytes = 0

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes; raises ``BodyRefused`` as soon as a limit is passed."""
        self.wire_bytes += len(chunk)
        if self.wire_bytes > self._max_wire:
            raise BodyRefused("too_large", limit=self._max_wire)
        if not self._decided:
            chunk = self._start + chunk
            if len(chunk) < 2:
                self._start = chunk
                return
            self._decide(chunk)
        await self._take(chunk)

    def finish(self) -> bytes:
        """The whole body; raises ``BodyRefused`` ``truncated`` when a compressed one ended early."""
        if not self._decided:
            self._grow(self._start)
        if self._stream is not None and not self._stream.eof:
            raise BodyRefused("truncated")
        return bytes(self._body)

    @property
    def body_hash(self) -> str:
        """The SHA-256 of what was inflated."""
        return self._digest.hexdigest()

    def _decide(self, start: bytes) -> None:
        self._decided = True
        if start[:2] == b"\x1f\x8b":
            self._wbits = 16 + zlib.MAX_WBITS
        elif self._deflate:
            # RFC 9110 section 8.4.1.2 says zlib; some servers send it bare.
            zlib_header = start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
            self._wbits = zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
        if self._wbits is not None:
            self._stream = zlib.decompressobj(self._wbits)

    async def _take(self, chunk: bytes) -> None:
        if self._stream is None:
            self._grow(chunk)
            await self._turn()
            return
        while chunk:
            if self._stream.eof:
                if chunk[:2] != b"\x1f\x8b":
                    return  # padding after the end; RFC 1952 section 2.2 allows only further members
                self._stream = zlib.decompressobj(self._wbits or 0)
            try:
                self._grow(self._stream.decompress(chunk, _STEP))
            except zlib.error as error:
                raise BodyRefused("bad_encoding") from error
            chunk = self._stream.unconsumed_tail or self._stream.unused_data
            await self._turn()

    async def _turn(self) -> None:
        if len(self._body) >= self._turn_at:
            self._turn_at = len(self._body) + _TURN
            await asyncio.sleep(0)

    def _grow(self, piece: bytes) -> None:
        self._body += piece
        self._digest.update(piece)
        size = len(self._body)
        if size > self._max_body:
            waiting = len(self._stream.unconsumed_tail) if self._stream is not None else 0
            bomb = size > BOMB_RATIO * (self.wire_bytes - waiting)
            raise BodyRefused("bomb" if bomb else "too_large", limit=self._max_body)

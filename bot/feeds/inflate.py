"""Undo gzip and deflate while a body streams in, with both sizes counted, so that no bomb goes off."""

from __future__ import annotations

import asyncio
import hashlib
import re
import zlib

from bot.feeds.budget import BodyShare
from bot.feeds.errors import FeedError

BOMB_RATIO = 200
"""Text compresses some 5 to 30 times; past this the sender means harm rather than a long feed."""

_STEP = 65_536  # bytes inflated before the count is looked at again
_TURN = 512 * 1024
"""Bytes inflated and hashed, in some 2 ms, before the event loop's other tasks have a turn: 16 KB on the wire
can be 16 MB."""


MOST_MEMBERS = 1_000
"""Gzip files one behind another in one body. bgzip makes one of each 64 KB; a body of empty ones is made to
keep a reader busy."""

_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*[<{\[][^\x00-\x08\x0b\x0e-\x1f]*")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
_START = 64  # bytes by which text is told from something packed


class BodyRefused(FeedError):
    """A body that is not read on. Codes: ``too_large``, ``bomb``, ``bad_encoding``."""


class Inflater:
    """Takes a body as it comes off the wire and keeps it inflated, as much of it as ``share`` has room for.

    ``coding`` is the Content-Encoding without ``identity``. What the body begins with counts for more:
    servers label plain text as gzip, utf-8, none or aws-chunked, and send ``.xml.gz`` files without a label.
    """

    def __init__(self, *, coding: str, max_wire: int, max_body: int, share: BodyShare | None = None) -> None:
        self._coding = coding
        self._max_wire = max_wire
        self._max_body = max_body
        self._share = share
        self._body = bytearray()
        self._digest = hashlib.sha256()
        self._turn_at = _TURN
        self._start = b""
        self._decided = False
        self._wbits: int | None = None
        self._stream: zlib._Decompress | None = None
        self._members = 1
        self._broken = False
        self.wire_bytes = 0

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes; raises ``BodyRefused`` as soon as a limit is passed."""
        self.wire_bytes += len(chunk)
        if self.wire_bytes > self._max_wire:
            raise BodyRefused("too_large", limit=self._max_wire)
        if not self._decided:
            self._start += chunk
            if len(self._start) < _START:
                return
            chunk = self._decide()
        await self._take(chunk)

    async def finish(self) -> bytes:
        """What there is of the body, and ``complete`` says whether that is all; raises ``BodyRefused``."""
        if not self._decided:
            await self._take(self._decide())
        return bytes(self._body)

    @property
    def complete(self) -> bool:
        """Whether a compressed body came to its end; any other ends where its sender says so."""
        return not self._broken and (self._stream is None or self._stream.eof)

    @property
    def body_hash(self) -> str:
        """The SHA-256 of what was inflated."""
        return self._digest.hexdigest()

    def _decide(self) -> bytes:
        """Choose how to read the body by its beginning, and return that."""
        start, self._start, self._decided = self._start, b"", True
        if start[:2] == b"\x1f\x8b":
            self._wbits = 16 + zlib.MAX_WBITS
        elif start[:2] in _WIDE_TEXT or _TEXT.fullmatch(start[:_START]):
            return start
        elif self._coding == "deflate" and len(start) > 1:
            # RFC 9110 section 8.4.1.2 says zlib; some servers send it bare.
            zlib_header = start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
            self._wbits = zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
        elif start and self._coding not in ("", "gzip"):
            raise BodyRefused("bad_encoding")
        if self._wbits is not None:
            self._stream = zlib.decompressobj(self._wbits)
        return start

    async def _take(self, chunk: bytes) -> None:
        if self._stream is None:
            self._grow(chunk)
            await self._turn()
            return
        while chunk and not self._broken:
            if self._stream.eof:
                if chunk[:2] != b"\x1f\x8b":
                    return  # padding after the end; RFC 1952 section 2.2 allows only further members
                self._members += 1
                if self._members > MOST_MEMBERS:
                    raise BodyRefused("bad_encoding")
                self._stream = zlib.decompressobj(self._wbits or 0)
            try:
                piece = self._stream.decompress(chunk, _STEP)
            except zlib.error as error:
                if not self._body:
                    raise BodyRefused("bad_encoding") from error
                self._broken = True  # what came before is a text that breaks off
                return
            self._grow(piece)
            chunk = self._stream.unconsumed_tail or self._stream.unused_data
            await self._turn()

    async def _turn(self) -> None:
        if self._share is not None:
            await self._share.grow(len(self._body))
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

"""Read HTTP/1 answers as servers really send them, below aiohttp.

aiohttp's own parser is strict: a header field over 8 KB, a ``Content-Length`` that does not fit or chunks
that never end lose the whole body, for ever. A browser reads such answers, and so does this: what came is
handed on, and ``Body.incomplete`` says that it may not be all. A connection that behaved oddly is never used
again.

RFC 9112 is HTTP/1.1 itself; section 6.3 says how long a body is.
"""

from __future__ import annotations

import asyncio
import functools
import re
from enum import Enum, auto
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpVersion10, HttpVersion11, RawResponseMessage
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from multidict import CIMultiDict, CIMultiDictProxy

MOST_HEAD = 256 * 1024
"""Bytes of an answer's header section, as in Chromium. Policies of 9 KB in one field are in use."""

MOST_FIELDS = 1_000
"""Lines of a header section that are looked at; a field takes a microsecond."""

MOST_SIZE_LINE = 4 * 1024
"""Bytes of a chunk's size with its extensions; nobody sends extensions."""

CHUNKS_AT_A_TIME, CHUNKS_AT_THE_END = 2_000, 20_000
"""Chunks that are read in one turn of the event loop: one takes a microsecond or two. When the connection is
closed there will be no other turn; what is left then is dropped."""

MOST_WAITING = 2 * 1024 * 1024
"""Bytes of chunks that wait for their turn."""

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"\s*(?:HTTP/(\d(?:\.\d)?)|ICY)[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)", re.IGNORECASE)
_SIZE = re.compile(rb"[ \t]*(?:0[xX])?([0-9a-fA-F]{1,12})[ \t]*(?:;[^\n]*)?\r?\n")
_SIZE_BEGINS = re.compile(rb"[ \t]*[0-9a-fA-F]|[ \t]*\Z")
_LINE_END = re.compile(rb"\r?\n")
_NEXT_CHUNK = re.compile(rb"\r\n(?=[0-9a-fA-F]{1,8}[ \t]*\r\n)")
_FOLD = re.compile(r"\r?\n[ \t]+")  # RFC 9112 section 5.2: a folded line goes on
_OLD = (None, b"0.9", b"1.0")
_NO_BODY = (101, 204, 304)


class _Expected(Enum):
    """What comes next in a body that is sent in chunks."""

    SIZE = auto()
    DATA = auto()
    LINE_END = auto()
    NEXT_CHUNK = auto()
    NOTHING = auto()


Message = tuple[RawResponseMessage, StreamReader]


class Body(StreamReader):
    """A body on its way. ``incomplete`` holds once it has ended: less came than was announced, or more."""

    incomplete = False


class LenientConnector(aiohttp.TCPConnector):
    """A ``TCPConnector`` whose connections read their answers with ``ResponseReader``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # aiohttp has no public way to say which protocol its connections speak.
        self._factory = functools.partial(_Connection, loop=self._loop)  # type: ignore[assignment]


class _Connection(ResponseHandler):
    def set_response_params(self, **options: Any) -> None:
        super().set_response_params(**options)
        self._parser = ResponseReader(  # type: ignore[assignment]
            self, self._loop, options.get("timer"), self._read_bufsize, with_body=not self._skip_payload
        )


class ResponseReader:
    """One answer, from its first byte to its last; ``feed_data`` and ``feed_eof`` are what aiohttp calls."""

    def __init__(
        self,
        connection: ResponseHandler,
        loop: asyncio.AbstractEventLoop,
        timer: Any,
        limit: int,
        *,
        with_body: bool = True,
    ) -> None:
        self._connection = connection
        self._loop = loop
        self._timer = timer
        self._limit = limit
        self._with_body = with_body
        self._head = bytearray()  # the header section as far as it has come
        self._pending = b""  # the beginning of a chunk that cannot be read before more of it is there
        self._body: Body | None = None
        self._finished = False
        self._until_closed = False
        self._chunked = False
        self._expected = _Expected.SIZE
        self._left = 0  # bytes still to come, of the body or of a chunk
        self._coming_back = False

    def feed_data(self, data: bytes) -> tuple[list[Message], bool, bytes]:
        """Take the next bytes; the answer once its head is whole. Raises ``BadHttpMessage`` if it is none."""
        messages: list[Message] = []
        if self._body is None and not self._finished:
            message, data = self._take_head(data)
            if message is None:
                return [], False, b""
            messages.append(message)
        if data:
            self._take(data)
        return messages, False, b""

    def feed_eof(self) -> None:
        """The connection is closed: what came of the body is all of it."""
        if self._body is None:
            return
        if self._coming_back:
            self._take_chunks(self._body, self._pending, CHUNKS_AT_THE_END)
        if self._body is not None and self._pending and self._expected is _Expected.NEXT_CHUNK:
            self._body.feed_data(self._pending)
        if not self._until_closed:
            self._doubt()
        self._finish()

    def pause_reading(self) -> None:
        """The transport is paused by who calls this; there is nothing to hold back here."""

    def message_consumed(self) -> None:
        """There is one message to a request."""

    def _take_head(self, data: bytes) -> tuple[Message | None, bytes]:
        """The answer, once its header section is whole, and the bytes behind that section."""
        searched = 0
        if self._head:
            searched = max(len(self._head) - 3, 0)
            self._head += data
            data = bytes(self._head) if b"\n" in data else b""
        else:
            data = data.lstrip(b"\r\n")  # a server may send an empty line too many behind its last answer
            self._head += data
        while True:
            found = _END_OF_HEAD.search(data, searched)
            if (found.start() if found else len(self._head)) > MOST_HEAD:
                raise BadHttpMessage("header section too long")
            if found is None:
                return None, b""
            message = self._message(data[: found.start()])
            data = data[found.end() :]
            if message.code // 100 != 1 or message.code == 101:  # the others say that an answer will come
                self._head.clear()
                return (message, self._begin(message)), data
            self._head[:] = data
            searched = 0

    def _message(self, head: bytes) -> RawResponseMessage:
        line, _, rest = head.partition(b"\n")
        status = _STATUS.match(line)
        if status is None:
            raise BadHttpMessage("no status line")
        version, code, reason = status.groups()
        headers = _fields(rest)
        connection = headers.get("Connection", "").lower()
        old = version in _OLD
        closing = "close" in connection or (old and "keep-alive" not in connection)
        return RawResponseMessage(
            HttpVersion10 if old else HttpVersion11,
            int(code),
            reason.decode("latin-1"),
            CIMultiDictProxy(headers),
            raw_headers=(),
            should_close=closing,
            compression=None,
            upgrade=False,
            chunked=False,
        )

    def _begin(self, message: RawResponseMessage) -> StreamReader:
        """The body that the headers announce (RFC 9112 section 6.3)."""
        headers = message.headers
        self._chunked = "chunked" in ",".join(headers.getall("Transfer-Encoding", ())).lower()
        length = None if self._chunked else _length(headers)
        if message.code in _NO_BODY or not self._with_body or length == 0:
            self._finished = True
            return EMPTY_PAYLOAD
        self._left = length or 0
        self._until_closed = length is None and not self._chunked
        if self._until_closed:
            self._connection.force_close()
        self._body = Body(self._connection, self._limit, timer=self._timer, loop=self._loop)
        return self._body

    def _take(self, data: bytes) -> None:
        if self._body is None:
            if data.strip():
                self._connection.force_close()  # more than was announced
        elif self._coming_back:
            self._come_back(self._pending + data)
        elif self._chunked:
            self._take_chunks(self._body, self._pending + data)
        elif self._until_closed:
            self._body.feed_data(data)
        else:
            taken = data[: self._left]
            self._left -= len(taken)
            self._body.feed_data(taken)
            if len(data) > len(taken):
                self._doubt()
            if not self._left:
                self._finish()

    def _take_chunks(self, body: Body, data: bytes, most: int = CHUNKS_AT_A_TIME) -> None:
        """Hand on what the next ``most`` chunks in ``data`` hold (RFC 9112 section 7.1).

        Others wait for the event loop's next turn: a server may send a chunk for each byte.
        """
        parts: list[bytes] = []
        place, self._pending = 0, b""
        while place < len(data) and self._chunked and self._expected is not _Expected.NOTHING:
            most -= 1
            if most < 0:
                self._come_back(data[place:])
                break
            if self._expected is _Expected.DATA:
                parts.append(data[place : place + self._left])
                place += len(parts[-1])
                self._left -= len(parts[-1])
                self._expected = _Expected.DATA if self._left else _Expected.LINE_END
                continue
            step = self._between_chunks(data, place, parts)
            if step == 0:
                self._pending = data[place:]
                break
            place += step
        if parts:
            body.feed_data(b"".join(parts))
        if self._expected is _Expected.NOTHING:
            # Trailers are nothing to a feed. Where they end matters only to a further answer.
            if data[place:] not in (b"", b"\r\n", b"\n"):
                self._connection.force_close()
            self._finish()

    def _come_back(self, rest: bytes) -> None:
        if len(rest) > MOST_WAITING:
            raise BadHttpMessage("too many small chunks")
        self._pending = rest
        if not self._coming_back:
            self._coming_back = True
            self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._coming_back = False
        if self._body is not None:
            self._take_chunks(self._body, self._pending)

    def _between_chunks(self, data: bytes, place: int, parts: list[bytes]) -> int:
        """How many bytes at ``place`` were read; 0 when more must come first."""
        if self._expected is _Expected.LINE_END:
            ending = _LINE_END.match(data, place)
            if ending is not None:
                self._expected = _Expected.SIZE
                return ending.end() - place
            if data[place:] == b"\r":
                return 0
            self._expected = _Expected.NEXT_CHUNK  # the chunk is longer than its size says
            self._doubt()
        if self._expected is _Expected.NEXT_CHUNK:
            following = _NEXT_CHUNK.search(data, place)
            if following is None:
                # Its beginning may be the end of what is here.
                kept = max(data.rfind(b"\r", place, len(data)), len(data) - 16, place)
                parts.append(data[place:kept])
                return kept - place
            parts.append(data[place : following.start()])
            self._expected = _Expected.SIZE
            return following.end() - place
        size = _SIZE.match(data, place)
        if size is not None:
            start, self._left = size.end(), int(size.group(1), 16)
            end = start + self._left
            if self._left and data[end : end + 2] == b"\r\n":  # it is there as a whole
                parts.append(data[start:end])
                return end + 2 - place
            self._expected = _Expected.DATA if self._left else _Expected.NOTHING
            return start - place
        line_is_whole = data.find(b"\n", place) >= 0 or len(data) - place > MOST_SIZE_LINE
        if _SIZE_BEGINS.match(data, place) and not line_is_whole:
            return 0
        # Not in chunks at all, or no longer: what comes is taken as it is.
        self._chunked, self._left = False, 0
        self._until_closed = True
        self._doubt()
        parts.append(data[place:])
        return len(data) - place

    def _doubt(self) -> None:
        """What the answer says of its length is wrong: it may not be whole, and nothing may follow it."""
        self._connection.force_close()
        if self._body is not None:
            self._body.incomplete = True

    def _finish(self) -> None:
        body, self._body = self._body, None
        self._finished = True
        if body is not None:
            body.feed_eof()


def _fields(section: bytes) -> CIMultiDict[str]:
    """The header fields in ``section``, but for lines that are none, and for cookies, which nobody keeps."""
    text = section.decode("utf-8", "surrogateescape")
    if "\0" in text:
        text = text.replace("\0", " ")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text, MOST_FIELDS)
    fields = []
    for line in text.split("\n", MOST_FIELDS)[:MOST_FIELDS]:
        name, colon, value = line.partition(":")
        name = name.strip(" \t\r")
        if name and colon and name.lower() != "set-cookie":
            fields.append((name, value.strip(" \t\r")))
    return CIMultiDict(fields)


def _length(headers: CIMultiDictProxy[str]) -> int | None:
    """The Content-Length; None where there is none, or several that differ, or one that is no number."""
    said = {part.strip() for line in headers.getall("Content-Length", ()) for part in line.split(",")}
    text = said.pop() if len(said) == 1 else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None

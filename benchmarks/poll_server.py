"""The loopback server of ``benchmarks.poll``: many feeds from memory, as fast as a small server can.

    python -m benchmarks.poll_server FOLDER COUNT

serves the files of FOLDER as /0, /1, … COUNT-1 on every loopback address and prints its port.
"/control?validators=0&delay=50,150&edition=1" sets how it answers and how many new entries each feed has;
"/count" says how many requests there were since it was last asked.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import random
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.poll_documents import with_news

MODIFIED = "Mon, 02 Mar 2026 14:{:02}:00 GMT"  # minutes: the edition


class Feeds:
    def __init__(self, folder: Path, count: int) -> None:
        self._documents = [path.read_bytes() for path in sorted(folder.iterdir())]
        self._count = count
        self._edition = -1
        self.print_edition(0)
        self.validators = True
        self.delay = (0.0, 0.0)
        self.requests = 0
        self.not_modified = 0

    def print_edition(self, edition: int) -> None:
        if edition == self._edition:
            return
        self._edition = edition
        bodies = [with_news(body, edition) for body in self._documents]
        packed = [gzip.compress(body, 6) for body in bodies]
        self.plain = [bodies[number % len(bodies)] for number in range(self._count)]
        self.packed = [packed[number % len(bodies)] for number in range(self._count)]
        self.etags = [
            f'"{number}-{hashlib.md5(body).hexdigest()[:12]}"' for number, body in enumerate(self.plain)
        ]

    def answer(self, target: str, headers: dict[str, str]) -> tuple[bytes, float]:
        if target.startswith("/control"):
            asked = parse_qs(urlsplit(target).query)
            self.validators = asked["validators"] == ["1"]
            self.print_edition(int(asked.get("edition", "0")[0]))
            low, high = asked["delay"][0].split(",")
            self.delay = (float(low) / 1_000, float(high) / 1_000)
            return _response("200 OK", [], b""), 0
        if target.startswith("/count"):
            text = f"{self.requests} {self.not_modified}".encode()
            self.requests = self.not_modified = 0
            return _response("200 OK", [], text), 0
        self.requests += 1
        number = int(target[1:])
        lines = (
            [f"ETag: {self.etags[number]}", f"Last-Modified: {MODIFIED.format(self._edition)}"]
            if self.validators
            else []
        )
        pause = random.uniform(*self.delay)
        if self.validators and headers.get("if-none-match") == self.etags[number]:
            self.not_modified += 1
            return _response("304 Not Modified", lines, None), pause
        lines.append("Content-Type: application/xml")
        if "gzip" in headers.get("accept-encoding", ""):
            return _response("200 OK", [*lines, "Content-Encoding: gzip"], self.packed[number]), pause
        return _response("200 OK", lines, self.plain[number]), pause


def _response(status: str, lines: list[str], body: bytes | None) -> bytes:
    head = [f"HTTP/1.1 {status}", "Date: Mon, 02 Mar 2026 15:00:00 GMT", *lines]
    if body is not None:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + (body or b"")


class Connection(asyncio.Protocol):
    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            first, *rest = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)
            }
            data, pause = self._feeds.answer(first.split(" ")[1], headers)
            if pause:
                asyncio.get_running_loop().call_later(pause, self._send, data)
            else:
                self._send(data)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def main() -> None:
    feeds = Feeds(Path(sys.argv[1]), int(sys.argv[2]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(feeds), "0.0.0.0", 0, backlog=4_096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

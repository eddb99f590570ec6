"""A feed server on loopback that behaves, or misbehaves, as a test scripts it, and remembers each request.

    async with FeedServer() as server:
        server.pages["/rss"] = feed(RSS, etag='"1"')
        ...
        assert server.requests[0].headers["user-agent"] == ...

A page is a function from the request to a response; put another one under the same path to change how
the server behaves between two polls, or a ``Script`` to answer one way after another.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]

RSS_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived. Header names are in lower case, values untouched."""

    method: str
    target: str
    host: str
    headers: Mapping[str, str]

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class FeedServer:
    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[Recorded] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """``host`` may be "localhost": the same server under a second name."""
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Recorded]:
        return [request for request in self.requests if request.target.partition("?")[0] == path]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in request.raw_headers}
        self.requests.append(
            Recorded(request.method, request.raw_path, headers.get("host", "").partition(":")[0], headers)
        )
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="not here")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await page(request)
        finally:
            self.in_flight -= 1


class Script:
    """Answers with one page after another; the last one stays."""

    def __init__(self, *pages: Page) -> None:
        self._pages = list(pages)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        page = self._pages.pop(0) if len(self._pages) > 1 else self._pages[0]
        return await page(request)


def feed(
    body: bytes,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    headers: Mapping[str, str] | None = None,
    content_type: str = RSS_TYPE,
    coding: str | None = None,
    always_304: bool = False,
) -> Page:
    """A feed with the given validators, which answers 304 to a request that repeats one of them.

    ``coding`` is gzip, deflate or raw-deflate. ``always_304`` is the lying server: any conditional
    request gets a 304.
    """

    async def page(request: web.Request) -> web.StreamResponse:
        sent = {"Content-Type": content_type, **(headers or {})}
        if etag is not None:
            sent["ETag"] = etag
        if last_modified is not None:
            sent["Last-Modified"] = last_modified
        asked_etag = request.headers.get("If-None-Match")
        asked_date = request.headers.get("If-Modified-Since")
        same = (etag is not None and asked_etag == etag) or (
            asked_etag is None and last_modified is not None and asked_date == last_modified
        )
        if same or (always_304 and (asked_etag or asked_date)):
            del sent["Content-Type"]
            return web.Response(status=304, headers=sent)
        data = body
        if coding == "gzip":
            data, sent["Content-Encoding"] = gzip.compress(body), "gzip"
        elif coding == "deflate":
            data, sent["Content-Encoding"] = zlib.compress(body), "deflate"
        elif coding == "raw-deflate":
            packer = zlib.compressobj(wbits=-15)
            data, sent["Content-Encoding"] = packer.compress(body) + packer.flush(), "deflate"
        return web.Response(body=data, headers=sent)

    return page


def status(code: int, headers: Mapping[str, str] | None = None, text: str = "") -> Page:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=headers, text=text)

    return page


def redirect(to: str, code: int = 302) -> Page:
    return status(code, {"Location": to}, "moved")


def html(
    text: str = "<!doctype html><html><title>Just a moment…</title><body>Checking</body></html>",
) -> Page:
    return feed(text.encode(), content_type="text/html; charset=utf-8")


def slow(page: Page, seconds: float) -> Page:
    async def later(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await page(request)

    return later


def hang() -> Page:
    """Takes the request and never answers."""

    async def page(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return page


def drip(body: bytes, pause: float) -> Page:
    """One byte, a pause, one byte …"""

    async def page(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": RSS_TYPE})
        await response.prepare(request)
        for place in range(len(body)):
            await response.write(body[place : place + 1])
            await asyncio.sleep(pause)
        return response

    return page


def reset() -> Page:
    """Drops the connection without an answer."""

    async def page(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return page


def truncated(body: bytes) -> Page:
    """Announces the whole body, sends half of it and hangs up."""

    async def page(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": RSS_TYPE, "Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    return page


def streamed(chunks: Callable[[], object], headers: Mapping[str, str]) -> Page:
    """Sends what the generator function ``chunks`` yields, without a Content-Length."""

    async def page(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            for chunk in chunks():  # type: ignore[attr-defined]
                await response.write(chunk)
        except ConnectionError:
            pass  # the client had enough
        return response

    return page


def gzip_bomb(size: int) -> bytes:
    """A gzip file of ``size`` zero bytes, made without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1_048_576)
    parts = [packer.compress(block) for _ in range(size // len(block))]
    return b"".join([*parts, packer.flush()])

"""The one seam to the network: ask for a feed politely, read the answer with bounds on everything.

Whatever happens comes back as a ``FetchResult``: an HTTP status, or a failure code. Nothing here decides
what an answer means for the next poll; that is ``policy``.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.clock import Clock, SystemClock
from bot.feeds import headers as ask
from bot.feeds.addresses import ConnectionRefusedByGuard, check_url, guarded_socket
from bot.feeds.errors import EXHAUSTED, AddressRefused, is_exhausted
from bot.feeds.exchange import FetchRequest, FetchResult
from bot.feeds.inflate import BodyRefused, Inflater
from bot.feeds.receive import Received, Receiver
from bot.feeds.resolver import DaemonResolver
from bot.feeds.wire import Body, LenientConnector

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BROWSER_LANGUAGE = "es-MX,es;q=0.9,en-US;q=0.8,en;q=0.7"

BODY_SHARE = 0.95
"""The share of a fetch's time at which a body that still comes is cut: what there is of it can be read."""

_CLEAN = re.compile(r"[!-~]+")
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one fetch. Seconds and bytes."""

    deadline: float = 30.0  # over everything: DNS, redirects, a body that drips
    connect: float = 10.0
    wire: int = 6 * 1024 * 1024  # the largest of 569 real feeds was 2.5 MB before compression
    body: int = 8 * 1024 * 1024
    redirects: int = 5


class _Stopped(Exception):
    """A fetch that ends here with a failure code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def user_agent(version: str, contact: str) -> str:
    """An honest name: product, version and where to complain (RFC 9110 section 10.1.5)."""
    plain = "".join(sign for sign in contact if sign.isascii() and sign.isprintable() and sign not in "()\\")
    return f"Vigia/{version} (+{plain.strip()})" if plain.strip() else f"Vigia/{version}"


class Fetcher:
    """One HTTP session for all feeds; use it as an async context manager.

    ``allow_private`` exists for loopback runs and tests; nothing a member can say reaches it.
    """

    def __init__(
        self,
        agent: str,
        *,
        limits: Limits | None = None,
        allow_private: bool = False,
        resolver: AbstractResolver | None = None,
        connections: int = 100,
        clock: Clock | None = None,
    ) -> None:
        self._agent = agent
        self._limits = limits or Limits()
        self._allow_private = allow_private
        self._resolver = resolver
        self._connections = connections
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = LenientConnector(
            limit=self._connections,
            resolver=self._resolver or DaemonResolver(),
            socket_factory=guarded_socket(allow_private=self._allow_private),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),  # a feed reader has nothing to remember for a site
            auto_decompress=False,  # inflated here, with a bound
            trust_env=False,  # a proxy or .netrc of the host would go round the guard
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect),
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """The answer to ``request``. Never raises for anything that the network or a server does.

        Failure codes: those of ``AddressRefused`` and ``BodyRefused``, and ``timeout``, ``dns``, ``connect``,
        ``tls``, ``reset``, ``bad_response``, ``bad_redirect``, ``redirect_loop``, ``too_many_redirects``,
        ``downgrade``, and ``machine_exhausted``, which is our fault alone. A body that breaks off is no
        failure (``cut``).
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._limits.deadline) as deadline:
                with request.share.within(deadline) if request.share else nullcontext():
                    return await self._follow(request, started)
        except (AddressRefused, BodyRefused, _Stopped) as error:
            code = error.code
        except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: a host IDNA cannot encode
            code = failure_code(error)
        return FetchResult(request.url, request.url, failure=code, elapsed=loop.time() - started)

    async def _follow(self, request: FetchRequest, started: float) -> FetchResult:
        url, permanent, unbroken = urldefrag(request.url).url, None, True
        bound_to = urldefrag(request.validators_url or request.url).url
        seen: set[str] = set()
        for hop in range(self._limits.redirects + 1):
            check_url(url, allow_private=self._allow_private)
            seen.add(url)
            conditional = request.conditional and url == bound_to
            async with self._get(url, request, conditional=conditional) as response:
                if response.status not in _REDIRECTS:
                    received, cut = await self._receive(response, request, started)
                    headers, now = response.headers, self._clock.now()
                    return FetchResult(
                        requested_url=request.url,
                        url=url,
                        status=response.status,
                        permanent_url=permanent,
                        conditional=conditional,
                        # Those of a body that is cut would hide the rest of it for ever.
                        etag=None if cut else ask.validator(headers, "ETag"),
                        last_modified=None if cut else ask.validator(headers, "Last-Modified"),
                        retry_after=ask.retry_after(headers, now) if response.status >= 400 else None,
                        cache_seconds=ask.cache_lifetime(headers, now),
                        content_type=headers.get("Content-Type", "")[:200],
                        body=received.body if received else None,
                        body_hash=received.body_hash if received else None,
                        wire_hash=received.wire_hash if received else None,
                        wire_bytes=received.wire_bytes if received else 0,
                        cut=cut,
                        hops=hop,
                        elapsed=asyncio.get_running_loop().time() - started,
                    )
                target = _target(url, response.headers.get("Location", ""))
                unbroken = unbroken and response.status in _PERMANENT
                response.close()  # its body is for people
            if target in seen:
                raise _Stopped("redirect_loop")
            if url.startswith("https:") and not target.startswith("https:"):
                raise _Stopped("downgrade")
            url = target
            permanent = url if unbroken else permanent
        raise _Stopped("too_many_redirects")

    def _get(
        self, url: str, request: FetchRequest, *, conditional: bool
    ) -> aiohttp.client._RequestContextManager:
        if self._session is None:
            raise RuntimeError("a Fetcher is used inside 'async with'")
        sent = {"Accept": FEED_ACCEPT}
        if request.browser_like:
            sent = {"Accept": BROWSER_ACCEPT, "Accept-Language": BROWSER_LANGUAGE}
        if conditional and request.etag:
            sent["If-None-Match"] = request.etag
        if conditional and request.last_modified:
            sent["If-Modified-Since"] = request.last_modified
        # A clean address goes out as its owner wrote it; yarl quotes the others, line breaks above all.
        address = URL(url, encoded=_CLEAN.fullmatch(url) is not None)
        return self._session.get(address, headers=sent, allow_redirects=False)

    async def _receive(
        self, response: aiohttp.ClientResponse, request: FetchRequest, started: float
    ) -> tuple[Received | None, str | None]:
        """The body of a 2xx, and why it may not be whole; other answers' bodies are for people."""
        if not 200 <= response.status < 300:
            response.close()
            return None, None
        limits = self._limits
        coding = ",".join(ask.content_codings(response.headers))
        if (ask.content_length(response.headers) or 0) > limits.wire:
            raise BodyRefused("too_large", limit=limits.wire)
        share = request.share
        inflater = Inflater(coding=coding, max_wire=limits.wire, max_body=limits.body, share=share)
        receiver = Receiver(inflater, coding, request.last)
        cut = None
        try:
            async with asyncio.timeout_at(started + limits.deadline * BODY_SHARE) as deadline:
                with share.within(deadline) if share else nullcontext():
                    async for chunk in response.content.iter_any():
                        await receiver.take(chunk)
        except TimeoutError:
            cut = "timeout"
        received = await receiver.finish()
        if cut is None and not (received.complete and _came_whole(response.content)):
            cut = "truncated"
        if cut and not received.wire_bytes:
            raise _Stopped(cut)
        return received, cut


def _came_whole(content: aiohttp.StreamReader) -> bool:
    return not (isinstance(content, Body) and content.incomplete)


def failure_code(error: Exception) -> str:
    """The code for an exception of aiohttp or of the socket below it."""
    if isinstance(error, OSError) and not isinstance(error, TimeoutError) and is_exhausted(error):
        return EXHAUSTED
    match error:
        case TimeoutError():
            return "timeout"
        case aiohttp.ClientConnectorDNSError():
            return "dns"
        case aiohttp.ClientSSLError():
            return "tls"
        case aiohttp.ClientConnectorError():
            return "private_address" if _refused_by_guard(error.os_error) else "connect"
        case aiohttp.ClientResponseError():
            return "bad_response"
        case ValueError():  # aiohttp.InvalidURL is one
            return "bad_address"
        case _:
            return "reset"


def _refused_by_guard(error: OSError) -> bool:
    # aiohappyeyeballs joins unlike errors of several addresses into one text.
    return isinstance(error, ConnectionRefusedByGuard) or str(ConnectionRefusedByGuard()) in str(error)


def _target(url: str, location: str) -> str:
    """The absolute address of a redirect, without a fragment. Raises ``_Stopped`` when there is none."""
    # aiohttp keeps bytes that are not UTF-8 as surrogates.
    text = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if not text:
        raise _Stopped("bad_redirect")
    try:
        target = urldefrag(urljoin(url, text)).url
        scheme = urlsplit(target).scheme
    except ValueError as error:
        raise _Stopped("bad_redirect") from error
    if scheme not in ("http", "https"):
        raise _Stopped("bad_redirect")
    return target

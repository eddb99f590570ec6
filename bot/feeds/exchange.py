"""What is asked of the network and what comes of it: values that need no HTTP library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.feeds.budget import BodyShare
from bot.feeds.receive import LastBody


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to ask for. The validators go only to ``validators_url``, the address that issued them."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None  # None: they came from ``url`` itself
    browser_like: bool = False  # some sites refuse anything that does not accept HTML
    last: LastBody | None = None  # what came last time, to know it again
    share: BodyShare | None = field(default=None, compare=False, repr=False)  # of the memory for bodies

    @property
    def conditional(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of a fetch: either ``failure`` says why there was no answer, or ``status`` is set.

    ``url`` is where the answer came from, ``permanent_url`` the address that unbroken permanent redirects
    name from the start. ``body`` is set for 2xx only, inflated, and not where it is the request's ``last``;
    ``body_hash`` is its SHA-256, ``wire_hash`` that of its bytes as they came. ``cut`` says why the body may
    not be whole (``truncated`` or ``timeout``); then it has no validators. ``retry_after`` and
    ``cache_seconds`` are seconds.
    """

    requested_url: str
    url: str
    status: int | None = None
    failure: str | None = None
    permanent_url: str | None = None
    conditional: bool = False
    etag: str | None = None
    last_modified: str | None = None
    retry_after: int | None = None
    cache_seconds: int | None = None
    content_type: str = ""
    body: bytes | None = field(default=None, repr=False)
    body_hash: str | None = None
    wire_hash: str | None = None
    wire_bytes: int = 0
    cut: str | None = None
    hops: int = 0
    elapsed: float = 0.0

    @property
    def not_modified(self) -> bool:
        return self.status == 304


class Fetching(Protocol):
    """The network as the callers see it; the demonstration answers with its samples instead."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """What came of asking for a feed. Never raises for what a site does."""
        ...

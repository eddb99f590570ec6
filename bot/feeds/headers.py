"""What an answer's HTTP headers say: one small question to a function, each read tolerantly.

Every function takes headers as a mapping that ignores case (aiohttp's own) and never raises: a server may
send anything. RFC 9110 is HTTP itself, RFC 9111 its caching.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Headers = Mapping[str, str]

_MAX_SECONDS = 2**31  # RFC 9111 section 1.2.2: the most that a delta-seconds needs to hold
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


def http_date(text: str | None) -> datetime | None:
    """The moment in an HTTP-date (RFC 9110 section 5.6.7), in UTC; None when it is none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def retry_after(headers: Headers, now: datetime) -> int | None:
    """Seconds for which the server asks not to be called; None when it asks nothing readable.

    RFC 9110 section 10.2.3: seconds, or an HTTP-date. The date is read against the answer's own ``Date``,
    so that a server with a wrong clock still gets the wait it meant.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal() and text.isascii():
        return min(int(text[:12]), _MAX_SECONDS)
    until = http_date(text)
    if until is None:
        return None
    seconds = int((until - (http_date(headers.get("Date")) or now)).total_seconds())
    return min(seconds, _MAX_SECONDS) if seconds > 0 else None


def cache_lifetime(headers: Headers, now: datetime) -> int | None:
    """Seconds for which the answer stays fresh; None when the server says nothing.

    RFC 9111 section 4.2.1: ``max-age``, else ``Expires`` minus ``Date``; less the ``Age`` it already has.
    ``no-cache`` and ``no-store`` are 0: ask again at the next poll, which is not the same as at once.
    ``s-maxage`` is for shared caches, and this is none.
    """
    directives = _directives(headers.get("Cache-Control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return 0
    lifetime = _seconds(directives.get("max-age"))
    if lifetime is None:
        if "Expires" not in headers:
            return None
        expires = http_date(headers["Expires"])
        if expires is None:
            return 0  # RFC 9111 section 5.3: an invalid date, "0" above all, means already expired
        lifetime = int((expires - (http_date(headers.get("Date")) or now)).total_seconds())
    return min(max(lifetime - (_seconds(headers.get("Age")) or 0), 0), _MAX_SECONDS)


def validator(headers: Headers, name: str) -> str | None:
    """The ``ETag`` or ``Last-Modified`` as sent, to be sent back byte for byte; None when there is none.

    One that is not plain ASCII or is absurdly long could not be sent back as it came, and is left out.
    """
    text = headers.get(name)
    if not text or len(text) > 1_024 or not text.isascii() or not text.isprintable():
        return None
    return text


def charset(content_type: str) -> str | None:
    """The charset that a Content-Type names, in lower case, or None."""
    found = _CHARSET.search(content_type)
    return found.group(1).lower() if found else None


def content_length(headers: Headers) -> int | None:
    """The announced length of the body in bytes, or None."""
    return _seconds(headers.get("Content-Length"))


def content_codings(headers: Headers) -> tuple[str, ...]:
    """The codings applied to the body, outermost last (RFC 9110 section 8.4), without ``identity``."""
    names = (part.strip().lower() for part in headers.get("Content-Encoding", "").split(","))
    return tuple(name.removeprefix("x-") for name in names if name and name != "identity")


def _directives(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def _seconds(text: str | None) -> int | None:
    text = (text or "").strip()
    return min(int(text[:12]), _MAX_SECONDS) if text.isdecimal() and text.isascii() else None

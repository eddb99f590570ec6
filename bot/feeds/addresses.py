"""Which addresses may be fetched: http and https on the public internet, and nothing else.

A member can propose any feed address, and any feed can redirect, so this is the guard against
server-side request forgery. It stands in two places. ``check_url`` reads the address as written, so that
the plain cases get a clear refusal without a DNS query. ``guarded_socket`` is asked by aiohttp for the
socket to each address that DNS gave, at the moment of connecting: whatever a name resolved to before,
only what is dialled counts, so DNS rebinding has no gap between check and use.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from bot.feeds.errors import AddressRefused

IPAddress = IPv4Address | IPv6Address
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]

MAX_URL_LENGTH = 2_048
"""Longer than any feed address seen; what Google's sitemap protocol allows."""

# ``is_global`` is taken from the IANA registries and differs between patch releases of Python; these are
# refused whatever it says.
_NEVER_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; 100.100.100.200 is a cloud's metadata service
        "168.63.129.16/32",  # a cloud's host agent on an otherwise public address
        "192.0.0.0/24",  # 192.0.0.192 is a cloud's metadata service
        "192.88.99.0/24",  # the old 6to4 relay
        "198.18.0.0/15",
        "224.0.0.0/3",  # multicast and reserved
    )
)
_NEVER_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",  # 6to4, which holds an IPv4 address and is given up (RFC 7526)
        "3fff::/20",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4; all else is local, mapped or unassigned
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address

_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "home.arpa", "lan")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_IN_NAME = re.compile(r"[^\s\x00-\x20\x7f\"'<>\\^`{|}%]+")


class ConnectionRefusedByGuard(OSError):
    """A name led to an address that must not be dialled."""

    def __init__(self) -> None:
        # One message for all, so that aiohappyeyeballs hands back this error and no mixture.
        super().__init__("private address refused")


def is_public(address: IPAddress) -> bool:
    """Whether ``address`` is on the public internet, looking through IPv4 inside IPv6."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in block for block in _NEVER_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return (
        address in _GLOBAL_UNICAST and address.is_global and not any(address in block for block in _NEVER_V6)
    )


def literal_address(host: str) -> IPAddress | None:
    """The IP address that ``host`` spells, in any form that a C library would take; None for a name.

    ``inet_aton`` reads one to four parts, each decimal, octal (0…) or hexadecimal (0x…), the last filling
    the remaining bytes: 2130706433, 0177.1, 0x7f.0.0.1 and 127.1 are all 127.0.0.1.
    """
    name = _plain_host(host)
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        pass
    parts = name.split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        values = [_number(part) for part in parts]
    except ValueError:
        return None
    *heads, last = values
    if any(value > 255 for value in heads) or last >= 256 ** (5 - len(parts)):
        return None
    total = last
    for place, value in enumerate(heads):
        total += value << (24 - 8 * place)
    return IPv4Address(total)


def check_url(url: str, *, allow_private: bool = False) -> SplitResult:
    """The parts of ``url`` when it may be fetched.

    Raises ``AddressRefused`` when it is not http or https, has no usable host, carries a user name or
    password, or names a private address. ``allow_private`` lifts only the last, for loopback runs.
    """
    if len(url) > MAX_URL_LENGTH:
        raise AddressRefused("bad_address")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port
    except ValueError as error:
        raise AddressRefused("bad_address") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise AddressRefused("bad_scheme", scheme=parts.scheme[:20])
    if "@" in parts.netloc:
        raise AddressRefused("credentials")
    name = _plain_host(host)
    if ":" in name:
        name = name.partition("%")[0]  # an IPv6 zone (RFC 4007) says through which interface, not where to
    if not name or port == 0 or not _IN_NAME.fullmatch(name):
        raise AddressRefused("bad_address")
    if allow_private:
        return parts
    literal = literal_address(name)
    if literal is not None and not is_public(literal):
        raise AddressRefused("private_address", host=name[:80])
    if literal is None and ("." not in name or name.endswith(tuple("." + local for local in _LOCAL_NAMES))):
        raise AddressRefused("private_address", host=name[:80])
    return parts


def guarded_socket(*, allow_private: bool = False) -> Callable[[AddressInfo], socket.socket]:
    """A socket factory for ``aiohttp.TCPConnector`` that refuses to dial a private address."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if not allow_private:
            found = literal_address(str(address[0]))
            if found is None or not is_public(found):
                raise ConnectionRefusedByGuard
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def without_credentials(url: str) -> str:
    """``url`` as it may be shown and logged: what stands before an @ in the host part is taken out."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    end = min((rest.find(sign) for sign in "/?#" if sign in rest), default=len(rest))
    authority, tail = rest[:end], rest[end:]
    return f"{scheme}://{authority.rpartition('@')[2]}{tail}"


def _plain_host(host: str) -> str:
    """``host`` with percent-escapes, full-width digits and odd full stops read as a resolver might."""
    name = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").strip().lower()
    return name.strip("[]").removesuffix(".")


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    if len(text) > 1 and text.startswith("0"):
        return int(text, 8)
    if len(text) > 10:  # past 32 bits, and Python refuses to read very long numbers
        raise ValueError(text[:20])
    return int(text)

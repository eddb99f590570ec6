"""Mend a feed's bytes before they are parsed: three faults that are common and that lose text or links.

1. One invalid byte in a UTF-8 feed makes feedparser read the whole as another charset, and every accent
   in it is lost. The bad bytes alone are replaced.
2. A bare ``&`` in an address (``?a=1&copy=3``) becomes an entity (``?a=1©=3``), and a reference to no
   character ends the document (``references``).
3. Control characters are no XML, and throw the document to the slower, looser parser. They are dropped.

Feeds in UTF-16 or UTF-32 are left alone.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from bot.feeds.headers import charset
from bot.feeds.references import plain_references

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF8_NAMES = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))

_MOST_BAD = 10_000  # bytes: each is mended by a call, and so many are no accident

# Bytes that a Spanish text in windows-1252 has and that a cut UTF-8 sequence does not begin or continue
# with in the same place often enough to matter; any other bad byte becomes U+FFFD.
_LATIN = bytes("áéíóúüñÁÉÍÓÚÜÑ¿¡«»°“”‘’–—…", "cp1252")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A mended body. ``encoding`` is its charset where it is certain ("utf-8"), else None: the parser looks.

    ``malformed`` says that it had references to no character, for which a strict parser refuses it.
    """

    body: bytes
    encoding: str | None
    malformed: bool = False


def repaired(body: bytes, content_type: str = "") -> Repaired:
    """The mended body and what is known of it."""
    if is_wide(body):
        return Repaired(body, None)
    body = body.removeprefix(codecs.BOM_UTF8).lstrip()
    known = declared_charset(body, content_type)
    mended = body
    certain = None
    try:
        body.decode("utf-8")
        certain = "utf-8" if not body.isascii() or known is None or known in _UTF8_NAMES else None
    except UnicodeDecodeError:
        # Mostly UTF-8 with some bad bytes, or not UTF-8 at all? Its own sequences are the evidence.
        bad = _bad_bytes(body) if known is None or known in _UTF8_NAMES else _MOST_BAD + 1
        if bad <= min(_sequences(body), _MOST_BAD):
            mended, certain = body.decode("utf-8", _HANDLER).encode("utf-8"), "utf-8"
    plain, malformed = plain_references(mended.translate(None, _CONTROLS))
    return Repaired(plain, certain, malformed)


def is_wide(body: bytes) -> bool:
    """Whether ``body`` is UTF-16 or UTF-32, by its mark or by the zero bytes of "<"."""
    return (
        body.startswith(_WIDE_BOMS)
        or (len(body) > 3 and body[:4].count(0) >= 2)
        or (body[:2] in (b"<\x00", b"\x00<"))
    )


def declared_charset(body: bytes, content_type: str) -> str | None:
    """The charset that the XML declaration or, before it, the Content-Type names."""
    found = _DECLARED.match(body[:400])
    return charset(content_type) or (found.group(1).decode("ascii").lower() if found else None)


_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(128))
_HANDLER = "vigia-latin"


def _sequences(body: bytes) -> int:
    return sum(1 for _ in _SEQUENCE.finditer(body))


def _bad_bytes(body: bytes) -> int:
    return len(_SEQUENCE.sub(b"", body).translate(None, _ASCII))


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.start + 1]
    return (bad.decode("cp1252") if bad in _LATIN else "�"), error.start + 1


codecs.register_error(_HANDLER, _as_latin)

"""Fix a feed's bytes before they are parsed: faults that are common and that lose text, links or all of it.

1. One invalid byte in a UTF-8 feed makes feedparser read the whole as another charset, and every accent
   in it is lost. The bad bytes alone are replaced.
2. A bare ``&`` in an address (``?a=1&copy=3``) becomes an entity (``?a=1©=3``), and a reference to no
   character ends the document (``references``).
3. Control characters are no XML, and throw the document to the slower, looser parser. They are dropped.
4. What a server's script has printed before the feed (a warning, an empty line, a comment) is cut off.
5. CDATA sections that a page's serialiser made comments of (``<!--[CDATA[``) are sections again.

Feeds in UTF-16 or UTF-32 become UTF-8 first, so that all of this and all limits hold for them too.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from bot.feeds.charsets import codec_of
from bot.feeds.headers import charset
from bot.feeds.references import plain_references

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ASCII_NAMES = frozenset(("us-ascii", "ascii"))

_JUNK = 8_192
"""Bytes in which the beginning of the feed is looked for."""

_BEGINS = re.compile(rb"<\?xml\s|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_CDATA_AS_COMMENT = re.compile(
    rb"(<[A-Za-z][\w:]*(?:\s[^<>]*)?>\s*)<!--\[CDATA\[((?:(?!\]\]-->|<!--).)*)\]\]-->(?=\s*</)", re.S
)
_CDATA_MISTYPED = (b"<![cdata[", b"<! [CDATA[", b"<![ CDATA[", b"<![CDATA [")

_BARE = re.compile(rb"<(?![A-Za-z_/!?])")
_ESCAPED_ITEM = re.compile(rb"&lt;(?:item|entry)(?:\s[^<>&]*)?&gt;\s*&lt;[a-zA-Z]")
_ITEM_IN_CDATA = re.compile(rb"<!\[CDATA\[\s*<(?:item|entry)[\s>]")

_MOST_BAD = 10_000  # bytes: each is fixed by a call, and so many are no accident

# Bytes that a Spanish text in windows-1252 has and that a cut UTF-8 sequence does not begin or continue
# with in the same place often enough to matter; any other bad byte becomes U+FFFD.
_LATIN = bytes("áéíóúüñÁÉÍÓÚÜÑ¿¡«»°“”‘’–—…", "cp1252")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A fixed body in UTF-8.

    ``malformed`` says that it had references to no character, for which a strict parser refuses it.
    """

    body: bytes
    malformed: bool = False


def repaired(body: bytes, content_type: str = "") -> Repaired:
    """The fixed body and what is known of it."""
    if is_wide(body):
        body, content_type = _narrow(body), "; charset=utf-8"
    body = _from_its_beginning(body)
    fixed = _with_sections(_in_utf8(body, declared_charset(body, content_type)))
    plain, malformed = plain_references(fixed.translate(None, _CONTROLS))
    return Repaired(plain, malformed)


def _in_utf8(body: bytes, label: str | None) -> bytes:
    codec = "utf-8" if label in _ASCII_NAMES else codec_of(label)
    if codec == "iso2022_jp":  # all of it is ASCII, and means something else
        return body.decode(codec, "replace").encode()
    try:
        body.decode("utf-8")
        return body
    except UnicodeDecodeError:
        if codec != "utf-8":
            return body.decode(codec, "replace").encode()
    # Mostly UTF-8 with some bad bytes, or not UTF-8 at all? Its own sequences are the evidence.
    if _bad_bytes(body) <= min(_sequences(body), _MOST_BAD):
        return body.decode("utf-8", _HANDLER).encode("utf-8")
    return body.decode("cp1252", "replace").encode()


def unescaped(body: bytes) -> bytes | None:
    """``body`` with its items as elements, where all of them were escaped or put into CDATA; else None."""
    if b"&lt;" in body and b"<item" not in body and b"<entry" not in body and _ESCAPED_ITEM.search(body):
        for reference, sign in ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&")):
            body = body.replace(reference, sign)
        return body
    if _ITEM_IN_CDATA.search(body):
        return body.replace(b"<![CDATA[", b"").replace(b"]]>", b"")
    return None


def with_bare_signs(body: bytes) -> bytes:
    """``body`` with each ``<`` that begins no tag written as ``&lt;`` ("A < B"), but for CDATA sections."""
    first, *rest = body.split(b"<![CDATA[")
    parts = [_BARE.sub(b"&lt;", first)]
    for piece in rest:
        inside, end, after = piece.partition(b"]]>")
        parts.append(inside + end + _BARE.sub(b"&lt;", after))
    return b"<![CDATA[".join(parts)


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


def _narrow(body: bytes) -> bytes:
    """A body in UTF-16 or UTF-32 as UTF-8."""
    if body.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        name = "utf-32"
    elif body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    else:
        order = "le" if body[:1] != b"\0" else "be"
        name = f"utf-{32 if body[:4].count(0) == 3 else 16}-{order}"
    return body.decode(name, "replace").encode("utf-8", "replace")


def _from_its_beginning(body: bytes) -> bytes:
    """``body`` without what is printed before the feed, and without marks of the byte order."""
    body = body.lstrip(b"\xef\xbb\xbf\t\n\f\r ")
    if _BEGINS.match(body):
        return body
    found = _BEGINS.search(body, 0, _JUNK)
    # A document may begin with its type and with instructions; words before it are no XML.
    return body[found.start() :] if found and not body.startswith((b"<!DOCTYPE", b"<?")) else body


def _with_sections(body: bytes) -> bytes:
    """``body`` with its CDATA sections written as such."""
    if b"<!--[CDATA[" in body:
        body = _CDATA_AS_COMMENT.sub(rb"\1<![CDATA[\2]]>", body)
    for mistyped in _CDATA_MISTYPED:
        body = body.replace(mistyped, b"<![CDATA[")
    return body


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

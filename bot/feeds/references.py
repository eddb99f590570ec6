"""Character references as feeds write them, turned into such as every XML parser reads.

XML knows five names and refuses the whole document for any other, and for a number that is no character
(XML 1.0 section 4.1). Feeds have both: HTML's names ("&oacute;"), the two halves of an emoji
("&#55357;&#57000;", which is UTF-16 written out), numbers beyond Unicode. A parser that skips what it does
not know loses letters ("Migracin"); one that does not loses the feed.
"""

from __future__ import annotations

import re
from html.entities import html5

# Written as every parser reads it: XML's five names, and decimal or hexadecimal numbers of characters below
# U+D000, but for control characters.
_PLAIN = (
    r"(?:amp|lt|gt|quot|apos"
    r"|#(?:9|10|13|3[2-9]|[4-9]\d|[1-9]\d\d|[1-9]\d{3}|[1-4]\d{4})"
    r"|#x(?:[2-9A-Fa-f][\dA-Fa-f]|[1-9A-Fa-f][\dA-Fa-f]{2}|[1-9A-Ca-c][\dA-Fa-f]{3}));"
)
_OTHER = re.compile(
    (
        rf"&(?!{_PLAIN})"
        r"(?:#(?P<number>\d{1,40}|[xX][\dA-Fa-f]{1,40});|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?"
    ).encode(),
    re.ASCII,
)
_PAIR = re.compile(
    r"&#(5[56]\d{3}|[xX][dD][89abAB][\dA-Fa-f]{2});&#(5[67]\d{3}|[xX][dD][c-fC-F][\dA-Fa-f]{2});", re.ASCII
)
_PAIR_IN_BYTES = re.compile(_PAIR.pattern.encode(), re.ASCII)
#: A name that the document declares for itself keeps its meaning.
_DECLARED = re.compile(rb"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{0,31})\s")
_UNKNOWN = 0xFFFD


def plain_references(body: bytes) -> tuple[bytes, bool]:
    """``body`` with references that any XML parser reads, and whether some were of no character.

    A ``&`` that begins no reference is written as ``&amp;``, and so is one before an unknown name: both are
    then read as they stand. Numbers of control characters are dropped, other numbers of no character become
    U+FFFD. In CDATA all of this is text and stays.
    """
    if b"&" not in body:
        return body, False
    declared = frozenset(_DECLARED.findall(body[:65_536])) if b"<!ENTITY" in body[:65_536] else frozenset()
    bad = False

    def plain(found: re.Match[bytes]) -> bytes:
        nonlocal bad
        if number := found["number"]:
            value = _value(number.decode())
            code = _code(value)
            bad = bad or code != value
            return b"" if code is None else b"&#%d;" % code
        if name := found["name"]:
            text = None if name in declared else _named(name.decode())
            if text is not None:
                return b"".join(b"&#%d;" % ord(sign) for sign in text)
            return found[0] if name in declared else b"&amp;" + found[0][1:]
        return b"&amp;"

    def outside(piece: bytes) -> bytes:
        nonlocal bad
        if b"&" not in piece:
            return piece
        joined = _PAIR_IN_BYTES.sub(_joined_bytes, piece)
        bad = bad or len(joined) < len(piece)
        return _OTHER.sub(plain, joined)

    first, *rest = body.split(b"<![CDATA[")
    parts = [outside(first)]
    for piece in rest:
        inside, end, after = piece.partition(b"]]>")
        parts.append(inside + end + outside(after) if end else piece)
    return b"<![CDATA[".join(parts), bad


def joined_surrogates(text: str) -> str:
    """``text`` with each pair of references to the halves of one character written as that character."""
    return _PAIR.sub(lambda found: chr(_joined(found[1], found[2])), text) if "&#" in text else text


def _joined(high: str, low: str) -> int:
    first, second = _value(high), _value(low)
    if not (0xD800 <= first < 0xDC00 <= second < 0xE000):  # decimal numbers beside the range
        return _UNKNOWN
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)


def _joined_bytes(found: re.Match[bytes]) -> bytes:
    return b"&#%d;" % _joined(found[1].decode(), found[2].decode())


def _value(number: str) -> int:
    return int(number[1:], 16) if number[:1] in "xX" else int(number)


def _code(code: int) -> int | None:
    """The code point that a number means; None for a control character."""
    if code < 0x20 and code not in (9, 10, 13):
        return None
    if 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF:
        return _UNKNOWN
    return code


def _named(name: str) -> str | None:
    """The text of HTML's ``name``, also where a site has put the whole into capitals ("&NTILDE;")."""
    if (text := html5.get(f"{name};")) is not None:
        return text
    if name.isupper() and (small := html5.get(f"{name.lower()};")) is not None:
        return html5.get(f"{name.capitalize()};") or small.upper()
    return None

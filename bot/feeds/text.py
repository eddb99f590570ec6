"""Turn what a feed puts into a title or a summary into plain text that is safe to show.

Titles are not sanitised by any parser, come escaped once or twice, and may hold whole documents, control
characters or text that reads backwards. Everything here is linear in the length of its input.
"""

from __future__ import annotations

import html
import re
import unicodedata

MAX_TITLE = 300
"""Longer headlines are not headlines; Discord's own limit for a title is 256."""

MAX_SUMMARY = 3_000
"""Enough for the matcher and the summariser; a feed that carries whole articles gives its beginning."""

MAX_AUTHOR = 200
MAX_CATEGORY = 100
MAX_CATEGORIES = 30

_MAX_RAW = 40_000  # characters of markup looked at: real summaries with images are below a tenth of it
_RAW_PER_CHARACTER = 4  # of markup looked at first; more only where the beginning is all pictures and style

_BLOCK_TAG = re.compile(
    r"</?(?:article|blockquote|br|d[dtl]|div|figcaption|figure|footer|h[1-6r]|header|li|ol|p|pre|section|"
    r"t[dhr]|table|ul)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
#: What is left where a feed cuts its summary in the middle of a tag. Only known elements: "a < b" is text.
_CUT_TAG = re.compile(
    r"</?(?:a|b|br|div|em|figure|font|h[1-6]|i|iframe|img|li|ol|p|span|strong|table|t[dhr]|ul)"
    r"(?:[\s/][^<>]*)?$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(script|style|template|iframe)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Cc and Cf but for white space, surrogates, private use and noncharacters. Written out, because asking
# unicodedata for each of 1.1 million code points takes 0.2 s at every start; a test compares.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)

# What WordPress puts under every item; it says nothing of the news and would count as its last sentence.
_TRAILER = re.compile(
    r"\s*(?:The post\b.{1,300}?\b(?:appeared first on|first appeared on)\b"
    r"|(?:La entrada|El artículo|El cargo|La nota)\b.{1,300}?"
    r"\b(?:apareció primero en|aparece primero en|se publicó primero en|aparecio primero en)\b).{1,200}$",
    re.DOTALL,
)
_MORE_LENGTH = 120  # characters at the end of a summary in which its "read on" is looked for
_MORE = re.compile(
    r"\s*(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|Continue reading.{0,80}|Seguir leyendo.{0,80}|→)\s*$"
)


def plain_text(markup: str, limit: int, *, lines: bool = False) -> str:
    """The text of ``markup`` in at most ``limit`` characters, without tags, entities and unseen characters.

    With ``lines``, block elements begin a new line; otherwise the text is one line. Cut text ends in "…".
    """
    first = limit * _RAW_PER_CHARACTER + 2_000
    text = _cleaned(markup[:first], lines=lines)
    if len(text) < limit // 2 and first < len(markup):
        text = _cleaned(markup[:_MAX_RAW], lines=lines)
    return shortened(text, limit)


def title_text(markup: str) -> str:
    """A headline in one line."""
    return plain_text(markup, MAX_TITLE)


def summary_text(markup: str) -> str:
    """A summary without the trailers that publishing systems add."""
    text = plain_text(markup, MAX_SUMMARY, lines=True)
    if "appeared" in text or "primero en" in text:
        text = _TRAILER.sub("", text)
    found = _MORE.search(text, max(0, len(text) - _MORE_LENGTH))
    return text[: found.start()] + "…" if found else text


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut after a word where one ends near the limit."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit * 3 // 4)
    return cut[: space if space > 0 else None].rstrip(" ,;:.–—-") + "…"


def without_outlet(title: str, outlet: str) -> str:
    """A Google News title without the " - Outlet" that is put behind each; ``outlet`` may be unknown."""
    if outlet and title.endswith(f" - {outlet}"):
        return title[: -len(outlet) - 3].rstrip()
    head, mark, tail = title.rpartition(" - ")
    return head.rstrip() if mark and head and len(tail) <= 60 else title


def _cleaned(text: str, *, lines: bool) -> str:
    if "<" in text or "&" in text:
        text = _strip(text)
    if lines and "\n" in text:
        return "\n".join(filter(None, map(_one_line, text.split("\n"))))
    return _one_line(text)


def _one_line(text: str) -> str:
    text = " ".join(text.split())  # several times faster than a pattern
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = " ".join(_UNSEEN.sub("", text).split())
    return text


def _strip(text: str) -> str:
    """``text`` without markup. Twice at most: titles come double-escaped ("AT&amp;amp;T")."""
    # A line break in the source of markup is a space; only elements make lines.
    text = text.replace("\n", " ")
    for _ in range(2):
        text = _without_tags(_without_hidden(_without_comments(text)))
        if not _ENTITY.search(text):
            return text
        text = html.unescape(text)
    return _without_tags(_without_hidden(_without_comments(text)))


def _without_comments(text: str) -> str:
    if "<!--" not in text:
        return text
    first, *rest = text.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _without_hidden(text: str) -> str:
    """Without the elements whose content is not for reading."""
    kept: list[str] = []
    place = 0
    while opening := _HIDDEN.search(text, place):
        kept.append(text[place : opening.start()])
        # Not in a lowered copy: "İ" grows by a letter there, and places would no longer be the same.
        closing = re.compile(f"</{opening.group(1)}", re.IGNORECASE).search(text, opening.end())
        if closing is None:
            return "".join(kept)
        end = text.find(">", closing.start())
        place = end + 1 if end >= 0 else len(text)
    return "".join([*kept, text[place:]])


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", text))
    last = text.rfind("<")
    return text[:last] if last >= 0 and _CUT_TAG.match(text, last) else text

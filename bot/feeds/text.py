"""Turn what a feed puts into a title or a summary into plain text that is safe to show.

Titles are not sanitised by any parser, come escaped once or twice, and may hold whole documents, control
characters or text that reads backwards. Everything here is linear in the length of its input.
"""

from __future__ import annotations

import html
import re
import unicodedata

from bot.feeds.boilerplate import Line, article_text
from bot.feeds.references import joined_surrogates
from bot.patterns import late_pattern

MAX_TITLE = 300
"""Longer headlines are not headlines; Discord's own limit for a title is 256."""

MAX_SUMMARY = 3_000
"""Enough for the matcher and the summariser; a feed that carries whole articles gives its beginning."""

MAX_AUTHOR = 200
MAX_CATEGORY = 100
MAX_CATEGORIES = 30

_MAX_RAW = 40_000  # characters of markup looked at: real summaries with images are below a tenth of it
_RAW_PER_CHARACTER = 4  # of markup looked at first; more only where the beginning is all pictures and style

_BOILERPLATE = 1_000  # characters that may be taken out of a summary and still leave a full one

_BLOCK_TAG = late_pattern(
    r"</?(?:article|blockquote|br|d[dtl]|div|figcaption|figure|footer|h[1-6r]|header|li|ol|p|pre|section|"
    r"t[dhr]|table|ul)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_TAG = late_pattern(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
#: What is left where a feed cuts its summary in the middle of a tag. Only known elements: "a < b" is text.
_CUT_TAG = late_pattern(
    r"</?(?:a|b|br|div|em|figure|font|h[1-6]|i|iframe|img|li|ol|p|span|strong|table|t[dhr]|ul)"
    r"(?:[\s/][^<>]*)?$",
    re.IGNORECASE,
)
#: Elements whose content is not for reading, and what stands beside the text of an article.
_HIDDEN_NAMES = r"script|style|template|iframe|figcaption|aside|nav|form|button|select|audio|video"
_HIDDEN = late_pattern(rf"<({_HIDDEN_NAMES})\b", re.IGNORECASE)
#: The same, and captions of pictures.
_HIDDEN_OR_CAPTION = late_pattern(
    rf"<(?:({_HIDDEN_NAMES})\b"
    r"|(p|span|small|em|dd|div|cite)\s[^<>]{0,200}?class\s*=\s*[\"']?[^\"'<>]{0,100}"
    r"\b(?:wp-caption|caption|photo-credit)\b)",
    re.IGNORECASE,
)
_ENDLESS = frozenset(("script", "style"))  # without an end, all that follows is theirs
_LONGEST_CAPTION = 1_000  # characters of markup; what is longer is an article with a picture
#: Numbers of windows-1252 that were taken for Unicode's: "&#146;" is an apostrophe.
_WINDOWS = {code: bytes((code,)).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_C1 = late_pattern("[\x80-\x9f]")
_CDATA_BEGINS = late_pattern(
    r"(?:<|&(?:amp;){0,3}(?:lt|#60|#x3c);?)?!\s?(?:--)?\s?\[\s?CDATA\s?\[", re.IGNORECASE
)
_CDATA = late_pattern(
    rf"{_CDATA_BEGINS.pattern}|\]\](?:--)?(?:>|&(?:amp;){{0,3}}(?:gt|#62|#x3e);?)|\]\]\s*$", re.IGNORECASE
)
_ADDRESS = late_pattern(r"(?:https?://|www\.)\S+")
_WORD = late_pattern(r"\w+")
_ENTITY = late_pattern(
    r"&(?:#[0-9]{2,7}(?![0-9])|(?:#[0-9]|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)

# Cc and Cf but for white space, surrogates, private use and noncharacters. Written out, because asking
# unicodedata for each of 1.1 million code points takes 0.2 s at every start; a test compares.
_UNSEEN = late_pattern(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)

_ACCENTED = late_pattern(r"&([AEIOUNaeioun](?:acute|grave|circ|tilde|uml)|[Cc]cedil)(?![A-Za-z;])")
"""HTML's letters without the semicolon that a feed forgot; of other names, a text may hold the letters."""

# Marks around the text of links, until it is known which lines are nothing but links. They are of the private
# use area, and so never in what is read.
_OPEN, _CLOSE = "\ue000", "\ue001"
_ANCHOR = late_pattern(r"<(/?)a(?:[\s/][^<>]*)?>", re.IGNORECASE)
_LINKED = late_pattern(f"{_OPEN}([^{_OPEN}{_CLOSE}]{{0,400}}){_CLOSE}")


def plain_text(markup: str, limit: int) -> str:
    """The text of ``markup`` in one line of at most ``limit`` characters; cut text ends in "…".

    It has no tags, no entities and no unseen characters.
    """
    first = limit * _RAW_PER_CHARACTER + 2_000
    text = _cleaned(markup[:first])
    if len(text) < limit // 2 and first < len(markup):
        text = _cleaned(markup[:_MAX_RAW])
    return shortened(text, limit)


def title_text(markup: str) -> str:
    """A headline in one line."""
    return plain_text(markup, MAX_TITLE)


def summary_text(markup: str) -> str:
    """What ``markup`` says of its own article, in lines: no links to others, credits or "read on"."""
    first = MAX_SUMMARY * _RAW_PER_CHARACTER + 2_000
    text = article_text(_lines(markup[:first]))
    if len(text) < MAX_SUMMARY // 2 and first < len(markup):
        text = article_text(_lines(markup[:_MAX_RAW]))
    return shortened(text, MAX_SUMMARY)


def says_more(summary: str, title: str) -> bool:
    """Whether ``summary`` tells a reader of ``title`` anything: it is no beginning of it and no address."""
    words = _WORD.findall(summary[: len(title) + 20].casefold())
    if not words or _ADDRESS.fullmatch(summary):
        return False
    return words != _WORD.findall(title.casefold())[: len(words)]


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


def _cleaned(text: str) -> str:
    return _one_line(_strip(text) if _has_markup(text) else text)


def _has_markup(text: str) -> bool:
    return "<" in text or "&" in text or "CDATA" in text or "]]>" in text


def _lines(markup: str) -> list[Line]:
    """The lines of ``markup`` that hold anything, as many as a summary can need."""
    text = markup.replace(_OPEN, "").replace(_CLOSE, "")
    if _has_markup(text):
        text = _strip(text, mark_links=True)
        if _OPEN in text:
            text = _LINKED.sub(lambda found: found[0].replace("\n", f"{_CLOSE}\n{_OPEN}"), text)
    lines = []
    left = MAX_SUMMARY + _BOILERPLATE
    for line in text.split("\n"):
        if left <= 0:
            break
        linked = _OPEN in line
        if whole := _one_line(line.replace(_OPEN, "").replace(_CLOSE, "") if linked else line):
            lines.append(Line(whole, _one_line(_LINKED.sub(" ", line)) if linked else whole))
            left -= len(whole)
    return lines


def _one_line(text: str) -> str:
    text = " ".join(text.split())  # several times faster than a pattern
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = text.translate(_WINDOWS) if _C1.search(text) else text
        text = " ".join(_UNSEEN.sub("", text).split())
    return text


def _strip(text: str, *, mark_links: bool = False) -> str:
    """``text`` without markup. Titles come escaped up to three times ("AT&amp;amp;T")."""
    # A line break in the source of markup is a space; only elements make lines.
    text = text.replace("\n", " ")
    for _ in range(3):
        text = _unmarked(text, mark_links=mark_links)
        if "&" not in text:
            return text
        text = _ACCENTED.sub(r"&\1;", text)
        if not _ENTITY.search(text):
            return text
        text = html.unescape(joined_surrogates(text))
    return _unmarked(text, mark_links=mark_links)


def _unmarked(text: str, *, mark_links: bool) -> str:
    if "[" in text or "]]>" in text:
        text = _without_captions(without_cdata(text))
    if "<" not in text:
        return text
    text = _without_hidden(_without_comments(text))
    if mark_links:
        text = _ANCHOR.sub(lambda found: _CLOSE if found[1] else _OPEN, text)
    return _without_tags(text)


def without_cdata(text: str) -> str:
    """``text`` without the marks of CDATA sections, which some feeds escape or make comments of."""
    if "[" not in text and "]]" not in text:  # nearly always, and at once
        return text
    if "CDATA" not in text and "cdata" not in text:
        return text.rstrip().removesuffix("]]>") if "]]>" in text[-8:] else text
    return _CDATA.sub("", text) if _CDATA_BEGINS.search(text) else text


def _without_captions(text: str) -> str:
    """Without WordPress's captions of pictures, where the site forgot to draw them."""
    if "[caption" not in text:
        return text
    first, *rest = text.split("[caption")
    ends = ("[/caption]" if "[/caption]" in piece else "]" for piece in rest)
    return first + "".join(piece.partition(end)[2] for piece, end in zip(rest, ends, strict=True))


def _without_comments(text: str) -> str:
    if "<!--" not in text:
        return text
    first, *rest = text.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _without_hidden(text: str) -> str:
    """Without the elements whose content is not for reading."""
    form = _HIDDEN_OR_CAPTION if "caption" in text or "photo-credit" in text else _HIDDEN
    kept: list[str] = []
    unclosed: set[str] = set()
    place = searched = 0
    while opening := form.search(text, searched):
        name = opening[opening.lastindex or 1].lower()
        caption = opening.lastindex == 2
        most = opening.end() + _LONGEST_CAPTION if caption else len(text)
        searched = opening.end()
        if name in unclosed:
            continue
        # Not in a lowered copy: "İ" grows by a letter there, and places would no longer be the same.
        closing = re.compile(f"</{name}", re.IGNORECASE).search(text, searched, most)
        if closing is None and name in _ENDLESS:
            return "".join([*kept, text[place : opening.start()]])
        if closing is None:
            if not caption:
                unclosed.add(name)
            continue
        kept.append(text[place : opening.start()])
        end = text.find(">", closing.start())
        place = searched = end + 1 if end >= 0 else len(text)
    return "".join([*kept, text[place:]])


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", text))
    last = text.rfind("<")
    return text[:last] if last >= 0 and _CUT_TAG.match(text, last) else text

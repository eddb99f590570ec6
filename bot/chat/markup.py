"""Spans and blocks of a page as Discord's markdown. Pure.

Titles and summaries come from strangers. Nothing in them may become markup: no heading, no quote, no mention,
no timestamp, no link of theirs. Discord shows any ASCII punctuation after a backslash as it stands ("Markdown
Text 101").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from bot.chat.custom_id import utf16_length
from bot.chat.limits import cut
from bot.domain.page import (
    Block,
    Code,
    Heading,
    Item,
    Link,
    Mention,
    Note,
    Paragraph,
    Span,
    Strong,
    When,
)

#: A headline is at most a line or two; outlets write up to some 200 characters, and what is longer is noise.
LONGEST_LINK_TEXT = 300
#: Longer addresses than this are tracking, and one of them would eat a quarter of a message.
LONGEST_URL = 1000
#: Of a longer one, what surely holds its site.
_SITE = 300
#: One span of running text; a whole message holds 4,000.
LONGEST_TEXT = 2000

#: ``<`` opens mentions, timestamps, emoji and bare links; ``:`` before ``//`` makes an address a link.
_MARKS = re.compile(r"[\\*_~`|<>\[\]#]|:(?=//)")
_LIST_MARK = re.compile(r"^(\d*)([-+.)])(?=\s)")
_SPACE = re.compile(r"\s+")
#: Discord's client lights these words up even where nobody is woken; a zero-width space keeps them words.
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
#: What ends or breaks the address of a masked link, or is no printable ASCII.
_URL_SAFE = "!#$%&'*+,-./:;=?@_~"
_MENTIONS = {"channel": "#", "role": "@&", "member": "@"}


def escape(text: str, most: int = LONGEST_TEXT) -> str:
    """``text`` on one line, cut to ``most``, with nothing left in it that Discord would read as markup."""
    plain = cut(_SPACE.sub(" ", text.replace("\x00", "")), most)
    return _EVERYONE.sub("@\u200b", _MARKS.sub(lambda found: "\\" + found[0], plain))


def link(text: str, url: str) -> str:
    """A masked link; the text with the site where an address is too long, and alone where it is none."""
    # Square brackets end the text of a masked link early, escaped or not, so they become round ones.
    words = escape(text.replace("[", "(").replace("]", ")"), LONGEST_LINK_TEXT).strip()
    address = safe_url(url)
    if not address:
        site = safe_url(url[:_SITE]) if len(url) > LONGEST_URL // 3 else ""
        return f"{words} ({escape(urlsplit(site).hostname or '')} …)" if site else words
    return f"[{words or escape(urlsplit(url).hostname or address)}](<{address}>)"


def safe_url(url: str) -> str:
    """``url`` with all that could end a masked link percent-encoded; empty when it is not http or https."""
    trimmed = url.strip()
    try:
        parts = urlsplit(trimmed)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    try:
        encoded = quote(trimmed, safe=_URL_SAFE)
    except UnicodeEncodeError:
        return ""
    return encoded if len(encoded) <= LONGEST_URL else ""


def line(spans: Sequence[Span]) -> str:
    """Spans as one line, which is no list whatever it begins with."""
    drawn = "".join(_span(span) for span in spans).strip()
    return _LIST_MARK.sub(lambda found: f"{found[1]}\\{found[2]}", drawn)


def block(item: Block) -> str:
    """A block of text as lines; pictures and dividers are components and not drawn here."""
    match item:
        case Heading(text):
            return f"### {escape(text, 200)}"
        case Paragraph(spans):
            return line(spans)
        case Item(spans, details):
            lines = [line(spans) if details else f"- {line(spans)}"]
            lines += [f"-# {line(detail)}" for detail in details if line(detail)]
            return "\n".join(lines)
        case Note(spans):
            drawn = line(spans)
            return f"-# {drawn}" if drawn else ""
        case _:
            return ""


def run(blocks: Sequence[Block]) -> str:
    """Blocks of text that follow each other, with a line between where they would read as one."""
    text = ""
    previous: Block | None = None
    for item in blocks:
        drawn = block(item)
        if not drawn:
            continue
        loose = (
            previous is not None and not isinstance(previous, Heading) and type(item) is not type(previous)
        )
        if isinstance(item, Paragraph) and isinstance(previous, Paragraph):
            loose = True
        if isinstance(item, Item) and isinstance(previous, Item) and previous.details:
            loose = True  # else its headline would stand among the small lines of the one before
        text += ("\n\n" if loose else "\n" if text else "") + drawn
        previous = item
    return text


def title(text: str) -> str:
    """The page's title."""
    return f"## {escape(text, 200)}"


def units(text: str) -> int:
    """How much of a message's 4,000 characters ``text`` takes."""
    return utf16_length(text)


def _span(span: Span) -> str:
    match span:
        case str():
            return escape(span)
        case Link(text, url):
            return link(text, url)
        case Strong(text):
            words = escape(text)
            return f"**{words}**" if words.strip() else words
        case When(at, relative):
            return f"<t:{int(at.timestamp())}:{'R' if relative else 'f'}>"
        case Mention("command", identity, name):
            return f"</{name}:{identity}>"
        case Mention("server", identity, name):
            return f"**{escape(name)}**" if name.strip() else str(identity)
        case Mention(kind, identity):
            return f"<{_MENTIONS[kind]}{identity}>"
        case Code(text):
            return f"`{cut(_SPACE.sub(' ', text).replace('`', 'ˋ'), LONGEST_LINK_TEXT)}`"

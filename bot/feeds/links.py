"""Which of what an item calls its link is one, and where it leads.

A relative address is common and right; what is not are words and numbers in the place of an address ("N/A",
"MX-2026-0142"). Resolved against the feed's own address they would become pages that the publisher never had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.feeds.identity import MAX_LINK, canonical_url
from bot.feeds.text import without_cdata
from bot.patterns import late_pattern

_NONE = frozenset(("n/a", "#n/a", "s/n", "null", "none", "undefined", "false", "nan"))
#: Also as mistyped: "http:/", "https//", "ttps://", "http:// ".
_SCHEME = late_pattern(r"h?t{1,3}p(s?)\s*(?::\s*/*|//+)\s*(?=[^\s/])", re.IGNORECASE)
_PLAIN = late_pattern(r"https?://[A-Za-z0-9]")
_OTHER_SCHEME = late_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
#: A host without a scheme: with "www.", or under a domain in which the publishers read here are.
_HOST = late_pattern(
    rf"(?:www\.(?:{_LABEL}\.)+[A-Za-z]{{2,18}}"
    rf"|(?:{_LABEL}\.)+(?:com|org|net|gov|gob|mil|edu|int|info|news|mx|us|gt|sv|hn|ni|cr|es|co|ca|uk|eu|tv|io))"
    r"(?::\d{1,5})?(?=[/?#]|$)",
    re.IGNORECASE,
)
#: A number of a document has slashes too ("SRE/142/2026"), and so has "n/d"; a path has words.
_PATH = late_pattern(r"(?=[^\s?#]*/)[^\s?#a-z]*(?:[a-z]{1,2}[^\s?#a-z]+)*+[a-z]{3}")
_PAGE = late_pattern(r"[^?#]*\.(?:[sx]?html?|php\d?|aspx?|jspx?|cfm|pdf|xml|docx?)(?:[?#].*)?", re.IGNORECASE)


def first_link(found: Iterable[str], base: str) -> str:
    """The first of ``found`` that is a web address, absolute (against ``base``) and canonical, or ""."""
    return next(filter(None, (web_address(one, base) for one in found)), "")


def web_address(text: str, base: str = "") -> str:
    """``text`` as a canonical address, or "" where it is none. Without ``base`` relative ones are none."""
    if _PLAIN.match(text):
        return canonical_url(text)
    text = without_cdata(text).strip()
    if not text or len(text) > MAX_LINK or text.lower() in _NONE:
        return ""
    if scheme := _SCHEME.match(text):
        return canonical_url(f"http{scheme[1]}://{text[scheme.end() :]}")
    if _HOST.match(text):
        return canonical_url(f"https://{text}")
    if text.startswith("//"):
        return canonical_url(text, base)
    if not base or _OTHER_SCHEME.match(text) or text.startswith("#") or any(map(str.isspace, text)):
        return ""
    relative = text.startswith(("/", "./", "../", "?")) or _PATH.match(text) or _PAGE.fullmatch(text)
    return canonical_url(text, base) if relative else ""

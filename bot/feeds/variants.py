"""Forms of one page's address: with a visitor's session in it, as an AMP edition, or as somebody typed it.

Pure text: nothing is fetched. ``identity`` asks here when it puts an address into one form.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from bot.patterns import late_pattern

_SESSION = (
    r"(?:j|php|asp|web|app|ci)[._-]?sess(?:ion)?(?:[._-]?id)?\w*|asp\.net_sessionid|cfid|cftoken|"
    r"(?:os|xt)csid|zenid"
)
"""Names that servers give to a visitor's session. Their values say nothing of the page."""

_PERHAPS_SESSION = r"_?s|_?sid|ses|sess|sess(?:ion)?[._-]?id|session"
"""Names that are a session's in forums (phpBB, vBulletin), and elsewhere an article's or a parliament's."""

_RANDOM = r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|(?=[^=]*[0-9])(?=[^=]*[A-Za-z])[0-9A-Za-z_-]{20,128}"

_IN_PATH = late_pattern(
    rf"(?:;|%3b)(?:(?:{_SESSION})=[^/;]*|(?:{_PERHAPS_SESSION})=(?:{_RANDOM})(?=[/;]|\Z))|"
    r"(?<=/)\((?:[a-z]\([^()/]{1,100}\)){1,4}\)/",  # ASP.NET without cookies: /(S(lit3py55t21z5v55vlm25s55))/
    re.IGNORECASE,
)
_FIELD = late_pattern(rf"(?:{_SESSION})(?:=.*)?", re.IGNORECASE)
_PERHAPS_FIELD = late_pattern(rf"(?:{_PERHAPS_SESSION})=(?:{_RANDOM})", re.IGNORECASE)
_SCRIPT = late_pattern(r"/[^/]*\.[a-z]{2,5}$|/$|^$", re.IGNORECASE)

_AMP_FIELD = late_pattern(
    r"_?amp(?:html)?(?:=.*)?|(?:output|outputtype|mode|format|view|type|render|variant)=amp(?:html)?|"
    r"amp_\w+=.*|usqp=mq331\w*",
    re.IGNORECASE,
)
_AMP_PATH = late_pattern(r"/amp(?:html)?(?:\.html?)?(?=/|$)|\.amp(?=\.html?$|/?$)", re.IGNORECASE)
_AMP_CACHE = late_pattern(
    r"https?://(?:(?:www\.)?google\.[a-z.]{2,6}/amp/|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z]/)(s/)?(?=[^/]+\.)",
    re.IGNORECASE,
)

_QUOTES = late_pattern(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_MARKDOWN = late_pattern(r"\[[^\[\]]*\]\((.*)\)", re.DOTALL)
_PAIRS = {
    "<": ">",
    "(": ")",
    "[": "]",
    "«": "»",
    "“": "”",
    "‘": "’",
    '"': '"',
    "'": "'",
    "`": "`",
    "|": "|",
    "*": "*",
    "_": "_",
    "~": "~",
}
_LABEL = late_pattern(r"(?:URL:|view-source:)\s*", re.IGNORECASE)
_FEED_SCHEME = late_pattern(
    r"(?:web\+)?(?:feeds?|rss|atom|itpc|pcast|podcasts?):(?://)?(?=(https?:)?)", re.IGNORECASE
)
_NO_WEB_SCHEME = late_pattern(
    r"(?:about|data|file|javascript|magnet|mailto|news|tel|urn|vbscript):", re.IGNORECASE
)
_WEB_SCHEME = late_pattern(r"h?t{1,3}p(s?)(?::/*|//+)(?:https?://+)?", re.IGNORECASE)
_REDIRECT = late_pattern(
    r"https?://(?:(?:www\.)?google\.[a-z.]{2,6}/url\?|lm?\.facebook\.com/l\.php\?)(?:[^#]*&)?(?:q|u|url)="
    r"(https?(?:://|%3a%2f%2f)[^&#]+)",
    re.IGNORECASE,
)
_BRACKETS = ((">", "<"), (")", "("), ("]", "["), ("»", "«"), ("”", "“"))


def without_session(path: str, query: str) -> tuple[str, str]:
    """The path and the query of an address without what names a visitor's session.

    Names that may mean something else are taken for a session's only where the value looks made by chance and
    the rest of the address still says which page is meant.
    """
    if ";" in path or "(" in path or "%" in path:
        path = _IN_PATH.sub("", path)
    if "=" not in query:
        return path, query
    fields = [field for field in query.split("&") if not _FIELD.fullmatch(field)]
    if len(fields) > 1 or not _SCRIPT.search(path):
        rest = [field for field in fields if not _PERHAPS_FIELD.fullmatch(field)]
        fields = rest if rest or not _SCRIPT.search(path) else fields
    return path, "&".join(fields)


def without_amp(path: str, query: str) -> tuple[str, str]:
    """The path and the query of an address without what asks for the page's AMP edition."""
    if "amp" not in path and "amp" not in query.lower() and "usqp" not in query:
        return path, query
    kept = [field for field in query.split("&") if not _AMP_FIELD.fullmatch(field)]
    return _AMP_PATH.sub("", path), "&".join(kept)


def typed_address(text: str) -> str:
    """The web address that somebody means by ``text``; what cannot be one comes back much as it is.

    Takes off what chats, mails and readers put around an address (``<…>``, Markdown, quotation marks,
    ``URL:``), turns ``feed:`` and its like into https, looks through Google's AMP caches, and completes the
    scheme.
    """
    address = _unwrapped(_QUOTES.sub(" ", text).strip())
    address = _LABEL.sub("", address, count=1)
    feed = _FEED_SCHEME.match(address)
    if feed is not None:
        address = address[feed.end() :]
        if not feed.group(1):
            address = "https://" + address.lstrip("/")
    web = _WEB_SCHEME.match(address)
    if web is not None:  # "https:/host", "ttps://host" and "http://https://host" are typed too
        doubled = "http" in web.group()[4:].lower()
        secure = "https" in web.group().lower()[4:] if doubled else web.group(1)
        address = f"http{'s' if secure else ''}://{address[web.end() :]}"
    elif address.startswith("//"):
        address = "https:" + address
    elif "://" not in address and not _NO_WEB_SCHEME.match(address):
        address = "https://" + address
    cached = _AMP_CACHE.match(address)
    if cached is not None:
        address = ("https://" if cached.group(1) else "http://") + unquote(address[cached.end() :])
    redirect = _REDIRECT.match(address)
    return unquote(redirect.group(1)) if redirect is not None else address


def _unwrapped(text: str) -> str:
    """``text`` without pairs of brackets and marks around it, and without a full stop behind it."""
    for _ in range(6):
        link = _MARKDOWN.fullmatch(text)
        if link is not None:
            text = link.group(1).strip()
            continue
        inner = text[1:-1].strip() if len(text) > 2 and _PAIRS.get(text[0]) == text[-1] else text
        if text[0:1] == "<" and text[-1:] == ">":
            inner = inner.partition("|")[0]  # Slack's <address|words>
        bare = inner.rstrip(".,;!…'\"").lstrip("<«“\"'")
        for closing, opening in _BRACKETS:
            if bare.endswith(closing) and opening not in bare:
                bare = bare[:-1].rstrip()
        bare = bare.strip("~").strip() if "~~" in bare else bare
        if bare == text:
            break
        text = bare
    return text

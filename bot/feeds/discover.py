"""Find the feeds of a site from one of its pages: those it declares, then where feeds usually are.

Pure: it reads a page that was fetched and returns addresses, each of which is fetched, and so checked
against private addresses, like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from bot.feeds.charsets import codec_of
from bot.feeds.headers import charset
from bot.feeds.identity import canonical_url
from bot.feeds.text import plain_text

MAX_CANDIDATES = 20

_MAX_PAGE = 1_000_000  # bytes; a page declares its feeds in its head
_LINK = re.compile(r"<(?:link|a|base)\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{2,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SCRIPTS = re.compile(r"<(script|style)\b[^<>]*>", re.IGNORECASE)
_FEED_TYPES: Final = frozenset(
    (
        *("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"),
        *("application/rss", "application/atom", "text/rss", "application/x-rss+xml"),
    )
)
_LOOSE_TYPES: Final = frozenset(("application/xml", "text/xml", "application/json"))
_FEED_LIKE = re.compile(
    r"(?:/|\b)(?:rss|atom|feeds?)(?:\.xml|\.rss|\.json|/|\b)|\.(?:rss|atom)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|comentario|/replies", re.IGNORECASE)

# WordPress, Arc (newspapers), Drupal, Blogger and the plain names, most usual first.
_COMMON_PATHS: Final = (
    *("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default"),
    *("/arc/outboundfeeds/rss/?outputType=xml", "/feed.json", "/sitemap-news.xml", "/news-sitemap.xml"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address where a feed may be. ``declared``: the page says so itself; else it is a guess."""

    url: str
    title: str
    declared: bool


def discover(page: bytes, url: str, content_type: str = "") -> tuple[Candidate, ...]:
    """Where the feeds of the site of ``page`` may be, best first, at most ``MAX_CANDIDATES``.

    Feeds declared by ``<link rel=alternate>`` come first, comment feeds behind them; then links in the page
    whose address looks like a feed's; then, when nothing is declared, the usual places.
    """
    html = page[:_MAX_PAGE].decode(_encoding(page, content_type), "replace")
    base, declared, linked = url, list[Candidate](), list[Candidate]()
    for found in _LINK.finditer(_without_scripts(html)):
        tag = found.group()
        attributes = _attributes(tag)
        href = attributes.get("href", "").strip()
        if not href:
            continue
        if tag[1:5].lower() == "base":
            base = canonical_url(href, url) or base
        elif tag[1:5].lower() == "link":
            if _declares_feed(attributes):
                title = plain_text(attributes.get("title", ""), 100)
                declared.append(Candidate(canonical_url(href, base), title, declared=True))
        elif _FEED_LIKE.search(href):
            linked.append(Candidate(canonical_url(href, base), "", declared=False))
    declared.sort(key=lambda one: bool(_COMMENTS.search(one.url + one.title)))
    guesses = [] if declared else _guesses(url)
    return _distinct([*declared, *(one for one in linked if _same_site(one.url, url)), *guesses], url)


def _declares_feed(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "alternate" not in relations and "feed" not in relations:
        return False
    # WordPress declares its JSON interface as an alternate too; that is no feed.
    href = attributes.get("href", "")
    return (
        kind in _FEED_TYPES
        or (kind in _LOOSE_TYPES and bool(_FEED_LIKE.search(href)) and "wp-json" not in href)
        or ("feed" in relations and not kind)
    )


def _guesses(url: str) -> list[Candidate]:
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    section = parts.path.rstrip("/")
    paths = [f"{section}/feed/", *_COMMON_PATHS] if section else list(_COMMON_PATHS)
    return [Candidate(canonical_url(root + path), "", declared=False) for path in paths]


def _distinct(candidates: list[Candidate], url: str) -> tuple[Candidate, ...]:
    seen = {"", canonical_url(url)}
    kept = []
    for candidate in candidates:
        if candidate.url not in seen:
            seen.add(candidate.url)
            kept.append(candidate)
    return tuple(kept[:MAX_CANDIDATES])


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts share their last two labels: a link to another site's feed is no feed of this one."""
    ends = [(urlsplit(url).hostname or "").split(".")[-2:] for url in (one, other)]
    return ends[0] == ends[1]


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag):
        found.setdefault(
            match.group(1).lower(), unescape(match.group(2) or match.group(3) or match.group(4) or "")
        )
    return found


def _without_scripts(html: str) -> str:
    """``html`` without the inside of scripts and comments, where tags are only text."""
    first, *rest = html.split("<!--")
    html = first + "".join(piece.partition("-->")[2] for piece in rest)
    kept, place, lower = [], 0, html.lower()
    while opening := _SCRIPTS.search(html, place):
        kept.append(html[place : opening.start()])
        place = lower.find(f"</{opening.group(1).lower()}", opening.end())
        if place < 0:
            return "".join(kept)
    return "".join([*kept, html[place:]])


def _encoding(page: bytes, content_type: str) -> str:
    """The codec of the charset that the header or else the page itself names."""
    found = re.search(rb"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", page[:2_048])
    return codec_of(charset(content_type) or (found.group(1).decode("ascii") if found else None))
